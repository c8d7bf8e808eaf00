//! The image, started as a container runtime does: its layer unpacked, the root read-only, the user a number, and the
//! token of the ServiceAccount where a pod has it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::helm::path;
use crate::pod::{self, NAMESPACE, Running};
use crate::world::World;

/// Where a pod finds its token.
const ACCOUNT: &str = "var/run/secrets/kubernetes.io/serviceaccount";
/// Binds the root to itself, read-only, with the devices that a runtime gives, and goes in as the image's user. All that is done in a user namespace of its
/// own, so that nobody needs to be root for it.
const ENTER: &str = r#"mount --bind "$0" "$0" && mount --rbind /dev "$0/dev" && mount -o remount,ro,bind "$0" &&
    user=$1 && shift &&
    exec unshare --user --map-user="${user%:*}" --map-group="${user#*:}" --root="$0" -- "$@""#;

/// The image as it is written.
struct Image {
    layer: PathBuf,
    config: Value,
}

fn blob(described: &Value) -> PathBuf {
    let digest = described["digest"].as_str().unwrap().strip_prefix("sha256:").unwrap();
    let file = path("target/image/oci/blobs/sha256").join(digest);
    let sum = Command::new("sha256sum").arg(&file).output().unwrap().stdout;
    assert!(String::from_utf8(sum).unwrap().starts_with(digest), "{}", file.display());
    assert_eq!(fs::metadata(&file).unwrap().len(), described["size"].as_u64().unwrap());
    file
}

fn json(file: &Path) -> Value {
    let text =
        fs::read(file).unwrap_or_else(|error| panic!("{}: {error}: cargo xtask image", file.display()));
    serde_json::from_slice(&text).unwrap()
}

fn image() -> Image {
    let index = json(&path("target/image/oci/index.json"));
    let manifest = json(&blob(&index["manifests"][0]));
    let config = json(&blob(&manifest["config"]));
    assert_eq!(manifest["layers"][0]["digest"], config["rootfs"]["diff_ids"][0], "it is not compressed");
    Image { layer: blob(&manifest["layers"][0]), config: config["config"].clone() }
}

impl Image {
    fn unpack(&self, root: &Path) {
        fs::create_dir_all(root).unwrap();
        let tar = Command::new("tar").arg("-xf").arg(&self.layer).arg("-C").arg(root).status().unwrap();
        assert!(tar.success());
        // Where a runtime mounts the devices.
        fs::create_dir(root.join("dev")).unwrap();
    }

    /// Its entrypoint in that root; arguments may follow.
    fn enter(&self, root: &Path) -> Command {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", ENTER]).arg(root);
        command.arg(self.config["User"].as_str().unwrap());
        command.args(self.config["Entrypoint"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()));
        command
    }
}

/// Every file, by its path from the root.
fn files(root: &Path, within: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(root.join(within)).unwrap() {
        let entry = entry.unwrap();
        let name = Path::new(within).join(entry.file_name()).display().to_string();
        if entry.path().is_dir() { files(root, &name, found) } else { found.push(name) }
    }
    found.sort();
}

#[test]
#[ignore = "needs the image: cargo xtask packaging"]
fn the_image_is_small_has_no_shell_and_says_what_it_is_made_of() {
    let image = image();
    assert!(fs::metadata(&image.layer).unwrap().len() <= 30_000_000);
    assert_eq!(image.config["User"], "65532:65532");
    assert_eq!(image.config["Labels"]["org.opencontainers.image.licenses"], "Apache-2.0");
    let root = std::env::temp_dir().join(format!("image-{}", std::process::id()));
    image.unpack(&root);
    let mut found = Vec::new();
    files(&root, "", &mut found);
    assert_eq!(found, ["LICENSE", "aws-batch-operator", "etc/ssl/certs/ca-certificates.crt"]);
    let version = image.enter(&root).arg("--version").output().unwrap();
    let said = String::from_utf8(version.stdout).unwrap();
    assert_eq!(said.trim(), concat!("aws-batch-operator ", env!("CARGO_PKG_VERSION")));
    let parts = auditable_info::audit_info_from_file(
        &root.join("aws-batch-operator"),
        auditable_info::Limits::default(),
    );
    let parts = parts.unwrap().packages;
    let locked = fs::read_to_string(path("Cargo.lock")).unwrap();
    for name in ["kube", "aws-sdk-batch", "rustls"] {
        let part = parts.iter().find(|part| part.name == name).unwrap();
        assert!(locked.contains(&format!("name = \"{name}\"\nversion = \"{}\"", part.version)), "{name}");
    }
    fs::remove_dir_all(root).unwrap();
}

/// What a kubelet puts into the pod.
fn account(world: &World, root: &Path, pod: &Value) {
    let folder = root.join(ACCOUNT);
    fs::create_dir_all(&folder).unwrap();
    let name = pod["spec"]["serviceAccountName"].as_str().unwrap();
    let token = world.plane.run(&["create", "token", name, "--namespace", NAMESPACE]).unwrap();
    let get = [
        "get",
        "configmap",
        "kube-root-ca.crt",
        "--namespace",
        NAMESPACE,
        "--output=jsonpath={.data.ca\\.crt}",
    ];
    fs::write(folder.join("token"), token.trim()).unwrap();
    fs::write(folder.join("ca.crt"), world.plane.run(&get).unwrap()).unwrap();
    fs::write(folder.join("namespace"), NAMESPACE).unwrap();
}

#[test]
#[ignore = "needs the image and a control plane: cargo xtask packaging"]
fn it_works_in_a_read_only_root_as_the_user_of_the_image() {
    let (world, image) = (World::new(4), image());
    world.install(&[]);
    world.established();
    let root = world.plane.dir().join("root");
    image.unpack(&root);
    account(&world, &root, &world.pod());
    let server =
        world.plane.run(&["config", "view", "--output=jsonpath={.clusters[0].cluster.server}"]).unwrap();
    let (host, port) =
        server.trim().trim_start_matches("https://").trim_end_matches('/').split_once(':').unwrap();
    let container = |pod: &Value| {
        let mut command = image.enter(&root);
        pod::dress(&mut command, pod);
        command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command.env("KUBERNETES_SERVICE_HOST", host).env("KUBERNETES_SERVICE_PORT", port);
        command
    };
    let checked = container(&world.check()).output().unwrap();
    let said = String::from_utf8_lossy(&[checked.stdout, checked.stderr].concat()).into_owned();
    assert!(checked.status.success() && said.contains("ok      batch:ListJobs"), "{said}");
    let operator = Running::start(&world.plane, container(&world.pod()));
    let process = PathBuf::from(format!("/proc/{}", operator.id()));
    let mounts = fs::read_to_string(process.join("mountinfo")).unwrap();
    assert!(mounts.lines().any(|line| line.contains(" / ro,")), "{mounts}");
    let users = fs::read_to_string(process.join("uid_map")).unwrap();
    assert_eq!(users.split_whitespace().next(), Some("65532"));
    world.create("by-the-image");
    world.wait("by-the-image", "Succeeded");
    operator.stop();
}
