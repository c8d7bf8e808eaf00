//! The directory of one control plane: keys, data, logs. It is gone when its owner is.
//! Knows nothing of what is put into it.

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::error::{Error, failed_to};
use crate::tether::Tether;

/// A new directory that only its owner may read, for it will hold an administrator's key.
#[derive(Debug)]
pub struct Dir {
    path: PathBuf,
    _removed_at_the_end: Tether,
}

impl Dir {
    pub fn new() -> Result<Self, Error> {
        let path = create()?;
        let tether = Tether::remove(&path).map_err(failed_to("start sh"))?;
        Ok(Self { path, _removed_at_the_end: tether })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn write(&self, name: &str, text: &str) -> Result<PathBuf, Error> {
        let path = self.path.join(name);
        fs::write(&path, text).map_err(failed_to(format!("write {}", path.display())))?;
        Ok(path)
    }
}

fn create() -> Result<PathBuf, Error> {
    let mut turn = 0;
    loop {
        let name = format!("controlplane-{}-{turn}", std::process::id());
        let path = std::env::temp_dir().join(name);
        match DirBuilder::new().mode(0o700).create(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => turn += 1,
            Ok(()) => return Ok(path),
            Err(error) => return Err(failed_to(format!("create {}", path.display()))(error)),
        }
    }
}
