//! Whatever AWS says of a job, and whoever wrote its definition: the status is one that the API server takes, and small.

use aws_batch_operator::api;
use aws_batch_operator::job::{ArrayCounts, Attempt, JobStatus, Nodes, Pod, RemoteJob};
use aws_batch_operator::plan::Owner;
use serde_json::Value;
use stand::Dice;

use super::remote::{array, job, nodes, part};
use super::scene::{Scene, created};

/// What stands where a short word is expected.
const ODD: [&str; 8] = ["", "x", "\n\u{1b}[31m", "💥", "\"\\", "\u{2028}\u{202e}", " ", "arn:aws:batch:::/"];
const LENGTHS: [usize; 6] = [1, 2, 100, 600, 2_100, 4_000];

/// One odd text after another; the same seed gives the same ones.
struct Texts(Dice);

impl Texts {
    fn next(&mut self) -> String {
        let (odd, length) = (self.0.pick(&ODD), self.0.pick(&LENGTHS));
        odd.repeat(length)
    }

    fn attempt(&mut self) -> Attempt {
        Attempt {
            exit_code: Some(i32::MIN),
            reason: Some(self.next()),
            status_reason: Some(self.next()),
            task_arn: Some(self.next()),
            log_stream: Some(self.next()),
            log_group: Some(self.next()),
            log_region: Some(self.next()),
            pod: Some(Pod {
                cluster: Some(self.next()),
                namespace: Some(self.next()),
                name: Some(self.next()),
                node: Some(self.next()),
            }),
            ..Attempt::default()
        }
    }

    /// The same job in other words.
    fn job(&mut self, job: RemoteJob) -> RemoteJob {
        RemoteJob {
            name: self.next(),
            arn: Some(self.next()),
            queue: Some(self.next()),
            definition: Some(self.next()),
            status_reason: Some(self.next()),
            current: self.attempt(),
            last_attempt: Some(Box::new(self.attempt())),
            attempts: usize::MAX,
            array: job.array.map(|_| ArrayCounts {
                size: i32::MAX,
                summary: (0..20).map(|number| (format!("{}{number}", self.next()), i32::MIN)).collect(),
            }),
            nodes: job.nodes.map(|_| Nodes { number: i32::MAX, main: 0 }),
            ..job
        }
    }
}

/// Fails unless the API server would take `value` for `schema`. Knows every keyword that the status uses.
pub fn assert_taken(path: &str, schema: &Value, value: &Value) {
    let at_most = |keyword: &str, length: usize| {
        let most = schema.get(keyword).and_then(Value::as_u64).unwrap_or(u64::MAX);
        assert!(length as u64 <= most, "{path}: {length}, and {keyword} is {most}");
    };
    match (schema["type"].as_str().unwrap(), value) {
        ("string", Value::String(text)) => {
            at_most("maxLength", text.chars().count());
            let words = schema["enum"].as_array();
            assert!(words.is_none_or(|words| words.contains(value)), "{path}: {text}");
        }
        ("integer", Value::Number(number)) => {
            let number = number.as_i64().unwrap_or_else(|| panic!("{path}: {number}"));
            let is_small = schema["format"] != "int32" || i32::try_from(number).is_ok();
            assert!(is_small && (schema["minimum"].is_null() || number >= 0), "{path}");
        }
        ("array", Value::Array(elements)) => {
            at_most("maxItems", elements.len());
            for element in elements {
                assert_taken(path, &schema["items"], element);
            }
        }
        ("object", Value::Object(members)) => {
            at_most("maxProperties", members.len());
            let required = schema["required"].as_array().into_iter().flatten();
            required.for_each(|name| assert!(members.contains_key(name.as_str().unwrap()), "{path}.{name}"));
            for (name, member) in members {
                let inner = schema["properties"].get(name).or(schema.get("additionalProperties"));
                let inner = inner.unwrap_or_else(|| panic!("{path}.{name} is unknown"));
                assert_taken(&format!("{path}.{name}"), inner, member);
            }
        }
        (kind, other) => panic!("{path}: {other} is no {kind}"),
    }
}

/// The schema of a status, of the CRD that is installed.
pub fn schema() -> Value {
    let crd = serde_json::to_value(api::crd()).unwrap();
    crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["status"].clone()
}

/// Its status is taken, small, on one line, and stays.
pub fn assert_fits(scene: &Scene, schema: &Value) {
    let Some(status) = scene.plan().status else { return };
    let json = serde_json::to_value(&status).unwrap();
    assert_taken("status", schema, &json);
    let text = json.to_string();
    assert!(text.len() <= 4096, "{} bytes: {text}", text.len());
    let is_plain = |c: char| !c.is_control() && !matches!(c, '\u{2028}'..='\u{202e}');
    assert!(!text.contains("\\n") && !text.contains("\\u001b") && text.chars().all(is_plain), "{text}");
    assert_eq!(scene.clone().settled().settled().plan().status, None, "{text}");
}

#[test]
fn whatever_is_told_of_a_job_the_api_server_takes_its_status() {
    let schema = &schema();
    let mut texts = Texts(Dice::new(7));
    for _ in 0..100 {
        for shape in [
            job(JobStatus::Failed),
            job(JobStatus::Runnable),
            array(JobStatus::Failed, 2),
            nodes(JobStatus::Failed),
        ] {
            let (told, first) = (texts.job(shape), texts.job(part(":1")));
            let odd = (0..10_000).filter(|n| n % 2 == 1).collect();
            let seen = created().submitted().saw(told).inspected(odd, Some(first)).owned_by(Owner::Living);
            assert_fits(&seen, schema);
            assert_fits(&seen.annotation("awsbatch.dev/adopt", &texts.next()), schema);
        }
    }
}

#[test]
fn a_note_is_one_short_line_whatever_a_user_writes() {
    for asked in
        ["a:\n2026-11-24T12:00:00Z ERROR forged".to_owned(), format!("{}:1", "x\u{1b}[2J".repeat(60_000))]
    {
        let plan = created().annotation("awsbatch.dev/adopt", &asked).plan();
        let note = plan.notes.first().expect("it is told");
        assert!(note.text.chars().count() <= 1000 && !note.text.contains(char::is_control), "{}", note.text);
    }
}
