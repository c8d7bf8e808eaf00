//! Pages that everybody must be able to read have short sentences, and so have the texts of the CRD, of the chart's values
//! and of `--help`.

use aws_batch_operator::{api, app};
use clap::CommandFactory;
use serde_json::Value;

/// The most words of a sentence.
const WORDS: usize = 25;

/// A page, and what it is called.
const PAGES: [(&str, &str); 23] = [
    ("ARCHITECTURE.md", include_str!("../../ARCHITECTURE.md")),
    ("CHANGELOG.md", include_str!("../../CHANGELOG.md")),
    ("CONTRIBUTING.md", include_str!("../../CONTRIBUTING.md")),
    ("README.md", include_str!("../../README.md")),
    ("SECURITY.md", include_str!("../../SECURITY.md")),
    ("docs/admission.md", include_str!("../../docs/admission.md")),
    ("docs/batchjob.md", include_str!("../../docs/batchjob.md")),
    ("docs/debugging.md", include_str!("../../docs/debugging.md")),
    ("docs/engines.md", include_str!("../../docs/engines.md")),
    ("docs/gitops.md", include_str!("../../docs/gitops.md")),
    ("docs/glossary.md", include_str!("../../docs/glossary.md")),
    ("docs/guarantees.md", include_str!("../../docs/guarantees.md")),
    ("docs/kubectl-plugin.md", include_str!("../../docs/kubectl-plugin.md")),
    ("docs/limits.md", include_str!("../../docs/limits.md")),
    ("docs/logs.md", include_str!("../../docs/logs.md")),
    ("docs/openshift.md", include_str!("../../docs/openshift.md")),
    ("docs/operations.md", include_str!("../../docs/operations.md")),
    ("docs/performance.md", include_str!("../../docs/performance.md")),
    ("docs/security.md", include_str!("../../docs/security.md")),
    ("docs/sizing.md", include_str!("../../docs/sizing.md")),
    ("docs/waiting.md", include_str!("../../docs/waiting.md")),
    ("examples/README.md", include_str!("../../examples/README.md")),
    ("examples/airflow/README.md", include_str!("../../examples/airflow/README.md")),
];

/// What a grant is worth stands the same wherever rights are given, and not in parts that could be read alone.
const WHOLE: &str = "**Whoever may create BatchJobs in a watched namespace may run any job definition";

#[test]
fn no_sentence_is_long() {
    for (name, page) in PAGES {
        let all = blocks(page).iter().flat_map(|block| sentences(block)).collect::<Vec<_>>();
        let long: Vec<_> = all.iter().filter(|s| words(s) > WORDS && !s.starts_with(WHOLE)).collect();
        assert!(long.is_empty(), "{name}: more than {WORDS} words in {long:#?}");
    }
}

/// Kubernetes' own words, which every API shows.
const CONDITION: &str = "Condition contains details";

#[test]
fn no_description_is_long() {
    let crd = serde_json::to_value(api::crd()).unwrap();
    let values = include_str!("../../charts/aws-batch-operator/values.schema.json");
    let mut texts = Vec::new();
    descriptions(&crd, &mut texts);
    descriptions(&serde_json::from_str(values).unwrap(), &mut texts);
    let commands = app::cli::Cli::command();
    let help = commands.get_subcommands().flat_map(|command| {
        let flags = command.get_arguments().filter_map(|flag| flag.get_long_help().or(flag.get_help()));
        command.get_about().into_iter().chain(flags).map(ToString::to_string).collect::<Vec<_>>()
    });
    texts.extend(help);
    assert!(texts.len() > 250, "{} texts only", texts.len());
    let all = texts.iter().flat_map(|text| sentences(text)).collect::<Vec<_>>();
    let long: Vec<_> = all.iter().filter(|sentence| words(sentence) > WORDS).collect();
    assert!(long.is_empty(), "more than {WORDS} words in {long:#?}");
}

fn descriptions(schema: &Value, texts: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            let text = members.get("description").and_then(Value::as_str).unwrap_or_default();
            if text.starts_with(CONDITION) {
                return;
            }
            texts.push(text.to_owned());
            members.values().for_each(|member| descriptions(member, texts));
        }
        Value::Array(elements) => elements.iter().for_each(|element| descriptions(element, texts)),
        _ => {}
    }
}

/// Without comments, commands and drawings.
fn shown(page: &str) -> String {
    let prose: String = page.split("```").step_by(2).collect();
    let mut parts = prose.split("<!--");
    let first = parts.next().unwrap().to_owned();
    first + &parts.map(|part| part.split_once("-->").unwrap().1).collect::<String>()
}

/// Paragraphs, items of lists, and cells of tables, each on one line.
fn blocks(page: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in shown(page).lines() {
        let starts_anew = line.is_empty() || line.starts_with(['|', '-', '#', '1']);
        if starts_anew {
            blocks.push(String::new());
        }
        let cells = line.split('|');
        for (place, cell) in cells.enumerate() {
            if place > 0 {
                blocks.push(String::new());
            }
            let block = blocks.last_mut().unwrap();
            block.push_str(cell);
            block.push(' ');
        }
    }
    blocks
}

/// What ends with a full stop, a question mark, a colon or a semicolon.
fn sentences(block: &str) -> Vec<String> {
    let mut sentences = vec![String::new()];
    for word in block.split_whitespace() {
        let sentence = sentences.last_mut().unwrap();
        sentence.push_str(word);
        sentence.push(' ');
        if word.trim_end_matches([')', '*']).ends_with(['.', '?', ':', ';']) {
            sentences.push(String::new());
        }
    }
    sentences
}

fn words(sentence: &str) -> usize {
    sentence.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

#[test]
fn a_long_sentence_is_found_wherever_it_stands() {
    let long = "word ".repeat(26);
    for page in [long.clone(), format!("Short. {long}."), format!("| a | {long} |"), format!("- {long}\n- b")]
    {
        let found = blocks(&page).iter().flat_map(|block| sentences(block)).any(|s| words(&s) > WORDS);
        assert!(found, "{page}");
    }
    for unseen in [format!("Short.<!-- {long} --> Short."), format!("Short.\n\n```\n{long}\n```\n")] {
        assert!(
            !blocks(&unseen).iter().flat_map(|block| sentences(block)).any(|s| words(&s) > 1),
            "{unseen}"
        );
    }
    assert!(!blocks("one\ntwo").iter().flat_map(|block| sentences(block)).any(|s| words(&s) > 2));
}
