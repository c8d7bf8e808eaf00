//! Jobs as DescribeJobs may tell of them: members of any length and character, null, missing and unknown, and thousands of
//! attempts and containers. Each is of the right type, so that the answer is read.

use serde_json::{Map, Value, json};
use stand::Dice;

/// What stands where AWS has a short word.
const ODD: [&str; 12] = [
    "",
    " ",
    "x",
    "a b",
    "\n",
    "\r\n\u{1b}[31m",
    "💥",
    "\"\\",
    "\u{2028}\u{202e}",
    "\u{0}",
    "ñ/:#",
    "arn:aws:batch:::/",
];
/// Mostly short, so that ten thousand jobs are read in seconds.
const LENGTHS: [usize; 8] = [1, 1, 1, 1, 2, 7, 60, 300];
/// Longer than any member of a status.
const TOO_LONG: usize = 2_500;
const STATES: [&str; 9] = [
    "SUBMITTED",
    "PENDING",
    "RUNNABLE",
    "STARTING",
    "RUNNING",
    "SUCCEEDED",
    "FAILED",
    "FAILED",
    "OF_ANOTHER_YEAR",
];
const TIMES: [i64; 6] = [0, 1, -1, 1_790_000_000_000, 253_402_300_799_999, i64::MAX];
const NUMBERS: [i32; 6] = [0, 1, 3, 137, i32::MAX, i32::MIN];

/// Numbers by chance; the same seed gives the same ones.
pub struct Chance {
    dice: Dice,
    /// Inside a list of thousands, texts are short, and lists too.
    is_terse: bool,
}

impl Chance {
    /// Of this seed.
    pub fn of(seed: u64) -> Self {
        Self { dice: Dice::new(seed), is_terse: false }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.dice.below(bound)
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        self.dice.pick(choices)
    }

    /// A text for a member.
    pub fn text(&mut self) -> String {
        let (odd, length) = (self.pick(&ODD), self.pick(&LENGTHS));
        let is_too_long = self.below(30) == 0;
        let times = if is_too_long { TOO_LONG } else { length };
        odd.repeat(if self.is_terse { 1 } else { times })
    }

    /// The members, of which some are missing or null, and some that nobody knows.
    fn object(&mut self, members: Vec<(&str, Value)>) -> Value {
        let mut object = Map::new();
        for (member, value) in members {
            match self.below(10) {
                0 => {}
                1 => drop(object.insert(member.to_owned(), Value::Null)),
                _ => drop(object.insert(member.to_owned(), value)),
            }
        }
        if self.below(4) == 0 {
            object.insert("unknownMember".to_owned(), json!({ "a": [null, 1, { "b": self.text() }] }));
        }
        Value::Object(object)
    }

    /// Mostly of few elements, now and then of thousands.
    fn list(&mut self, element: fn(&mut Self) -> Value) -> Value {
        let (was_terse, is_long) = (self.is_terse, self.below(200) == 0);
        let number = if is_long && !was_terse { 2_000 } else { self.below(3) };
        self.is_terse |= is_long;
        let list = (0..number).map(|_| element(self)).collect();
        self.is_terse = was_terse;
        list
    }

    fn container(&mut self) -> Value {
        let members = vec![
            ("name", json!(self.text())),
            ("exitCode", json!(self.pick(&NUMBERS))),
            ("reason", json!(self.text())),
            ("logStreamName", json!(self.text())),
            ("taskArn", json!(self.text())),
            ("image", json!(self.text())),
            ("essential", json!(self.below(2) == 0)),
            ("environment", json!([{ "name": "SECRET", "value": self.text() }])),
            (
                "logConfiguration",
                json!({ "logDriver": "awslogs", "options": {
                "awslogs-group": self.text(), "awslogs-region": self.text() } }),
            ),
        ];
        self.object(members)
    }

    fn ended(&mut self) -> Value {
        let members = vec![
            ("name", json!(self.text())),
            ("exitCode", json!(self.pick(&NUMBERS))),
            ("reason", json!(self.text())),
            ("logStreamName", json!(self.text())),
        ];
        self.object(members)
    }

    fn attempt(&mut self) -> Value {
        let task = json!([{ "taskArn": self.text(), "containers": self.list(Self::ended) }]);
        let members = vec![
            ("container", self.ended()),
            ("taskProperties", task),
            ("startedAt", json!(self.pick(&TIMES))),
            ("stoppedAt", json!(self.pick(&TIMES))),
            ("statusReason", json!(self.text())),
        ];
        self.object(members)
    }

    fn eks_attempt(&mut self) -> Value {
        let members = vec![
            ("containers", self.list(Self::ended)),
            ("initContainers", self.list(Self::ended)),
            ("eksClusterArn", json!(self.text())),
            ("podName", json!(self.text())),
            ("podNamespace", json!(self.text())),
            ("nodeName", json!(self.text())),
            ("startedAt", json!(self.pick(&TIMES))),
            ("stoppedAt", json!(self.pick(&TIMES))),
            ("statusReason", json!(self.text())),
        ];
        self.object(members)
    }

    fn summary(&mut self) -> Value {
        let states: Map<_, _> =
            (0..self.below(30)).map(|_| (self.text(), json!(self.pick(&NUMBERS)))).collect();
        let known = json!({ "FAILED": self.pick(&NUMBERS), "RUNNING": self.pick(&NUMBERS) });
        if self.below(2) == 0 { Value::Object(states) } else { known }
    }

    /// One job; `id` and `tags` are as they are to be.
    pub fn job(&mut self, id: &str, tags: &Value) -> Value {
        let pod = json!({ "containers": self.list(Self::container), "podName": self.text(), "nodeName": self.text(),
            "metadata": { "namespace": self.text() } });
        let task = json!({ "taskProperties": [{ "containers": self.list(Self::container), "taskArn": self.text() }] });
        let mut members = vec![
            ("jobName", json!(self.text())),
            ("jobArn", json!(self.text())),
            ("jobQueue", json!(self.text())),
            ("jobDefinition", json!(self.text())),
            ("statusReason", json!(self.text())),
            ("createdAt", json!(self.pick(&TIMES))),
            ("startedAt", json!(self.pick(&TIMES))),
            ("stoppedAt", json!(self.pick(&TIMES))),
            ("container", self.container()),
            ("attempts", self.list(Self::attempt)),
            ("isCancelled", json!(self.below(2) == 0)),
            ("isTerminated", json!(self.below(2) == 0)),
        ];
        match self.below(4) {
            0 => members.push((
                "arrayProperties",
                json!({ "size": self.pick(&NUMBERS), "statusSummary": self.summary() }),
            )),
            1 => members.push((
                "nodeProperties",
                json!({ "mainNode": self.pick(&NUMBERS), "numNodes": self.pick(&NUMBERS),
                "nodeRangeProperties": [] }),
            )),
            2 => members.extend([
                ("eksProperties", json!({ "podProperties": pod })),
                ("eksAttempts", self.list(Self::eks_attempt)),
            ]),
            _ => members.push(("ecsProperties", task)),
        }
        let mut job = self.object(members);
        job["jobId"] = json!(id);
        job["status"] = json!(self.pick(&STATES));
        job["tags"] = tags.clone();
        job
    }
}
