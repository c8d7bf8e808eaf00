//! People at work: BatchJobs are created, replaced by their manifests and deleted throughout, whether the API server
//! answers or not. Some name a queue that is not there yet, some one that never will be.

use std::thread::sleep;
use std::time::{Duration, Instant};

use batch_double::Queue;
use serde_json::{Value, json};
use stand::Dice;

use super::kubectl::{Kubectl, Part};
use super::world::Shared;

/// Where they work: sends are fair between namespaces.
pub const NAMESPACES: [&str; 3] = ["red", "green", "blue"];

/// The definition of jobs that run until they are ended.
pub const ENDLESS: &str = "endless";

/// The queue that is not there. Who names it by mistake deletes the object again.
pub const GONE: &str = "gone";

/// Names in the report.
pub const REPLACED: &str = "objects replaced by their manifest";
pub const FORGED: &str = "forged records that the policy refused";
pub const REMOVED: &str = "queues removed and created again";

const TICK: Duration = Duration::from_millis(600);
/// So many ticks a queue is away.
const AWAY: u64 = 20;
/// So many objects at most are replaced in a tick.
const REPLACED_AT_ONCE: usize = 4;
/// How long the API server may take to be there again in the end.
const TIDY_WITHIN: Duration = Duration::from_mins(1);

struct Job {
    namespace: usize,
    name: String,
    manifest: Value,
}

/// One team at work.
struct People<'a> {
    shared: &'a Shared,
    kubectl: &'a Kubectl,
    dice: Dice,
    alive: Vec<Job>,
    /// Those in the queue that is not there.
    mistaken: Vec<Job>,
    number: usize,
    /// Whether an admission policy refuses what nobody but the operator may write.
    is_held: bool,
}

/// Works until it is time to stop.
pub fn work(shared: &Shared, kubectl: &Kubectl, seed: u64, is_held: bool) {
    let dice = Dice::of(seed, 3);
    let mut people =
        People { shared, kubectl, dice, alive: Vec::new(), mistaken: Vec::new(), number: 0, is_held };
    let mut next = Instant::now();
    let mut tick: u64 = 0;
    while !shared.is_over() {
        if tick.is_multiple_of(AWAY) {
            people.change_queues(tick / AWAY);
        }
        people.create(tick / AWAY);
        if people.dice.between(0, 3) == 0 {
            people.delete();
        }
        if people.dice.between(0, 2) == 0 {
            people.replace();
        }
        if people.is_held {
            people.forge();
        }
        tick += 1;
        next += TICK;
        shared.sleep_until(next);
    }
    people.tidy(tick.saturating_sub(1) / AWAY);
}

/// The queue that is away in that round.
fn queue_of(round: u64) -> String {
    format!("away-{round}")
}

