//! The API server's process: how much processor time it has used.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::run::Failure;

/// The places of user and system time in `/proc/PID/stat`, counted from the state, which follows the name.
const USER_AND_SYSTEM: [usize; 2] = [11, 12];

/// A running kube-apiserver.
#[derive(Debug)]
pub struct Server {
    pid: u32,
    ticks_per_second: f64,
}

impl Server {
    /// The one whose files are in this directory.
    pub fn of(dir: &Path) -> Result<Self, Failure> {
        let mark = format!("--audit-log-path={}", dir.join("audit.log").display());
        let found = fs::read_dir("/proc")?.flatten().find_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            let line = fs::read(entry.path().join("cmdline")).ok()?;
            is_server(&String::from_utf8_lossy(&line), &mark).then_some(pid)
        });
        let pid = found.ok_or("no process of kube-apiserver is found in /proc")?;
        let ticks = Command::new("getconf").arg("CLK_TCK").output()?;
        let ticks_per_second = String::from_utf8(ticks.stdout)?.trim().parse()?;
        Ok(Self { pid, ticks_per_second })
    }

    /// The processor time that it has used, in milliseconds.
    pub fn cpu_ms(&self) -> Result<f64, Failure> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid))?;
        let ticks = ticks(&stat).ok_or("/proc/PID/stat has another form than expected")?;
        Ok(ticks / self.ticks_per_second * 1000.0)
    }
}

/// The shell that keeps the server has the same arguments, behind its own name.
fn is_server(command_line: &str, mark: &str) -> bool {
    let mut arguments = command_line.split('\0');
    arguments.next().is_some_and(|program| program.ends_with("kube-apiserver"))
        && arguments.any(|argument| argument == mark)
}

fn ticks(stat: &str) -> Option<f64> {
    let (_, fields) = stat.rsplit_once(") ")?;
    let fields: Vec<_> = fields.split(' ').collect();
    USER_AND_SYSTEM.into_iter().map(|place| fields.get(place)?.parse::<f64>().ok()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_system_time_are_added_whatever_the_name_of_the_process() {
        let stat = "7 (a ) b) S 1 7 7 0 -1 4194560 10 0 0 0 250 50 0 0 20 0 9 0 1 2 3";
        assert_eq!(ticks(stat), Some(300.0));
        assert_eq!(ticks("7 (a) S 1"), None);
    }

    #[test]
    fn the_shell_around_the_server_is_not_taken_for_it() {
        assert!(is_server(
            "/bin/kube-apiserver\0--a\0--audit-log-path=/x/audit.log\0",
            "--audit-log-path=/x/audit.log"
        ));
        assert!(!is_server(
            "sh\0-c\0/bin/kube-apiserver\0--audit-log-path=/x/audit.log\0",
            "--audit-log-path=/x/audit.log"
        ));
        assert!(!is_server(
            "/bin/kube-apiserver\0--audit-log-path=/y/audit.log\0",
            "--audit-log-path=/x/audit.log"
        ));
    }
}
