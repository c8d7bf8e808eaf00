//! The spec of the flags of `run`.

use aws_batch_operator::api::overrides::{
    ContainerOverrides, KeyValuePair, ResourceRequirement, ResourceType,
};
use aws_batch_operator::api::{ArrayProperties, BatchJobSpec, JobTimeout, RetryStrategy};

use crate::cli::{Pair, Run};

/// What the flags ask for. What only the API server knows to be wrong, it says itself.
pub fn spec(run: &Run) -> BatchJobSpec {
    let seconds = run.timeout.and_then(|timeout| i32::try_from(timeout.as_secs()).ok());
    let parameters = run.parameter.iter().map(|Pair(name, value)| (name.clone(), value.clone())).collect();
    BatchJobSpec {
        job_queue: run.queue.clone(),
        job_definition: run.definition.clone(),
        array_properties: run.array.map(|size| ArrayProperties { size: Some(size) }),
        parameters: (!run.parameter.is_empty()).then_some(parameters),
        container_overrides: overrides(run),
        retry_strategy: run
            .attempts
            .map(|attempts| RetryStrategy { attempts: Some(attempts), evaluate_on_exit: None }),
        timeout: seconds.map(|seconds| JobTimeout { attempt_duration_seconds: Some(seconds) }),
        ..BatchJobSpec::default()
    }
}

/// The overrides of the container; `None` where no flag is about it, as other kinds of definitions take none.
fn overrides(run: &Run) -> Option<ContainerOverrides> {
    let environment: Vec<_> = run.env.iter().map(|Pair(name, value)| variable(name, value)).collect();
    let memory = run.memory.map(|mib| requirement(ResourceType::Memory, mib.to_string()));
    let vcpus = run.vcpus.clone().map(|vcpus| requirement(ResourceType::Vcpu, vcpus));
    let resources: Vec<_> = memory.into_iter().chain(vcpus).collect();
    let overrides = ContainerOverrides {
        command: (!run.command.is_empty()).then(|| run.command.clone()),
        environment: (!environment.is_empty()).then_some(environment),
        resource_requirements: (!resources.is_empty()).then_some(resources),
        ..ContainerOverrides::default()
    };
    (overrides != ContainerOverrides::default()).then_some(overrides)
}

fn variable(name: &str, value: &str) -> KeyValuePair {
    KeyValuePair { name: Some(name.to_owned()), value: Some(value.to_owned()) }
}

fn requirement(type_: ResourceType, value: String) -> ResourceRequirement {
    ResourceRequirement { type_, value }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::json;

    use super::*;
    use crate::cli::{Cli, Command};

    fn typed(flags: &[&str]) -> Result<serde_json::Value, String> {
        let base = ["kubectl-batchjob", "run", "a", "--queue", "q", "--definition", "d"];
        let cli = Cli::try_parse_from(base.iter().chain(flags)).map_err(|error| error.to_string())?;
        let Command::Run(run) = cli.command else { panic!("another command") };
        Ok(serde_json::to_value(spec(&run)).unwrap())
    }

    #[test]
    fn each_flag_is_a_member_and_no_flag_is_none() {
        assert_eq!(typed(&[]), Ok(json!({ "jobQueue": "q", "jobDefinition": "d" })));
        let flags = [
            "--env",
            "A=1",
            "--env",
            "B=x=y",
            "--parameter",
            "in=s3://b/k",
            "--array",
            "3",
            "--memory",
            "2048",
            "--vcpus",
            "0.5",
            "--attempts",
            "2",
            "--timeout",
            "2h",
            "--",
            "echo",
            "--rm",
        ];
        assert_eq!(
            typed(&flags),
            Ok(json!({
                "jobQueue": "q", "jobDefinition": "d", "arrayProperties": { "size": 3 },
                "parameters": { "in": "s3://b/k" },
                "containerOverrides": {
                    "command": ["echo", "--rm"],
                    "environment": [{ "name": "A", "value": "1" }, { "name": "B", "value": "x=y" }],
                    "resourceRequirements": [
                        { "type": "MEMORY", "value": "2048" }, { "type": "VCPU", "value": "0.5" },
                    ],
                },
                "retryStrategy": { "attempts": 2 }, "timeout": { "attemptDurationSeconds": 7200 },
            }))
        );
    }

    #[test]
    fn a_wrong_value_names_its_flag() {
        for (flags, words) in [
            (["--env", "A"], "--env"),
            (["--parameter", "=1"], "--parameter"),
            (["--array", "1"], "--array"),
            (["--memory", "1g"], "--memory"),
            (["--vcpus", "some"], "--vcpus"),
            (["--attempts", "11"], "--attempts"),
            (["--timeout", "30s"], "--timeout"),
        ] {
            assert!(typed(&flags).is_err_and(|error| error.contains(words)), "{flags:?}");
        }
    }
}
