//! The settings of the allocator are part of the program, so that no deployment can forget them.

use std::fs;

/// With an arena for each processor, the memory would depend on the node.
#[test]
#[cfg(target_os = "linux")]
fn the_program_has_one_arena_and_gives_free_pages_back_within_a_second() {
    const SETTINGS: &[u8] = b"narenas:1,dirty_decay_ms:1000,muzzy_decay_ms:0";
    let program = fs::read(env!("CARGO_BIN_EXE_aws-batch-operator")).unwrap();
    assert!(program.windows(SETTINGS.len()).any(|bytes| bytes == SETTINGS));
}
