//! GetLogEvents and its neighbours: what jobs write, how pages are cut, and what tokens mean.

use serde_json::{Value, json};

use super::{START, Scene, brisk, request};
use crate::behaviour::{Behaviour, Output};
use crate::catalogue::{Containers, Definition};
use crate::logs::{Event, LogSettings, Logs, Written};
use crate::submit;

const ID: &str = "0123abcd-0000-4000-8000-000000000001";

/// A world with logs.
struct Desk {
    scene: Scene,
    logs: Logs,
}

impl Desk {
    fn new() -> Self {
        Self { scene: Scene::new(), logs: Logs::new(START) }
    }

    fn submit(&mut self, definition: Definition, members: &Value) {
        self.scene.world.catalogue.definitions.insert("d".to_owned(), definition);
        submit::submit(&mut self.scene.world, &request(members), ID, START).unwrap();
    }

    fn call(&mut self, operation: &str, request: &Value, after: i64) -> Result<Value, String> {
        let answer = self.logs.perform(&self.scene.world, (operation, "us-east-1"), request, START + after);
        answer.map_err(|refusal| format!("{} {}", refusal.code.unwrap(), refusal.message))
    }

    fn get(&mut self, members: &Value, after: i64) -> Value {
        let mut request = json!({ "logGroupName": "/mine", "logStreamName": "s", "startFromHead": true });
        for (member, value) in members.as_object().unwrap() {
            request[member] = value.clone();
        }
        self.call("GetLogEvents", &request, after).unwrap()
    }

    /// Writes a line of that time, which arrives so much later.
    fn write(&mut self, at: i64, late: i64, message: &str) {
        let event = Event {
            timestamp: START + at,
            message: message.to_owned(),
            ingestion_time: Some(START + at + late),
        };
        let (group, stream) = ("/mine".to_owned(), "s".to_owned());
        let written = Written { group, stream, region: None, events: vec![event] };
        self.logs.write("us-east-1", written, START + at);
    }

    fn cut(&mut self, settings: LogSettings) {
        self.logs.set(LogSettings { reads_per_second: None, ..settings }, START);
    }
}

fn messages(page: &Value) -> Vec<&str> {
    page["events"].as_array().unwrap().iter().map(|event| event["message"].as_str().unwrap()).collect()
}

fn writes(every_ms: i64) -> Definition {
    let output = Output { every_ms, ..Output::default() };
    Definition { behaviour: Some(Behaviour { output, ..brisk() }), ..Definition::default() }
}

#[test]
fn a_job_writes_from_its_start_to_its_end_and_each_line_has_its_time() {
    let mut desk = Desk::new();
    desk.logs.set(LogSettings { ingestion_ms: 5, stream_ms: 10, ..LogSettings::default() }, START);
    desk.submit(writes(40), &json!({}));
    let stream = desk.scene.job(ID, 300)["container"]["logStreamName"].clone();
    let asked = json!({ "logGroupName": "/aws/batch/job", "logStreamName": stream, "startFromHead": true });
    let missing = "ResourceNotFoundException The specified log stream does not exist.";
    assert_eq!(desk.call("GetLogEvents", &asked, 309).unwrap_err(), missing, "the stream comes late");
    assert_eq!(messages(&desk.call("GetLogEvents", &asked, 310).unwrap()), ["started"]);
    assert_eq!(messages(&desk.call("GetLogEvents", &asked, 344).unwrap()), ["started"]);
    assert_eq!(messages(&desk.call("GetLogEvents", &asked, 345).unwrap()), ["started", "line 1"]);
    let page = desk.call("GetLogEvents", &asked, 1_000).unwrap();
    assert_eq!(messages(&page), ["started", "line 1", "line 2", "done"]);
    let last = &page["events"][3];
    assert_eq!((&last["timestamp"], &last["ingestionTime"]), (&json!(START + 400), &json!(START + 405)));
}

