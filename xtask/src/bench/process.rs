//! A process as /proc shows it: its processor time and its memory.

use std::fs;
use std::process::Command;

use crate::run::Failure;

/// The places of user and system time in `/proc/PID/stat`, counted from the state, which follows the name.
const USER_AND_SYSTEM: [usize; 2] = [11, 12];

/// A running process.
#[derive(Debug)]
pub struct Process {
    pid: u32,
    ticks_per_second: f64,
}

/// Memory in MiB.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Memory {
    /// What it holds: VmRSS.
    pub now: f64,
    /// What it held at most: VmHWM.
    pub most: f64,
}

impl Process {
    /// The one of that id.
    pub fn of(pid: u32) -> Result<Self, Failure> {
        let ticks = Command::new("getconf").arg("CLK_TCK").output()?;
        let ticks_per_second = String::from_utf8(ticks.stdout)?.trim().parse()?;
        Ok(Self { pid, ticks_per_second })
    }

    /// The processor time that it has used, in milliseconds.
    pub fn cpu_ms(&self) -> Result<f64, Failure> {
        let ticks = ticks(&self.read("stat")?).ok_or("/proc/PID/stat has another form than expected")?;
        Ok(ticks / self.ticks_per_second * 1000.0)
    }

    /// Its memory.
    pub fn memory(&self) -> Result<Memory, Failure> {
        let status = self.read("status")?;
        memory(&status).ok_or_else(|| "/proc/PID/status names no VmRSS and VmHWM".into())
    }

    fn read(&self, file: &str) -> Result<String, Failure> {
        let path = format!("/proc/{}/{file}", self.pid);
        fs::read_to_string(&path).map_err(|error| format!("{path}: {error}; the process has ended").into())
    }
}

fn ticks(stat: &str) -> Option<f64> {
    let (_, fields) = stat.rsplit_once(") ")?;
    let fields: Vec<_> = fields.split(' ').collect();
    USER_AND_SYSTEM.into_iter().map(|place| fields.get(place)?.parse::<f64>().ok()).sum()
}

fn memory(status: &str) -> Option<Memory> {
    let mib = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kib = line.split_whitespace().next()?.parse::<f64>().ok()?;
        Some(kib / 1024.0)
    };
    Some(Memory { now: mib("VmRSS:")?, most: mib("VmHWM:")? })
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
    fn memory_is_told_in_mebibytes() {
        let status = "Name:\ta\nVmHWM:\t    3072 kB\nVmRSS:\t    2048 kB\n";
        assert_eq!(memory(status), Some(Memory { now: 2.0, most: 3.0 }));
        assert_eq!(memory("Name:\ta\nVmRSS:\t2048 kB\n"), None);
    }

    #[test]
    fn our_own_process_has_memory_and_time() {
        let own = Process::of(std::process::id()).unwrap();
        let memory = own.memory().unwrap();
        assert!(memory.now > 0.0 && memory.most >= memory.now, "{memory:?}");
        assert!(own.cpu_ms().is_ok());
    }
}
