//! Which binaries are measured, how often, and where the figures go: what all measurements have in common.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use crate::run::{Failure, root, run};

/// An operator with its CRD.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What the columns of the table are called.
    pub name: &'static str,
    /// The binary.
    pub program: PathBuf,
    /// The CRD.
    pub crd: PathBuf,
}

/// What is measured, how often, and where the figures go.
#[derive(Args, Debug)]
pub struct Subjects {
    /// The operator's binary [default: the release profile, built first]
    #[arg(long)]
    operator: Option<PathBuf>,
    /// The CRD of that binary
    #[arg(long, default_value = "deploy/crd.yaml")]
    crd: PathBuf,
    /// Another binary to compare with; both take turns
    #[arg(long)]
    against: Option<PathBuf>,
    /// The CRD of the other binary [default: the same]
    #[arg(long, requires = "against")]
    against_crd: Option<PathBuf>,
    /// How many runs; medians are shown
    #[arg(long, default_value = "3", value_parser = clap::value_parser!(u8).range(1..=99))]
    runs: u8,
    /// A file for the figures, as JSON
    #[arg(long)]
    json: Option<PathBuf>,
}

impl Subjects {
    /// The other binary comes first, as `before`.
    pub fn find(&self) -> Result<Vec<Subject>, Failure> {
        let program = match &self.operator {
            Some(program) => program.clone(),
            None => build()?,
        };
        let subject = |name, program: PathBuf, crd: &PathBuf| Subject { name, program, crd: crd.clone() };
        let Some(against) = &self.against else {
            return existing(vec![subject("operator", program, &self.crd)]);
        };
        let against_crd = self.against_crd.as_ref().unwrap_or(&self.crd);
        existing(vec![subject("before", against.clone(), against_crd), subject("after", program, &self.crd)])
    }

    /// Measures all subjects in turn, as often as was asked for. Every second run goes backwards: the control plane
    /// grows, so none may always be the last. Answers the figures of all runs, by subject.
    pub fn in_turn<F>(
        &self,
        subjects: &[Subject],
        mut measure: impl FnMut(&Subject) -> Result<F, Failure>,
    ) -> Result<Vec<Vec<F>>, Failure> {
        let mut figures: Vec<Vec<F>> = subjects.iter().map(|_| Vec::new()).collect();
        for number in 1..=self.runs {
            let mut places: Vec<usize> = (0..subjects.len()).collect();
            if number % 2 == 0 {
                places.reverse();
            }
            for place in places {
                println!("run {number} of {}: {}", self.runs, subjects[place].name);
                figures[place].push(measure(&subjects[place])?);
            }
        }
        Ok(figures)
    }

    /// Writes the figures of each subject to the file, if one was named.
    pub fn write(&self, objects: u16, subjects: &Map<String, Value>) -> Result<(), Failure> {
        let Some(file) = &self.json else { return Ok(()) };
        let whole = json!({ "objects": objects, "runs": self.runs, "subjects": subjects });
        fs::write(file, format!("{whole:#}\n")).map_err(|error| format!("{}: {error}", file.display()).into())
    }
}

fn existing(subjects: Vec<Subject>) -> Result<Vec<Subject>, Failure> {
    for file in subjects.iter().flat_map(|subject| [&subject.program, &subject.crd]) {
        if !file.is_file() {
            return Err(format!("{}: no such file; name a binary, or a CRD", file.display()).into());
        }
    }
    Ok(subjects)
}

fn build() -> Result<PathBuf, Failure> {
    println!("building the operator in the release profile (some minutes the first time)");
    run(
        "cargo",
        &["build", "--quiet", "--locked", "--release", "--workspace", "--bin", "aws-batch-operator"],
    )?;
    Ok(root().join("target/release/aws-batch-operator"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_subject_is_always_the_last_one() {
        let subject = |name| Subject { name, program: PathBuf::new(), crd: PathBuf::new() };
        let subjects = [subject("before"), subject("after")];
        let options = Subjects {
            operator: None,
            crd: PathBuf::new(),
            against: None,
            against_crd: None,
            runs: 3,
            json: None,
        };
        let mut turns = Vec::new();
        let figures = options.in_turn(&subjects, |subject| {
            turns.push(subject.name);
            Ok(turns.len())
        });
        assert_eq!(figures.unwrap(), [[1, 4, 5], [2, 3, 6]]);
        assert_eq!(turns, ["before", "after", "after", "before", "before", "after"]);
    }
}
