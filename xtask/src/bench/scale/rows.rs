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

/// Names the figures, in the order of the table.
macro_rules! rows {
    ($($name:ident: $key:literal, $words:literal, $decimals:literal;)*) => {
        $(pub const $name: Row = Row { key: $key, words: $words, decimals: $decimals };)*
        pub const ROWS: &[Row] = &[$($name),*];
    };
}

rows! {
    BINARY: "binaryMB", "size of the binary, MB", 1;
    IDLE: "idleMiB", "RSS, idle, MiB", 1;
    ACTIVE: "activeMiB", "RSS, all active, MiB", 1;
    ACTIVE_MOST: "activeMostMiB", "RSS, at most until all were active, MiB", 1;
    ACTIVE_AGAIN: "activeAfterRestartMiB", "RSS, all active, after a restart, MiB", 1;
    ACTIVE_AGAIN_MOST: "activeAfterRestartMostMiB", "RSS, all active, after a restart, at most, MiB", 1;
    FINISHED: "finishedMiB", "RSS, all finished, MiB", 1;
    FINISHED_AGAIN: "finishedAfterRestartMiB", "RSS, all finished, after a restart, MiB", 1;
    FINISHED_AGAIN_MOST: "finishedAfterRestartMostMiB", "RSS, all finished, after a restart, at most, MiB", 1;
    ACTIVE_READY: "activeReadySeconds", "start with all active: s until ready", 2;
    ACTIVE_CALL: "activeFirstCallSeconds", "start with all active: s until the first call of AWS", 2;
    FINISHED_READY: "finishedReadySeconds", "start with all finished: s until ready", 2;
    KEPT_AGAIN: "keptMiB", "finished ones added: RSS after a restart, MiB", 1;
    KEPT_AGAIN_MOST: "keptMostMiB", "finished ones added: RSS after a restart, at most, MiB", 1;
    KEPT_READY: "keptReadySeconds", "finished ones added: s until ready", 2;
    QUIET_DESCRIBE: "quietDescribeJobsPerSecond", "nothing moves: DescribeJobs a second", 2;
    QUIET_LIST: "quietListJobsPerSecond", "nothing moves: ListJobs a second", 2;
    QUIET_CALLS: "quietCallsPerSecond", "nothing moves: calls of AWS a second", 2;
    QUIET_WRITES: "quietWritesPerSecond", "nothing moves: writes of BatchJobs and Events a second", 2;
    QUIET_CPU: "quietCpuPercent", "nothing moves: CPU, % of a core", 2;
    CHANGE_READ_P50: "changeReadP50Seconds", "changes in one second: s until the job is described, p50", 2;
    CHANGE_READ_P99: "changeReadP99Seconds", "changes in one second: s until the job is described, p99", 2;
    CHANGE_P50: "changeP50Seconds", "changes in one second: s until the status, p50", 2;
    CHANGE_P99: "changeP99Seconds", "changes in one second: s until the status, p99", 2;
    CHANGE_CALLS: "changeCallsPerSecond", "changes in one second: calls of AWS a second", 2;
    END_READ_P50: "endReadP50Seconds", "all end, 40 a second: s until the job is described, p50", 2;
    END_READ_P99: "endReadP99Seconds", "all end, 40 a second: s until the job is described, p99", 2;
    END_P50: "endP50Seconds", "all end, 40 a second: s until the status, p50", 2;
    END_P99: "endP99Seconds", "all end, 40 a second: s until the status, p99", 2;
    END_CALLS: "endCallsPerSecond", "all end, 40 a second: calls of AWS a second", 2;
    DELETE_TERMINATE: "deleteTerminateJobs", "deletions at once: TerminateJobs calls", 0;
    DELETE_DESCRIBE: "deleteDescribeJobs", "deletions at once: DescribeJobs calls", 0;
    DELETE_LIST: "deleteListJobs", "deletions at once: ListJobs calls", 0;
    DELETE_GONE: "deleteGoneSeconds", "deletions at once: s until all are gone", 1;
    FAILOVER_SUBMIT: "failoverSubmitSeconds", "failover: s until the new leader submits", 1;
    FAILOVER_DESCRIBE: "failoverDescribeJobs", "failover: DescribeJobs calls in the first minute", 0;
    FAILOVER_LIST: "failoverListJobs", "failover: ListJobs calls in the first minute", 0;
    FAILOVER_MOST: "failoverMostSubmitJobs", "failover: SubmitJob calls in a second, at most", 0;
    TWICE: "submittedTwice", "objects with two jobs", 0;
}

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
