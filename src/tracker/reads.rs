//! The reads that wait, and those that have begun. Each object has at most one, so their number is bounded. Pure.

use std::collections::{BTreeMap, HashSet};

use super::search::Search;
use super::shared_search::SharedSearch;
use crate::fair::FairKeys;
use crate::job::JobId;
use crate::key::Key;
use crate::plan::{Parts, Question};

/// A read for one object.
#[derive(Clone, Debug)]
pub enum Read {
    /// The jobs of the object, by name.
    Jobs(Question),
    /// The job of the object, by id.
    Job(JobId),
    /// The parts of the job.
    Parts(Parts),
}

impl Read {
    /// Whether a decision waits for the answer.
    pub fn is_urgent(&self) -> bool {
        match self {
            Self::Jobs(question) => question.is_urgent,
            Self::Job(_) | Self::Parts(_) => true,
        }
    }
}

/// A read, new or partly done.
#[derive(Debug)]
pub enum Work {
    New(Read),
    /// The searches of many objects of one queue.
    Share(Vec<(Key, Question)>),
    Search(Box<Search>),
    SharedSearch(Box<SharedSearch>),
}

/// All reads.
#[derive(Debug, Default)]
pub struct Reads {
    urgent: FairKeys,
    idle: FairKeys,
    /// In order, so that a shared search is a function of what waits.
    waiting: BTreeMap<Key, Work>,
    /// The objects whose read has begun. Some of these reads wait for their next turn.
    under_way: HashSet<Key>,
}

impl Reads {
    /// Requests a read. Returns false if a read for the object has begun.
    pub fn ask(&mut self, key: Key, read: Read) -> bool {
        if self.under_way.contains(&key) {
            return false;
        }
        if read.is_urgent() {
            self.idle.leave(&key);
            self.urgent.join(key.clone());
        } else if !self.urgent.contains(&key) {
            self.idle.join(key.clone());
        }
        self.waiting.insert(key, Work::New(read));
        true
    }

    /// Forgets the read for a removed object.
    pub fn forget(&mut self, key: &Key) {
        self.urgent.leave(key);
        self.idle.leave(key);
        self.under_way.remove(key);
        if let Some(Work::SharedSearch(search)) = self.waiting.remove(key) {
            self.share_on(search);
        }
    }

    pub fn has_idle(&self) -> bool {
        !self.idle.is_empty()
    }

    /// Takes the next read that a decision waits for.
    pub fn next_urgent(&mut self, fewest: usize) -> Option<(Key, Work)> {
        let key = self.urgent.pop()?;
        self.begin(key, fewest)
    }

    /// Takes the next read that no decision waits for.
    pub fn next_idle(&mut self, fewest: usize) -> Option<(Key, Work)> {
        let key = self.idle.pop()?;
        self.begin(key, fewest)
    }

    /// The read of the object has then begun. So have all searches like it, if there are `fewest` at least.
    fn begin(&mut self, key: Key, fewest: usize) -> Option<(Key, Work)> {
        let work = self.waiting.remove(&key)?;
        self.under_way.insert(key.clone());
        let Work::New(Read::Jobs(question)) = work else { return Some((key, work)) };
        let others = if may_share(&question) { self.like(&key, &question) } else { Vec::new() };
        if others.len() + 1 < fewest {
            return Some((key, Work::New(Read::Jobs(question))));
        }
        let others = others.into_iter().filter_map(|other| self.join_in(other));
        let questions = [(key.clone(), question)].into_iter().chain(others).collect();
        Some((key, Work::Share(questions)))
    }

    /// The objects of the namespace whose search of this queue may be made with that of the object. Namespaces are kept
    /// apart: a crowd of the one holds up no other.
    fn like(&self, key: &Key, asked: &Question) -> Vec<Key> {
        let is_like = |other: &Key, work: &Work| match work {
            Work::New(Read::Jobs(question)) => {
                may_share(question) && (&other.namespace, &question.queue) == (&key.namespace, &asked.queue)
            }
            _ => false,
        };
        let like = self.waiting.iter().filter(|(other, work)| is_like(other, work));
        like.map(|(other, _)| other.clone()).collect()
    }

    fn join_in(&mut self, key: Key) -> Option<(Key, Question)> {
        self.urgent.leave(&key);
        self.idle.leave(&key);
        let Work::New(Read::Jobs(question)) = self.waiting.remove(&key)? else { return None };
        self.under_way.insert(key.clone());
        Some((key, question))
    }

    /// The rest of a search waits in the urgent queue, since a decision may depend on it by now. The search ends here
    /// if its object was forgotten.
    pub fn search_on(&mut self, key: Key, search: Search) {
        if self.under_way.contains(&key) {
            self.urgent.join(key.clone());
            self.waiting.insert(key, Work::Search(Box::new(search)));
        }
    }

    /// The rest of a shared search waits in the place of one of its objects.
    pub fn share_on(&mut self, mut search: Box<SharedSearch>) {
        search.questions.retain(|(key, _)| self.under_way.contains(key));
        if let Some((key, _)) = search.questions.first() {
            self.urgent.join(key.clone());
            self.waiting.insert(key.clone(), Work::SharedSearch(search));
        }
    }

    /// The read has ended. Returns false if the object was forgotten meanwhile.
    pub fn end(&mut self, key: &Key) -> bool {
        self.under_way.remove(key)
    }
}

/// Whether the search may be part of a shared one. It asks for any job, and a decision waits for the answer. Objects for
/// which nothing waits are searched for one a second: what becomes urgent among them must not wait for a long search.
fn may_share(question: &Question) -> bool {
    question.job.is_none() && question.is_urgent
}
