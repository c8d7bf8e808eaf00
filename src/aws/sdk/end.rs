//! The calls that end jobs: TerminateJobs and CancelJobs, or one call for each job if AWS has no bulk calls.

use std::error::Error;
use std::sync::atomic::Ordering;

use aws_sdk_batch::config::http::HttpResponse;
use aws_sdk_batch::error::{ProvideErrorMetadata, SdkError};
use futures::{StreamExt, stream};

use super::client::Aws;
use super::fault;
use super::last_check::LastCheck;
use super::whole::CompleteAnswer;
use crate::job::{EndKind, Fault, JobId};

/// How many single calls run at once.
const AT_ONCE: usize = 5;

/// The jobs that were not ended, each with the reason.
type Failures = Vec<(JobId, Fault)>;

/// An error about one job: its id, the code, the message.
type Detail = (Option<String>, Option<String>, Option<String>);

impl Aws {
    /// Ends the jobs with bulk calls, unless AWS has answered that it has none.
    pub(super) async fn end_all(
        &self,
        kind: EndKind,
        ids: &[JobId],
        reason: &str,
    ) -> Result<Failures, Fault> {
        if !self.has_no_bulk.load(Ordering::Relaxed) {
            let outcome = match kind {
                EndKind::Terminate => self.terminate(ids, reason).await,
                EndKind::Cancel => self.cancel(ids, reason).await,
            };
            if outcome.is_ok() || !self.has_no_bulk.load(Ordering::Relaxed) {
                return outcome;
            }
        }
        let each = stream::iter(ids.to_vec()).map(|id| async move {
            let failure = self.end_one(kind, &id, reason).await.err();
            failure.map(|fault| (id, fault))
        });
        Ok(each.buffer_unordered(AT_ONCE).filter_map(std::future::ready).collect().await)
    }

    async fn terminate(&self, ids: &[JobId], reason: &str) -> Result<Failures, Fault> {
        let last_check = self.unhurried();
        let call = self.client.terminate_jobs().set_jobs(Some(texts(ids))).reason(reason).customize();
        let call = call.interceptor(last_check.clone()).interceptor(CompleteAnswer::ERRORS);
        let answer = call.send().await.map_err(|error| self.bulk_fault(&error, &last_check))?;
        failures(answer.errors.into_iter().flatten().map(|e| (e.job, e.code, e.message)), &last_check)
    }

    async fn cancel(&self, ids: &[JobId], reason: &str) -> Result<Failures, Fault> {
        let last_check = self.unhurried();
        let call = self.client.cancel_jobs().set_jobs(Some(texts(ids))).reason(reason).customize();
        let call = call.interceptor(last_check.clone()).interceptor(CompleteAnswer::ERRORS);
        let answer = call.send().await.map_err(|error| self.bulk_fault(&error, &last_check))?;
        failures(answer.errors.into_iter().flatten().map(|e| (e.job, e.code, e.message)), &last_check)
    }

    /// The fault. Also remembers a service without bulk calls.
    fn bulk_fault<E>(&self, error: &SdkError<E, HttpResponse>, last_check: &LastCheck) -> Fault
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        if fault::is_unknown_operation(error, last_check) {
            tracing::info!("AWS Batch has no bulk calls here: jobs are ended one by one");
            self.has_no_bulk.store(true, Ordering::Relaxed);
        }
        fault::sort(error, last_check)
    }

    async fn end_one(&self, kind: EndKind, id: &JobId, reason: &str) -> Result<(), Fault> {
        let last_check = self.unhurried();
        match kind {
            EndKind::Terminate => {
                let call = self.client.terminate_job().job_id(id.as_str()).reason(reason).customize();
                let call = call.interceptor(last_check.clone()).interceptor(CompleteAnswer::ERRORS);
                call.send().await.map(|_| ()).map_err(|error| fault::sort(&error, &last_check))
            }
            EndKind::Cancel => {
                let call = self.client.cancel_job().job_id(id.as_str()).reason(reason).customize();
                let call = call.interceptor(last_check.clone()).interceptor(CompleteAnswer::ERRORS);
                call.send().await.map(|_| ()).map_err(|error| fault::sort(&error, &last_check))
            }
        }
    }
}

fn texts(ids: &[JobId]) -> Vec<String> {
    ids.iter().map(|id| id.as_str().to_owned()).collect()
}

fn failures(details: impl Iterator<Item = Detail>, last_check: &LastCheck) -> Result<Failures, Fault> {
    let sorted = details.map(|(job, code, message)| {
        Some((JobId::new(job?)?, fault::sort_one(code.as_deref(), message.as_deref())))
    });
    let failures: Option<Failures> = sorted.collect();
    failures.ok_or_else(|| fault::not_whole("AWS answered with an error of no job", last_check))
}