impl People<'_> {
    /// The queue of the round before is there again, and another is removed before it has held a job.
    fn change_queues(&self, round: u64) {
        let double = self.shared.double();
        double.delete_queue(&queue_of(round));
        if let Some(before) = round.checked_sub(1) {
            double.set_queue(&queue_of(before), Queue::default());
            self.shared.tally(REMOVED, 1);
        }
    }

    fn create(&mut self, round: u64) {
        let created: Vec<_> = (0..self.dice.between(3, 9)).map(|_| self.job(round)).collect();
        let manifests = created.iter().map(|job| job.manifest.clone()).collect();
        // Whatever the API server says to it: what is there in the end is what counts.
        let _ = self.kubectl.create(&Value::Array(manifests));
        self.shared.tally("objects created", created.len());
        for job in created {
            let is_mistaken = job.manifest["spec"]["jobQueue"] == GONE;
            if is_mistaken { &mut self.mistaken } else { &mut self.alive }.push(job);
        }
    }

    /// A third of the jobs runs until it is ended, the others for a second or two.
    fn job(&mut self, round: u64) -> Job {
        self.number += 1;
        let (namespace, name) = (self.dice.below(NAMESPACES.len()), format!("job-{}", self.number));
        let queue = match self.dice.between(0, 20) {
            0 => GONE.to_owned(),
            1 | 2 => queue_of(round),
            _ => "q".to_owned(),
        };
        let definition = [ENDLESS, "sleep1", "sleep2"][self.dice.below(3)];
        let manifest = json!({
            "apiVersion": "awsbatch.dev/v1alpha1",
            "kind": "BatchJob",
            "metadata": { "name": name, "namespace": NAMESPACES[namespace] },
            "spec": { "jobQueue": queue, "jobDefinition": definition },
        });
        Job { namespace, name, manifest }
    }

    fn delete(&mut self) {
        let namespace = self.dice.below(NAMESPACES.len());
        let dice = &mut self.dice;
        let (gone, kept) = std::mem::take(&mut self.alive)
            .into_iter()
            .partition::<Vec<_>, _>(|job| job.namespace == namespace && dice.between(0, 3) == 0);
        self.alive = kept;
        let _ = delete(self.kubectl, namespace, &gone);
        self.shared.tally("objects deleted", gone.len());
        self.delete_mistaken(namespace);
    }

    /// What the API server did not take stays to be deleted.
    fn delete_mistaken(&mut self, namespace: usize) {
        let (gone, kept) =
            std::mem::take(&mut self.mistaken).into_iter().partition(|job: &Job| job.namespace == namespace);
        self.mistaken = kept;
        match delete(self.kubectl, namespace, &gone) {
            Ok(()) => self.shared.tally("objects deleted", gone.len()),
            Err(_) => self.mistaken.extend(gone),
        }
    }

    /// Nobody deletes what was replaced before the end: until the finalizer is back, nothing would end its job.
    fn replace(&mut self) {
        let mut replaced = Vec::new();
        for _ in 0..self.dice.between(1, REPLACED_AT_ONCE as u64 + 1) {
            if !self.alive.is_empty() {
                replaced.push(self.alive.swap_remove(self.dice.below(self.alive.len())));
            }
        }
        let manifests = replaced.iter().map(|job| job.manifest.clone()).collect();
        // Some were never created. The API server may be away.
        let number = self.kubectl.replace(&Value::Array(manifests)).unwrap_or_default();
        self.shared.tally(REPLACED, number);
    }

    /// Somebody lays hands on what the operator records of one object: the finalizer, the claim, the job id.
    fn forge(&mut self) {
        if self.alive.is_empty() {
            return;
        }
        let victim = &self.alive[self.dice.below(self.alive.len())];
        let (part, change) = match self.dice.between(0, 3) {
            0 => (Part::Object, json!({ "metadata": { "finalizers": null } })),
            1 => (Part::Object, json!({ "metadata": { "annotations": { "awsbatch.dev/claim": null } } })),
            _ => (Part::Status, json!({ "status": { "phase": "Running", "jobId": "forged" } })),
        };
        let answer = self.kubectl.merge(NAMESPACES[victim.namespace], &victim.name, part, &change);
        if answer.is_err_and(|error| error.to_string().contains("ValidatingAdmissionPolicy")) {
            self.shared.tally(FORGED, 1);
        }
    }

    /// Every queue is there again but the one that never was, and nobody waits for that one. What a request creates may
    /// be there though its answer was lost.
    fn tidy(&mut self, round: u64) {
        self.change_queues(round + 1);
        let begun = Instant::now();
        while begun.elapsed() < TIDY_WITHIN && !self.is_tidy() {
            sleep(TICK);
        }
    }

    /// Deletes what waits for the queue that never was; whether there was nothing left to delete.
    fn is_tidy(&self) -> bool {
        let Ok(objects) = self.kubectl.objects() else { return false };
        let is_left = |object: &&Value| {
            object["spec"]["jobQueue"] == GONE && object["metadata"]["deletionTimestamp"].is_null()
        };
        let left: Vec<_> = objects.iter().filter(is_left).collect();
        for object in &left {
            let text = |member: &str| object["metadata"][member].as_str().unwrap_or_default();
            // Looked at again.
            let _ = self.kubectl.delete(text("namespace"), &[text("name")]);
        }
        left.is_empty()
    }
}

fn delete(kubectl: &Kubectl, namespace: usize, jobs: &[Job]) -> Result<(), crate::run::Failure> {
    let names: Vec<_> = jobs.iter().map(|job| job.name.as_str()).collect();
    kubectl.delete(NAMESPACES[namespace], &names)
}
