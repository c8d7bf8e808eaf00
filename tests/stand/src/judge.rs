//! The judge of "exactly once", from AWS's side: the jobs of each object, by the tag that tells its UID.

use std::collections::BTreeMap;

use batch_double::JobView;

/// The tag that says whose a job is.
pub const TAG_UID: &str = "awsbatch.dev/uid";

/// The UID that the job's tag tells; `none` where it bears none.
pub fn uid_of(job: &JobView) -> &str {
    job.tags.get(TAG_UID).map_or("none", String::as_str)
}

/// Jobs by object.
#[derive(Clone, Debug, Default)]
pub struct Jobs<'a>(BTreeMap<&'a str, Vec<&'a JobView>>);

impl<'a> Jobs<'a> {
    /// All jobs that AWS ever accepted.
    pub fn new(jobs: &'a [JobView]) -> Self {
        let mut of_object: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for job in jobs {
            of_object.entry(uid_of(job)).or_default().push(job);
        }
        Self(of_object)
    }

    /// The jobs of the object.
    pub fn of(&self, uid: &str) -> &[&'a JobView] {
        self.0.get(uid).map(Vec::as_slice).unwrap_or_default()
    }

    /// The objects that AWS has more than one job of, each with its jobs.
    pub fn twice(&self) -> Vec<(&'a str, &[&'a JobView])> {
        let all = self.0.iter().map(|(uid, jobs)| (*uid, jobs.as_slice()));
        all.filter(|(_, jobs)| jobs.len() > 1).collect()
    }

    /// What is wrong, in sentences, where these are all objects, each with the job id that its status names.
    pub fn faults(&self, objects: &[(String, String)]) -> Vec<String> {
        let ids = |uid: &str| self.of(uid).iter().map(|job| job.id.as_str()).collect::<Vec<_>>();
        let wrong = objects.iter().filter(|(uid, id)| ids(uid) != [id.as_str()]);
        let wrong =
            wrong.map(|(uid, id)| format!("{uid} names job {id:?}, and AWS has {:?} of it", ids(uid)));
        let is_of_none = |uid: &&&str| !objects.iter().any(|(of_object, _)| of_object == **uid);
        let of_none = self.0.keys().filter(is_of_none);
        wrong.chain(of_none.map(|uid| format!("AWS has {:?} of {uid}, which is gone", ids(uid)))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(id: &str, uid: &str) -> JobView {
        JobView {
            id: id.to_owned(),
            name: "job".to_owned(),
            queue: "q".to_owned(),
            status: "RUNNING".to_owned(),
            tags: [(TAG_UID.to_owned(), uid.to_owned())].into(),
            created_at: 0,
            is_terminated: false,
            is_cancelled: false,
            request: serde_json::Value::Null,
        }
    }

    #[test]
    fn one_job_of_each_object_is_no_fault_and_everything_else_is() {
        let object = |uid: &str, id: &str| (uid.to_owned(), id.to_owned());
        let jobs = [job("1", "a"), job("2", "b")];
        let faults = |objects: &[(String, String)], jobs: &[JobView]| Jobs::new(jobs).faults(objects).len();
        assert_eq!(faults(&[object("a", "1"), object("b", "2")], &jobs), 0);
        assert_eq!(faults(&[object("a", "1"), object("b", "")], &jobs), 1, "not recorded");
        assert_eq!(faults(&[object("a", "1")], &jobs), 1, "of an object that is gone");
        assert_eq!(faults(&[object("a", "1"), object("c", "3")], &jobs[..1]), 1, "lost");
        let twice = [job("1", "a"), job("2", "a")];
        assert_eq!(faults(&[object("a", "1")], &twice), 1);
        assert_eq!(Jobs::new(&twice).twice().len(), 1);
    }
}
