//! GetCallerIdentity of AWS STS: whose account this is. It speaks AWS's query protocol: a form in, XML out.

use serde_json::{Value, json};

use crate::home::Home;
use crate::reply::Reply;

/// The operation's name.
pub const OPERATION: &str = "GetCallerIdentity";

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Whether the form asks for it.
pub fn is_asked(form: &[u8]) -> bool {
    form.split(|byte| *byte == b'&').any(|pair| pair == b"Action=GetCallerIdentity")
}

/// Who the caller is.
pub fn identity(home: &Home) -> Value {
    let account = &home.account;
    json!({ "Arn": format!("arn:aws:iam::{account}:user/double"), "UserId": "AIDADOUBLE", "Account": account })
}

/// The HTTP status of the reply, and the reply in XML.
pub fn xml(reply: &Reply, request_id: &str) -> (u16, String) {
    match reply {
        Ok(identity) => {
            let member = |name: &str| format!("<{name}>{}</{name}>", escaped(&identity[name]));
            let members = ["Arn", "UserId", "Account"].map(member).concat();
            let result = format!("<{OPERATION}Result>{members}</{OPERATION}Result>");
            let metadata =
                format!("<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>");
            (
                200,
                format!(
                    "<{OPERATION}Response xmlns=\"{NAMESPACE}\">{result}{metadata}</{OPERATION}Response>"
                ),
            )
        }
        Err(refusal) => {
            let kind = if refusal.status < 500 { "Sender" } else { "Receiver" };
            let code = refusal.code.unwrap_or("Unknown");
            let message = escaped(&Value::from(refusal.message.as_str()));
            let error =
                format!("<Error><Type>{kind}</Type><Code>{code}</Code><Message>{message}</Message></Error>");
            let id = format!("<RequestId>{request_id}</RequestId>");
            (refusal.status, format!("<ErrorResponse xmlns=\"{NAMESPACE}\">{error}{id}</ErrorResponse>"))
        }
    }
}

fn escaped(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
