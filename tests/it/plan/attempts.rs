//! The situations after an attempt to submit that brought no job id, for `docs/states.md`.

use aws_batch_operator::job::{FaultKind, Found, JobId, JobStatus};
use aws_batch_operator::plan::Turn;
use serde_json::json;

use super::remote::job;
use super::scene::{EARLIER, HOLDER, Scene, UID, created};

/// AWS surely has no job of it.
pub fn not_accepted() -> Vec<(&'static str, Scene)> {
    let denied = "User is not authorized to perform batch:SubmitJob";
    vec![
        (
            "400: the queue does not exist",
            created().attempt(FaultKind::Refused, "JobQueue HighPriority not found").now(2),
        ),
        (
            "the same, after the pause",
            created().attempt(FaultKind::Refused, "JobQueue HighPriority not found").now(30),
        ),
        (
            "the same, and AWS tells of no such queue that takes jobs",
            created()
                .attempt(FaultKind::Refused, "JobQueue HighPriority not found")
                .queue_seen(3, false)
                .now(30),
        ),
        (
            "the same, and AWS tells of the queue since",
            created().attempt(FaultKind::Refused, "JobQueue HighPriority not found").queue_opened(3).now(4),
        ),
        (
            "400: the definition does not exist, and the queue took jobs before",
            created()
                .attempt(FaultKind::Refused, "JobDefinition sleep60 not found")
                .queue_seen(0, true)
                .now(4),
        ),
        ("403", created().attempt(FaultKind::Denied, denied).now(2)),
        (
            "no credentials",
            created().attempt(FaultKind::NoCredentials, "no providers in chain provided credentials").now(2),
        ),
        ("429", created().attempt(FaultKind::Throttled, "Too Many Requests").now(1)),
        (
            "400; then another process leads",
            created().answered(FaultKind::Refused, "no such queue").now(2).settled().restarted(60),
        ),
        (
            "the same, after the pause",
            created().answered(FaultKind::Refused, "no such queue").now(2).settled().restarted(60).now(70),
        ),
        ("the claim could not be written", created().not_claimed().now(1)),
        ("the connection was refused", created().attempt(FaultKind::NotSent, "connection refused").now(1)),
    ]
}

/// AWS may have a job of it.
pub fn doubt() -> Vec<(&'static str, Scene)> {
    let unclear = || created().attempt(FaultKind::Unclear, "timed out").now(2);
    let answered = || created().answered(FaultKind::Unclear, "500").now(2);
    let at_most_once = json!({ "submissionPolicy": "AtMostOnce" });
    let once = || answered().spec(at_most_once.clone());
    let waited = || created().created_before(600).spec(at_most_once.clone());
    let mut twin = job(JobStatus::Running);
    twin.id = JobId::new("99999999-2222-4333-8444-555555555555").unwrap();
    let untagged = || Found { untagged: 1, ..Found::default() };
    let undescribed = || Found { undescribed: 1, ..Found::default() };
    vec![
        ("timeout, lost reply: the request may be on its way for six minutes", unclear()),
        ("a look finds nothing, within that time", unclear().looked(62, vec![]).now(63)),
        ("the look itself fails", unclear().look_failed(2).now(3)),
        ("a look finds its job", unclear().looked(2, vec![job(JobStatus::Runnable)]).now(3)),
        ("a look finds two jobs of it", unclear().looked(2, vec![job(JobStatus::Runnable), twin]).now(3)),
        ("the last look before the window's end found nothing", unclear().looked(400, vec![]).now(420)),
        ("a look after the window found nothing", unclear().looked(421, vec![]).now(422)),
        (
            "the same, but AWS does not describe a job of that name",
            unclear().found(662, undescribed()).now(663),
        ),
        ("the same, but a job of that name bears no tags", unclear().found(421, untagged()).now(422)),
        ("the same after five windows", unclear().found(662, untagged()).now(663)),
        (
            "AWS itself answered 500: nothing is on its way; nothing found",
            answered().looked(62, vec![]).now(63),
        ),
        ("the same, and its turn has come", answered().looked(62, vec![]).now(63).turn(Turn::Granted)),
        ("the same, with `submissionPolicy: AtMostOnce`", once().looked(62, vec![]).now(63)),
        (
            "old when first seen, without a claim, with `AtMostOnce`: nothing found, so it only waited",
            waited().looked(2, vec![]).now(3),
        ),
        (
            "the same, a copy with the claim of its original",
            waited().claim_of(HOLDER, "another", -900).looked(2, vec![]).now(3),
        ),
    ]
}

/// There is a claim, and this process does not know what became of its request.
pub fn others() -> Vec<(&'static str, Scene)> {
    let unclear = || created().attempt(FaultKind::Unclear, "timed out").now(2);
    let crashed = || created().claim_of(EARLIER, UID, 0).restarted(5);
    vec![
        ("claimed by an earlier process (crash)", crashed()),
        ("the same; nothing found after a minute", crashed().looked(66, vec![]).now(67)),
        ("the same after seven minutes: its signature is dead", crashed().looked(421, vec![]).now(422)),
        (
            "AWS had refused it; then another replica led and claimed it, by an earlier clock",
            created()
                .answered(FaultKind::Refused, "no such queue")
                .claim_of("operator-1", UID, -30)
                .now(3600),
        ),
        (
            "claimed more than 24 hours ago; nothing found",
            created().created_before(90_000).claim_of(EARLIER, UID, -90_000).looked(66, vec![]).now(67),
        ),
        (
            "someone edited the claim's time: no clock is that wrong",
            created().claim_of("operator-1", UID, 86_400).looked(62, vec![]).now(63),
        ),
        ("someone edited the claim", created().claim_text("oops").looked(62, vec![]).now(63)),
        ("claim and finalizer were taken away; this process has seen them", unclear().replaced()),
        (
            "the same; another process leads, and the status is `Unconfirmed`",
            unclear().looked(2, vec![]).now(3).settled().replaced().restarted(60),
        ),
        (
            "its request went to another account",
            crashed().account(Some("999999999999")).looked(421, vec![]).now(422),
        ),
        (
            "the operator does not know its account any more",
            crashed().account(None).looked(421, vec![]).now(422),
        ),
    ]
}
