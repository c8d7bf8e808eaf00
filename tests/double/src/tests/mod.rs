//! The service's rules, without a socket or a clock. Here: what each of them stands on.

mod accounts;
mod answers;
mod arrays;
mod containers;
mod dependencies;
mod describing;
mod ending;
mod late;
mod life;
mod listing;
mod logs;
mod nodes;
mod preflight;
mod retries;
mod served;
mod shape;
mod submission;

use serde_json::{Value, json};

use crate::behaviour::Behaviour;
use crate::catalogue::{Definition, Queue};
use crate::end::{Ending, end_one};
use crate::world::World;
use crate::{describe, list, submit};

/// The beginning of all ARNs.
const ARN: &str = "arn:aws:batch:us-east-1:123456789012";

/// When everything begins.
const START: i64 = 1_700_000_000_000;

/// A world in which a job of definition `d` spends 100 ms in each state.
struct Scene {
    world: World,
    jobs: usize,
}

/// 100 ms in each state.
fn brisk() -> Behaviour {
    Behaviour {
        submitted_ms: 100,
        runnable_ms: 100,
        starting_ms: 100,
        running_ms: 100,
        ..Behaviour::default()
    }
}

/// A request for a job called `job` in queue `q` of definition `d`, with these members more, or others.
fn request(members: &Value) -> Value {
    let mut request = json!({ "jobName": "job", "jobQueue": "q", "jobDefinition": "d" });
    for (member, value) in members.as_object().unwrap() {
        request[member] = value.clone();
    }
    request
}

impl Scene {
    fn new() -> Self {
        let mut world = World::new(1.0);
        world.catalogue.queues.insert("q".to_owned(), Some(Queue::default()));
        let mut scene = Self { world, jobs: 0 };
        scene.define("d", brisk());
        scene
    }

    fn define(&mut self, name: &str, behaviour: Behaviour) {
        let definition = Definition { behaviour: Some(behaviour), ..Definition::default() };
        self.world.catalogue.definitions.insert(name.to_owned(), definition);
    }

    fn try_submit(&mut self, members: &Value, after: i64) -> Result<String, String> {
        self.jobs += 1;
        let id = format!("id-{}", self.jobs);
        submit::submit(&mut self.world, &request(members), &id, START + after)?;
        Ok(id)
    }

    fn submit(&mut self, members: &Value) -> String {
        self.try_submit(members, 0).unwrap()
    }

    fn refusal(&mut self, members: &Value) -> String {
        self.try_submit(members, 0).unwrap_err()
    }

    fn describe(&self, ids: &[&str], after: i64) -> Vec<Value> {
        let answer = describe::describe(&self.world, &json!({ "jobs": ids }), START + after).unwrap();
        answer["jobs"].as_array().unwrap().clone()
    }

    /// The job of that id, so many milliseconds after the start.
    fn job(&self, id: &str, after: i64) -> Value {
        self.describe(&[id], after).remove(0)
    }

    fn status(&self, id: &str, after: i64) -> String {
        self.job(id, after)["status"].as_str().unwrap().to_owned()
    }

    fn list(&self, request: &Value, after: i64) -> Value {
        list::list(&self.world, request, START + after).unwrap()
    }

    /// The ids of a list.
    fn ids(&self, request: &Value, after: i64) -> Vec<String> {
        let jobs = self.list(request, after)["jobSummaryList"].clone();
        jobs.as_array().unwrap().iter().map(|job| job["jobId"].as_str().unwrap().to_owned()).collect()
    }

    fn end(&mut self, ending: Ending, id: &str, after: i64) {
        let request = json!({ "jobId": id, "reason": "enough" });
        end_one(&mut self.world, ending, &request, START + after).unwrap();
    }
}
