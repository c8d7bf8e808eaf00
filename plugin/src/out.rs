//! Standard output. Whoever reads it may stop reading: that is an end, and no error.

use std::io::{ErrorKind, Write, stdout};

use crate::failure::Failure;

/// Prints the text as it is.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints one line.
pub fn line(text: &str) -> Result<(), Failure> {
    print(&format!("{text}\n"))
}
