//! Single answers that matter more than the page of states can show.

use aws_batch_operator::job::{EndKind, FaultKind, JobId, JobStatus};
use aws_batch_operator::plan::{Parent, Plan, Step, Turn};
use serde_json::json;

use super::remote::job;
use super::scene::{JOB, UID, at, condition, created};

fn submission(plan: Plan) -> aws_batch_operator::plan::Submit {
    match plan.step {
        Step::Submit(submit) => *submit,
        step => panic!("{step:?}"),
    }
}

#[test]
fn the_request_bears_the_identity_and_the_claims_time() {
    let submit = submission(created().spec(json!({ "tags": { "team": "a" } })).turn(Turn::Granted).plan());
    assert_eq!(submit.claim.uid, UID);
    assert_eq!(submit.submission.signed_at, submit.claim.at);
    let tags = submit.submission.body()["tags"].clone();
    assert_eq!(
        tags,
        json!({
            "team": "a", "awsbatch.dev/uid": UID, "awsbatch.dev/cluster": "cluster-1",
            "awsbatch.dev/namespace": "team", "awsbatch.dev/name": "example",
        })
    );
}

#[test]
fn aws_is_given_the_ids_of_those_that_are_open() {
    let id = JobId::new("77777777-2222-4333-8444-555555555555").unwrap();
    let scene = created().after("done", Parent::Succeeded).after("open", Parent::Job(id.clone()));
    let body = submission(scene.turn(Turn::Granted).plan()).submission.body();
    assert_eq!(body["dependsOn"], json!([{ "jobId": id.as_str() }]));
    let none = submission(created().after("done", Parent::Succeeded).turn(Turn::Granted).plan());
    assert_eq!(none.submission.body().get("dependsOn"), None);
}

#[test]
fn overrides_that_amazon_ecs_does_not_take_are_told_of_before_they_are_sent() {
    let command = |length: usize| json!({ "command": ["x".repeat(length)] });
    let plan = |spec| created().spec(spec).turn(Turn::Granted).plan();
    for (member, spec) in [
        ("containerOverrides", json!({ "containerOverrides": command(9_000) })),
        (
            "ecsPropertiesOverride",
            json!({ "ecsPropertiesOverride": { "taskProperties": [{ "containers": [command(5_000), command(4_000)] }] } }),
        ),
        (
            "nodePropertyOverrides[1].containerOverrides",
            json!({ "nodeOverrides": { "nodePropertyOverrides": [
            { "targetNodes": "0", "containerOverrides": command(8_000) },
            { "targetNodes": "1:", "containerOverrides": command(9_000) },
        ] } }),
        ),
    ] {
        let plan = plan(spec);
        assert!(matches!(plan.step, Step::Submit(_)), "AWS decides: {:?}", plan.step);
        let note = &plan.notes[0];
        assert_eq!((plan.notes.len(), note.is_warning, note.reason.as_str()), (1, true, "OverridesTooLong"));
        assert!(note.text.contains(member), "{}", note.text);
    }
    let pod = json!({ "eksPropertiesOverride": { "podProperties": { "containers": [command(9_000)] } } });
    for short in [pod, json!({ "containerOverrides": command(8_000) })] {
        assert_eq!(plan(short).notes, []);
    }
}

#[test]
fn a_claim_is_never_made_from_a_turn_that_was_not_granted() {
    for turn in [Turn::None, Turn::Waiting] {
        assert_eq!(created().turn(turn).plan().step, Step::TakeTurn);
    }
}

#[test]
fn two_writes_until_submitted() {
    let submit = created().turn(Turn::Granted).plan();
    assert_eq!(submit.status, None, "the first write is the claim");
    let record = created().claimed(0).accepted().plan();
    assert_eq!((record.step, record.status.is_some()), (Step::Rest, true), "the second write is the status");
}

#[test]
fn a_status_that_says_all_is_not_written_again() {
    for status in [JobStatus::Runnable, JobStatus::Running, JobStatus::Succeeded, JobStatus::Failed] {
        let settled = created().submitted().seen(status).settled();
        assert_eq!(settled.plan().status, None, "{status:?}");
    }
}