#[test]
fn every_attempt_child_and_container_has_a_stream_and_nobody_else_has() {
    let mut desk = Desk::new();
    let together = ["web", "audit"].map(str::to_owned).to_vec();
    let log_groups = [("audit".to_owned(), "/mine".to_owned())].into();
    let behaviour = Some(Behaviour { failing_attempts: 1, ..brisk() });
    let containers = Containers::Task(together);
    let definition = Definition { behaviour, containers, log_groups, ..Definition::default() };
    let array = json!({ "arrayProperties": { "size": 300 }, "retryStrategy": { "attempts": 2 } });
    desk.submit(definition, &array);
    let task = |child: &str, attempt: u8| format!("0123abcd000040008000000000000001{child}{attempt}");
    let mut has = |group: &str, stream: String| {
        let asked = json!({ "logGroupName": group, "logStreamName": stream });
        desk.call("GetLogEvents", &asked, 5_000).is_ok()
    };
    for attempt in [0, 1] {
        assert!(has("/aws/batch/job", format!("d/web/{}", task("012b", attempt))), "child 299");
        assert!(has("/mine", format!("d/audit/{}", task("0000", attempt))));
    }
    assert!(!has("/aws/batch/job", format!("d/web/{}", task("012c", 0))), "there is no child 300");
    assert!(!has("/aws/batch/job", format!("d/web/{}", task("0000", 2))), "nor a third attempt");
    assert!(!has("/mine", format!("d/web/{}", task("0000", 0))), "nor a log in the group of another");
    assert!(!has("/aws/batch/job", format!("d/other/{}", task("0000", 0))));
}

#[test]
fn a_page_is_cut_by_number_by_bytes_and_by_what_is_asked_for() {
    let mut desk = Desk::new();
    for at in 0..4 {
        desk.write(at, 0, "0123456789");
    }
    let number = |page: &Value| page["events"].as_array().unwrap().len();
    for (settings, expected) in [
        (LogSettings::default(), 4),
        (LogSettings { page_events: 3, ..LogSettings::default() }, 3),
        (LogSettings { page_bytes: 72, ..LogSettings::default() }, 2),
        (LogSettings { page_bytes: 1, ..LogSettings::default() }, 1),
    ] {
        desk.cut(settings);
        assert_eq!(number(&desk.get(&json!({}), 10)), expected);
    }
    desk.cut(LogSettings::default());
    assert_eq!(number(&desk.get(&json!({ "limit": 2 }), 10)), 2);
    assert_eq!(number(&desk.get(&json!({ "startTime": START + 1, "endTime": START + 3 }), 10)), 2);
}

#[test]
fn the_token_of_the_end_stays_the_same_until_something_new_comes() {
    let mut desk = Desk::new();
    desk.write(0, 0, "a");
    desk.write(1, 0, "b");
    let first = desk.get(&json!({ "limit": 1 }), 10);
    assert_eq!(messages(&first), ["a"]);
    let token = |page: &Value| json!({ "nextToken": page["nextForwardToken"] });
    let second = desk.get(&token(&first), 10);
    assert_eq!(messages(&second), ["b"]);
    let end = desk.get(&token(&second), 20);
    assert_eq!((messages(&end), &end["nextForwardToken"]), (vec![], &second["nextForwardToken"]));
    desk.write(30, 0, "c");
    assert_eq!(messages(&desk.get(&token(&end), 30)), ["c"]);
    let back = desk.get(&json!({ "nextToken": second["nextBackwardToken"] }), 30);
    assert_eq!(messages(&back), ["a"]);
}

#[test]
fn the_latest_come_first_unless_the_head_is_asked_for_and_each_page_is_in_order() {
    let mut desk = Desk::new();
    ["a", "b", "c"].iter().zip(0..).for_each(|(line, at)| desk.write(at, 0, line));
    let page = desk.get(&json!({ "startFromHead": false, "limit": 2 }), 10);
    assert_eq!(messages(&page), ["b", "c"]);
    let older = desk.get(&json!({ "nextToken": page["nextBackwardToken"] }), 10);
    assert_eq!(messages(&older), ["a"]);
    let none = desk.get(&json!({ "nextToken": older["nextBackwardToken"] }), 10);
    assert_eq!((messages(&none), &none["nextBackwardToken"]), (vec![], &older["nextBackwardToken"]));
    assert_eq!(messages(&desk.get(&json!({ "nextToken": page["nextForwardToken"] }), 10)), [""; 0]);
}

