//! `convert`: what people have for `aws batch submit-job` and for AWS Step Functions as a manifest, and a manifest as JSON
//! for the AWS CLI.

mod answer;
mod back;
mod command_line;
mod shorthand;
mod state;
mod words;

#[cfg(test)]
mod tests;

use aws_batch_operator::api::{BatchJob, BatchJobSpec, GROUP};
use serde_json::Value;

use self::answer::Converted;
use crate::cli::Convert;
use crate::failure::Failure;
use crate::manifest;
use crate::out;
use crate::schema::{self, Spelling};

/// Longest name of an object.
const NAME_MAX: usize = 253;

/// Converts stdin to stdout.
pub fn convert(arguments: &Convert) -> Result<u8, Failure> {
    let input = std::io::read_to_string(std::io::stdin())?;
    let converted = converted(&input, arguments.name.as_deref())?;
    out::print(&converted.text)?;
    for note in converted.notes {
        eprintln!("note: {note}");
    }
    Ok(0)
}

/// The input in the other form. `name` is that of the new object.
pub fn converted(input: &str, name: Option<&str>) -> Result<Converted, Failure> {
    if command_line::is_one(input) {
        let (request, notes) = command_line::request(input)?;
        return to_manifest(&request, Spelling::Camel, name, notes);
    }
    let value = parsed(input)?;
    let is_ours = value["apiVersion"].as_str().is_some_and(|version| version.starts_with(GROUP));
    if is_ours {
        return back::request(&value);
    }
    if let Some((request, notes)) = state::request(&value)? {
        return to_manifest(&request, Spelling::Pascal, name, notes);
    }
    to_manifest(&value, Spelling::Camel, name, Vec::new())
}

fn parsed(input: &str) -> Result<Value, Failure> {
    let way_out = "give it the JSON of `aws batch submit-job --cli-input-json`, a state of AWS Step Functions, a command line `aws batch submit-job ...`, or the manifest of a BatchJob";
    let value: Value = match serde_json::from_str(input) {
        Ok(value) => value,
        Err(_) => serde_saphyr::from_str(input).map_err(|error| format!("stdin: {error}: {way_out}"))?,
    };
    if value.is_object() { Ok(value) } else { Err(format!("stdin holds none of these: {way_out}").into()) }
}

fn to_manifest(
    request: &Value,
    spelling: Spelling,
    name: Option<&str>,
    notes: Vec<String>,
) -> Result<Converted, Failure> {
    let fit = schema::fitted(request, &schema::spec(), "", spelling)?;
    for member in ["jobQueue", "jobDefinition"] {
        if fit[member].as_str().is_none_or(str::is_empty) {
            return Err(format!("{member} is missing: SubmitJob needs a queue and a definition").into());
        }
    }
    let mut spec: BatchJobSpec = serde_json::from_value(fit)?;
    let name = name.map(str::to_owned).or_else(|| object_name(spec.job_name.as_deref()?));
    let name = name.ok_or("the input has no job name: give the BatchJob one by --name")?;
    // The operator makes the job's name of the object's.
    spec.job_name.take_if(|job_name| *job_name == name);
    Ok(Converted { text: manifest::yaml(&BatchJob::new(&name, spec))?, notes })
}

/// The name of a job, as Kubernetes takes names of objects.
fn object_name(job_name: &str) -> Option<String> {
    let fit = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    let name: String = job_name.chars().map(fit).take(NAME_MAX).collect();
    let name = name.trim_matches('-');
    (!name.is_empty()).then(|| name.to_owned())
}