#[test]
fn a_conditions_time_moves_only_when_it_turns() {
    let running = created().submitted().now(20).seen(JobStatus::Running).settled();
    let ended = running.now(90).seen(JobStatus::Succeeded).plan().status.unwrap();
    let time = |kind: &str| ended.conditions.iter().find(|c| c.type_ == kind).unwrap().last_transition_time.0;
    assert_eq!(time("Submitted"), at(0));
    assert_eq!(time("Complete"), at(90));
}

#[test]
fn a_failed_job_says_why() {
    let status = created().submitted().seen(JobStatus::Failed).plan().status.unwrap();
    assert_eq!(status.reason.as_deref(), Some("Essential container in task exited: OutOfMemoryError"));
    assert_eq!(status.exit_code, Some(1));
    assert_eq!(condition(&status, "Failed"), Some(("True", "JobFailed")));
    assert_eq!(condition(&status, "Stalled"), Some(("True", "JobFailed")));
    assert_eq!(status.logs.unwrap().stream.as_deref(), Some("sleep60/default/0123"));
}

#[test]
fn a_refusal_names_region_cause_and_what_comes_next() {
    let status = created().attempt(FaultKind::Refused, "JobQueue q not found").now(2).plan().status.unwrap();
    let reason = status.reason.clone().unwrap();
    for part in ["us-east-1", "JobQueue q not found", "Trying again"] {
        assert!(reason.contains(part), "{reason}");
    }
    assert_eq!(condition(&status, "Stalled"), Some(("True", "Refused")));
}

#[test]
fn throttling_is_no_stall() {
    let status = created().attempt(FaultKind::Throttled, "slow down").now(1).plan().status.unwrap();
    assert_eq!(condition(&status, "Submitted"), Some(("False", "Throttled")));
    assert_eq!(condition(&status, "Stalled"), None);
}

#[test]
fn an_unclear_answer_is_looked_up_and_not_sent_again() {
    let unclear = created().attempt(FaultKind::Unclear, "timed out").turn(Turn::Granted);
    for now in [1, 5, 30, 60] {
        let step = unclear.clone().now(now).plan().step;
        assert!(matches!(step, Step::SearchByName(_)), "{step:?}");
    }
}

#[test]
fn a_job_found_is_adopted_whatever_the_policy() {
    let found = created()
        .spec(json!({ "submissionPolicy": "AtMostOnce" }))
        .attempt(FaultKind::Unclear, "timed out")
        .looked(2, vec![job(JobStatus::Running)])
        .plan();
    assert_eq!(found.status.unwrap().job_id.as_deref(), Some(JOB));
}

#[test]
fn an_object_that_is_kept_in_git_outlives_its_ttl_and_says_so() {
    let scene = created().submitted().spec(json!({ "ttlSecondsAfterFinished": 30 }));
    let scene = scene.label("argocd.argoproj.io/instance", "app").now(80).seen(JobStatus::Succeeded);
    let status = scene.plan().status.unwrap();
    let complete = status.conditions.iter().find(|condition| condition.type_ == "Complete").unwrap();
    assert!(complete.message.contains("Argo CD would create the object again"), "{}", complete.message);
    assert_eq!(scene.plan().notes.last().unwrap().reason.as_str(), "TtlIgnored");
    assert_eq!(scene.settled().without_finalizer().now(9_999).plan().step, Step::Rest);
}

