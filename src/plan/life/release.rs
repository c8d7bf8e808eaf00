//! How an object is let go, and how a person lets it go.

use crate::api::condition::Reason;
use crate::plan::situation::Situation;
use crate::plan::{Note, Plan, Step};

/// Removes our finalizer, if it is there.
pub fn release(s: &Situation<'_>) -> Plan {
    Plan::step(step(s))
}

/// The step that removes it.
pub fn step(s: &Situation<'_>) -> Step {
    if s.holds_finalizer() { Step::RemoveFinalizer } else { Step::Rest }
}

/// The same for an object whose job is not known to have ended, and why: nobody looks after that job from now on.
pub fn let_go(s: &Situation<'_>, why: &str) -> Plan {
    Plan { notes: vec![Note::normal(Reason::Released, why)], ..release(s) }
}

/// The command that lets a deleted object go, whatever becomes of its job.
pub fn retain_command(name: &str) -> String {
    let patch = r#"'{"spec":{"deletionPolicy":"Retain"}}'"#;
    format!("kubectl patch bj {name} --type=merge -p {patch}")
}
