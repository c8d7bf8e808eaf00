//! A model of `src/controller/execute.rs`, to be held beside it: status first, then the step; a claim, then its send; and
//! whatever comes of it is remembered before anything else is done.

use super::aws::Request;
use super::mind::{Act, Step};
use super::mutation::Mutation;
use super::object::{Claim, Object, write};
use super::process::{Answer, Asked, Attempt, Doing, EndAsked, Sending};
use super::promises::Promise;
use super::rules::Rules;
use super::world::{Tick, World};

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Carried out and answered.
    Done,
    /// Not carried out, and the caller is told.
    Refused,
    /// Carried out; the answer is lost.
    Unanswered,
}

/// Why a write is not known to have been carried out.
enum Error {
    Changed,
    Other,
}

impl World {
    /// Takes a plan in hand. Answers whether there is anything to do.
    pub fn begin(&mut self, who: usize, act: Act, version: u8) -> bool {
        let process = &mut self.processes[who];
        if act.status.is_some() || act.step != Step::Rest {
            process.doing = Doing::Planned { status: act.status, step: act.step, version };
        }
        process.doing != Doing::Nothing
    }

    /// Carries out the next write or call of a plan in hand.
    pub fn carry_on(&mut self, who: usize, fate: Fate, rules: &Rules) -> Option<()> {
        let Doing::Planned { status, step, version } = self.processes[who].doing else { return None };
        self.processes[who].doing = Doing::Nothing;
        if let Some(status) = status {
            let before = self.object;
            let written = self.patch(who, Some(version), fate, |object| object.status = status);
            self.note_the_late_look(who, before, rules);
            match (written, step) {
                (Err(_), _) | (_, Step::Rest) => {}
                // To ask writes nothing and calls nobody: the look itself comes when it comes.
                (Ok(_), Step::Ask) => self.ask(who),
                (Ok(object), _) => {
                    self.processes[who].doing =
                        Doing::Planned { status: None, step, version: object.version };
                }
            }
            return Some(());
        }
        match step {
            Step::Rest => {}
            Step::Ask if fate == Fate::Done => self.ask(who),
            Step::Ask => return None,
            Step::Submit { at, again } => {
                self.claim(who, Claim { holder: who, at, again }, version, (fate, rules));
            }
            Step::End(ids) => self.end(who, ids, fate, rules),
            Step::Release => {
                let _ = self.patch(who, Some(version), fate, |object| object.has_finalizer = false);
            }
        }
        Some(())
    }

    /// Who has just ended the wait for the late look.
    fn note_the_late_look(&mut self, who: usize, before: Option<Object>, rules: &Rules) {
        let is_pending = |object: Object| object.status.since.is_some();
        let has_claimed = before.and_then(|object| object.claim).is_some_and(|claim| claim.holder == who);
        if rules.breaks_the_window() && before.is_some_and(is_pending) && !self.object.is_some_and(is_pending)
        {
            self.claimant_looked = has_claimed;
        }
    }

    fn ask(&mut self, who: usize) {
        let asked = &mut self.processes[who].asked;
        *asked = if *asked == Asked::No { Asked::Open } else { *asked };
    }

    fn claim(&mut self, who: usize, claim: Claim, version: u8, (fate, rules): (Fate, &Rules)) {
        let Claim { at, again, .. } = claim;
        let sending = |is_written| Doing::Claimed(Sending { at, again, is_written, is_retry: false });
        if rules.errs(Mutation::SendWithoutClaim) {
            self.processes[who].doing = sending(false);
            return;
        }
        let bound = (!rules.errs(Mutation::ClaimWithoutVersion)).then_some(version);
        let written = self.patch(who, bound, fate, |object| {
            (object.claim, object.has_finalizer) = (Some(claim), true);
        });
        match written {
            Ok(object) => {
                if object.status.job.is_some() {
                    self.broken = Some(Promise::RecordedIsEnough);
                }
                self.processes[who].doing = sending(true);
            }
            Err(Error::Changed) => {}
            // The claim may have been written all the same: remember that nothing was sent for it.
            Err(Error::Other) => self.not_accepted(who, (at, again), false, rules),
        }
    }

    /// The last check before the wire finds that the time for sending has passed.
    pub fn too_late(&mut self, who: usize, rules: &Rules) -> Option<()> {
        let Doing::Claimed(sending) = self.processes[who].doing else { return None };
        (rules.clock(who) > sending.at).then(|| {
            self.processes[who].doing = Doing::Nothing;
            self.not_accepted(who, (sending.at, sending.again), false, rules);
        })
    }

    /// The call ends: with its answer, or because none has come in time.
    pub fn answered(&mut self, who: usize, rules: &Rules) -> Option<()> {
        let Doing::Waiting(sending, answer) = self.processes[who].doing else { return None };
        self.processes[who].doing = Doing::Nothing;
        self.requests.iter_mut().filter(|request| request.from == Some(who)).for_each(Request::unheard);
        let is_unclear = matches!(answer, Answer::Underway | Answer::Lost);
        match answer {
            Answer::Taken(job) => {
                let memory = self.processes[who].memory(rules.clock(who));
                (memory.accepted, memory.attempt) = (Some(job), None);
            }
            _ if is_unclear && rules.errs(Mutation::RetryUnclear) && !sending.is_retry => {
                self.processes[who].doing = Doing::Claimed(Sending { is_retry: true, ..sending });
            }
            _ => self.not_accepted(who, (sending.at, sending.again), is_unclear, rules),
        }
        Some(())
    }

    fn not_accepted(
        &mut self,
        who: usize,
        (claimed_at, again): (Tick, bool),
        is_unclear: bool,
        rules: &Rules,
    ) {
        let now = rules.clock(who);
        let unclear_at = is_unclear.then_some(now);
        self.processes[who].memory(now).attempt =
            Some(Attempt { claimed_at: Some(claimed_at), again, unclear_at });
    }

    fn end(&mut self, who: usize, ids: u8, fate: Fate, rules: &Rules) {
        if fate != Fate::Refused {
            self.terminate(ids);
        }
        let asked = EndAsked { at: rules.clock(who), ids, has_failed: fate != Fate::Done };
        self.processes[who].memory(asked.at).end_asked = Some(asked);
    }

    /// One write, and what the process learns of it.
    fn patch(
        &mut self,
        who: usize,
        version: Option<u8>,
        fate: Fate,
        change: impl FnOnce(&mut Object),
    ) -> Result<Object, Error> {
        if fate == Fate::Refused {
            return Err(Error::Other);
        }
        let written = write(&mut self.object, version, change);
        let process = &mut self.processes[who];
        match written {
            _ if fate == Fate::Unanswered => Err(Error::Other),
            Ok(object) => {
                process.written = Some(object);
                Ok(object)
            }
            Err(_) => {
                process.written = None;
                Err(Error::Changed)
            }
        }
    }
}
