//! How one id names a job, a child of an array, or a node of a multi-node job. Knows no states.

use crate::job::{Job, Part, Shape};
use crate::world::World;

/// What an id names.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// The place of the job.
    pub place: usize,
    /// The job.
    pub job: &'a Job,
    /// The child or the node; `None`: the job as a whole.
    pub index: Option<i32>,
}

impl<'a> Named<'a> {
    /// What the id names, if AWS tells of it at `now`.
    pub fn find(world: &'a World, id: &str, now: i64) -> Option<Self> {
        let mark = id.find([':', '#']);
        let (whole, part) = id.split_at(mark.unwrap_or(id.len()));
        let place = world.place(whole, now)?;
        let job = world.at(place);
        let index = match (job.shape, part.chars().next()) {
            (_, None) => None,
            (Shape::Array(size), Some(':')) | (Shape::Nodes(size), Some('#')) => {
                Some(part[1..].parse::<i32>().ok().filter(|index| (0..size).contains(index))?)
            }
            _ => return None,
        };
        Some(Self { place, job, index })
    }

    /// The child of an array.
    pub fn child(&self) -> Option<i32> {
        self.index.filter(|_| matches!(self.job.shape, Shape::Array(_)))
    }

    /// What sets it apart.
    pub fn part(&self) -> Part<'a> {
        self.child().map_or_else(|| self.job.part(false), |index| self.job.child(index))
    }
}
