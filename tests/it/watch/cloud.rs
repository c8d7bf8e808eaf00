//! An AWS Batch in memory whose jobs run until they are ended.

use std::collections::BTreeMap;
use std::sync::Mutex;

use aws_batch_operator::aws::{Page, Queue};
use aws_batch_operator::job::{Accepted, Fault, JobId, JobStatus, RemoteJob, Submission};

use crate::plan::remote::job;
use crate::port::Service;

/// The jobs, by id.
#[derive(Default)]
pub struct Cloud(Mutex<BTreeMap<JobId, RemoteJob>>);

impl Cloud {
    pub fn jobs(&self) -> Vec<RemoteJob> {
        self.0.lock().unwrap().values().cloned().collect()
    }

    /// A job with these tags, which somebody submitted.
    pub fn run(&self, name: &str, tags: BTreeMap<String, String>) -> JobId {
        let mut jobs = self.0.lock().unwrap();
        let id = JobId::new(format!("{:08x}-2222-4333-8444-555555555555", jobs.len())).unwrap();
        let running = RemoteJob {
            id: id.clone(),
            name: name.to_owned(),
            tags: tags.into_iter().collect(),
            ..job(JobStatus::Running)
        };
        jobs.insert(id.clone(), running);
        id
    }

    /// How many jobs bear the UID.
    pub fn count(&self, uid: &str) -> usize {
        self.jobs().iter().filter(|job| job.tags.get("awsbatch.dev/uid") == Some(uid)).count()
    }
}

impl Service for Cloud {
    fn submit(&self, submission: &Submission) -> Result<Accepted, Fault> {
        let id = self.run(&submission.name, submission.tags.clone());
        Ok(Accepted { id, arn: None, name: Some(submission.name.clone()) })
    }

    fn describe(&self, ids: &[JobId]) -> Result<Vec<RemoteJob>, Fault> {
        Ok(self.jobs().into_iter().filter(|job| ids.contains(&job.id)).collect())
    }

    fn list(&self, _: &str, name: &str, _: Option<String>) -> Result<Page, Fault> {
        let named = self.jobs().into_iter().filter(|job| job.name == name);
        Ok(Page { jobs: named.map(|job| job.summary()).collect(), next: None })
    }

    fn queues(&self, _: &[String]) -> Result<Vec<Queue>, Fault> {
        Ok(Vec::new())
    }

    fn end(&self, ids: &[JobId]) -> Result<Vec<(JobId, Fault)>, Fault> {
        for job in self.0.lock().unwrap().values_mut().filter(|job| ids.contains(&job.id)) {
            (job.status, job.is_terminated) = (JobStatus::Failed, true);
        }
        Ok(Vec::new())
    }
}
