//! How the operator releases an object, and how a person does.

use crate::api::condition::Reason;
use crate::plan::situation::Situation;
use crate::plan::{Note, Plan, Step};

/// Removes our finalizer, if it is there.
pub fn release(s: &Situation<'_>) -> Plan {
    Plan::step(step(s))
}

/// The step that removes our finalizer.
pub fn step(s: &Situation<'_>) -> Step {
    if s.holds_finalizer() { Step::RemoveFinalizer } else { Step::Rest }
}

/// Releases an object whose job may not have ended, and says why. The operator follows that job no longer.
pub fn let_go(s: &Situation<'_>, why: &str) -> Plan {
    Plan { notes: vec![Note::normal(Reason::Released, why)], ..release(s) }
}

/// The command that releases a deleted object, whatever becomes of its job.
pub fn retain_command(name: &str) -> String {
    let patch = r#"'{"spec":{"deletionPolicy":"Retain"}}'"#;
    format!("kubectl patch bj {name} --type=merge -p {patch}")
}
