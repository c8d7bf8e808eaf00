//! The plugin of kubectl as people download it: one static program in an archive for each kind of machine.

use std::fs;
use std::path::Path;

use crate::image::build;
use crate::run::{Failure, root, run};

/// The program and its package.
const PROGRAM: &str = "kubectl-batchjob";
/// Where the archives are put.
pub const HOME: &str = "target/plugin";
/// The most bytes of the program.
const BYTES: u64 = 15_000_000;
/// Kinds of machines, in Rust's words and in those of Kubernetes.
pub const MACHINES: [(&str, &str); 2] = [("x86_64", "amd64"), ("aarch64", "arm64")];

/// Builds it and packs it.
pub fn plugin() -> Result<(), Failure> {
    let kind = MACHINES.iter().find(|(kind, _)| *kind == std::env::consts::ARCH);
    let (_, machine) = kind.ok_or("the plugin is packed on x86_64 and aarch64 only")?;
    let program = build(PROGRAM, "plugin", &format!("{HOME}/build"))?;
    let bytes = fs::metadata(&program)?.len();
    if bytes > BYTES {
        return Err(format!("{PROGRAM} has {bytes} bytes, and may have {BYTES}").into());
    }
    let folder = root().join(HOME).join("files");
    fs::create_dir_all(&folder)?;
    fs::copy(&program, folder.join(PROGRAM))?;
    fs::copy(root().join("LICENSE"), folder.join("LICENSE"))?;
    let archive = format!("{HOME}/{}", archive(machine));
    // The same files make the same archive.
    let steady = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"];
    let files = ["--directory", &format!("{HOME}/files"), PROGRAM, "LICENSE"];
    run("tar", &[&["--create", "--gzip", "--file", &archive], &steady[..], &files].concat())?;
    println!("{archive}: the program has {bytes} bytes");
    Ok(())
}

/// The name of the archive for a kind of machine.
pub fn archive(machine: &str) -> String {
    format!("{PROGRAM}-linux-{machine}.tar.gz")
}

/// Whether the archive is there.
pub fn is_packed(machine: &str) -> bool {
    Path::new(&root().join(HOME).join(archive(machine))).exists()
}
