//! Builds the programs from their Go modules, once: what is there is not built again, and of several
//! processes that want it one builds while the others wait.
//! Knows nothing of what the programs do.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::error::{Error, failed_to};
use crate::progress::{Progress, say};
use crate::recipe::{Program, versions};

/// A program of a Go module of one's own, to be built once.
#[derive(Clone, Copy, Debug)]
pub struct GoProgram<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its version; another version is built again.
    pub version: &'a str,
    /// The package that is built.
    pub package: &'a str,
    /// The directory of the go.mod.
    pub module: &'a Path,
}

impl GoProgram<'_> {
    /// The program, built if need be, which takes minutes and is said on the error stream.
    pub fn built(&self) -> Result<PathBuf, Error> {
        let bin = target_dir().join(self.name).join(self.version);
        let program = bin.join(self.name);
        if program.exists() {
            return Ok(program);
        }
        fs::create_dir_all(&bin).map_err(failed_to(format!("create {}", bin.display())))?;
        let _lock = lock(&bin.join("lock"), self.name)?;
        if !program.exists() {
            let Self { name, version, package, module } = *self;
            build(&Build { name, version, package, module, ldflags: "-s -w" }, &bin, "it takes minutes")?;
        }
        Ok(program)
    }
}

/// What `go build` has to know.
struct Build<'a> {
    name: &'a str,
    version: &'a str,
    package: &'a str,
    module: &'a Path,
    ldflags: &'a str,
}

/// The directory for all programs.
pub fn bin() -> PathBuf {
    home().join("bin")
}

fn home() -> PathBuf {
    target_dir().join("controlplane").join(versions())
}

/// Builds those of these programs that are not there.
pub fn build_missing(wanted: &[Program]) -> Result<(), Error> {
    let (home, bin) = (home(), bin());
    if missing(&bin, wanted).is_empty() {
        return Ok(());
    }
    fs::create_dir_all(&bin).map_err(failed_to(format!("create {}", bin.display())))?;
    // The lock goes with the process that holds it, so a killed build leaves nothing behind.
    let _lock = lock(&home.join("lock"), "the control plane")?;
    let programs = missing(&bin, wanted);
    for (index, program) in programs.iter().enumerate() {
        let ldflags = program.ldflags();
        let Program { name, package, minutes, .. } = *program;
        let build_of = Build {
            name,
            version: program.version(),
            package,
            module: &program.module_dir(),
            ldflags: &ldflags,
        };
        build(
            &build_of,
            &bin,
            &format!("{} of {}; about {minutes} min on two cores", index + 1, programs.len()),
        )?;
    }
    Ok(())
}

/// Those that are not there.
pub fn missing(bin: &Path, wanted: &[Program]) -> Vec<Program> {
    let programs = wanted.iter().copied();
    programs.filter(|program| !bin.join(program.name).exists()).collect()
}

fn lock(path: &Path, what: &str) -> Result<File, Error> {
    let file = File::create(path).map_err(failed_to(format!("create {}", path.display())))?;
    if file.try_lock().is_err() {
        say(&format!("controlplane: another process is building {what}; waiting for it\n"));
        file.lock().map_err(failed_to(format!("lock {}", path.display())))?;
    }
    Ok(file)
}

/// Under another name first, so that nobody ever sees half a program.
fn build(build: &Build<'_>, bin: &Path, remark: &str) -> Result<(), Error> {
    let what = format!("{} {}", build.name, build.version);
    let part = bin.join(format!(".{}.part", build.name));
    go(build.module, &what, &["version"], None)?;
    let output = part.display().to_string();
    let progress = Progress::of(format!("building {what} with Go, once ({remark})"));
    let arguments = ["build", "-trimpath", "-ldflags", build.ldflags, "-o", &output, build.package];
    go(build.module, &what, &arguments, Some(progress))?;
    let path = bin.join(build.name);
    fs::rename(&part, &path).map_err(failed_to(format!("create {}", path.display())))
}

fn go(module: &Path, what: &str, arguments: &[&str], mut progress: Option<Progress>) -> Result<(), Error> {
    let mut go = Command::new("go");
    go.args(arguments).current_dir(module);
    // Settings of the user's that would make it another build, or none.
    go.env("CGO_ENABLED", "0").env("GOFLAGS", "-mod=readonly").env("GOWORK", "off");
    go.env_remove("GOOS").env_remove("GOARCH");
    let child = go.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let child = child.map_err(|error| match error.kind() {
        ErrorKind::NotFound => Error::GoMissing { what: what.to_owned() },
        _ => failed_to("start go")(error),
    })?;
    let waiting = thread::spawn(move || child.wait_with_output());
    while !waiting.is_finished() {
        if let Some(progress) = &mut progress {
            progress.tick();
        }
        thread::park_timeout(Duration::from_millis(200));
    }
    let output = waiting.join().expect("waiting does not panic").map_err(failed_to("wait for go"))?;
    if !output.status.success() {
        let output = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Error::GoFailed { what: what.to_owned(), output });
    }
    if let Some(progress) = progress {
        progress.done();
    }
    Ok(())
}

/// Cargo's target directory: the one this program was built into, else that of the workspace.
fn target_dir() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let is_target = |dir: &&Path| dir.join("CACHEDIR.TAG").exists();
    let workspace = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    program.ancestors().find(is_target).map_or_else(workspace, Path::to_path_buf)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::PROGRAMS;

    #[test]
    fn the_target_directory_is_the_one_this_test_was_built_into() {
        let program = std::env::current_exe().unwrap();
        assert!(
            program.starts_with(target_dir()),
            "{} is not above {}",
            target_dir().display(),
            program.display()
        );
    }

    #[test]
    fn an_empty_directory_lacks_all_programs() {
        assert_eq!(missing(Path::new("/nowhere"), &PROGRAMS), PROGRAMS);
    }
}
