//! The double steered over HTTP, as a person or another program would.

use batch_double::Double;
use serde_json::{Value, json};

use super::raw::exchange;
use super::{client, double, submit};

fn ask(double: &Double, request_line: &str, body: &str) -> (bool, Value) {
    let answer = exchange(double, request_line, "", body);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.starts_with("HTTP/1.1 200"), serde_json::from_str(body).unwrap())
}

fn put(double: &Double, what: &str, body: &Value) {
    let (is_good, answer) = ask(double, &format!("PUT /control/{what}"), &body.to_string());
    assert!(is_good, "{what}: {answer}");
}

#[tokio::test]
async fn everything_is_shown() {
    let double = double();
    let client = client(&double);
    submit(&client).await.unwrap();
    client.describe_jobs().jobs("nobody").send().await.unwrap();
    let (_, jobs) = ask(&double, "GET /control/jobs", "");
    assert_eq!((&jobs[0]["name"], &jobs[0]["queue"]), (&json!("job"), &json!("q")));
    assert_eq!((&jobs[0]["status"], &jobs[0]["tags"]["uid"]), (&json!("RUNNING"), &json!("1")));
    let (_, requests) = ask(&double, "GET /control/requests?operation=DescribeJobs", "");
    assert_eq!(requests.as_array().unwrap().len(), 1);
    assert_eq!((&requests[0]["seq"], &requests[0]["body"]["jobs"][0]), (&json!(2), &json!("nobody")));
    let (_, later) = ask(&double, "GET /control/requests?after=1", "");
    assert_eq!(later, requests);
    let (_, counts) = ask(&double, "GET /control/counts", "");
    assert_eq!(counts[1], json!({ "operation": "SubmitJob", "outcome": "200", "count": 1 }));
}

#[tokio::test]
async fn everything_can_be_set() {
    let double = double();
    let client = client(&double);
    put(&double, "faults", &json!([{ "operation": "SubmitJob", "kind": "serverError", "when": "after" }]));
    assert!(submit(&client).await.is_err());
    assert!(ask(&double, "DELETE /control/faults", "").0);
    put(&double, "limit", &json!(0));
    assert!(submit(&client).await.is_err());
    put(&double, "limit", &Value::Null);
    put(&double, "job-behaviour/job", &json!({ "submittedMs": 10, "stuck": "because" }));
    submit(&client).await.unwrap();
    put(&double, "advance", &json!(1000));
    put(&double, "lag", &json!({ "listMs": 1 }));
    put(&double, "hiding", &json!({ "tagsMs": 2 }));
    let hiding = json!({ "listMs": 0, "describeMs": 0, "tagsMs": 2 });
    assert_eq!(ask(&double, "GET /control/hiding", "").1, hiding);
    assert_eq!(ask(&double, "GET /control/lag", "").1, json!({ "listMs": 1, "describeMs": 0 }));
    let statuses: Vec<_> = double.jobs().into_iter().map(|job| job.status).collect();
    assert_eq!(statuses, ["RUNNING", "RUNNABLE"]);
    put(&double, "behaviour/d", &json!({ "exitCode": 1 }));
    put(&double, "definition/d", &json!({ "revision": 0 }));
    assert!(submit(&client).await.is_err());
    put(&double, "definition/d", &json!({}));
    put(&double, "queue/q", &json!({ "enabled": false }));
    assert!(submit(&client).await.is_err());
    assert!(ask(&double, "DELETE /control/queue/q", "").0);
    put(&double, "queue/q", &json!({}));
    submit(&client).await.unwrap();
}

#[tokio::test]
async fn its_clock_and_its_date_can_be_wrong() {
    let double = double();
    let date = || {
        let answer = exchange(&double, "POST /v1/listjobs", "", "{}");
        let date = answer.lines().find_map(|line| line.strip_prefix("date: ")).unwrap().to_owned();
        assert_eq!(answer.matches("\ndate: ").count(), 1, "{answer}");
        jiff::fmt::rfc2822::parse(&date).unwrap().timestamp()
    };
    let right = date();
    put(&double, "date", &json!(100_000));
    let ahead = date().duration_since(right).as_secs();
    assert!((100..160).contains(&ahead), "{ahead}");
    submit(&client(&double)).await.unwrap();
    put(&double, "clock", &json!(400_000));
    assert!(submit(&client(&double)).await.is_err(), "the signature is too old by its clock");
}

#[test]
fn what_it_does_not_understand_it_says() {
    let double = double();
    for (request_line, body) in [
        ("GET /control", ""),
        ("GET /control/nothing", ""),
        ("PUT /control/queue", "{}"),
        ("DELETE /control/jobs", ""),
        ("PATCH /control/lag", "{}"),
    ] {
        let (is_good, answer) = ask(&double, request_line, body);
        assert!(!is_good && answer["message"].as_str().unwrap().contains("GET /control/jobs"), "{answer}");
    }
    for body in ["{", r#"{"listMss":1}"#] {
        let (is_good, answer) = ask(&double, "PUT /control/lag", body);
        assert!(
            !is_good && answer["message"].as_str().unwrap().starts_with("cannot read the body"),
            "{answer}"
        );
    }
}
