//! The shorthand of the AWS CLI: `size=10`, `command=a,b,environment=[{name=A,value=1}]`. JSON is taken in its place.

use serde_json::{Map, Value};

/// The value of the words behind an option, for a member of this schema.
pub fn value(words: &[String], schema: &Value) -> Result<Value, String> {
    let first = words.first().ok_or("the value is missing")?;
    if first.trim_start().starts_with(['{', '[']) {
        let value = serde_json::from_str(first).map_err(|error| format!("{first}: {error}"))?;
        return typed(value, schema);
    }
    match schema["type"].as_str() {
        Some("array") => {
            let items = words.iter().map(|word| pairs(word));
            typed(Value::Array(items.collect::<Result<_, _>>()?), schema)
        }
        Some("object") => {
            // Several words are one value, as a shell leaves them.
            typed(pairs(&words.join(","))?, schema)
        }
        _ => typed(Value::String(words.join(" ")), schema),
    }
}

fn pairs(text: &str) -> Result<Value, String> {
    let mut reader = Reader { rest: text };
    let members = reader.members(None)?;
    Ok(Value::Object(members))
}

/// Texts as the numbers, truths and lists that the schema asks for.
fn typed(value: Value, schema: &Value) -> Result<Value, String> {
    let kind = schema["type"].as_str();
    match (value, kind) {
        (Value::String(text), Some("integer")) => {
            text.parse::<i64>().map(Value::from).map_err(|_| format!("'{text}' is not a whole number"))
        }
        (Value::String(text), Some("boolean")) => {
            text.parse::<bool>().map(Value::from).map_err(|_| format!("'{text}' is neither true nor false"))
        }
        (Value::Array(items), _) => {
            let items = items.into_iter().map(|item| typed(item, &schema["items"]));
            items.collect::<Result<_, _>>().map(Value::Array)
        }
        (single, Some("array")) => Ok(Value::Array(vec![typed(single, &schema["items"])?])),
        (Value::Object(members), _) => {
            let one = |(name, value): (String, Value)| {
                let below = schema["properties"].get(&name).unwrap_or(&schema["additionalProperties"]);
                Ok::<_, String>((name, typed(value, below)?))
            };
            members.into_iter().map(one).collect::<Result<_, _>>().map(Value::Object)
        }
        (other, _) => Ok(other),
    }
}

/// What is left of the text.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// `a=1,b=2,3` up to `end`.
    fn members(&mut self, end: Option<char>) -> Result<Map<String, Value>, String> {
        let mut members = Map::new();
        loop {
            if self.is_at(end) {
                return Ok(members);
            }
            let (name, rest) =
                self.rest.split_once('=').ok_or_else(|| format!("'{}' lacks a =", self.rest))?;
            self.rest = rest;
            let mut value = self.value()?;
            while self.goes_on() {
                let next = self.value()?;
                value = match value {
                    Value::Array(mut items) => {
                        items.push(next);
                        Value::Array(items)
                    }
                    single => Value::Array(vec![single, next]),
                };
            }
            members.insert(name.trim().to_owned(), value);
            self.rest = self.rest.strip_prefix(',').unwrap_or(self.rest);
        }
    }

    /// Whether a further value of the same member follows: one without a name.
    fn goes_on(&mut self) -> bool {
        let Some(rest) = self.rest.strip_prefix(',') else { return false };
        let item = rest.split([',', ']', '}']).next().unwrap_or_default();
        let has_name = item.contains('=') && !rest.starts_with(['"', '\'']);
        if has_name || item.is_empty() {
            return false;
        }
        self.rest = rest;
        true
    }

    fn value(&mut self) -> Result<Value, String> {
        match self.rest.chars().next() {
            Some('[') => {
                self.rest = &self.rest[1..];
                let mut items = Vec::new();
                while !self.is_at(Some(']')) {
                    if self.rest.is_empty() {
                        return Err("a [ is not closed".to_owned());
                    }
                    items.push(self.value()?);
                    self.rest = self.rest.strip_prefix(',').unwrap_or(self.rest);
                }
                self.rest = &self.rest[1..];
                Ok(Value::Array(items))
            }
            Some('{') => {
                self.rest = &self.rest[1..];
                let members = self.members(Some('}'))?;
                self.rest = &self.rest[1..];
                Ok(Value::Object(members))
            }
            Some(quote @ ('"' | '\'')) => {
                let (text, rest) = self.rest[1..].split_once(quote).ok_or("a quotation is not closed")?;
                self.rest = rest;
                Ok(Value::String(text.to_owned()))
            }
            _ => {
                let length = self.rest.find([',', ']', '}']).unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at(length);
                self.rest = rest;
                Ok(Value::String(text.to_owned()))
            }
        }
    }

    /// Whether this is the end: that sign, or that of the text.
    fn is_at(&self, end: Option<char>) -> bool {
        end.map_or(self.rest.is_empty(), |end| self.rest.starts_with(end))
    }
}
