//! What of a file may not be shown in an excerpt.
//!
//! Excerpts end up in the logs of CI jobs. So nothing is shown of Secrets, of lists that hold one, of
//! kinds that we do not know, and of what could not be read but may be a Secret; and values whose
//! key says that they are secret are shown as dots.

use super::files::Source;
use super::object::{Sight, sight};
use super::place::{Children, Document, Node, Place};

/// Marks what may not be shown of a document.
pub fn document(source: &mut Source, document: &Document) {
    let items = document.value.get("items").and_then(serde_json::Value::as_array);
    let shown = match sight(&document.value) {
        Sight::Zuul | Sight::ConfigMap => true,
        Sight::List => items.is_some_and(|items| {
            items.iter().all(|item| matches!(sight(item), Sight::Zuul | Sight::ConfigMap))
        }),
        Sight::Secret | Sight::Other | Sight::None => false,
    };
    if shown {
        mask(&document.node, &mut source.masked);
    } else {
        source.hidden.push(document.lines);
    }
}

/// Marks what may not be shown of documents that could not be read.
pub fn unread(source: &mut Source, unread: &[(u32, u32)]) {
    for &(first, last) in unread {
        let lines = || (first..=last).map(|line| source.line(line));
        // A Secret that a stray `---` cuts in two leaves a part that does not say what it is.
        let is_ours = lines().any(|line| ["kind: Zuul", "kind: ConfigMap"].contains(&line.trim()));
        if !is_ours || lines().any(mentions_secret) {
            source.hidden.push((first, last));
        } else {
            let secret: Vec<u32> = (first..=last).filter(|line| is_telling(source.line(*line))).collect();
            source.hidden.extend(secret.into_iter().map(|line| (line, line)));
        }
    }
}

/// The word `Secret`, or an escape that may hide it.
fn mentions_secret(line: &str) -> bool {
    let word = |(at, found): (usize, &str)| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !letter(line[..at].chars().next_back()) && !letter(line[at + found.len()..].chars().next())
    };
    line.match_indices("Secret").any(word) || line.contains("SecretList") || line.contains("\\u00")
}

/// Hides the values of telling keys, however deep, lists and multi-line texts included.
fn mask(node: &Node, masked: &mut Vec<Place>) {
    match &node.children {
        Children::None => {}
        Children::List(list) => list.iter().for_each(|child| mask(child, masked)),
        Children::Map(map) => {
            for (key, child) in map {
                if is_telling(key) && !is_reference(child) {
                    mask_all(child, masked);
                } else {
                    mask(child, masked);
                }
            }
        }
    }
}

/// `{secretName: …, key: …}` names a secret and holds none.
fn is_reference(node: &Node) -> bool {
    matches!(&node.children, Children::Map(map) if map.keys().all(|key| key == "secretName" || key == "key"))
}

fn mask_all(node: &Node, masked: &mut Vec<Place>) {
    match &node.children {
        Children::None => masked.push(node.value),
        Children::List(list) => list.iter().for_each(|child| mask_all(child, masked)),
        Children::Map(map) => map.values().for_each(|child| mask_all(child, masked)),
    }
}

/// Whether a key says that its value is secret: `password`, `webhook_token`; not `secretName`.
fn is_telling(text: &str) -> bool {
    let text = text.to_lowercase().replace("secretname", "").replace("secret_name", "");
    [
        "password",
        "passwd",
        "passphrase",
        "secret",
        "token",
        "credential",
        "dburi",
        "private_key",
        "privatekey",
        "sshkey",
        "app_key",
        "tls_key",
        "client_key",
        "access_key",
        "keyfile",
    ]
    .iter()
    .any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_found_as_a_word() {
        assert!(mentions_secret("kind: Secret"));
        assert!(mentions_secret("{\"kind\":\"Secret\"}"));
        assert!(!mentions_secret("secretName: a"));
        assert!(is_telling("webhook_token") && !is_telling("secretName") && !is_telling("user"));
    }
}
