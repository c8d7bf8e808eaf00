//! An image as a folder that container tools read (OCI image layout). The same files make the same bytes.

use std::fmt::Write;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::recipe::Recipe;
use crate::run::Failure;

const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// Writes the image of that root.
pub fn write(root: &Path, recipe: &Recipe, name: &str, folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder.join("blobs/sha256"))?;
    let layer = put(folder, LAYER, &tar(root)?)?;
    let config = json!({
        "architecture": architecture(), "os": "linux",
        "config": { "User": recipe.user, "Entrypoint": recipe.entrypoint, "Labels": recipe.labels },
        "rootfs": { "type": "layers", "diff_ids": [layer["digest"]] },
    });
    let config = put(folder, CONFIG, &serde_json::to_vec(&config)?)?;
    let manifest = json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer] });
    let mut manifest = put(folder, MANIFEST, &serde_json::to_vec(&manifest)?)?;
    let tag = name.rsplit_once(':').map_or("latest", |(_, tag)| tag);
    manifest["annotations"] =
        json!({ "io.containerd.image.name": name, "org.opencontainers.image.ref.name": tag });
    manifest["platform"] = json!({ "architecture": architecture(), "os": "linux" });
    let index = json!({ "schemaVersion": 2, "manifests": [manifest] });
    fs::write(folder.join("index.json"), serde_json::to_vec(&index)?)?;
    Ok(fs::write(folder.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#)?)
}

/// All of a folder, in the order of its names, as of no time and of no user.
pub fn tar(root: &Path) -> Result<Vec<u8>, Failure> {
    let mut archive = tar::Builder::new(Vec::new());
    append(&mut archive, root, Path::new(""))?;
    Ok(archive.into_inner()?)
}

fn append(archive: &mut tar::Builder<Vec<u8>>, root: &Path, within: &Path) -> Result<(), Failure> {
    let entries = fs::read_dir(root.join(within))?;
    let mut names = entries.map(|entry| Ok(entry?.file_name())).collect::<Result<Vec<_>, Failure>>()?;
    names.sort();
    for name in names {
        let path = within.join(name);
        let file = root.join(&path);
        let metadata = fs::metadata(&file)?;
        let is_open = metadata.is_dir() || metadata.permissions().mode() & 0o111 != 0;
        let mut header = tar::Header::new_gnu();
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_mode(if is_open { 0o755 } else { 0o644 });
        if metadata.is_dir() {
            header.set_entry_type(tar::EntryType::Directory);
            header.set_size(0);
            archive.append_data(&mut header, &path, std::io::empty())?;
            append(archive, root, &path)?;
        } else {
            header.set_size(metadata.len());
            archive.append_data(&mut header, &path, File::open(&file)?)?;
        }
    }
    Ok(())
}

/// Writes a blob by the name of its content, and describes it.
fn put(folder: &Path, kind: &str, content: &[u8]) -> Result<Value, Failure> {
    let hash = Sha256::digest(content).iter().fold(String::new(), |mut hash, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hash, "{byte:02x}");
        hash
    });
    fs::write(folder.join("blobs/sha256").join(&hash), content)?;
    Ok(json!({ "mediaType": kind, "digest": format!("sha256:{hash}"), "size": content.len() }))
}

/// What Go calls it.
fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_make_the_same_image() {
        let folder = std::env::temp_dir().join(format!("image-{}", std::process::id()));
        let root = folder.join("root");
        fs::create_dir_all(root.join("etc")).unwrap();
        for (name, text) in [("b", "x"), ("a", "y"), ("etc/c", "z")] {
            fs::write(root.join(name), text).unwrap();
        }
        let index = |name: &str| {
            write(&root, &Recipe::default(), "registry/name:1.2", &folder.join(name)).unwrap();
            fs::read_to_string(folder.join(name).join("index.json")).unwrap()
        };
        let first = index("first");
        assert!(first.contains("sha256:") && first.contains(r#""org.opencontainers.image.ref.name":"1.2""#));
        fs::remove_file(root.join("b")).unwrap();
        assert_ne!(index("other"), first, "other files");
        fs::write(root.join("b"), "x").unwrap();
        assert_eq!(index("again"), first);
        fs::remove_dir_all(folder).unwrap();
    }
}
