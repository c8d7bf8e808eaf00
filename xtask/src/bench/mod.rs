//! What the operator costs the API server: processor time and requests for each BatchJob, beside those of a ConfigMap.
//! Ratios are the point. Absolute times are those of one machine.

mod figures;
mod heap;
mod instructions;
mod load;
mod proxy;
mod requests;
mod run;
mod server;
mod stage;
mod table;
mod valgrind;

use std::fs;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use crate::run::{Failure, root, run};
use figures::Figures;
pub use heap::heap;
pub use instructions::instructions;
use stage::{Stage, Subject};
pub use valgrind::require;

/// What is measured.
#[derive(Debug, Subcommand)]
pub enum What {
    /// Processor time of the API server, and its requests, for each BatchJob
    ControlPlane(Options),
    /// Instructions of planner, encoders, decoders and tracker, beside the recorded counts; needs valgrind
    Instructions,
    /// Bytes of the process for each BatchJob, by part; needs valgrind
    Heap,
}

/// How it is measured.
#[derive(Args, Debug)]
pub struct Options {
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
    /// How many ConfigMaps and BatchJobs are created in a run
    #[arg(long, default_value = "300", value_parser = clap::value_parser!(u16).range(1..=20_000))]
    objects: u16,
    /// How many runs; medians are shown
    #[arg(long, default_value = "3", value_parser = clap::value_parser!(u8).range(1..=99))]
    runs: u8,
    /// A file for the figures, as JSON
    #[arg(long)]
    json: Option<PathBuf>,
}

/// Measures, prints a table, and writes the file.
pub fn control_plane(options: &Options) -> Result<(), Failure> {
    let subjects = subjects(options)?;
    let mut stage = Stage::start()?;
    let mut figures: Vec<Vec<Figures>> = vec![Vec::new(); subjects.len()];
    for number in 1..=options.runs {
        for (subject, figures) in subjects.iter().zip(&mut figures) {
            println!("run {number} of {}: {}", options.runs, subject.name);
            figures.push(run::run(&mut stage, subject, options.objects.into())?);
        }
    }
    let medians: Vec<_> = figures.iter().map(|runs| Figures::medians(runs)).collect();
    let columns: Vec<_> = subjects.iter().map(|subject| subject.name).zip(&medians).collect();
    println!("\n{}", table::table(&columns));
    if let Some(file) = &options.json {
        let subjects: serde_json::Map<_, _> =
            columns.iter().map(|(name, figures)| ((*name).to_owned(), figures.to_json())).collect();
        let whole = json!({ "objects": options.objects, "runs": options.runs, "subjects": subjects });
        fs::write(file, format!("{whole:#}\n"))?;
    }
    Ok(())
}

/// The other binary comes first, as `before`.
fn subjects(options: &Options) -> Result<Vec<Subject>, Failure> {
    let program = match &options.operator {
        Some(program) => program.clone(),
        None => build()?,
    };
    let subject = |name, program: PathBuf, crd: &PathBuf| Subject { name, program, crd: crd.clone() };
    let Some(against) = &options.against else {
        return existing(vec![subject("operator", program, &options.crd)]);
    };
    let against_crd = options.against_crd.as_ref().unwrap_or(&options.crd);
    existing(vec![subject("before", against.clone(), against_crd), subject("after", program, &options.crd)])
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
