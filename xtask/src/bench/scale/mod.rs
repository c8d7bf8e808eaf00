//! What many BatchJobs cost, and how soon the operator acts on them: memory, calls of AWS, delays, failover.

mod calls;
mod changes;
mod charts;
mod deletions;
mod failover;
mod figures;
mod kept;
mod naive;
mod quiet;
mod rows;
mod run;
mod scene;
mod start;
mod svg;
mod table;

use std::path::PathBuf;

use clap::Args;

use super::stage::Stage;
use super::subject::{Subject, Subjects};
use crate::run::Failure;
use figures::{Column, Figures};
use naive::Naive;
use scene::Scene;

/// How it is measured.
#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    subjects: Subjects,
    /// How many BatchJobs are active, and then finished
    #[arg(long, default_value = "1000", value_parser = clap::value_parser!(u16).range(50..=20_000))]
    objects: u16,
    /// How many jobs change in one second [default: a tenth of the objects]
    #[arg(long)]
    changes: Option<u16>,
    /// Also measures a naive client with so many BatchJobs; it looks at each job alone
    #[arg(long, value_parser = clap::value_parser!(u16).range(50..=2_000))]
    naive: Option<u16>,
    /// So many finished BatchJobs are added at the end, before one more start
    #[arg(long, value_parser = clap::value_parser!(u32).range(..=200_000))]
    finished: Option<u32>,
    /// A folder for charts, as SVG
    #[arg(long)]
    charts: Option<PathBuf>,
}

/// Measures, prints a table, and writes the files.
pub fn scale(options: &Options) -> Result<(), Failure> {
    let changes = options.changes.unwrap_or(options.objects / 10);
    if changes == 0 || changes > options.objects {
        return Err(format!("--changes {changes}: give a number from 1 to that of --objects").into());
    }
    let naive = options.naive.map(Naive::build).transpose()?;
    let subjects = options.subjects.find()?;
    let mut stage = Stage::start()?;
    stage.serve(&subjects[0])?;
    let naive = naive.map(|naive| naive.column(&mut stage)).transpose()?;
    let runs = options.subjects.in_turn(&subjects, |subject| {
        one_run(&mut stage, subject, (options.objects, changes, options.finished))
    })?;
    let of_subject = |(subject, runs): (&Subject, &Vec<Figures>)| Column {
        name: subject.name,
        objects: options.objects,
        figures: Figures::medians(runs),
    };
    let columns: Vec<_> = subjects.iter().zip(&runs).map(of_subject).chain(naive).collect();
    println!("\n{}", table::table(&columns));
    if let Some(folder) = &options.charts {
        charts::write(folder, &columns)?;
    }
    let of_column = |column: Column| (column.name.to_owned(), column.figures.to_json());
    let figures = columns.into_iter().map(of_column).collect();
    options.subjects.write(options.objects, &figures)
}

fn one_run(
    stage: &mut Stage,
    subject: &Subject,
    (objects, changes, finished): (u16, u16, Option<u32>),
) -> Result<Figures, Failure> {
    stage.serve(subject)?;
    let namespace = stage.namespace()?;
    let scene = Scene { stage, namespace: &namespace, objects: objects.into(), changes: changes.into() };
    let mut figures = run::run(&scene, subject)?;
    if let Some(finished) = finished {
        kept::start_with_kept(&scene, subject, (&run::last(objects), finished as usize), &mut figures)?;
    }
    Ok(figures)
}
