//! Programs of Go modules, built of the sums in `tests/packaging/go`.

use std::fs;
use std::path::PathBuf;

use super::{Helm, kept};
use crate::run::{Failure, command, missing, output, root};

/// A program, and how it is built.
struct Program {
    name: &'static str,
    package: &'static str,
    tags: &'static str,
    ldflags: String,
}

/// What checks alerts. Built without the clients of every cloud, which Prometheus finds its targets by.
pub fn promtool() -> Result<String, Failure> {
    build(&Program {
        name: "promtool",
        package: "github.com/prometheus/prometheus/cmd/promtool",
        tags: "remove_all_sd",
        ldflags: "-s -w".to_owned(),
    })
}

/// What reads workflows.
pub fn actionlint() -> Result<String, Failure> {
    build(&Program {
        name: "actionlint",
        package: "github.com/rhysd/actionlint/cmd/actionlint",
        tags: "",
        ldflags: "-s -w".to_owned(),
    })
}

/// What renders charts and packs them. Its sources name a minor version only: the whole version is for whoever builds it
/// to say.
pub fn helm(helm: Helm) -> Result<String, Failure> {
    let (name, module, package) = match helm {
        Helm::V3 => ("helm3", "helm.sh/helm/v3", "helm.sh/helm/v3/cmd/helm"),
        Helm::V4 => ("helm4", "helm.sh/helm/v4", "helm.sh/helm/v4/cmd/helm"),
    };
    let version = required(&fs::read_to_string(folder(name).join("go.mod"))?, module)?;
    let ldflags = format!("-s -w -X {module}/internal/version.version={version}");
    let program = build(&Program { name, package, tags: "", ldflags })?;
    let said = output(&program, &["version", "--short"])?;
    // What is behind the plus is the commit, which a build of a module does not know.
    if said.trim().split('+').next() == Some(version.as_str()) {
        return Ok(program);
    }
    Err(format!("{program} says {}, not {version}: -ldflags no longer name its version", said.trim()).into())
}

/// The version of a module that a `go.mod` asks for.
fn required(text: &str, module: &str) -> Result<String, Failure> {
    let of_module =
        |line: &str| Some(line.trim().strip_prefix(module)?.strip_prefix(' ')?.split(' ').next()?.to_owned());
    text.lines().find_map(of_module).ok_or_else(|| format!("no {module} in go.mod").into())
}

fn folder(name: &str) -> PathBuf {
    root().join("tests/packaging/go").join(name)
}

/// Minutes, once.
fn build(program: &Program) -> Result<String, Failure> {
    let Program { name, package, tags, ldflags } = program;
    let module = folder(name);
    let read = |file: &str| fs::read_to_string(module.join(file));
    let recipe = [&read("go.mod")?, &read("go.sum")?, *package, *tags, ldflags].join("\n");
    let folder = kept("go", name, &recipe, |folder| {
        println!("building {name} with Go, once");
        let into = folder.join(name).display().to_string();
        let mut go =
            command("go", &["build", "-trimpath", "-tags", tags, "-ldflags", ldflags, "-o", &into, package]);
        go.current_dir(&module).env("CGO_ENABLED", "0").env("GOFLAGS", "-mod=readonly").env("GOWORK", "off");
        let status = go.status().map_err(|error| missing("go", &error))?;
        if status.success() { Ok(()) } else { Err(format!("{name} cannot be built").into()) }
    })?;
    Ok(folder.join(name).display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_a_module_is_not_that_of_another() {
        let text = "require (\n\ta.b/c/v4 v4.1.0 // indirect\n\ta.b/c v1.2.3\n)\n";
        assert_eq!(required(text, "a.b/c").unwrap(), "v1.2.3");
        assert_eq!(required(text, "a.b/c/v4").unwrap(), "v4.1.0");
        assert!(required(text, "a.b").is_err());
    }
}
