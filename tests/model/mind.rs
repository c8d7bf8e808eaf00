//! Asks the operator's own planner, `aws_batch_operator::plan::plan`, what a process does, and translates its plan into
//! this model. The planner is pure, so each view is planned once.

use std::collections::{BTreeSet, HashMap};

use aws_batch_operator::api::{BatchJob, BatchJobStatus, JobTarget, Phase};
use aws_batch_operator::job::JobId;
use aws_batch_operator::plan::{Plan, Settings, Step as Planned, plan};
use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use super::act::{Act, Step};
use super::bytes;
use super::mutation::Mutation;
use super::object::{Object, Record, Status};
use super::observe::View;
use super::rules::Rules;
use super::scene;
use super::time::Reading;

/// The planner, with all its earlier answers.
pub struct Mind {
    rules: Rules,
    settings: [Settings; 2],
    here: JobTarget,
    answers: HashMap<Vec<u8>, Act>,
    words: Vec<BatchJobStatus>,
    created: BatchJob,
}

impl Mind {
    /// A planner without answers.
    pub fn new(rules: &Rules) -> Self {
        let settings = [0, 1].map(|who| scene::settings(who, rules));
        let words = vec![BatchJobStatus::default()];
        let (here, created) = (scene::here(), scene::created());
        Self { rules: *rules, settings, here, answers: HashMap::new(), words, created }
    }

    /// How many different situations the planner was asked about.
    pub fn answers(&self) -> usize {
        self.answers.len()
    }

    /// All reasons in its conditions.
    pub fn reasons(&self) -> BTreeSet<String> {
        let conditions = self.words.iter().flat_map(|status| &status.conditions);
        conditions.map(|condition| condition.reason.clone()).collect()
    }

    /// The plan for this situation. Object versions make no difference.
    pub fn act(&mut self, view: &View) -> Act {
        let view = View { object: Object { version: 0, ..view.object }, ..*view };
        let key = bytes::of(&view);
        if let Some(act) = self.answers.get(&key) {
            return *act;
        }
        let act = self.ask(&view);
        self.answers.insert(key, act);
        act
    }

    fn ask(&mut self, view: &View) -> Act {
        let process = (&self.settings[view.who], &self.here);
        let status = self.status_of(view.object.status);
        let object = scene::object(self.created.clone(), view, status, &self.rules);
        let Plan { step, status, .. } = plan(&scene::situation(view, process, &object, &self.rules));
        let status = status.map(|status| self.read(status)).filter(|status| *status != view.object.status);
        Act { status, step: self.step(step, view) }
    }

    fn step(&self, step: Planned, view: &View) -> Step {
        match step {
            Planned::Rest => Step::Rest,
            Planned::SearchByName(question) => {
                assert_eq!(
                    (question.identity.uid.as_str(), question.name.as_str()),
                    (scene::UID, scene::NAME)
                );
                Step::SearchByName
            }
            Planned::Submit(submit) => {
                let (claim, submission) = (&submit.claim, &submit.submission);
                let now = scene::now(view.wall, &self.rules);
                assert_eq!((claim.at, submit.claimed), (now.wall, now.moment));
                let (holder, uid) = (claim.holder.as_str(), claim.uid.as_str());
                assert_eq!((holder, uid), (scene::HOLDERS[view.who], scene::UID));
                assert_eq!(claim.target.as_ref(), Some(&self.here));
                assert_eq!((submission.signed_at, submission.name.as_str()), (claim.at, scene::NAME));
                Step::Submit { at: Reading { wall: view.wall, moment: 0 }, again: claim.again }
            }
            Planned::AddFinalizer if self.rules.errs(Mutation::NeverHeldAgain) => Step::Rest,
            Planned::AddFinalizer => Step::AddFinalizer,
            Planned::EndJobs { ids, .. } => {
                Step::EndJobs(ids.iter().fold(0, |bits, job| bits | 1 << number(job.id())))
            }
            Planned::RemoveFinalizer => Step::RemoveFinalizer,
            other => panic!("a plan that has no place in this world: {other:?}"),
        }
    }

    /// A short form of a status: its contents get a number. The only time is that of a pending second search.
    fn read(&mut self, mut status: BatchJobStatus) -> Status {
        let mut since = None;
        for condition in &mut status.conditions {
            if self.rules.errs(Mutation::NoLateLook)
                && condition.status == "True"
                && is_pending(&condition.reason)
            {
                "Accepted".clone_into(&mut condition.reason);
            }
            if condition.type_ == "Submitted" && condition.status == "True" && is_pending(&condition.reason) {
                since = Some(scene::tick(condition.last_transition_time.0, &self.rules));
            }
            condition.last_transition_time = Time(Timestamp::UNIX_EPOCH);
            condition.message.clear();
        }
        let times = [&mut status.submitted_at, &mut status.started_at, &mut status.stopped_at];
        times.into_iter().flatten().for_each(|time| *time = Time(Timestamp::UNIX_EPOCH));
        status.reason.iter_mut().for_each(String::clear);
        let job = status.job_id.clone().and_then(JobId::new).as_ref().map(number);
        let has_ended = status.phase.is_some_and(Phase::is_terminal);
        let tells = tells_of_an_attempt(&status);
        let record = match &mut status.submission {
            None => Record::Never,
            Some(submission) => {
                let claimed_by = std::mem::take(&mut submission.claimed_by);
                let claimed_at = std::mem::replace(&mut submission.claimed_at, Timestamp::UNIX_EPOCH);
                scene::record(claimed_at, &claimed_by, &self.rules)
            }
        };
        let words = self.words.iter().position(|known| *known == status).unwrap_or(self.words.len());
        if words == self.words.len() {
            self.words.push(status);
        }
        let words = u8::try_from(words).unwrap();
        Status { words, since, job, has_ended, record, tells }
    }

    /// The whole status; `None`: there is none yet.
    fn status_of(&self, status: Status) -> Option<BatchJobStatus> {
        let mut full = self.words[usize::from(status.words)].clone();
        for condition in &mut full.conditions {
            if let Some(since) = status.since.filter(|_| condition.type_ == "Submitted") {
                condition.last_transition_time = Time(scene::at(Some(since), &self.rules));
            }
        }
        if let Some(submission) = &mut full.submission {
            let (claimed_at, claimed_by) = scene::recorded(status.record, &self.rules);
            (submission.claimed_at, submission.claimed_by) = (claimed_at, claimed_by.to_owned());
        }
        (status.words > 0).then_some(full)
    }
}

fn is_pending(reason: &str) -> bool {
    ["Recovered", "Resubmitted"].contains(&reason)
}

/// Whether a status remains as a trace of a claim, by the planner's rule.
fn tells_of_an_attempt(status: &BatchJobStatus) -> bool {
    let traces = ["Unconfirmed", "Refused", "AccessDenied", "Throttled"];
    let mut conditions = status.conditions.iter();
    let is_told = conditions.any(|c| {
        (c.type_.as_str(), c.status.as_str()) == ("Submitted", "False") && traces.contains(&c.reason.as_str())
    });
    is_told || status.submission.is_some()
}

fn number(id: &JobId) -> u8 {
    id.as_str().strip_prefix("job-").unwrap().parse().unwrap()
}
