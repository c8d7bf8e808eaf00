//! The image, without a builder and without a base image: the Dockerfile's last stage around a program that was built
//! here. Where images can be pulled, `docker build .` makes the same.

mod layout;
mod recipe;

use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{Failure, command, missing, output, root};
use crate::tools;

/// Where it is on a public forge.
const REPOSITORY: &str = "ghcr.io/aws-batch-operator/aws-batch-operator";
/// As in the Dockerfile: nothing outside of the program is needed to run it.
const FLAGS: &str = "-C target-feature=+crt-static";
/// As in the Dockerfile.
const BUILD: [&str; 4] = ["auditable", "build", "--locked", "--profile"];
const PROFILE: &str = "release";
const OPERATOR: &str = "aws-batch-operator";
/// Where systems keep the roots of TLS.
const ROOTS: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// Makes it in `target/image`: the files (`root`), the image as a folder (`oci`) and as one file (`oci.tar`).
pub fn image() -> Result<(), Failure> {
    let home = root().join("target/image");
    let (files, folder) = (home.join("root"), home.join("oci"));
    for old in [&files, &folder] {
        if old.exists() {
            fs::remove_dir_all(old)?;
        }
    }
    let program = build(OPERATOR, PROFILE, "target/image/build")?;
    put(&program, &files.join(OPERATOR))?;
    let roots = ROOTS.iter().map(Path::new).find(|path| path.exists());
    put(
        roots.ok_or("no roots of TLS are on this system: install ca-certificates")?,
        &files.join(&ROOTS[0][1..]),
    )?;
    put(&root().join("LICENSE"), &files.join("LICENSE"))?;
    let recipe = recipe::read(&fs::read_to_string(root().join("Dockerfile"))?)?;
    let name = format!("{REPOSITORY}:{}", env!("CARGO_PKG_VERSION"));
    layout::write(&files, &recipe, &name, &folder)?;
    let archive = layout::tar(&folder)?;
    fs::write(home.join("oci.tar"), &archive)?;
    println!("{name} is in target/image/oci and oci.tar: {} KiB", archive.len() / 1024);
    Ok(())
}

/// The static program of a package, with the list of its dependencies in it. The folder is its own: another Cargo must not
/// wait for this one.
pub fn build(package: &str, profile: &str, folder: &str) -> Result<PathBuf, Failure> {
    let host = output("rustc", &["--print", "host-tuple"])?;
    let mut cargo = command(&tools::auditable()?, &BUILD);
    cargo.arg(profile).args(of(package));
    cargo.args(["--target", host.trim(), "--target-dir", folder]).env("RUSTFLAGS", FLAGS);
    let status = cargo.status().map_err(|error| missing("cargo-auditable", &error))?;
    if !status.success() {
        return Err(format!("{package} cannot be built").into());
    }
    Ok(root().join(folder).join(host.trim()).join(profile).join(package))
}

/// A package whose program bears its name.
fn of(package: &str) -> [&str; 4] {
    ["--package", package, "--bin", package]
}

fn put(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    fs::copy(from, to).map_err(|error| format!("cannot copy {}: {error}", from.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dockerfile_builds_the_same_program() {
        let text = fs::read_to_string(root().join("Dockerfile")).unwrap();
        let build = format!("cargo {} {PROFILE} {}", BUILD.join(" "), of(OPERATOR).join(" "));
        for same in [&build, FLAGS, ROOTS[0], &tools::AUDITABLE.join("@")] {
            assert!(text.contains(same), "{same}");
        }
        let recipe = recipe::read(&text).unwrap();
        assert_eq!(recipe.labels["org.opencontainers.image.version"], env!("CARGO_PKG_VERSION"));
        let name = format!("{REPOSITORY}\"");
        let values = fs::read_to_string(root().join("charts/aws-batch-operator/values.yaml")).unwrap();
        assert!(values.contains(&name), "the chart's image is another");
    }
}
