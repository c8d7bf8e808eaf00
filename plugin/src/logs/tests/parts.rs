//! Children, nodes, containers, and logs that are elsewhere.

use std::time::Duration;

use aws_batch_operator::api::{ArrayStatus, BatchJob, BatchJobStatus, Phase, PodStatus};
use batch_double::{Behaviour, Containers, Definition};
use serde_json::json;

use super::super::options::Indexes;
use super::{GROUP, Options, Scene, batch_job, follow, pass, writes};

fn array(id: &str, size: i32, failed: Option<&str>, phase: Phase) -> BatchJob {
    let failed_indexes = failed.map(str::to_owned);
    let array = ArrayStatus { size: Some(size), failed_indexes, ..ArrayStatus::default() };
    batch_job(id, BatchJobStatus { array: Some(array), phase: Some(phase), ..BatchJobStatus::default() })
}

#[tokio::test(start_paused = true)]
async fn the_failing_child_of_ten_thousand_is_found_in_two_calls() {
    let scene = Scene::new();
    let fails = Behaviour { failing_indexes: [4711].into(), ..writes(1_000, 0) };
    let id = scene.submit(fails, &json!({ "arrayProperties": { "size": 10_000 } }));
    pass(Duration::from_secs(100)).await;
    let job = array(&id, 10_000, Some("4711"), Phase::Failed);
    for options in [Options::default(), Options { failed: true, ..Options::default() }] {
        let before = scene.core().requests().len();
        scene.logs(&job, &options).await.unwrap();
        let requests = scene.core().requests().split_off(before);
        assert_eq!(requests[0].body["jobs"], json!([format!("{id}:4711")]));
        assert_eq!(requests[1].body["logStreamName"].as_str().unwrap()[42..46], *"1267", "4711 in hex");
        // The third call shows that the second page is the end.
        assert_eq!(requests.len(), 3, "{requests:?}");
    }
    assert_eq!(scene.lines(), ["started", "done", "started", "done"]);
}

#[tokio::test(start_paused = true)]
async fn children_are_followed_together_and_each_line_says_whose_it_is() {
    let scene = Scene::new();
    let id = scene.submit(writes(20_000, 5_000), &json!({ "arrayProperties": { "size": 3 } }));
    let child = Some(Indexes(vec![0, 2]));
    scene.logs(&array(&id, 3, None, Phase::Running), &Options { child, ..follow() }).await.unwrap();
    let lines = scene.lines();
    for index in [0, 2] {
        let own: Vec<_> = lines.iter().filter_map(|line| line.strip_prefix(&format!("[{index}] "))).collect();
        assert_eq!(own, ["started", "line 1", "line 2", "line 3", "line 4", "done"]);
    }
    assert_eq!(lines.len(), 12);
    let requests = scene.core().requests();
    let describes = requests.iter().filter(|request| request.operation == "DescribeJobs");
    assert!(
        describes.clone().count() > 5
            && describes.clone().all(|request| request.body["jobs"].as_array().unwrap().len() == 2)
    );
}

#[tokio::test(start_paused = true)]
async fn nodes_are_read_together() {
    let scene = Scene::new();
    let definition = Definition { nodes: Some(2), ..Definition::default() };
    let id = scene.submit_as(definition, writes(1_000, 0), &json!({}));
    pass(Duration::from_secs(2)).await;
    let status = BatchJobStatus { num_nodes: Some(2), ..BatchJobStatus::default() };
    scene.logs(&batch_job(&id, status.clone()), &Options::default()).await.unwrap();
    assert_eq!(scene.lines().len(), 4);
    let node = Some(Indexes(vec![1]));
    scene.logs(&batch_job(&id, status), &Options { node, ..Options::default() }).await.unwrap();
    assert_eq!(scene.lines()[4..], ["started", "done"]);
    let last = scene.core().requests().pop().unwrap();
    assert!(last.body["logStreamName"].as_str().unwrap().ends_with("00010"), "{last:?}");
}

#[tokio::test(start_paused = true)]
async fn of_several_containers_the_one_that_failed_is_read_or_the_one_that_is_named() {
    let scene = Scene::new();
    let names = ["web", "audit"].map(str::to_owned).to_vec();
    let log_groups = [("audit".to_owned(), "/mine".to_owned())].into();
    let definition = Definition { containers: Containers::Task(names), log_groups, ..Definition::default() };
    let fails = Behaviour { exit_code: 3, ..writes(1_000, 0) };
    let id = scene.submit_as(definition, fails, &json!({}));
    pass(Duration::from_secs(2)).await;
    for (container, group, name) in [(None, "/mine", "audit"), (Some("web"), GROUP, "web")] {
        let options = Options { container: container.map(str::to_owned), ..Options::default() };
        scene.logs(&batch_job(&id, BatchJobStatus::default()), &options).await.unwrap();
        let last = scene.core().requests().pop().unwrap();
        assert_eq!(last.body["logGroupName"], group);
        assert!(last.body["logStreamName"].as_str().unwrap().starts_with(&format!("d/{name}/")));
    }
    let other = Options { container: Some("other".to_owned()), ..Options::default() };
    let refused = scene.logs(&batch_job(&id, BatchJobStatus::default()), &other).await.unwrap_err();
    assert_eq!(refused, "there is no container other: the job has web, audit");
}

#[tokio::test(start_paused = true)]
async fn a_definition_may_log_to_another_region() {
    let scene = Scene::new();
    let definition = Definition { log_region: Some("eu-west-1".to_owned()), ..Definition::default() };
    let id = scene.submit_as(definition, writes(1_000, 0), &json!({}));
    pass(Duration::from_secs(2)).await;
    scene.logs(&batch_job(&id, BatchJobStatus::default()), &Options::default()).await.unwrap();
    assert_eq!(scene.lines(), ["started", "done"]);
}

#[tokio::test(start_paused = true)]
async fn a_job_on_eks_says_where_its_log_is_from_the_status_or_from_aws() {
    let scene = Scene::new();
    let definition =
        Definition { containers: Containers::Pod(vec!["c".to_owned()]), ..Definition::default() };
    let id = scene.submit_as(definition, writes(60_000, 0), &json!({}));
    pass(Duration::from_secs(1)).await;
    scene.logs(&batch_job(&id, BatchJobStatus::default()), &follow()).await.unwrap();
    let pod = format!("aws-batch.{}00000", id.replace('-', ""));
    let command = format!("kubectl logs --namespace batch-jobs {pod} --all-containers --follow");
    assert!(scene.told().ends_with(&command), "{}", scene.told());
    let pod = PodStatus {
        cluster: Some("arn:aws:eks:us-east-1:123456789012:cluster/batch".to_owned()),
        namespace: Some("batch-jobs".to_owned()),
        name: Some("p".to_owned()),
        node: None,
    };
    let status = BatchJobStatus { pod: Some(pod), ..BatchJobStatus::default() };
    let options = Options { container: Some("c".to_owned()), ..Options::default() };
    scene.logs(&batch_job(&id, status), &options).await.unwrap();
    let told = scene.told();
    assert!(
        told.ends_with("cluster/batch. Read it there: kubectl logs --namespace batch-jobs p -c c"),
        "{told}"
    );
    assert_eq!(scene.lines(), [""; 0]);
}
