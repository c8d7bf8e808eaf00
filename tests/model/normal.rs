//! The one form of a state: what cannot matter any more is left out, so that states which differ in nothing else are one.
//! Each rule says why it is no loss. What a look by name is still good for is in `looks.rs`.

use super::aws::{JOBS, Job, Life, Request};
use super::mind::{Mind, Step};
use super::mutation::Mutation;
use super::object::{Claim, Object};
use super::process::{Answer, Asked, Attempt, Doing, EndAsked, Memory, Process};
use super::rules::Rules;
use super::world::{Tick, World};

impl World {
    /// The same state in its one form.
    pub fn normal(mut self, rules: &Rules, mind: &mut Mind) -> Self {
        self.drop_late_requests(rules);
        self.forget_what_is_gone();
        for who in [0, 1] {
            self.drop_old_versions(who);
            self.hear_at_last(who, rules);
            self.drop_doomed_plan(who, rules);
            self.learn_what_is_recorded(who);
            self.drop_vain_call(who, rules);
            self.cut_claims(who, rules);
            self.cut_memory(who, rules);
            self.drop_useless_look(who, rules, mind);
        }
        self.keep_the_record(rules);
        self.cut_object(rules);
        self.number_versions();
        self.cut_long_ago(rules);
        self
    }

    /// A request arrives before the window after it has left is over, and while its signature lives, or never.
    fn drop_late_requests(&mut self, rules: &Rules) {
        let late =
            |request: &Request| -request.left_at >= rules.hides || rules.has_expired(request.signed_at);
        for request in self.requests.iter().filter(|request| late(request)) {
            if let Some(sender) = request.from {
                self.processes[sender].answer_is_lost();
            }
        }
        self.requests.retain(|request| !late(request));
    }

    /// The watch tells everybody of an object that is gone. What was sent for it may still arrive.
    fn forget_what_is_gone(&mut self) {
        if self.object.is_none() {
            for process in &mut self.processes {
                *process = Process { doing: process.doing, ..Process::new(None) };
            }
        }
    }

    /// The watch brings every version at once, but where it has fallen behind.
    fn drop_old_versions(&mut self, who: usize) {
        let process = &mut self.processes[who];
        process.written = process.written.filter(|_| process.cached.is_some());
    }

    /// An answer is a minute late at the most.
    fn hear_at_last(&mut self, who: usize, rules: &Rules) {
        if let Asked::Read(lookup) = self.processes[who].asked
            && lookup.asked_at < rules.clock(who) - rules.minutes(1)
        {
            self.hears(who, rules);
        }
    }

    /// A write that is meant for an older version changes nothing when it comes.
    fn drop_doomed_plan(&mut self, who: usize, rules: &Rules) {
        if rules.errs(Mutation::ClaimWithoutVersion) {
            return;
        }
        let current = self.object.map(|object| object.version);
        let process = &mut self.processes[who];
        if let Doing::Planned { status, step, version } = process.doing {
            let writes = status.is_some() || matches!(step, Step::Submit { .. } | Step::Release);
            if writes && Some(version) != current {
                (process.doing, process.written) = (Doing::Nothing, None);
            }
        }
    }

    /// The versions of the object that a process may see in its next pass.
    pub fn seen_by(&self, who: usize) -> impl Iterator<Item = Object> + Clone + use<> {
        let process = &self.processes[who];
        [self.object, process.cached, process.written].into_iter().flatten()
    }

    /// What a pass does first, whenever it comes: it remembers the job that the status names. Whoever has a job never
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

    /// A call that cannot bring a job any more, nor tell of another than the one that is known.
    fn drop_vain_call(&mut self, who: usize, rules: &Rules) {
        let is_gone = self.object.is_none();
        let process = &mut self.processes[who];
        let known = process.memory.and_then(|memory| memory.accepted);
        let may_retry = rules.errs(Mutation::RetryUnclear) || rules.errs(Mutation::SignedWhenSent);
        let is_vain = match process.doing {
            Doing::Claimed(sending) => rules.has_expired(sending.at),
            Doing::Waiting(_, Answer::Taken(job)) => is_gone || known == Some(job),
            Doing::Waiting(_, Answer::Refused | Answer::Lost) => true,
            _ => false,
        };
        if is_vain && !may_retry && (is_gone || known.is_some()) {
            process.doing = Doing::Nothing;
        }
    }

