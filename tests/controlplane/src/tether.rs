//! A child process that cannot outlive its owner, however the owner ends: dropped, panicking, interrupted
//! or killed with SIGKILL. Knows nothing of what the child does.
//!
//! The child runs under a few lines of shell that read from a pipe which only the owner holds. The kernel
//! closes it when the owner is gone, and the shell then does its last duty.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

/// Runs `"$@"`, kills it when the pipe closes, and ends when it has ended.
const RUN: &str = r#"
exec 3<&0 </dev/null
"$@" 3<&- & program=$!
( read -r _ <&3; kill -KILL $program ) 2>/dev/null & watcher=$!
wait $program; code=$?
kill $watcher 2>/dev/null
exit $code
"#;

/// Waits for the pipe to close, then removes directory `$1`, into which dying programs may still write.
const REMOVE: &str = r#"
read -r _
until rm -rf "$1" 2>/dev/null; do sleep 0.1; done
"#;

/// A child that lives as long as this value, at most.
#[derive(Debug)]
pub struct Tether(Child);

impl Tether {
    /// Starts a program with its arguments and the variables set on it; its output, both streams, goes to
    /// `log`. Whatever else the command says is not heeded.
    pub fn run(program: &Command, log: &File) -> io::Result<Self> {
        let mut shell = shell(RUN);
        shell.arg(program.get_program()).args(program.get_args());
        let set = program.get_envs().filter_map(|(name, value)| value.map(|value| (name, value)));
        shell.envs(set);
        shell.stdout(log.try_clone()?).stderr(log.try_clone()?);
        shell.spawn().map(Self)
    }

    /// Removes `dir` when this value goes.
    pub fn remove(dir: &Path) -> io::Result<Self> {
        let mut shell = shell(REMOVE);
        shell.arg(dir).stdout(Stdio::null()).stderr(Stdio::null());
        shell.spawn().map(Self)
    }

    /// Runs these lines of shell when this value goes, with the command's variables; their output is shown.
    pub fn afterwards(script: &str, command: &Command) -> io::Result<Self> {
        let mut shell = shell(&format!("read -r _\n{script}"));
        shell.envs(command.get_envs().filter_map(|(name, value)| value.map(|value| (name, value))));
        shell.spawn().map(Self)
    }

    /// Waits until the program has ended by itself; answers how.
    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        // `Child::wait` would close the pipe, and so end it.
        let pipe = self.0.stdin.take();
        let status = self.0.wait();
        self.0.stdin = pipe;
        status
    }

    /// Whether the program has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Tether {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // Nothing can be done about a failure here, and the kernel has closed the pipe all the same.
        let _ = self.0.wait();
    }
}

/// The shell has a process group of its own: Ctrl-C reaches the owner, who decides.
fn shell(script: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(script).arg(OsStr::new("tether"));
    shell.stdin(Stdio::piped()).process_group(0);
    shell
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::{Read, Seek};

    fn log() -> (std::path::PathBuf, File) {
        let path = std::env::temp_dir().join(format!("tether-{}-{}", std::process::id(), crate::free_port()));
        let log = File::options().create_new(true).read(true).write(true).open(&path).unwrap();
        (path, log)
    }

    #[test]
    fn a_program_has_what_was_set_on_it_and_dies_with_its_tether() {
        let (path, mut log) = log();
        let mut program = Command::new("sh");
        program.args(["-c", "echo $WHERE/$$; exec sleep 1000"]).env("WHERE", "/proc");
        let tether = Tether::run(&program, &log).unwrap();
        let mut process = String::new();
        while !process.ends_with('\n') {
            log.rewind().unwrap();
            process.clear();
            log.read_to_string(&mut process).unwrap();
        }
        let process = Path::new(process.trim());
        assert!(process.starts_with("/proc"), "{process:?}");
        assert!(process.exists());
        drop(tether);
        assert!(!process.exists());
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn waiting_answers_how_a_program_has_ended() {
        let log = File::options().write(true).open("/dev/null").unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 0.2; exit 3"]);
        assert_eq!(Tether::run(&command, &log).unwrap().wait().unwrap().code(), Some(3));
    }

    #[test]
    fn a_program_that_ends_by_itself_is_noticed() {
        let (path, log) = log();
        let mut tether = Tether::run(&Command::new("true"), &log).unwrap();
        while !tether.has_ended() {
            std::thread::yield_now();
        }
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn what_is_to_be_done_afterwards_is_done_afterwards() {
        let (path, _) = log();
        let mut command = Command::new("");
        command.env("FILE", &path);
        let tether = Tether::afterwards("rm \"$FILE\"", &command).unwrap();
        assert!(path.exists());
        drop(tether);
        assert!(!path.exists());
    }

    #[test]
    fn a_directory_goes_with_its_tether() {
        let dir = std::env::temp_dir().join(format!("tethered-{}", std::process::id()));
        fs::create_dir(&dir).unwrap();
        fs::write(dir.join("file"), "").unwrap();
        drop(Tether::remove(&dir).unwrap());
        assert!(!dir.exists());
    }
}
