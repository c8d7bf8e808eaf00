//! The normal form of a state. Everything that cannot matter any more is left out, so that equivalent states become
//! equal. Each rule says why nothing is lost. `forget.rs` has the rules for memory, and `looks.rs` those for the
//! results of searches.

use super::act::Step;
use super::jobs::Request;
use super::mind::Mind;
use super::mutation::Mutation;
use super::object::{Claim, Object, Status};
use super::process::{Answer, Asked, Doing, Process};
use super::rules::Rules;
use super::time::Tick;
use super::world::World;

impl World {
    /// The normal form of the state.
    pub fn normal(mut self, rules: &Rules, mind: &mut Mind) -> Self {
        self.drop_late_requests(rules);
        self.forget_what_is_gone();
        for who in [0, 1] {
            self.drop_old_versions(who);
            self.hear_at_last(who, rules);
            self.drop_doomed_plan(who, rules);
            self.learn_what_is_recorded(who);
            self.drop_vain_call(who, rules);
            self.cut_call(who);
            self.cut_attempt(who);
            self.cut_memory(who, rules);
            self.cut_claim(who);
            self.drop_useless_look(who, rules, mind);
        }
        self.forget_old_records(rules);
        self.cut_object(rules);
        self.number_versions();
        self.cut_long_ago(rules);
        self
    }

    /// A request can arrive only while its signature is valid and the queue exists.
    fn drop_late_requests(&mut self, rules: &Rules) {
        let late = |request: &Request| self.queue_is_gone || rules.has_expired(request.signed_at);
        for request in self.requests.iter().filter(|request| late(request)) {
            if let Some(sender) = request.from {
                self.processes[sender].answer_is_lost();
            }
        }
        self.requests.retain(|request| !late(request));
    }

    /// The watch shows every process that the object is removed. Requests for it may still arrive.
    fn forget_what_is_gone(&mut self) {
        self.is_bare &= self.object.is_some_and(|object| !object.has_finalizer && !object.status.has_ended);
        if self.object.is_none() {
            for process in &mut self.processes {
                *process = Process { doing: process.doing, ..Process::new(process.ahead) };
            }
        }
    }

    /// The watch shows every version at once, unless it has fallen behind.
    fn drop_old_versions(&mut self, who: usize) {
        let process = &mut self.processes[who];
        process.written = process.written.filter(|_| process.cached.is_some());
    }

    /// An answer is at most a minute late.
    fn hear_at_last(&mut self, who: usize, rules: &Rules) {
        if let Asked::Read(lookup) = self.processes[who].asked
            && lookup.asked.moment < -rules.minutes(1)
        {
            self.hears(who);
        }
    }

    /// A write for an older version changes nothing.
    fn drop_doomed_plan(&mut self, who: usize, rules: &Rules) {
        if rules.errs(Mutation::ClaimWithoutVersion) {
            return;
        }
        let current = self.object.map(|object| object.version);
        let process = &mut self.processes[who];
        if let Doing::Planned { status, step, version } = process.doing {
            let writes = status.is_some()
                || matches!(step, Step::Submit { .. } | Step::AddFinalizer | Step::RemoveFinalizer);
            if writes && Some(version) != current {
                (process.doing, process.written) = (Doing::Nothing, None);
            }
        }
    }

    /// The first effect of any pass: the process remembers the job in the status. A process that knows a job never
    /// submits.
    fn learn_what_is_recorded(&mut self, who: usize) {
        let mut seen = self.seen_by(who);
        let Some(object) = self.object else { return };
        let Some(memory) = &mut self.processes[who].memory else { return };
        if memory.accepted.is_none() && seen.all(|seen| seen.status.job == object.status.job) {
            memory.accepted = object.status.job;
            memory.lookup = memory.lookup.filter(|_| memory.accepted.is_none());
        }
        memory.attempt = memory.attempt.filter(|_| memory.accepted.is_none());
    }

    /// A call that cannot bring a job any more, or only the known one.
    fn drop_vain_call(&mut self, who: usize, rules: &Rules) {
        let is_gone = self.object.is_none();
        let has_expired = match self.processes[who].doing {
            Doing::Claimed(sending) => rules.has_expired(self.signed_at(who, sending, rules)),
            _ => false,
        };
        let process = &mut self.processes[who];
        let known = process.memory.and_then(|memory| memory.accepted);
        let may_retry = rules.errs(Mutation::RetryUnclear) || rules.errs(Mutation::SignedWhenSent);
        let is_vain = match process.doing {
            Doing::Claimed(_) => has_expired,
            Doing::Waiting(_, Answer::Taken(job)) => is_gone || known == Some(job),
            Doing::Waiting(_, Answer::Refused | Answer::Failed | Answer::Lost) => true,
            _ => false,
        };
        if is_vain && !may_retry && (is_gone || known.is_some()) {
            process.doing = Doing::Nothing;
        }
    }

    fn cut_object(&mut self, rules: &Rules) {
        let Some(object) = &mut self.object else { return };
        // The age matters only for an object without a claim.
        let oldest = -rules.minutes(7) - 1;
        object.created_at = object.created_at.filter(|_| object.claim.is_none()).map(|at| at.max(oldest));
        if object.status.job.is_none() {
            return;
        }
        object.claim = object.claim.and_then(|claim| claim.of_recorded(object.status, rules));
    }

    /// Only the order of versions matters.
    fn number_versions(&mut self) {
        let mut are_there = [false; 16];
        self.each_version(&mut |version| are_there[usize::from(*version)] = true);
        let mut rank = [0; 16];
        for version in 1..16 {
            rank[version] = rank[version - 1] + u8::from(are_there[version - 1]);
        }
        self.each_version(&mut |version| *version = rank[usize::from(*version)]);
    }

    fn each_version(&mut self, act: &mut dyn FnMut(&mut u8)) {
        self.object.iter_mut().for_each(|object| act(&mut object.version));
        for process in &mut self.processes {
            let seen = [&mut process.cached, &mut process.written];
            seen.into_iter().flatten().for_each(|object| act(&mut object.version));
            if let Doing::Planned { version, .. } = &mut process.doing {
                act(version);
            }
        }
    }

    /// Times beyond the longest compared length become equal to that length. Their order does not matter: of two
    /// compared times, the later is a search of the last minute.
    fn cut_long_ago(&mut self, rules: &Rules) {
        let is_pending = |object: Object| object.status.since.is_some();
        let longest: Tick = rules.longest(self.object.is_some_and(is_pending));
        self.each_time(&mut |time| *time = (*time).max(-longest));
    }
}

impl Claim {
    /// The part of a claim that matters once a job is recorded: the time of the pending second search depends on it.
    /// Without a pending search the claim does not matter.
    pub fn of_recorded(self, status: Status, rules: &Rules) -> Option<Self> {
        let since = status.since?;
        let at = self.at.clamp(since - rules.minutes(6), since);
        Some(Self { holder: None, at, again: false })
    }
}
