//! What a status shows, in lines for a terminal, and the texts of `help` made fit for one.

use kube::ResourceExt;

use crate::api::{BatchJob, BatchJobStatus};
use crate::text::one_line;

/// Longest line, in characters. A link to a console is long, and is whole.
const LINE_MAX: usize = 2048;

/// What the status tells of the job, one fact a line.
pub fn facts(status: &BatchJobStatus) -> Vec<String> {
    let attempt = status.last_attempt.clone().unwrap_or_default();
    let array = status.array.clone().unwrap_or_default();
    let logs = status.logs.clone().unwrap_or_default();
    let children = array.status_summary.map(|summary| {
        let counts = summary.iter().filter(|(_, count)| **count > 0);
        counts.map(|(state, count)| format!("{count} {state}")).collect::<Vec<_>>().join(", ")
    });
    let pod = status.pod.as_ref().and_then(|pod| Some((pod.namespace.as_ref()?, pod.name.as_ref()?)));
    [
        ("job", status.job_id.clone()),
        ("status in AWS", status.job_status.clone()),
        ("exit code", status.exit_code.map(|code| code.to_string())),
        ("attempts", status.attempts.map(|attempts| attempts.to_string())),
        ("of the container", attempt.reason),
        ("of the attempt", attempt.status_reason),
        ("children", children),
        ("failed children", array.failed_indexes),
        ("log group", logs.group),
        ("log stream", logs.stream),
        ("log", logs.url),
        ("pod", pod.map(|(namespace, name)| format!("{namespace}/{name}"))),
        ("console", status.console_url.clone()),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some(format!("{name}: {}", one_line(&value?, LINE_MAX))))
    .collect()
}

/// The text, with what stands for the job's id, its name and its queue replaced where the status tells them.
pub fn filled(text: &str, object: &BatchJob) -> String {
    let status = object.status.clone().unwrap_or_default();
    let adopted = object.job_to_adopt().map(str::to_owned);
    let words = [
        ("ID", status.job_id.or(adopted)),
        ("QUEUE", status.job_queue),
        ("NAME", Some(status.job_name.unwrap_or_else(|| object.name_any()))),
    ];
    let known =
        |word: &str| words.iter().find(|(name, _)| *name == word).and_then(|(_, value)| value.clone());
    // A word is what is not parted: JOB_NAME is the name of a filter, and not a place to fill.
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let mut filled = String::new();
    for piece in text.split_inclusive(|character| !is_part(character)) {
        let word = piece.trim_end_matches(|character| !is_part(character));
        filled += &known(word).unwrap_or_else(|| word.to_owned());
        filled += &piece[word.len()..];
    }
    filled
}

/// Markdown as plain text: a link tells the page that it leads to.
pub fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, (words, target, after))) = link(rest) {
        let page = if target.starts_with('#') { "debugging.md" } else { "" };
        plain.extend([before, words, ": docs/", page, target]);
        rest = after;
    }
    (plain + rest).replace('`', "")
}

/// The first link: what stands before it, its words, its target, and what follows.
fn link(text: &str) -> Option<(&str, (&str, &str, &str))> {
    let (before, rest) = text.split_once('[')?;
    let (words, rest) = rest.split_once("](")?;
    let (target, after) = rest.split_once(')')?;
    Some((before, (words, target, after)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::BatchJobSpec;

    #[test]
    fn a_link_tells_where_it_leads() {
        assert_eq!(
            plain("grant it ([the role](operations.md#role)); see [leader](#leader)"),
            "grant it (the role: docs/operations.md#role); see leader: docs/debugging.md#leader"
        );
        assert_eq!(plain("`status.jobId`"), "status.jobId");
    }

    #[test]
    fn a_command_names_the_job_where_the_status_does() {
        let mut object = BatchJob::new("a", BatchJobSpec::default());
        let text = "`describe-jobs --jobs ID`, `--filters name=JOB_NAME,values=NAME`";
        assert_eq!(filled(text, &object), "`describe-jobs --jobs ID`, `--filters name=JOB_NAME,values=a`");
        object.status = Some(BatchJobStatus { job_id: Some("1".to_owned()), ..BatchJobStatus::default() });
        assert!(filled(text, &object).starts_with("`describe-jobs --jobs 1`"));
    }
}
