//! Reads an answer and keeps nothing of it. To build a tree of a thousand jobs would take a fifth of the time that a
//! quiet operator needs.

use std::fmt;
use std::slice::from_ref;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::complete_answer::CompleteAnswer;

/// An object with the list.
pub struct WholeAnswer(pub CompleteAnswer);

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
