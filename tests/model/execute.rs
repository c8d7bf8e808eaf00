//! A model of `src/controller/execute.rs`, to be compared with it: status first, then the step; a claim, then its send.
//! The process remembers each outcome before its next action.

use aws_batch_operator::aws::Permit;
use aws_batch_operator::clock::Clock;

use super::act::{Act, Step};
use super::jobs::Request;
use super::mutation::Mutation;
use super::object::{Claim, Object, Record, write};
use super::process::{Answer, Asked, Attempt, Doing, EndAsked, Outcome, Sending};
use super::promises::Promise;
use super::rules::Rules;
use super::scene::at;
use super::time::Reading;
use super::world::World;

/// The fate of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Carried out and answered.
    Done,
    /// Not carried out, and the caller knows.
    Refused,
    /// Carried out; the answer is lost.
    Unanswered,
}

/// Why a write may not have been carried out.
enum Error {
    Changed,
    Other,
}

impl World {
    /// Starts to carry out a plan. Returns whether there is anything to do.
    pub fn begin(&mut self, who: usize, act: Act, version: u8) -> bool {
        if let Step::Submit { at, .. } = act.step
            && self.has_claimed_at(who, at)
        {
            return false;
        }
        let process = &mut self.processes[who];
        if act.status.is_some() || act.step != Step::Rest {
            process.doing = Doing::Planned { status: act.status, step: act.step, version };
        }
        process.doing != Doing::Nothing
    }

    /// Whether a claim of the process has exactly this time. In reality two claims differ by nanoseconds at least; here
    /// the process waits for the next tick.
    fn has_claimed_at(&self, who: usize, at: Reading) -> bool {
        self.object.is_some_and(|object| {
            let claimed = object.claim.map(Claim::record);
            [claimed, Some(object.status.record)].contains(&Some(Record::Of(Some(who), at.wall)))
        })
    }

    /// Carries out the next write or call of the present plan.
    pub fn carry_on(&mut self, who: usize, fate: Fate, rules: &Rules) -> Option<()> {
        let Doing::Planned { status, step, version } = self.processes[who].doing else { return None };
        self.processes[who].doing = Doing::Nothing;
        if let Some(status) = status {
            let written = self.patch(who, Some(version), fate, |object| object.status = status);
            match (written, step) {
                (Err(_), _) | (_, Step::Rest) => {}
                // The request for a search writes nothing and makes no call. The search itself is a later move.
                (Ok(_), Step::SearchByName) => self.ask(who),
                (Ok(object), _) => {
                    self.processes[who].doing =
                        Doing::Planned { status: None, step, version: object.version };
                }
            }
            return Some(());
        }
        match step {
            Step::Rest => {}
            Step::SearchByName if fate == Fate::Done => self.ask(who),
            Step::SearchByName => return None,
            Step::Submit { at, again } => {
                self.claim(
                    who,
                    Sending { at, again, is_written: false, is_retry: false },
                    version,
                    (fate, rules),
                );
            }
            Step::AddFinalizer => {
                let _ = self.patch(who, Some(version), fate, |object| object.has_finalizer = true);
            }
            Step::EndJobs(ids) => self.end(who, ids, fate),
            Step::RemoveFinalizer => {
                let _ = self.patch(who, Some(version), fate, |object| object.has_finalizer = false);
            }
        }
        Some(())
    }

    fn ask(&mut self, who: usize) {
        let asked = &mut self.processes[who].asked;
        *asked = if *asked == Asked::No { Asked::Open } else { *asked };
    }

    fn claim(&mut self, who: usize, sending: Sending, version: u8, (fate, rules): (Fate, &Rules)) {
        let Sending { at, again, .. } = sending;
        let claim = Claim { holder: Some(who), at: at.wall, again };
        if rules.errs(Mutation::SendWithoutClaim) {
            self.processes[who].doing = Doing::Claimed(sending);
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
                self.processes[who].doing = Doing::Claimed(Sending { is_written: true, ..sending });
            }
            Err(Error::Changed) => {}
            // The claim may have been written, but nothing was sent for it.
            Err(Error::Other) => self.not_accepted(who, (at, again), Outcome::NotClaimed),
        }
    }

    /// The last check before the send finds that the time for sending has passed.
    pub fn too_late(&mut self, who: usize, rules: &Rules) -> Option<()> {
        let Doing::Claimed(sending) = self.processes[who].doing else { return None };
        let (now, not_after) = (at(Some(self.clock(who).wall), rules), at(Some(sending.at.wall), rules));
        let permit = Permit::always(Clock::new(move || now)).until(not_after);
        permit.check().err()?;
        self.processes[who].doing = Doing::Nothing;
        self.not_accepted(who, (sending.at, sending.again), Outcome::NotAccepted);
        Some(())
    }

    /// The call ends: with its answer, or by a timeout.
    pub fn answered(&mut self, who: usize, rules: &Rules) -> Option<()> {
        let Doing::Waiting(sending, answer) = self.processes[who].doing else { return None };
        self.processes[who].doing = Doing::Nothing;
        self.requests.iter_mut().filter(|request| request.from == Some(who)).for_each(Request::unheard);
        let outcome = match answer {
            Answer::Taken(job) => {
                let memory = self.processes[who].memory();
                (memory.accepted, memory.attempt) = (Some(job), None);
                return Some(());
            }
            Answer::Refused => Outcome::NotAccepted,
            Answer::Lost if rules.errs(Mutation::BelieveAnyNo) => Outcome::NotAccepted,
            Answer::Underway | Answer::Lost => Outcome::Unclear,
            Answer::Failed => Outcome::Answered,
        };
        if outcome != Outcome::NotAccepted && rules.errs(Mutation::RetryUnclear) && !sending.is_retry {
            self.processes[who].doing = Doing::Claimed(Sending { is_retry: true, ..sending });
        } else {
            self.not_accepted(who, (sending.at, sending.again), outcome);
        }
        Some(())
    }

    fn not_accepted(&mut self, who: usize, (claimed, again): (Reading, bool), outcome: Outcome) {
        self.processes[who].memory().attempt = Some(Attempt { claimed, again, ended: 0, outcome });
    }

    fn end(&mut self, who: usize, ids: u8, fate: Fate) {
        if fate != Fate::Refused {
            self.terminate(ids);
        }
        let asked = EndAsked { at: 0, ids, has_failed: fate != Fate::Done };
        self.processes[who].memory().end_asked = Some(asked);
    }

    /// One write, and the knowledge that the process gains.
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
