//! The last stage of the Dockerfile, which says what the image is.

use std::collections::BTreeMap;

use crate::run::Failure;

/// What the stage sets.
#[derive(Debug, Default, PartialEq)]
pub struct Recipe {
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Who runs it.
    pub user: String,
    /// What is run.
    pub entrypoint: Vec<String>,
}

/// Reads the stage. What is not understood is an error: an image that leaves something out is another image.
pub fn read(dockerfile: &str) -> Result<Recipe, Failure> {
    let (_, stage) = dockerfile.rsplit_once("\nFROM ").ok_or("the Dockerfile has no second stage")?;
    let mut lines = stage.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    if lines.next() != Some("scratch") {
        return Err("the last stage of the Dockerfile is not FROM scratch".into());
    }
    let mut recipe = Recipe::default();
    let mut is_copied = false;
    for line in lines {
        match line.split_once(' ').unwrap_or((line, "")) {
            ("LABEL", label) => {
                let (name, value) = label.split_once('=').ok_or_else(|| format!("no value in {line}"))?;
                recipe.labels.insert(name.to_owned(), serde_json::from_str(value)?);
            }
            ("COPY", "--from=build /image /") => is_copied = true,
            ("USER", user) => user.clone_into(&mut recipe.user),
            ("ENTRYPOINT", words) => recipe.entrypoint = serde_json::from_str(words)?,
            _ => {
                return Err(
                    format!("the last stage of the Dockerfile has a line of another kind: {line}").into()
                );
            }
        }
    }
    if is_copied { Ok(recipe) } else { Err("the last stage of the Dockerfile copies nothing".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_stage_is_read_and_nothing_is_left_out() {
        let text = "FROM a AS build\nRUN b\n\n# c\nFROM scratch\nLABEL d=\"e f\"\nCOPY --from=build /image /\nUSER 1:2\n";
        let recipe = read(text).unwrap();
        let labels = BTreeMap::from([("d".to_owned(), "e f".to_owned())]);
        assert_eq!(recipe, Recipe { labels, user: "1:2".to_owned(), entrypoint: Vec::new() });
        assert!(read(&format!("{text}ENV a=b\n")).unwrap_err().to_string().contains("ENV a=b"));
        assert!(read("FROM a AS build\nFROM scratch\nUSER 1:2\n").is_err());
        assert!(read(&text.replace("scratch", "debian")).is_err());
    }
}
