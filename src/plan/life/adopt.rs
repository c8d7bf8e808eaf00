//! An object that asks to follow an existing job: it never submits. With consent the job becomes the object's own, and
//! ends with the object.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;

use crate::api::condition::{self, Reason};
use crate::api::{ADOPT_ANNOTATION, Phase};
use crate::job::{JobId, RemoteJob};
use crate::plan::life::{follow, overdue};
use crate::plan::rule::consent;
use crate::plan::sight::Sighting;
use crate::plan::situation::Situation;
use crate::plan::status::write::{self, NewCondition};
use crate::plan::{Because, Note, Plan, Step};

/// The lengths of the parts of a job's id, which is a UUID.
const ID_PARTS: [usize; 5] = [8, 4, 4, 4, 12];

/// The plan for an object that asks for the job `asked` and follows none yet.
pub fn plan(s: &Situation<'_>, asked: &str) -> Plan {
    let id = match id(s, asked) {
        Ok(id) => id,
        Err(why) => return overdue::within(s, || held(s, Reason::CannotAdopt, &why)),
    };
    let plan = match &s.sighting {
        Some(Sighting::Seen(job)) if job.id == id => match consent::may(s, job) {
            Err(why) => {
                overdue::within(s, || held(s, Reason::CannotAdopt, &why).waking_in(consent::ASK_AGAIN))
            }
            Ok(_) => return begin_to_follow(s, job),
        },
        Some(Sighting::Missing { .. }) => {
            overdue::within(s, || held(s, Reason::CannotAdopt, &not_found(s, &id)))
        }
        _ => match said_before(s) {
            Some(why) => held(s, Reason::CannotAdopt, &why),
            None => looking(s, &id),
        },
    };
    Plan { follow: Some(id).filter(|_| !plan.decides()), ..plan }
}

/// The job id in the annotation, or why the text is not a job id.
fn id(s: &Situation<'_>, asked: &str) -> Result<JobId, String> {
    let wrong = |why: String| format!("{ADOPT_ANNOTATION}: {why}");
    if let Some(arn) = asked.strip_prefix("arn:") {
        let region = arn.split(':').nth(2).unwrap_or_default();
        let ours = &s.settings.region;
        let way_out = "name the job by its id, the part of the ARN behind `job/`";
        let elsewhere = || format!("that job is in Region {region}, and this operator works in {ours}");
        return Err(wrong(if region == ours { way_out.to_owned() } else { elsewhere() }));
    }
    if let Some((parent, _)) = asked.split_once([':', '#']) {
        return Err(wrong(format!("{asked} is a part of another job; name the whole one, {parent}")));
    }
    let id = JobId::new(asked).filter(|_| is_id(asked));
    id.ok_or_else(|| {
        wrong("this is no AWS job id; one looks like 876da822-4198-45f2-a252-6cea32512ea8".to_owned())
    })
}

/// Whether the text has the form of a job id of AWS Batch. Any other text would cost reads that find no job.
fn is_id(asked: &str) -> bool {
    let parts: Vec<_> = asked.split('-').collect();
    parts.iter().map(|part| part.len()).eq(ID_PARTS)
        && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Adds the finalizer first, so that a deletion of the object can end the job.
fn begin_to_follow(s: &Situation<'_>, job: &RemoteJob) -> Plan {
    if !job.status.is_terminal() && !s.holds_finalizer() {
        return Plan { follow: Some(job.id.clone()), ..Plan::step(Step::AddFinalizer) };
    }
    let mut plan = follow::seen(s, job);
    plan.notes.insert(0, Note::normal(Reason::Adopted, format!("Following job {}, as asked", job.id)));
    plan
}

fn not_found(s: &Situation<'_>, id: &JobId) -> String {
    format!(
        "AWS does not tell of job {id} in Region {} and the operator's account. Is it another's, or long over? Looked for again",
        s.settings.region
    )
}

fn looking(s: &Situation<'_>, id: &JobId) -> Plan {
    let why = format!("Looking at job {id}, to follow it. Nothing is submitted");
    told(
        s,
        Reason::Adopting,
        &why,
        NewCondition::is_true(condition::RECONCILING, Reason::Adopting, why.clone()),
    )
}

/// The object waits until the job can be followed, or until the annotation is changed.
fn held(s: &Situation<'_>, reason: Reason, why: &str) -> Plan {
    let mut plan = told(s, reason, why, NewCondition::is_true(condition::STALLED, reason, why));
    plan.notes.push(Note::warning(reason, why));
    plan
}

/// The earlier reason. It stays until the next look at the job: a restart changes nothing.
fn said_before(s: &Situation<'_>) -> Option<String> {
    let status = s.status();
    let is_held = |condition: &Condition| condition.reason == Reason::CannotAdopt.as_str();
    status.reason.filter(|_| status.conditions.iter().any(is_held))
}

fn told(s: &Situation<'_>, reason: Reason, why: &str, more: NewCondition) -> Plan {
    let says = vec![NewCondition::is_false(condition::SUBMITTED, reason, why), more];
    let status = write::status(s, says, |status| {
        status.phase = Some(Phase::Pending);
        status.reason = Some(why.to_owned());
    });
    Plan { status, ..Plan::rest() }.because(Because::Adopts)
}
