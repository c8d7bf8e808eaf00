//! What a release publishes names the image by its digest. `cargo xtask packaging` makes it for an image that nobody has.

use std::fs;

use serde_json::Value;

use crate::helm::{HELMS, helm, of_kind, parse, path, read};

const REPOSITORY: &str = "ghcr.io/aws-batch-operator/aws-batch-operator";

/// A file of the release.
fn published(name: &str) -> String {
    let file = path("target/published").join(name);
    assert!(file.exists(), "no {}: `cargo xtask packaging` writes it", file.display());
    file.display().to_string()
}

fn archive() -> String {
    published(concat!("aws-batch-operator-", env!("CARGO_PKG_VERSION"), ".tgz"))
}

/// What the release was made for.
fn digest() -> String {
    let helm = helm(4, &["show", "chart", &archive()]).output().unwrap();
    let chart: Value = parse(&String::from_utf8(helm.stdout).unwrap()).remove(0);
    chart["annotations"]["awsbatch.dev/image-digest"].as_str().unwrap().to_owned()
}

/// The images that the released chart names, of the operator and of its test.
fn images(major: u8, more: &[&str]) -> Vec<String> {
    let template = ["template", "abo", &archive(), "--namespace", "ns", "--kube-version", "1.37.0"];
    let output = helm(major, &[&template[..], more].concat()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let objects = parse(&String::from_utf8(output.stdout).unwrap());
    let pods = of_kind(&objects, "Pod").into_iter().map(|pod| &pod["spec"]);
    let deployed = of_kind(&objects, "Deployment").into_iter().map(|one| &one["spec"]["template"]["spec"]);
    let images = pods.chain(deployed).map(|pod| pod["containers"][0]["image"].as_str().unwrap().to_owned());
    images.collect()
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn a_released_chart_names_its_image_by_digest() {
    let image = format!("{REPOSITORY}@{}", digest());
    for major in HELMS {
        assert_eq!(images(major, &[]), [image.as_str(), &image], "Helm {major}");
    }
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn whoever_chooses_another_image_gets_it() {
    let other = format!("sha256:{}", "f".repeat(64));
    let mirror = format!("--set=image.repository=registry.example.com/a,image.digest={other}");
    for (values, image) in [
        ("--set=image.tag=main", format!("{REPOSITORY}:main")),
        (&mirror, format!("registry.example.com/a@{other}")),
        ("--set=image.repository=registry.example.com/a", format!("registry.example.com/a@{}", digest())),
    ] {
        assert_eq!(images(4, &[values])[0], image, "{values}");
    }
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn the_released_manifests_are_those_of_the_repository_but_for_the_digest() {
    let tag = format!("{REPOSITORY}:{}", env!("CARGO_PKG_VERSION"));
    let released = fs::read_to_string(published("install.yaml")).unwrap();
    let expected = read("deploy/install.yaml").replace(&tag, &format!("{REPOSITORY}@{}", digest()));
    assert_eq!(released, expected);
    assert!(!released.contains(&tag) && released.contains("@sha256:"));
    assert_eq!(fs::read_to_string(published("crd.yaml")).unwrap(), read("deploy/crd.yaml"));
}
