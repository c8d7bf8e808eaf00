//! The API server's audit log: who asked it for what, so that tests can count requests.
//! Knows nothing of how the log comes about but its policy.

use serde::Deserialize;

use crate::error::Error;

/// Everything once, when it is answered, without bodies; no watches, which do not end, and no health checks.
pub const POLICY: &str = r#"apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules:
  - level: None
    verbs: [watch]
  - level: None
    nonResourceURLs: ["/readyz*", "/livez*", "/healthz*"]
  - level: Metadata
"#;

/// One answered request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// `get`, `list`, `create`, `update`, `patch`, `delete`, `deletecollection`; `get` or `post` without a resource.
    pub verb: String,
    /// The resource's plural, such as `batchjobs`; empty for a path such as `/version`.
    pub resource: String,
    /// Such as `status`; empty for the object itself.
    pub subresource: String,
    /// Empty for what belongs to no namespace.
    pub namespace: String,
    /// Empty for a list; for a create, the name sent.
    pub name: String,
    /// The authenticated user.
    pub user: String,
    /// As the client named itself.
    pub user_agent: String,
    /// The HTTP status of the answer.
    pub code: u16,
}

impl AuditEvent {
    /// Whether the request asked for a change, granted or not.
    pub fn is_write(&self) -> bool {
        matches!(self.verb.as_str(), "create" | "update" | "patch" | "delete" | "deletecollection")
    }
}

/// Reads the log. The last line may be half written, and is then left for the next time.
pub fn parse(log: &str) -> Result<Vec<AuditEvent>, Error> {
    let whole = log.rfind('\n').map_or("", |end| &log[..end]);
    let lines = whole.lines().filter(|line| !line.is_empty());
    lines.map(event).collect()
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Line {
    verb: String,
    user: User,
    user_agent: String,
    object_ref: ObjectRef,
    response_status: ResponseStatus,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct User {
    username: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ObjectRef {
    resource: String,
    subresource: String,
    namespace: String,
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ResponseStatus {
    code: u16,
}

fn event(line: &str) -> Result<AuditEvent, Error> {
    let Line { verb, user, user_agent, object_ref, response_status } =
        serde_json::from_str(line).map_err(Error::Audit)?;
    let ObjectRef { resource, subresource, namespace, name } = object_ref;
    let (user, code) = (user.username, response_status.code);
    Ok(AuditEvent { verb, resource, subresource, namespace, name, user, user_agent, code })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATCH: &str = r#"{"kind":"Event","level":"Metadata","auditID":"1","stage":"ResponseComplete","verb":"patch","user":{"username":"anna"},"userAgent":"tool/1","objectRef":{"resource":"widgets","namespace":"default","name":"a","subresource":"status","apiVersion":"v1"},"responseStatus":{"code":409}}"#;
    const PATH: &str =
        r#"{"verb":"get","userAgent":"kubectl/v1.37","requestURI":"/version","responseStatus":{"code":200}}"#;

    #[test]
    fn an_event_says_who_wanted_what_and_what_came_of_it() {
        let events = parse(&format!("{PATCH}\n")).unwrap();
        let [event] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!((event.verb.as_str(), event.resource.as_str()), ("patch", "widgets"));
        assert_eq!((event.subresource.as_str(), event.name.as_str()), ("status", "a"));
        assert_eq!((event.user_agent.as_str(), event.code), ("tool/1", 409));
        assert!(event.is_write());
    }

    #[test]
    fn a_path_is_no_resource_and_no_write() {
        let events = parse(&format!("{PATH}\n")).unwrap();
        assert_eq!(events[0].resource, "");
        assert!(!events[0].is_write());
    }

    #[test]
    fn half_a_line_is_left_for_later() {
        assert_eq!(parse(&format!("{PATCH}\n{}", &PATH[..20])).unwrap().len(), 1);
        assert_eq!(parse(&PATH[..20]).unwrap(), []);
    }
}
