//! What the operator costs the API server: processor time and requests for each BatchJob, beside those of a ConfigMap.

mod figures;
mod run;
mod table;

use clap::Args;

use crate::bench::stage::Stage;
use crate::bench::subject::Subjects;
use crate::run::Failure;
use figures::Figures;

/// How it is measured.
#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    subjects: Subjects,
    /// How many BatchJobs of each kind are created in a run
    #[arg(long, default_value = "300", value_parser = clap::value_parser!(u16).range(1..=20_000))]
    objects: u16,
}

/// Measures, prints a table, and writes the file.
pub fn control_plane(options: &Options) -> Result<(), Failure> {
    let subjects = options.subjects.find()?;
    let mut stage = Stage::start()?;
    let runs =
        options.subjects.in_turn(&subjects, |subject| run::run(&mut stage, subject, options.objects))?;
    let medians: Vec<_> = runs.iter().map(|runs| Figures::medians(runs)).collect();
    let columns: Vec<_> = subjects.iter().map(|subject| subject.name).zip(&medians).collect();
    println!("\n{}", table::table(&columns));
    let figures = columns.iter().map(|(name, figures)| ((*name).to_owned(), figures.to_json())).collect();
    options.subjects.write(options.objects, &figures)
}