#[test]
fn an_event_that_comes_late_stands_at_its_time_behind_the_tokens_of_later_ones() {
    let mut desk = Desk::new();
    desk.write(0, 0, "a");
    desk.write(5, 0, "c");
    let page = desk.get(&json!({}), 10);
    desk.write(4, 20, "b");
    assert_eq!(messages(&desk.get(&json!({}), 23)), ["a", "c"], "it has not arrived");
    assert_eq!(messages(&desk.get(&json!({}), 24)), ["a", "b", "c"]);
    let after = desk.get(&json!({ "nextToken": page["nextForwardToken"] }), 24);
    assert_eq!(messages(&after), [""; 0], "who follows by tokens never sees it");
}

#[test]
fn a_long_time_without_events_makes_empty_pages_with_other_tokens() {
    let mut desk = Desk::new();
    desk.cut(LogSettings { page_span_ms: 100, ..LogSettings::default() });
    desk.write(0, 0, "a");
    desk.write(350, 0, "b");
    let mut pages = vec![desk.get(&json!({}), 400)];
    loop {
        let token = pages[pages.len() - 1]["nextForwardToken"].clone();
        let page = desk.get(&json!({ "nextToken": token }), 400);
        if page["nextForwardToken"] == token {
            break;
        }
        pages.push(page);
    }
    let told: Vec<_> = pages.iter().map(messages).collect();
    assert_eq!(told, [vec!["a"], vec![], vec![], vec![], vec!["b"]]);
    let latest = desk.get(&json!({ "startFromHead": false }), 400);
    let before = desk.get(&json!({ "nextToken": latest["nextBackwardToken"] }), 400);
    assert_eq!((messages(&latest), messages(&before)), (vec!["b"], vec![]));
    assert_ne!(before["nextBackwardToken"], latest["nextBackwardToken"]);
}

#[test]
fn a_token_holds_for_a_day_and_a_foreign_one_never() {
    let mut desk = Desk::new();
    desk.write(0, 0, "a");
    let token = desk.get(&json!({}), 0)["nextForwardToken"].clone();
    let asked = |token: &Value| json!({ "logGroupName": "/mine", "logStreamName": "s", "nextToken": token });
    let day = 24 * 3600 * 1000;
    assert!(desk.call("GetLogEvents", &asked(&token), day - 1).is_ok());
    for (token, after) in
        [(&token, day), (&json!("f/1"), 0), (&json!("x"), 0), (&json!(""), 0), (&json!(7), 0)]
    {
        let refusal = desk.call("GetLogEvents", &asked(token), after).unwrap_err();
        assert_eq!(refusal, "InvalidParameterException The specified nextToken is invalid.");
    }
}

#[test]
fn twenty_five_reads_a_second_are_the_most() {
    let mut desk = Desk::new();
    desk.write(0, 0, "a");
    let asked = json!({ "logGroupName": "/mine", "logStreamName": "s" });
    let mut read = |after| desk.call("GetLogEvents", &asked, after);
    assert_eq!((0..40).filter(|_| read(0).is_ok()).count(), 25);
    assert_eq!(read(1).unwrap_err(), "ThrottlingException Rate exceeded");
    assert_eq!((0..40).filter(|_| read(1_000).is_ok()).count(), 25);
}

