//! A kubeconfig with everything inside, so that the file can be moved. JSON is YAML too.
//! Knows nothing of where the file goes.

use serde_json::json;

use crate::certificates::Pair;

/// The kubeconfig of one user.
pub fn kubeconfig(server: &str, authority: &str, user: &Pair) -> String {
    let cluster = json!({ "server": server, "certificate-authority-data": base64(authority) });
    let user = json!({
        "client-certificate-data": base64(&user.certificate),
        "client-key-data": base64(&user.key),
    });
    let config = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "controlplane",
        "clusters": [{ "name": "controlplane", "cluster": cluster }],
        "users": [{ "name": "user", "user": user }],
        "contexts": [{
            "name": "controlplane",
            "context": { "cluster": "controlplane", "user": "user", "namespace": "default" },
        }],
    });
    format!("{config:#}\n")
}

fn base64(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let sextet = (bits >> (18 - 6 * place)) & 63;
            let is_padding = place > chunk.len();
            encoded.push(if is_padding { '=' } else { char::from(ALPHABET[sextet as usize]) });
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads_what_is_left_over() {
        for (text, expected) in
            [("", ""), ("M", "TQ=="), ("Ma", "TWE="), ("Man", "TWFu"), ("Many", "TWFueQ==")]
        {
            assert_eq!(base64(text), expected);
        }
    }

    #[test]
    fn the_context_names_what_is_there() {
        let user = Pair { certificate: "C".to_owned(), key: "K".to_owned() };
        let config: serde_json::Value =
            serde_json::from_str(&kubeconfig("https://127.0.0.1:1", "A", &user)).unwrap();
        assert_eq!(config["contexts"][0]["name"], config["current-context"]);
        assert_eq!(config["contexts"][0]["context"]["user"], config["users"][0]["name"]);
        assert_eq!(config["contexts"][0]["context"]["cluster"], config["clusters"][0]["name"]);
    }
}
