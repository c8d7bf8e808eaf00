//! Which jobs are read for which options: what fits, and what is refused with a sentence.

use aws_batch_operator::api::{ArrayStatus, BatchJobStatus, Phase};

use super::super::choice::{Answer, choose};
use super::super::options::Indexes;
use super::{Options, batch_job, logged};

fn array(size: i32, failed: Option<&str>, phase: Phase) -> BatchJobStatus {
    let failed_indexes = failed.map(str::to_owned);
    let array = ArrayStatus { size: Some(size), failed_indexes, ..ArrayStatus::default() };
    BatchJobStatus { array: Some(array), phase: Some(phase), ..BatchJobStatus::default() }
}

/// The ids, or why there are none.
fn chosen(status: BatchJobStatus, options: &Options) -> String {
    match choose(&batch_job("j", status), options) {
        Ok(Answer::Read(choice)) => {
            choice.parts.into_iter().map(|part| part.id).collect::<Vec<_>>().join(" ")
        }
        Ok(Answer::Wait(why) | Answer::Elsewhere(why)) => why,
        Err(error) => error.to_string(),
    }
}

#[test]
fn an_array_is_read_whole_if_it_is_small_and_else_where_it_failed() {
    let (all, failed) = (Options::default(), Options { failed: true, ..Options::default() });
    let child = |index| Options { child: Some(Indexes(vec![index])), ..Options::default() };
    for (size, indexes, options, expected) in [
        (2, None, &all, "j:0 j:1"),
        (2, Some("1"), &all, "j:0 j:1"),
        (2, Some("1"), &failed, "j:1"),
        (10_000, Some("17-20,99,…"), &all, "j:17"),
        (10_000, Some("17,99"), &failed, "j:17"),
        (10_000, Some("17"), &child(9_999), "j:9999"),
        (10_000, None, &child(10_000), "there is no 10000 for --child: the last is 9999"),
        (10_000, None, &failed, "no child of BatchJob train has failed yet"),
    ] {
        assert_eq!(chosen(array(size, indexes, Phase::Running), options), expected);
    }
    let none = chosen(array(10_000, None, Phase::Succeeded), &failed);
    assert_eq!(none, "no child of BatchJob train has failed: choose with --child");
    let which = chosen(array(11, None, Phase::Running), &all);
    assert!(which.contains("array job of 11 children: choose with --child"), "{which}");
}

#[test]
fn nodes_are_all_read_if_they_are_few() {
    let nodes = |number| BatchJobStatus { num_nodes: Some(number), ..BatchJobStatus::default() };
    assert_eq!(chosen(nodes(2), &Options::default()), "j#0 j#1");
    assert_eq!(chosen(nodes(20), &Options::default()), "BatchJob train has 20 nodes: choose with --node");
    let node = Options { node: Some(Indexes(vec![19])), ..Options::default() };
    assert_eq!(chosen(nodes(20), &node), "j#19");
}

#[test]
fn an_option_that_does_not_fit_the_job_is_refused() {
    let child = Options { child: Some(Indexes(vec![0])), ..Options::default() };
    let node = Options { node: Some(Indexes(vec![0])), ..Options::default() };
    let single = BatchJobStatus::default();
    let refused = chosen(single.clone(), &child);
    assert_eq!(refused, "BatchJob train is not an array job: leave out --child and --failed");
    let refused = chosen(single, &node);
    assert_eq!(refused, "BatchJob train is not a multi-node parallel job: leave out --node");
    assert!(chosen(array(2, None, Phase::Running), &node).contains("leave out --node"));
}

#[test]
fn the_log_of_the_status_serves_only_who_asks_for_nothing_else() {
    let job = logged("j", "s", Phase::Running);
    let place = |options: &Options| match choose(&job, options) {
        Ok(Answer::Read(choice)) => choice.place,
        other => panic!("{other:?}"),
    };
    assert_eq!(place(&Options::default()).unwrap().stream, "s");
    assert_eq!(place(&Options { attempt: Some(1), ..Options::default() }), None);
    assert_eq!(place(&Options { container: Some("c".to_owned()), ..Options::default() }), None);
}
