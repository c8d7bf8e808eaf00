//! What the containers of a job write: a function of the job and of the time, like its life.

use super::stream::Place;
use crate::behaviour::Output;
use crate::catalogue::{BATCH_GROUP, Containers};
use crate::container::{ONLY, stream_name};
use crate::job::Shape;
use crate::life::{Life, life, part};
use crate::name::Named;
use crate::world::World;

/// The most lines of one container: a clock that is put forward by years writes no more.
const MOST: i64 = 1_000_000;

/// A container in one attempt.
#[derive(Debug)]
pub struct Writer<'a> {
    output: &'a Output,
    begins: i64,
    ends: Option<i64>,
}

/// Who writes to the stream; `None`: nobody does yet.
pub fn of<'a>(world: &'a World, (region, group, stream): &Place, now: i64) -> Option<Writer<'a>> {
    let [_, container, task] = stream.rsplitn(3, '/').collect::<Vec<_>>().try_into().ok().map(reversed)?;
    let (id, rest) = task.split_at_checked(32)?;
    let (index, number) = rest.split_at_checked(4)?;
    let number = usize::from_str_radix(number, 16).ok()?;
    let dashed = [id.get(..8)?, id.get(8..12)?, id.get(12..16)?, id.get(16..20)?, id.get(20..)?].join("-");
    let job = Named::find(world, &dashed, now)?;
    let index = i32::from_str_radix(index, 16).ok()?;
    let named = match job.job.shape {
        Shape::Single => job,
        Shape::Array(size) | Shape::Nodes(size) => {
            Named { index: Some(index).filter(|index| *index < size), ..job }
        }
    };
    let its_group = named.job.log_groups.get(container).map_or(BATCH_GROUP, String::as_str);
    let its_region = named.job.log_region.as_deref().unwrap_or(&named.job.home.region);
    let is_its =
        stream_name(&named, container, number) == *stream && (its_region, its_group) == (region, group);
    let has_container = match &named.job.containers {
        Containers::One => container == ONLY,
        Containers::Task(together) => together.iter().any(|each| each == container),
        Containers::Pod(_) => false,
    };
    if !is_its || !has_container {
        return None;
    }
    let life = match named.child() {
        Some(_) => part(named.job, &named.part(), now),
        None => life(named.job, now),
    };
    let (begins, ends) = times(&life, number)?;
    Some(Writer { output: &named.job.behaviour.output, begins, ends })
}

fn reversed<T>([last, middle, first]: [T; 3]) -> [T; 3] {
    [first, middle, last]
}

/// When the attempt of that number began, and ended.
fn times(life: &Life, number: usize) -> Option<(i64, Option<i64>)> {
    match life.attempts.get(number) {
        Some(ended) => Some((ended.started_at, Some(ended.stopped_at))),
        None if number == life.attempts.len() && life.status == "RUNNING" => Some((life.started_at?, None)),
        None => None,
    }
}

impl Writer<'_> {
    /// When its attempt began.
    pub fn begins_at(&self) -> i64 {
        self.begins
    }

    /// The lines that it has written by now, with their times, but for the first so many.
    pub fn lines(&self, skip: usize, now: i64) -> impl Iterator<Item = (i64, String)> {
        let Output { first, every_ms, last } = self.output;
        let until = self.ends.unwrap_or(now).min(now);
        let steps = match every_ms {
            ..=0 => 0,
            every => ((until - self.begins) / every).clamp(0, MOST),
        };
        let every = *every_ms;
        let begins = self.begins;
        let ticks = (1..=steps).map(move |step| (begins + step * every, format!("line {step}")));
        let first = first.iter().map(move |line| (begins, line.clone()));
        let last = self.ends.into_iter().flat_map(move |at| last.iter().map(move |line| (at, line.clone())));
        let all: Vec<_> = first.chain(ticks).chain(last).skip(skip).collect();
        all.into_iter()
    }
}
