//! The figures by name: how each is called in the table and in the file.

/// One figure.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its name in the file.
    pub key: &'static str,
    /// Its words in the table.
    pub words: &'static str,
    /// How many decimals are shown.
    pub decimals: usize,
}

const fn row(key: &'static str, words: &'static str, decimals: usize) -> Row {
    Row { key, words, decimals }
}

pub const BINARY: Row = row("binaryMB", "size of the binary, MB", 1);

pub const IDLE: Row = row("idleMiB", "RSS, idle, MiB", 1);
pub const ACTIVE: Row = row("activeMiB", "RSS, all active, MiB", 1);
pub const ACTIVE_MOST: Row = row("activeMostMiB", "RSS, at most until all were active, MiB", 1);
pub const ACTIVE_AGAIN: Row = row("activeAfterRestartMiB", "RSS, all active, after a restart, MiB", 1);
pub const ACTIVE_AGAIN_MOST: Row =
    row("activeAfterRestartMostMiB", "RSS, all active, after a restart, at most, MiB", 1);
pub const FINISHED: Row = row("finishedMiB", "RSS, all finished, MiB", 1);
pub const FINISHED_AGAIN: Row = row("finishedAfterRestartMiB", "RSS, all finished, after a restart, MiB", 1);
pub const FINISHED_AGAIN_MOST: Row =
    row("finishedAfterRestartMostMiB", "RSS, all finished, after a restart, at most, MiB", 1);

pub const ACTIVE_READY: Row = row("activeReadySeconds", "start with all active: s until ready", 2);
pub const ACTIVE_CALL: Row =
    row("activeFirstCallSeconds", "start with all active: s until the first call of AWS", 2);
pub const FINISHED_READY: Row = row("finishedReadySeconds", "start with all finished: s until ready", 2);

pub const QUIET_DESCRIBE: Row = row("quietDescribeJobsPerSecond", "nothing moves: DescribeJobs a second", 2);
pub const QUIET_LIST: Row = row("quietListJobsPerSecond", "nothing moves: ListJobs a second", 2);
pub const QUIET_CALLS: Row = row("quietCallsPerSecond", "nothing moves: calls of AWS a second", 2);
pub const QUIET_WRITES: Row =
    row("quietWritesPerSecond", "nothing moves: writes of BatchJobs and Events a second", 2);
pub const QUIET_CPU: Row = row("quietCpuPercent", "nothing moves: CPU, % of a core", 2);

pub const CHANGE_P50: Row = row("changeP50Seconds", "changes in one second: s until the status, p50", 2);
pub const CHANGE_P99: Row = row("changeP99Seconds", "changes in one second: s until the status, p99", 2);
pub const CHANGE_CALLS: Row = row("changeCallsPerSecond", "changes in one second: calls of AWS a second", 2);

pub const DELETE_TERMINATE: Row = row("deleteTerminateJobs", "deletions at once: TerminateJobs calls", 0);
pub const DELETE_DESCRIBE: Row = row("deleteDescribeJobs", "deletions at once: DescribeJobs calls", 0);
pub const DELETE_LIST: Row = row("deleteListJobs", "deletions at once: ListJobs calls", 0);
pub const DELETE_GONE: Row = row("deleteGoneSeconds", "deletions at once: s until all are gone", 1);

pub const FAILOVER_SUBMIT: Row = row("failoverSubmitSeconds", "failover: s until the new leader submits", 1);
pub const FAILOVER_DESCRIBE: Row =
    row("failoverDescribeJobs", "failover: DescribeJobs calls in the first minute", 0);
pub const FAILOVER_LIST: Row = row("failoverListJobs", "failover: ListJobs calls in the first minute", 0);
pub const FAILOVER_MOST: Row =
    row("failoverMostSubmitJobs", "failover: SubmitJob calls in a second, at most", 0);
pub const TWICE: Row = row("submittedTwice", "objects with two jobs", 0);

/// All, in the order of the table.
pub const ROWS: [Row; 29] = [
    BINARY,
    IDLE,
    ACTIVE,
    ACTIVE_MOST,
    ACTIVE_AGAIN,
    ACTIVE_AGAIN_MOST,
    FINISHED,
    FINISHED_AGAIN,
    FINISHED_AGAIN_MOST,
    ACTIVE_READY,
    ACTIVE_CALL,
    FINISHED_READY,
    QUIET_DESCRIBE,
    QUIET_LIST,
    QUIET_CALLS,
    QUIET_WRITES,
    QUIET_CPU,
    CHANGE_P50,
    CHANGE_P99,
    CHANGE_CALLS,
    DELETE_TERMINATE,
    DELETE_DESCRIBE,
    DELETE_LIST,
    DELETE_GONE,
    FAILOVER_SUBMIT,
    FAILOVER_DESCRIBE,
    FAILOVER_LIST,
    FAILOVER_MOST,
    TWICE,
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_figure_has_a_name_and_words_of_its_own() {
        let keys: BTreeSet<_> = ROWS.iter().map(|row| row.key).collect();
        let words: BTreeSet<_> = ROWS.iter().map(|row| row.words).collect();
        assert_eq!((keys.len(), words.len()), (ROWS.len(), ROWS.len()));
    }
}
