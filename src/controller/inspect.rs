//! What this process knows of one object, for a person who asks. Only reads memory.

use std::sync::{Arc, OnceLock};

use serde_json::{Value, json};

use super::context::Context;
use super::observe::look_on;
use crate::http::{Absent, Inspect};
use crate::key::Key;
use crate::plan::plan;
use crate::text::one_line;
use crate::view::{Answer, facts};

/// Longest name of an object, in characters.
const NAME_MAX: usize = 253;

const NOT_BEGUN: &str = "This replica has not begun: /readyz and the log say what it waits for.";

const NOT_LEADING: &str = "This replica does not lead, and so knows little: ask the pod that spec.holderIdentity of the Lease names.";

/// Answers once the controller has begun. Cheap to clone.
#[derive(Clone, Default)]
pub struct Inspector(Arc<OnceLock<Arc<Context>>>);

impl Inspector {
    /// Answers from this context. The first context stays.
    pub fn begin(&self, ctx: &Arc<Context>) {
        self.0.get_or_init(|| ctx.clone());
    }
}

impl Inspect for Inspector {
    fn batch_job(&self, namespace: &str, name: &str) -> Result<Value, Absent> {
        let ctx = self.0.get().ok_or(Absent::Elsewhere(NOT_BEGUN))?;
        if !ctx.leadership.holds() {
            return Err(Absent::Elsewhere(NOT_LEADING));
        }
        let cached = ctx.dependencies.get(namespace, name);
        let cached = cached.ok_or_else(|| Absent::Unknown(unknown(namespace, name)))?;
        let object = cached.object().map_err(|_| Absent::Unknown(unreadable(namespace, name)))?;
        let key = Key::of(&object);
        let observed = look_on(ctx, &key, &Arc::new(object));
        let situation = observed.situation(ctx);
        let version = &observed.object.metadata.resource_version;
        Ok(json!({
            "object": {
                "namespace": key.namespace, "name": key.name, "uid": key.uid, "resourceVersion": version,
            },
            "answer": Answer::new(&plan(&situation), observed.object.status.as_ref()),
            "known": facts(&situation),
        }))
    }
}

fn unknown(namespace: &str, name: &str) -> String {
    let (namespace, name) = (one_line(namespace, NAME_MAX), one_line(name, NAME_MAX));
    format!(
        "BatchJob {namespace}/{name} is not known: there is none, or --watch-namespace leaves its namespace out."
    )
}

fn unreadable(namespace: &str, name: &str) -> String {
    format!(
        "BatchJob {namespace}/{name} cannot be read: its Event Undecodable says why. Install the CRD of this operator's version."
    )
}
