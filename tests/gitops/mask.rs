//! Makes two captures of the same state comparable: what differs from run to run becomes `*`.

/// Members whose values differ from run to run, whatever they are.
const VOLATILE: [&str; 5] = ["resourceVersion", "taskArn", "awsbatch.dev/claim", "claimedAt", "claimedBy"];

/// The text without what differs from run to run.
pub fn masked(text: &str) -> String {
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn line(line: &str) -> String {
    let is_volatile = |(key, _): &(&str, &str)| VOLATILE.contains(&key.trim_start_matches([' ', '-']));
    if let Some((key, _)) = line.split_once(": ").filter(is_volatile) {
        return format!("{key}: *");
    }
    let mut masked = String::new();
    let mut word = String::new();
    for letter in line.chars() {
        if letter.is_ascii_alphanumeric() || matches!(letter, '-' | ':') {
            word.push(letter);
            continue;
        }
        masked.push_str(if is_unique(&word) { "*" } else { &word });
        word.clear();
        masked.push(letter);
    }
    masked.push_str(if is_unique(&word) { "*" } else { &word });
    masked
}

/// Identifiers of 32 or more hexadecimal digits, with or without hyphens, and times.
fn is_unique(word: &str) -> bool {
    let is_hex = word.chars().all(|letter| letter.is_ascii_hexdigit() || letter == '-');
    let is_id = is_hex && word.chars().filter(char::is_ascii_hexdigit).count() >= 32;
    let is_time = word.len() == 20 && word.starts_with("20") && word.ends_with('Z') && word.contains('T');
    is_id || is_time
}

#[test]
fn what_differs_from_run_to_run_is_masked_and_nothing_else() {
    let text = "\
  uid: 5e1c1b1e-7d5c-4b5e-9a55-0a3c4f1f6d5c
  startedAt: \"2026-11-24T12:00:31Z\"
  resourceVersion: \"12\"
  exitCode: 137
  stream: quick/default/00112233445566778899aabbccddeeff
  - message: not before 2026-11-24T12:00:31Z";
    let expected = "\
  uid: *
  startedAt: \"*\"
  resourceVersion: *
  exitCode: 137
  stream: quick/default/*
  - message: not before *";
    assert_eq!(masked(text), expected);
}
