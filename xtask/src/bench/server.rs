//! Which process is the API server.

use std::fs;
use std::path::Path;

use super::process::Process;
use crate::run::Failure;

/// The kube-apiserver whose files are in this directory.
pub fn server_of(dir: &Path) -> Result<Process, Failure> {
    let mark = format!("--audit-log-path={}", dir.join("audit.log").display());
    let found = fs::read_dir("/proc")?.flatten().find_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        is_server(&String::from_utf8_lossy(&line), &mark).then_some(pid)
    });
    Process::of(found.ok_or("no process of kube-apiserver is found in /proc")?)
}

/// The shell that keeps the server has the same arguments, behind its own name.
fn is_server(command_line: &str, mark: &str) -> bool {
    let mut arguments = command_line.split('\0');
    arguments.next().is_some_and(|program| program.ends_with("kube-apiserver"))
        && arguments.any(|argument| argument == mark)
}

#[cfg(test)]
mod tests {
    use super::*;

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
