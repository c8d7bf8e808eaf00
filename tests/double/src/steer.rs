//! What a person may see and set while it runs, as JSON under `/control`: the same as the handle offers to tests.

use hyper::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::behaviour::Behaviour;
use crate::catalogue::{Definition, Queue};
use crate::reply::{Refusal, Reply};
use crate::shared::Shared;

const HELP: &str = "GET /control/jobs, /control/requests?operation=NAME&after=SEQ, /control/counts, \
    /control/faults, /control/lag, /control/hiding, /control/logs; PUT /control/faults, /control/lag, /control/hiding, \
    /control/limit, /control/advance (ms), /control/clock (ms off), /control/date (ms off), \
    /control/logs, /control/log (lines), /control/session/TOKEN (when it ends, ms), \
    /control/behaviour/DEFINITION, /control/job-behaviour/NAME, /control/queue/NAME, /control/definition/NAME; \
    DELETE /control/faults, /control/queue/NAME";

/// Shows or sets.
pub fn steer(shared: &mut Shared, method: &Method, (path, query): (&str, &str), body: &[u8]) -> Reply {
    let rest = path.strip_prefix('/').unwrap_or_default();
    let (what, name) = rest.split_once('/').unwrap_or((rest, ""));
    match *method {
        Method::GET => show(shared, what, query),
        Method::PUT | Method::POST => change(shared, what, name, body),
        Method::DELETE => delete(shared, what, name),
        _ => Err(unknown()),
    }
}

fn show(shared: &Shared, what: &str, query: &str) -> Reply {
    match what {
        "jobs" => Ok(json!(shared.jobs())),
        "requests" => {
            let given =
                |wanted: &str| query.split('&').find_map(|pair| pair.strip_prefix(wanted)?.strip_prefix('='));
            let after = given("after").and_then(|seq| seq.parse().ok()).unwrap_or(0);
            Ok(json!(shared.log.since(after, given("operation"))))
        }
        "counts" => Ok(json!(shared.log.counts())),
        "faults" => Ok(json!(shared.script.faults)),
        "lag" => Ok(json!(shared.lag)),
        "hiding" => Ok(json!(shared.world.hiding)),
        "logs" => Ok(json!(shared.logs.settings())),
        _ => Err(unknown()),
    }
}

fn change(shared: &mut Shared, what: &str, name: &str, body: &[u8]) -> Reply {
    let named = !name.is_empty();
    let key = name.to_owned();
    match what {
        "faults" => set(body, |faults| shared.script.faults = faults),
        "lag" => set(body, |lag| shared.lag = lag),
        "hiding" => set(body, |hiding| shared.world.hiding = hiding),
        "clock" => set(body, |off_ms| shared.clock_off_ms = off_ms),
        "date" => set(body, |off_ms| shared.date_off_ms = off_ms),
        "limit" => set(body, |limit| shared.set_limit(limit)),
        "advance" => set(body, |by_ms| shared.advance(by_ms)),
        "logs" => set(body, |settings| shared.set_logs(settings)),
        "log" => set(body, |written| shared.write_log(written)),
        "session" if named => set(body, |ends_at| shared.sessions.end(key, ends_at)),
        "behaviour" if named => set(body, |behaviour: Behaviour| {
            let definitions = &mut shared.world.catalogue.definitions;
            definitions.entry(key).or_default().behaviour = Some(behaviour);
        }),
        "job-behaviour" if named => set(body, |behaviour: Behaviour| {
            shared.world.by_name.insert(key, behaviour);
        }),
        "queue" if named => set(body, |queue: Queue| {
            shared.world.catalogue.queues.insert(key, Some(queue));
        }),
        "definition" if named => set(body, |definition: Definition| {
            shared.world.catalogue.definitions.insert(key, definition);
        }),
        _ => Err(unknown()),
    }
}

fn delete(shared: &mut Shared, what: &str, name: &str) -> Reply {
    match (what, name) {
        ("faults", "") => shared.script.faults.clear(),
        ("queue", name) if !name.is_empty() => shared.world.delete_queue(name),
        _ => return Err(unknown()),
    }
    Ok(Value::Bool(true))
}

fn set<T: DeserializeOwned>(body: &[u8], put: impl FnOnce(T)) -> Reply {
    match serde_json::from_slice(body) {
        Ok(value) => {
            put(value);
            Ok(Value::Bool(true))
        }
        Err(error) => Err(Refusal::new(400, None, &format!("cannot read the body: {error}"))),
    }
}

fn unknown() -> Refusal {
    Refusal::new(404, None, HELP)
}
