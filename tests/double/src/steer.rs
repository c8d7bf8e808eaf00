//! What a person may see and set while it runs, as JSON under `/control`.

use hyper::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::behaviour::Behaviour;
use crate::limit::Limit;
use crate::reply::{Refusal, Reply};
use crate::shared::{Shared, wall_ms};
use crate::world::{Definition, Queue};

const HELP: &str = "GET /control/{jobs,requests,counts}; PUT /control/{faults,lag,limit,clock}, \
    /control/behaviour/DEFINITION, /control/job-behaviour/NAME, /control/queue/NAME, /control/definition/NAME";

/// Shows or sets.
pub fn steer(shared: &mut Shared, method: &Method, path: &str, body: &[u8]) -> Reply {
    let rest = path.strip_prefix("/control/").unwrap_or_default();
    let (what, name) = rest.split_once('/').unwrap_or((rest, ""));
    match (method.as_str(), what) {
        ("GET", _) => show(shared, what),
        ("PUT" | "POST", "faults") => set(body, |faults| shared.script.faults = faults),
        ("PUT" | "POST", "lag") => set(body, |lag| shared.lag = lag),
        ("PUT" | "POST", "limit") => set(body, |limit: Option<u32>| {
            shared.limit = limit.map(|rate| Limit::per_second(rate, wall_ms()));
        }),
        ("PUT" | "POST", "clock") => set(body, |ahead_ms| shared.world.offset_ms = ahead_ms),
        ("PUT" | "POST", "behaviour") => set(body, |behaviour: Behaviour| {
            shared.world.definitions.entry(name.to_owned()).or_default().behaviour = Some(behaviour);
        }),
        ("PUT" | "POST", "job-behaviour") => set(body, |behaviour: Behaviour| {
            shared.world.by_name.insert(name.to_owned(), behaviour);
        }),
        ("PUT" | "POST", "queue") => set(body, |queue: Queue| {
            shared.world.queues.insert(name.to_owned(), queue);
        }),
        ("PUT" | "POST", "definition") => set(body, |definition: Definition| {
            shared.world.definitions.insert(name.to_owned(), definition);
        }),
        _ => Err(unknown()),
    }
}

fn show(shared: &Shared, what: &str) -> Reply {
    let now = shared.now();
    match what {
        "jobs" => Ok(shared.world.jobs.iter().map(|job| json!(shared.world.view(job, now))).collect()),
        "requests" => Ok(shared.log.iter().map(|entry| json!(entry)).collect()),
        "counts" => {
            let counts = shared.counts.iter();
            let lines = counts.map(|((operation, outcome), count)| {
                json!({ "operation": operation, "outcome": outcome, "count": count })
            });
            Ok(lines.collect())
        }
        _ => Err(unknown()),
    }
}

fn set<T: DeserializeOwned>(body: &[u8], put: impl FnOnce(T)) -> Reply {
    match serde_json::from_slice(body) {
        Ok(value) => {
            put(value);
            Ok(Value::Bool(true))
        }
        Err(error) => {
            Err(Refusal { status: 400, code: None, message: format!("cannot read the body: {error}") })
        }
    }
}

fn unknown() -> Refusal {
    Refusal { status: 404, code: None, message: HELP.to_owned() }
}
