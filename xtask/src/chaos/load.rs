//! People at work: BatchJobs are created and deleted throughout, whether the API server answers or not.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::dice::Dice;
use super::kubectl::Kubectl;
use super::world::Shared;

/// Where they work: sends are fair between namespaces.
pub const NAMESPACES: [&str; 3] = ["red", "green", "blue"];

/// The definition of jobs that run until they are ended.
pub const ENDLESS: &str = "endless";

const TICK: Duration = Duration::from_millis(600);

/// Creates and deletes until it is time to stop.
pub fn work(shared: &Shared, kubectl: &Kubectl, seed: u64) {
    let mut dice = Dice::new(seed, 3);
    let mut alive: Vec<(usize, String)> = Vec::new();
    let mut number = 0;
    let mut next = Instant::now();
    while !shared.is_over() {
        let created: Vec<_> = (0..dice.between(3, 9))
            .map(|_| {
                number += 1;
                (dice.place(NAMESPACES.len()), format!("job-{number}"))
            })
            .collect();
        let objects = created.iter().map(|(namespace, name)| object(&mut dice, *namespace, name)).collect();
        // Whatever the API server says to it: what is there in the end is what counts.
        let _ = kubectl.create(&Value::Array(objects));
        shared.tally("objects created", created.len());
        alive.extend(created);
        if dice.between(0, 3) == 0 {
            let namespace = dice.place(NAMESPACES.len());
            let (gone, kept) =
                alive.into_iter().partition(|(n, _)| *n == namespace && dice.between(0, 3) == 0);
            alive = kept;
            let names: Vec<_> = gone.iter().map(|(_, name): &(usize, String)| name.as_str()).collect();
            let _ = kubectl.delete(NAMESPACES[namespace], &names);
            shared.tally("objects deleted", names.len());
        }
        next += TICK;
        shared.sleep_until(next);
    }
}

/// A third of the jobs runs until it is ended, the others for a second or two.
fn object(dice: &mut Dice, namespace: usize, name: &str) -> Value {
    let definition = [ENDLESS, "sleep1", "sleep2"][dice.place(3)];
    json!({
        "apiVersion": "awsbatch.dev/v1alpha1",
        "kind": "BatchJob",
        "metadata": { "name": name, "namespace": NAMESPACES[namespace] },
        "spec": { "jobQueue": "q", "jobDefinition": definition },
    })
}
