//! The calls that end jobs: TerminateJobs and CancelJobs.

use super::client::Aws;
use super::fault;
use super::transmit::Transmit;
use super::whole::Whole;
use crate::batch::{Fault, JobId};

/// The jobs that were not ended, each with the reason.
type Failures = Vec<(JobId, Fault)>;

/// What AWS says of one job: its id, the code, the message.
type Detail = (Option<String>, Option<String>, Option<String>);

impl Aws {
    pub(super) async fn terminate(&self, ids: &[JobId], reason: &str) -> Result<Failures, Fault> {
        let transmit = self.unhurried();
        let call = self.client.terminate_jobs().set_jobs(Some(texts(ids))).reason(reason).customize();
        let call = call.interceptor(transmit.clone()).interceptor(Whole::ERRORS);
        let answer = call.send().await.map_err(|error| fault::sort(&error, &transmit))?;
        failures(answer.errors.into_iter().flatten().map(|e| (e.job, e.code, e.message)), &transmit)
    }

    pub(super) async fn cancel(&self, ids: &[JobId], reason: &str) -> Result<Failures, Fault> {
        let transmit = self.unhurried();
        let call = self.client.cancel_jobs().set_jobs(Some(texts(ids))).reason(reason).customize();
        let call = call.interceptor(transmit.clone()).interceptor(Whole::ERRORS);
        let answer = call.send().await.map_err(|error| fault::sort(&error, &transmit))?;
        failures(answer.errors.into_iter().flatten().map(|e| (e.job, e.code, e.message)), &transmit)
    }
}

fn texts(ids: &[JobId]) -> Vec<String> {
    ids.iter().map(|id| id.as_str().to_owned()).collect()
}

fn failures(details: impl Iterator<Item = Detail>, transmit: &Transmit) -> Result<Failures, Fault> {
    let sorted = details.map(|(job, code, message)| {
        Some((JobId::new(job?)?, fault::sort_one(code.as_deref(), message.as_deref())))
    });
    let failures: Option<Failures> = sorted.collect();
    failures.ok_or_else(|| fault::not_whole("AWS answered with an error of no job", transmit))
}
