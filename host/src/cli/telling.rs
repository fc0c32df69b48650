//! What says of itself that it is secret: keys, lines, texts.

use crate::secret::has_login;

/// Whether a key says that its value is secret: `password`, `webhook_token`; not `secretName`.
pub(super) fn is_telling(text: &str) -> bool {
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

/// Whether a text gives a telling key a value: `password=x`, `{"token": "x"}`; not a name such as `tenant-tokens`.
pub(super) fn assigns(text: &str) -> bool {
    let is_end = |c: char| c.is_whitespace() || ":=,;{[(\"'&?".contains(c);
    let key = |at: usize| text[..at].trim_end_matches(['"', '\'', ' ']).rsplit(is_end).next();
    text.match_indices([':', '=']).any(|(at, _)| key(at).is_some_and(is_telling))
}

/// A telling line, and how far what it tells of may reach.
struct Telling {
    indent: usize,
    is_item: bool,
    /// The brackets that are still open.
    open: usize,
    /// It ends with its key, so that the value stands below, however far in.
    has_value_below: bool,
}

/// The telling lines of a text, and those below each one that its value may go on in. Nothing is known of the text but
/// its lines: it may be broken, or a file in a file.
pub(super) fn telling_lines<'a>(lines: impl Iterator<Item = (u32, &'a str)>) -> impl Iterator<Item = u32> {
    let mut telling: Option<Telling> = None;
    lines.filter_map(move |(number, line)| {
        let said = line.trim();
        let indent = line.len() - line.trim_start().len();
        let before = telling.take().filter(|before| before.goes_on(said, indent));
        let mut now = match before {
            _ if is_telling(line) || has_login(line) => {
                let indent = before.as_ref().map_or(indent, |before| before.indent.min(indent));
                let open = before.map_or(0, |before| before.open);
                Telling { indent, is_item: is_item(said), open, has_value_below: false }
            }
            before => before?,
        };
        if !said.is_empty() {
            now.has_value_below = said.ends_with(':');
        }
        let count = |brackets: [char; 2]| said.matches(brackets).count();
        now.open = (now.open + count(['[', '{'])).saturating_sub(count([']', '}']));
        telling = Some(now);
        Some(number)
    })
}

impl Telling {
    fn goes_on(&self, line: &str, indent: usize) -> bool {
        let is_in_list = indent == self.indent && !self.is_item && is_item(line);
        line.is_empty() || indent > self.indent || is_in_list || self.open > 0 || self.has_value_below
    }
}

fn is_item(line: &str) -> bool {
    line == "-" || line.starts_with("- ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_texts_tell() {
        assert!(is_telling("webhook_token") && !is_telling("secretName") && !is_telling("user"));
        for text in ["password=x", "a: 1, token : x", "{\"tls_key\": 1}", "https://host/?token=x"] {
            assert!(assigns(text), "{text}");
        }
        for text in ["zuul-token", "https://token.example.org/secret", "secretName: a", "::="] {
            assert!(!assigns(text), "{text}");
        }
    }

    #[test]
    fn a_value_may_go_on_below() {
        for (text, expected) in [
            ("a: 1\ntoken: x\nb: 2", vec![2]),
            ("token: |\n  x\n\n  x\nb: 2", vec![1, 2, 3, 4]),
            ("tokens:\n- x\n- x\nb: 2", vec![1, 2, 3]),
            ("- token: x\n- name: y", vec![1]),
            ("- a: {token: x,\nb: y}\n- name: y", vec![1, 2]),
            ("{\n\"token\":\n\"x\",\n\"b\": 2}", vec![2, 3]),
            ("a: 1\nb: https://zuul:x@host\nc: 1", vec![2]),
        ] {
            assert_eq!(telling_lines((1..).zip(text.lines())).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