#[test]
fn what_is_not_there_and_what_is_not_well_formed_is_refused() {
    let mut desk = Desk::new();
    desk.write(0, 0, "a");
    for (asked, refused) in [
        (json!({ "logGroupName": "/x", "logStreamName": "s" }), "The specified log group does not exist."),
        (
            json!({ "logGroupName": "/mine", "logStreamName": "x" }),
            "The specified log stream does not exist.",
        ),
        (json!({ "logStreamName": "s" }), "Exactly one"),
        (
            json!({ "logGroupName": "/mine", "logGroupIdentifier": "/mine", "logStreamName": "s" }),
            "Exactly one",
        ),
        (json!({ "logGroupName": "/mine" }), "at 'logStreamName'"),
        (json!({ "logGroupName": "/mine", "logStreamName": "a:b" }), "at 'logStreamName'"),
        (json!({ "logGroupName": "/mine", "logStreamName": "s", "limit": 0 }), "at 'limit'"),
        (json!({ "logGroupName": "/mine", "logStreamName": "s", "limit": 10_001 }), "at 'limit'"),
        (json!({ "logGroupName": "/mine", "logStreamName": "s", "startTime": -1 }), "at 'startTime'"),
    ] {
        let refusal = desk.call("GetLogEvents", &asked, 0).unwrap_err();
        assert!(refusal.contains(refused), "{asked}: {refusal}");
    }
    let arn = "arn:aws:logs:us-east-1:123456789012:log-group:/mine";
    assert!(
        desk.call("GetLogEvents", &json!({ "logGroupIdentifier": arn, "logStreamName": "s" }), 0).is_ok()
    );
}

#[test]
fn a_driver_makes_its_stream_and_puts_batches_in_order_of_time() {
    let mut desk = Desk::new();
    let place = json!({ "logGroupName": "/mine", "logStreamName": "s" });
    let no_group = "ResourceNotFoundException The specified log group does not exist.";
    assert_eq!(desk.call("CreateLogStream", &place, 0).unwrap_err(), no_group);
    desk.call("CreateLogGroup", &place, 0).unwrap();
    let put = |times: &[i64]| {
        let events: Vec<_> =
            times.iter().map(|at| json!({ "timestamp": START + at, "message": at.to_string() })).collect();
        json!({ "logGroupName": "/mine", "logStreamName": "s", "logEvents": events })
    };
    assert!(desk.call("PutLogEvents", &put(&[1]), 0).unwrap_err().contains("log stream does not exist"));
    desk.call("CreateLogStream", &place, 0).unwrap();
    assert!(desk.call("CreateLogStream", &place, 0).unwrap_err().contains("already exists"));
    assert!(desk.call("PutLogEvents", &put(&[2, 1]), 0).unwrap_err().contains("chronological"));
    assert!(desk.call("PutLogEvents", &put(&[]), 0).is_err());
    desk.call("PutLogEvents", &put(&[5, 6]), 10).unwrap();
    let (fifteen_days, three_hours) = (15 * 24 * 3600 * 1000, 3 * 3600 * 1000);
    let told = desk.call("PutLogEvents", &put(&[-fifteen_days, 1, three_hours]), 20).unwrap();
    let rejected = json!({ "tooOldLogEventEndIndex": 1, "tooNewLogEventStartIndex": 2 });
    assert_eq!(told["rejectedLogEventsInfo"], rejected);
    assert_eq!(messages(&desk.get(&json!({}), 30)), ["1", "5", "6"]);
}

#[test]
fn a_definition_may_log_to_a_group_in_another_region() {
    let mut desk = Desk::new();
    let log_region = Some("eu-west-1".to_owned());
    desk.submit(Definition { log_region, ..writes(0) }, &json!({}));
    let container = desk.scene.job(ID, 300)["container"].clone();
    assert_eq!(container["logConfiguration"]["options"], json!({ "awslogs-region": "eu-west-1" }));
    let asked = json!({ "logGroupName": "/aws/batch/job", "logStreamName": container["logStreamName"] });
    let mut read = |region| {
        let answer = desk.logs.perform(&desk.scene.world, ("GetLogEvents", region), &asked, START + 300);
        answer.map_err(|refusal| refusal.message)
    };
    assert_eq!(messages(&read("eu-west-1").unwrap()), ["started"]);
    assert_eq!(read("us-east-1").unwrap_err(), "The specified log stream does not exist.");
    assert_eq!(read("eu-west-3").unwrap_err(), "The specified log group does not exist.");
}
