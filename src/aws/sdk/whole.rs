//! Reads an answer and keeps nothing of it. To build a tree of a thousand jobs would take a fifth of the time that a
//! quiet operator needs.

use std::fmt;
use std::slice::from_ref;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

/// What an answer has: it is a JSON object with its list, and each element has its members.
#[derive(Clone, Copy, Debug)]
pub struct CompleteAnswer {
    list: &'static str,
    /// Members that every element has, as strings that are not empty.
    members: &'static [&'static str],
    is_optional: bool,
}

impl CompleteAnswer {
    pub const JOBS: Self = Self { list: "jobs", members: &["jobId", "status"], is_optional: false };
    pub const SUMMARIES: Self = Self { list: "jobSummaryList", members: &["jobId"], is_optional: false };
    pub const QUEUES: Self =
        Self { list: "jobQueues", members: &["jobQueueName", "jobQueueArn", "state"], is_optional: false };
    /// For TerminateJobs and CancelJobs. The answers of TerminateJob and CancelJob have no list at all.
    pub const ERRORS: Self = Self { list: "errors", members: &["job"], is_optional: true };

    /// Says what is missing.
    pub fn check(self, body: Option<&[u8]>) -> Result<(), String> {
        let mut json = serde_json::Deserializer::from_slice(body.unwrap_or_default());
        let whole = json.deserialize_map(WholeAnswer(self)).and_then(|()| json.end());
        whole.map_err(|error| format!("the answer of AWS has no complete {}: {error}", self.list))
    }
}

/// An object with the list.
struct WholeAnswer(CompleteAnswer);

impl<'de> Visitor<'de> for WholeAnswer {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self(complete) = self;
        let mut has_list = complete.is_optional;
        while let Some(place) = map.next_key_seed(PlaceAmong(from_ref(&complete.list)))? {
            if place.is_none() {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            map.next_value_seed(WholeList(complete))?;
            has_list = true;
        }
        if has_list { Ok(()) } else { Err(A::Error::missing_field(complete.list)) }
    }
}

/// The list, of which each element is whole.
struct WholeList(CompleteAnswer);

impl<'de> DeserializeSeed<'de> for WholeList {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for WholeList {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the list {}", self.0.list)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while elements.next_element_seed(WholeElement(self.0.members))?.is_some() {}
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        if self.0.is_optional { Ok(()) } else { Err(E::missing_field(self.0.list)) }
    }
}

/// An object with these members.
struct WholeElement(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for WholeElement {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for WholeElement {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object in the list")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self(members) = self;
        let mut found = 0_u8;
        while let Some(place) = map.next_key_seed(PlaceAmong(members))? {
            match place {
                Some(place) => {
                    map.next_value::<FilledText>()?;
                    found |= 1 << place;
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let missing = members.iter().enumerate().find(|(place, _)| found & 1 << place == 0);
        missing.map_or(Ok(()), |(_, member)| Err(A::Error::missing_field(member)))
    }
}

/// The name of a member: its place among these, if it is one of them.
struct PlaceAmong<'a>(&'a [&'static str]);

impl<'de> DeserializeSeed<'de> for PlaceAmong<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for PlaceAmong<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|member| *member == name))
    }
}

/// A string that is not empty.
struct FilledText;

impl<'de> Deserialize<'de> for FilledText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Self)
    }
}

impl Visitor<'_> for FilledText {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string that is not empty")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self, E> {
        if text.is_empty() { Err(E::invalid_length(0, &self)) } else { Ok(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_when_every_element_has_its_members() {
        for (whole, body, expected) in [
            (CompleteAnswer::JOBS, r#"{"jobs":[]}"#, true),
            (CompleteAnswer::JOBS, r#"{"jobs":[{"jobId":"1","status":"RUNNING"}]}"#, true),
            (CompleteAnswer::JOBS, r#"{"jobs":[{"jobId":"1","status":"RUNNING"},{"jobId":"2"}]}"#, false),
            (CompleteAnswer::JOBS, r#"{"jobs":[{"jobId":"","status":"RUNNING"}]}"#, false),
            (CompleteAnswer::JOBS, r#"{"jobs":[null]}"#, false),
            (CompleteAnswer::JOBS, r#"{"jobs":null}"#, false),
            (CompleteAnswer::JOBS, r#"{"jobs":[["1","RUNNING"]]}"#, false),
            (CompleteAnswer::JOBS, r#"{"jobs":[{"jobId":"1","status":"RUNNING"},"2"]}"#, false),
            (
                CompleteAnswer::JOBS,
                r#"{"jobs":[{"jobId":"1","jobName":{"a":[1]},"status":"RUNNING"}],"more":{}}"#,
                true,
            ),
            (CompleteAnswer::JOBS, r#"{"jobs":[]} and more"#, false),
            (CompleteAnswer::JOBS, r#"{"jobs":["#, false),
            (CompleteAnswer::JOBS, "[[]]", false),
            (CompleteAnswer::JOBS, "{}", false),
            (CompleteAnswer::SUMMARIES, r#"{"jobSummaryList":[{"jobId":"1"}]}"#, true),
            (CompleteAnswer::SUMMARIES, r#"{"jobSummaryList":[{"jobId":"\u0031"}]}"#, true),
            (CompleteAnswer::SUMMARIES, r#"{"jobSummaryList":[{"jobId":1}]}"#, false),
            (CompleteAnswer::SUMMARIES, r#"{"jobSummaryList":[{"jobId":null}]}"#, false),
            (CompleteAnswer::SUMMARIES, r#"{"jobSummaryList":[{"jobId":{}}]}"#, false),
            (CompleteAnswer::ERRORS, "{}", true),
            (CompleteAnswer::ERRORS, r#"{"errors":null}"#, true),
            (CompleteAnswer::ERRORS, r#"{"errors":[{"code":"AccessDenied"}]}"#, false),
            (CompleteAnswer::ERRORS, r#"{"errors":{}}"#, false),
            (CompleteAnswer::ERRORS, "[]", false),
            (CompleteAnswer::ERRORS, "", false),
        ] {
            assert_eq!(whole.check(Some(body.as_bytes())).is_ok(), expected, "{whole:?} {body}");
        }
        assert!(CompleteAnswer::ERRORS.check(None).is_err(), "a body that was never read");
    }
}
