//! The log of requests: the latest in full, and counters of all. Knows nothing of what they do.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

/// The log keeps at most so many requests; the counters keep all.
const REQUESTS: usize = 200_000;

/// The log keeps at most so many bytes of their bodies.
const BYTES: usize = 256 << 20;

/// One request, as it was answered.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Logged {
    /// Counts up from 1.
    pub seq: u64,
    /// When, in the double's own milliseconds since 1970.
    pub at: i64,
    /// AWS's name of the operation.
    pub operation: &'static str,
    /// `amz-sdk-invocation-id`: the same for all tries of one SDK call.
    pub invocation_id: Option<String>,
    /// `x-amz-date`: what the request was signed with.
    pub signed_at: Option<String>,
    /// The body; null if it was no JSON.
    pub body: Value,
    /// The HTTP status, or the fault that was played.
    pub outcome: String,
    /// The job that was accepted.
    pub job_id: Option<String>,
}

/// One request, as it came.
#[derive(Debug)]
pub struct Entry {
    /// When.
    pub at: i64,
    /// AWS's name of the operation.
    pub operation: &'static str,
    /// `amz-sdk-invocation-id`.
    pub invocation_id: Option<String>,
    /// `x-amz-date`.
    pub signed_at: Option<String>,
    /// The body: parsed only for who asks.
    pub body: Bytes,
    /// The HTTP status, or the fault that was played.
    pub outcome: String,
    /// The job that was accepted.
    pub job_id: Option<String>,
}

/// How many requests there were with one outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Count {
    /// AWS's name of the operation.
    pub operation: &'static str,
    /// The HTTP status, or the fault that was played.
    pub outcome: String,
    /// How many.
    pub count: u64,
}

/// All requests.
#[derive(Debug, Default)]
pub struct Log {
    latest: VecDeque<Entry>,
    bytes: usize,
    written: u64,
    counts: BTreeMap<(&'static str, String), u64>,
}

impl Log {
    /// Writes down a request.
    pub fn write(&mut self, entry: Entry) {
        *self.counts.entry((entry.operation, entry.outcome.clone())).or_default() += 1;
        self.written += 1;
        self.bytes += entry.body.len();
        self.latest.push_back(entry);
        while self.latest.len() > REQUESTS || self.bytes > BYTES {
            let Some(oldest) = self.latest.pop_front() else { break };
            self.bytes -= oldest.body.len();
        }
    }

    /// The latest requests after that number, of that operation if one is named, oldest first.
    pub fn since(&self, seq: u64, operation: Option<&str>) -> Vec<Logged> {
        let before = self.written - u64::try_from(self.latest.len()).unwrap_or(self.written);
        let skipped = usize::try_from(seq.saturating_sub(before)).unwrap_or(usize::MAX);
        let numbered = self.latest.iter().zip(before + 1..).skip(skipped);
        let wanted = numbered.filter(|(entry, _)| operation.is_none_or(|wanted| entry.operation == wanted));
        wanted.map(|(entry, seq)| entry.logged(seq)).collect()
    }

    /// The counters.
    pub fn counts(&self) -> Vec<Count> {
        let count = |((operation, outcome), count): (&(&'static str, String), &u64)| Count {
            operation,
            outcome: outcome.clone(),
            count: *count,
        };
        self.counts.iter().map(count).collect()
    }

    /// How many requests of that operation there were; `None`: of all.
    pub fn count(&self, operation: Option<&str>) -> u64 {
        let counts = self.counts.iter();
        let wanted = counts.filter(|((name, _), _)| operation.is_none_or(|wanted| *name == wanted));
        wanted.map(|(_, count)| count).sum()
    }
}

impl Entry {
    fn logged(&self, seq: u64) -> Logged {
        Logged {
            seq,
            at: self.at,
            operation: self.operation,
            invocation_id: self.invocation_id.clone(),
            signed_at: self.signed_at.clone(),
            body: serde_json::from_slice(&self.body).unwrap_or_default(),
            outcome: self.outcome.clone(),
            job_id: self.job_id.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(operation: &'static str, body: &'static [u8]) -> Entry {
        Entry {
            at: 0,
            operation,
            invocation_id: None,
            signed_at: None,
            body: Bytes::from_static(body),
            outcome: "200".to_owned(),
            job_id: None,
        }
    }

    #[test]
    fn requests_are_read_back_by_number_and_operation() {
        let mut log = Log::default();
        for operation in ["SubmitJob", "ListJobs", "SubmitJob"] {
            log.write(entry(operation, b"{}"));
        }
        let seqs = |seq, operation| log.since(seq, operation).iter().map(|l| l.seq).collect::<Vec<_>>();
        assert_eq!(seqs(0, None), [1, 2, 3]);
        assert_eq!(seqs(1, Some("SubmitJob")), [3]);
        assert_eq!((log.count(Some("SubmitJob")), log.count(None)), (2, 3));
    }

    #[test]
    fn the_log_is_bounded_and_the_counters_are_not() {
        let mut log = Log::default();
        let large = Bytes::from(vec![b'x'; BYTES / 8]);
        for _ in 0..12 {
            log.write(Entry { body: large.clone(), ..entry("SubmitJob", b"") });
        }
        let kept = log.since(0, None);
        assert_eq!((kept.len(), kept[0].seq, log.count(None)), (8, 5, 12));
    }
}