#[test]
fn each_tool_that_creates_objects_again_keeps_its_objects_and_is_named() {
    let finished = || created().submitted().spec(json!({ "ttlSecondsAfterFinished": 30 })).now(80);
    for (key, tool) in [
        ("argocd.argoproj.io/tracking-id", "Argo CD"),
        ("kustomize.toolkit.fluxcd.io/name", "Flux"),
        ("helm.toolkit.fluxcd.io/name", "Flux"),
        ("meta.helm.sh/release-name", "Helm"),
        ("kapp.k14s.io/app", "kapp"),
        ("kapp.k14s.io/identity", "kapp"),
        ("configsync.gke.io/resource-id", "Config Sync"),
        ("configmanagement.gke.io/managed", "Config Sync"),
    ] {
        for kept in [finished().label(key, "x"), finished().annotation(key, "x")] {
            let ended = kept.seen(JobStatus::Succeeded);
            let note = ended.plan().notes.pop().unwrap();
            assert!(note.reason.as_str() == "TtlIgnored" && note.text.contains(tool), "{key}: {}", note.text);
            assert_eq!(ended.settled().without_finalizer().now(9_999).plan().step, Step::Rest, "{key}");
        }
    }
}

#[test]
fn a_denial_of_four_hundred_characters_shows_its_cause_and_the_way_out() {
    let cause = format!(
        "not authorized to perform: batch:SubmitJob on resource: {} because no policy allows it",
        "r".repeat(320)
    );
    let denied = created().attempt(FaultKind::Denied, &cause).now(2).plan();
    let status = denied.status.unwrap();
    let told = status.conditions.iter().map(|condition| &condition.message);
    for text in told.chain(&status.reason).chain([&denied.notes[0].text]) {
        assert!(text.contains(&cause) && text.contains("batch:TagResource"), "{text}");
    }
}

#[test]
fn a_job_that_aws_does_not_end_is_asked_again_and_the_way_out_is_named() {
    let running = created().submitted().now(20).seen(JobStatus::Running).settled().deleted();
    let command = r#"kubectl patch bj example --type=merge -p '{"spec":{"deletionPolicy":"Retain"}}'"#;
    let refused = running.asked_to_end(19, Some(FaultKind::Denied));
    let status = refused.plan().status.unwrap();
    let stalled = status.conditions.iter().find(|condition| condition.type_ == "Stalled").unwrap();
    assert!(stalled.message.contains(command) && status.reason.unwrap().contains(command), "{stalled:?}");
    assert_eq!(refused.clone().settled().plan().status, None, "said once");
    let plan = refused.clone().now(40).plan();
    assert!(matches!(plan.step, Step::EndJobs { .. }));
    assert!(plan.notes[0].text.contains(command), "{}", plan.notes[0].text);
    let taken = refused.settled().asked_to_end(40, None).now(41).plan().status.unwrap();
    assert_eq!(condition(&taken, "Stalled"), None);
}

#[test]
fn a_policy_that_is_changed_during_the_deletion_holds_at_once() {
    let waiting = created().submitted().now(20).seen(JobStatus::Runnable).settled().deleted();
    let terminated = waiting.asked_to_end(19, None).glanced(20, Some(job(JobStatus::Runnable)));
    assert_eq!(terminated.plan().step, Step::Rest);
    let kind = |policy: &str| match terminated.clone().spec(json!({ "deletionPolicy": policy })).plan().step {
        Step::EndJobs { kind, .. } => Some(kind),
        _ => None,
    };
    assert_eq!(kind("Cancel"), Some(EndKind::Cancel));
    assert_eq!(kind("Terminate"), None, "asked already");
}

#[test]
fn a_deadline_that_aws_does_not_heed_is_no_deletion() {
    let late = created().submitted().spec(json!({ "activeDeadlineSeconds": 30 })).now(40);
    let refused = late.seen(JobStatus::Running).asked_to_end(39, Some(FaultKind::Throttled));
    let status = refused.plan().status.unwrap();
    assert_eq!(condition(&status, "Reconciling"), Some(("True", "Terminating")));
    assert!(status.reason.clone().unwrap().contains("raise or remove its deadline"), "{:?}", status.reason);
}

#[test]
fn terminal_absorbs() {
    let ended = created().submitted().seen(JobStatus::Succeeded).settled();
    for status in [JobStatus::Running, JobStatus::Failed] {
        let plan = ended.clone().now(999).seen(status).turn(Turn::Granted).plan();
        assert_eq!((plan.status, plan.follow), (None, None));
        assert_eq!(plan.step, Step::RemoveFinalizer);
    }
}