    /// Times that are compared with those of the process's own claims, which are no longer there to be compared with.
    fn cut_claims(&mut self, who: usize, rules: &Rules) {
        let claims = self.seen_by(who).filter_map(|object| object.claim);
        let mine = claims.filter(|claim| claim.holder == who).map(|claim| claim.at);
        let process = &mut self.processes[who];
        process.started_at = process.started_at.filter(|started_at| mine.clone().any(|at| at < *started_at));
        match &mut process.doing {
            // The signature has expired, and that is all that its time tells.
            Doing::Claimed(sending) if mine.clone().all(|at| at != sending.at) => {
                sending.at = sending.at.max(-rules.minutes(5) - 1);
            }
            Doing::Waiting(sending, _) if mine.clone().all(|at| at != sending.at) => {
                sending.at = -rules.minutes(5) - 1;
            }
            _ => {}
        }
        let Some(attempt) = process.memory.as_mut().and_then(|memory| memory.attempt.as_mut()) else {
            return;
        };
        attempt.claimed_at = mine.filter(|at| Some(*at) <= attempt.claimed_at).max();
        if *attempt == (Attempt { claimed_at: None, again: false, unclear_at: None }) {
            // It says no more than that AWS has no job of a claim that is gone.
            process.memory.iter_mut().for_each(|memory| memory.attempt = None);
        }
    }

    fn cut_memory(&mut self, who: usize, rules: &Rules) {
        let (mut seen, now, visible) = (self.seen_by(who), rules.clock(who), self.visible());
        let process = &mut self.processes[who];
        let no_look_is_to_come =
            |object: Object| object.status.job.is_some() && object.status.since.is_none();
        if seen.clone().all(no_look_is_to_come) {
            process.asked = Asked::No;
        }
        let Some(memory) = &mut process.memory else { return };
        if seen.clone().all(|object| object.status.has_ended && object.status.since.is_none()) {
            // It is let go, whatever is remembered.
            *memory = Memory::default();
            return;
        }
        let over = now - rules.minutes(1);
        memory.end_asked = memory.end_asked.map(|asked| {
            // A request that shows in what AWS tells of the job is not made again.
            let was_taken = !asked.has_failed
                && memory
                    .sighting(visible)
                    .is_some_and(|(id, life)| asked.ids == 1 << id && life == Life::Terminated);
            EndAsked { at: if was_taken { over } else { asked.at.max(over) }, ..asked }
        });
        let has_ended = |id: usize| visible[id].is_some_and(Life::has_ended);
        let have_ended = |asked: EndAsked| (0..JOBS).all(|id| asked.ids & (1 << id) == 0 || has_ended(id));
        if memory.lookup.is_none() && !matches!(process.asked, Asked::Read(_)) {
            // Nobody asks to end what has ended.
            memory.end_asked = memory.end_asked.filter(|asked| !have_ended(*asked));
        }
        if !memory.is_old || seen.all(|object| object.claim.is_some()) {
            (memory.first_seen, memory.is_old) = (None, false);
        } else {
            // Every look is younger.
            memory.first_seen = memory.first_seen.map(|first_seen| first_seen.max(over));
        }
    }

    /// The time of the record, which the status loses with the late look.
    fn keep_the_record(&mut self, rules: &Rules) {
        let since = self.object.and_then(|object| self.recorded_at.or(object.status.since));
        let needed = since.filter(|_| rules.breaks_the_window());
        self.recorded_at = needed.map(|since| since.max(-rules.minutes(5)));
        let Some(recorded_at) = self.recorded_at else { return };
        let is_hidden = |job: &&mut Job| Tick::from(job.hides) > 0;
        for job in self.jobs.iter_mut().filter(is_hidden) {
            job.is_late |= Tick::from(job.hides) >= recorded_at + rules.minutes(5);
        }
    }

    fn cut_object(&mut self, rules: &Rules) {
        let Some(object) = &mut self.object else { return };
        // Whether it is old is asked only of an object without a claim.
        let oldest = -rules.minutes(7) - 1;
        object.created_at = object.created_at.filter(|_| object.claim.is_none()).map(|at| at.max(oldest));
        if object.status.job.is_none() {
            return;
        }
        // The late look comes so long after the claim, or after the record, whichever is later. When no look is to come,
        // the claim is of no more use.
        let kept = object.claim.zip(object.status.since);
        object.claim = kept.map(|(claim, since)| {
            let at = claim.at.max(since - rules.minutes(6));
            Claim { at, again: false, ..claim }
        });
    }

    /// Versions are told apart and ordered, no more.
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

    /// What was longer ago than every length that anybody compares with is as good as just so long ago. The order of
    /// such moments does not matter: of two that are compared, the later is a look of the last minute.
    fn cut_long_ago(&mut self, rules: &Rules) {
        let is_pending = |object: Object| object.status.since.is_some();
        let longest: Tick = rules.longest(self.object.is_some_and(is_pending));
        self.each_time(&mut |time| *time = (*time).max(-longest));
    }

    /// The same, the two processes having changed places.
    pub fn mirrored(&self) -> Self {
        let mut world = self.clone();
        world.processes.swap(0, 1);
        let seen = world.processes.iter_mut().flat_map(|process| [&mut process.cached, &mut process.written]);
        for object in seen.chain([&mut world.object]).flatten() {
            object.claim.iter_mut().for_each(|claim| claim.holder = 1 - claim.holder);
        }
        for request in &mut world.requests {
            request.from = request.from.map(|who| 1 - who);
        }
        world
    }
}
