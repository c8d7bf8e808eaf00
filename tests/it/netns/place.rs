//! Two network namespaces that see each other, and the processes in them. All of it goes when this is dropped.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::roles;

const SERVER: &str = "10.77.0.2";

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// The two namespaces, `{name}-a` for the client and `{name}-b` for the server.
pub struct Place {
    name: String,
}

fn ip(arguments: &str) -> Result<String, String> {
    let output = Command::new("ip").args(arguments.split(' ')).output().map_err(|error| error.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

impl Place {
    /// `None`, with a line that says why, where this process may not make one.
    pub fn make() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("abo{}x{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let (place, a, b) = (Self { name: name.clone() }, format!("{name}-a"), format!("{name}-b"));
        if let Err(error) = ip(&format!("netns add {a}")) {
            println!("skipped: this test needs root and ip(8) ({})", error.trim());
            return None;
        }
        let (mac_a, mac_b) = ("02:00:00:00:00:01", "02:00:00:00:00:02");
        for step in [
            format!("netns add {b}"),
            format!("link add va address {mac_a} netns {a} type veth peer name vb address {mac_b} netns {b}"),
            format!("-n {a} addr add 10.77.0.1/24 dev va"),
            format!("-n {b} addr add {SERVER}/24 dev vb"),
            format!("-n {a} link set va up"),
            format!("-n {b} link set vb up"),
            // With the neighbour known for good, nobody tells the sender that the other side does not answer.
            format!("-n {a} neigh replace {SERVER} lladdr {mac_b} dev va nud permanent"),
            format!("-n {b} neigh replace 10.77.0.1 lladdr {mac_a} dev vb nud permanent"),
        ] {
            ip(&step).unwrap_or_else(|error| panic!("ip {step}: {error}"));
        }
        Some(place)
    }

    /// The server's side does not know its own address any more: what arrives there is dropped, without a word.
    pub fn drop_packets(&self) {
        ip(&format!("-n {}-b addr del {SERVER}/24 dev vb", self.name)).unwrap();
    }

    /// All is as before.
    pub fn let_packets_pass(&self) {
        ip(&format!("-n {}-b addr add {SERVER}/24 dev vb", self.name)).unwrap();
        let neighbour = "10.77.0.1 lladdr 02:00:00:00:00:01 dev vb nud permanent";
        ip(&format!("-n {}-b neigh replace {neighbour}", self.name)).unwrap();
    }

    /// The client's sockets from which bytes may still leave: state and send queue of each, as the kernel tells.
    fn queues(&self) -> Vec<u64> {
        let text = ip(&format!("netns exec {}-a cat /proc/net/tcp", self.name)).unwrap();
        let lines = text.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>());
        // TIME_WAIT sends no data.
        let open = lines.filter(|fields| fields[3] != "06");
        open.map(|fields| u64::from_str_radix(fields[4].split(':').next().unwrap(), 16).unwrap()).collect()
    }

    /// How many of the client's sockets may still send.
    pub fn sockets(&self) -> usize {
        self.queues().len()
    }

    /// Whether the client's kernel holds bytes that nobody has acknowledged.
    pub fn holds_unsent_bytes(&self) -> bool {
        self.queues().iter().any(|queue| *queue > 0)
    }

    /// A server at its address.
    pub fn server(&self) -> Process {
        Process::start(&format!("{}-b", self.name), "server", Duration::ZERO)
    }

    /// A client that has had one answer, and waits for a word.
    pub fn client(&self, timeout: Duration) -> Process {
        self.client_as("client", timeout)
    }

    /// The same in another role.
    pub fn client_as(&self, role: &str, timeout: Duration) -> Process {
        Process::start(&format!("{}-a", self.name), role, timeout)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        for side in ["a", "b"] {
            let _ = ip(&format!("netns del {}-{side}", self.name));
        }
    }
}

/// This test binary, in a role. Killed when dropped.
pub struct Process {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Process {
    fn start(namespace: &str, role: &str, timeout: Duration) -> Self {
        let mut child = Command::new("ip")
            .args(["netns", "exec", namespace])
            .arg(std::env::current_exe().unwrap())
            .args(["netns::roles::play", "--exact", "--ignored", "--nocapture"])
            .env(roles::ROLE, format!("{role} {SERVER}:7000 {}", timeout.as_millis()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (output, lines) = (child.stdout.take().unwrap(), Arc::<Mutex<Vec<String>>>::default());
        let told = lines.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                told.lock().unwrap().push(line);
            }
        });
        Self { child, lines }
    }

    /// What it has said.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    /// Blocks until it has said this.
    pub fn wait_for(&self, text: &str) {
        let begun = Instant::now();
        while !self.lines().iter().any(|line| line.contains(text)) {
            assert!(begun.elapsed() < PATIENCE, "`{text}` was not said: {:?}", self.lines());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Tells it something.
    pub fn say(&mut self, text: &str) {
        writeln!(self.child.stdin.as_ref().unwrap(), "{text}").unwrap();
    }

    /// SIGKILL, now.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
