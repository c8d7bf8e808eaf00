//! A command line of the AWS CLI: `aws batch submit-job ...`, as people have it in scripts.

use serde_json::{Map, Value};

use super::{shorthand, words};
use crate::failure::Failure;
use crate::schema::{self, Spelling};

/// Options of the AWS CLI that are about the call, and not about the job.
const CALL: [&str; 15] = [
    "--region",
    "--profile",
    "--output",
    "--query",
    "--endpoint-url",
    "--debug",
    "--no-cli-pager",
    "--no-cli-auto-prompt",
    "--no-verify-ssl",
    "--no-paginate",
    "--color",
    "--ca-bundle",
    "--cli-read-timeout",
    "--cli-connect-timeout",
    "--cli-binary-format",
];

/// Whether the text begins as such a command line.
pub fn is_one(text: &str) -> bool {
    text.split_whitespace().find(|word| *word != "$").is_some_and(|word| word == "aws")
}

/// The request, and notes.
pub fn request(text: &str) -> Result<(Value, Vec<String>), Failure> {
    let words = words::split(text).ok_or("the command line ends within a quotation: close it")?;
    let mut words = words.into_iter().skip_while(|word| word == "$").skip(1).peekable();
    let (mut request, mut notes, mut command) = (Map::new(), Vec::new(), Vec::new());
    while let Some(word) = words.next() {
        if !word.starts_with("--") {
            command.push(word);
            continue;
        }
        let (option, attached) = match word.split_once('=') {
            Some((option, value)) => (option.to_owned(), Some(value.to_owned())),
            None => (word, None),
        };
        let mut values: Vec<String> = attached.into_iter().collect();
        let takes_none = option.starts_with("--no-") || option == "--debug";
        while let Some(value) = words.next_if(|next| !takes_none && !next.starts_with("--")) {
            values.push(value);
        }
        if CALL.contains(&option.as_str()) {
            notes.push(format!("left out {option}: the operator knows where it submits"));
        } else if option == "--cli-input-json" {
            request.extend(input(&values)?);
        } else {
            let (member, value) = member(&option, &values)?;
            request.insert(member, value);
        }
    }
    if command != ["batch", "submit-job"] {
        return Err(format!(
            "the command is aws {}: only aws batch submit-job makes a job",
            command.join(" ")
        )
        .into());
    }
    Ok((Value::Object(request), notes))
}

/// The JSON of `--cli-input-json`. What options say comes after it in the line, or is said twice.
fn input(values: &[String]) -> Result<Map<String, Value>, Failure> {
    let text = values.first().ok_or("--cli-input-json: the JSON is missing")?;
    in_place("--cli-input-json", text)?;
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err("--cli-input-json: an object is needed".into()),
        Err(error) => Err(format!("--cli-input-json: {error}").into()),
    }
}

fn in_place(option: &str, text: &str) -> Result<(), Failure> {
    if text.starts_with("file://") || text.starts_with("fileb://") {
        return Err(format!("{option} {text}: write the text of the file in place of its name").into());
    }
    Ok(())
}

/// The member of an option, and its value.
fn member(option: &str, values: &[String]) -> Result<(String, Value), Failure> {
    let (name, is_off) = match option.strip_prefix("--no-") {
        Some(name) => (name, true),
        None => (option.trim_start_matches("--"), false),
    };
    let (member, schema) = schema::member(&schema::spec(), &camel(name), "", Spelling::Camel)
        .map_err(|_| format!("{option} is no option of aws batch submit-job"))?;
    if schema["type"] == "boolean" {
        return Ok((member, Value::Bool(!is_off)));
    }
    for value in values {
        in_place(option, value)?;
    }
    let value = shorthand::value(values, &schema).map_err(|why| format!("{option}: {why}"))?;
    Ok((member, value))
}

/// `job-queue` as `jobQueue`.
fn camel(name: &str) -> String {
    let mut words = name.split('-');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |camel, word| {
        let mut letters = word.chars();
        let begin = letters.next().map(|letter| letter.to_ascii_uppercase());
        begin.into_iter().fold(camel, |camel, letter| format!("{camel}{letter}")) + letters.as_str()
    })
}
