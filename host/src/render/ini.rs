//! The only writer of INI files, in the dialect that Zuul reads: Python's `configparser` with its
//! default interpolation.
//!
//! What goes in comes out again, or it is refused: there is no quoting in this dialect, so a value
//! that would be damaged has no other way to be written. Only `%` is escaped, by doubling it.
//! Findings name section and option, never the value.

use std::collections::BTreeSet;
use std::fmt;

use crate::contract::IniSection;
use crate::diagnostic::{FieldPath, Finding};
use crate::secret::{SecretRef, Segment, Value};

/// An INI file with secrets in it. Does not print them.
#[derive(Clone, PartialEq, Eq)]
pub struct IniText(String);

impl IniText {
    /// The file.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Debug for IniText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IniText({} bytes)", self.0.len())
    }
}

/// Writes a file; `bytes` gives what each secret holds.
///
/// # Errors
/// Everything that cannot be written, at once.
pub fn write(
    sections: &[IniSection],
    bytes: &dyn Fn(&SecretRef) -> Option<Vec<u8>>,
) -> Result<IniText, Vec<Finding>> {
    let mut text = String::new();
    let mut findings = vec![];
    let mut headers = BTreeSet::new();
    for section in sections {
        findings.extend(header_refusal(&section.header, &mut headers));
        let separator = if text.is_empty() { "" } else { "\n" };
        text.push_str(&format!("{separator}[{}]\n", section.header));
        let mut keys = BTreeSet::new();
        for (key, value) in &section.lines {
            if let Some(refusal) = key_refusal(&section.header, key, &mut keys) {
                findings.push(refusal);
                continue;
            }
            match resolve(value, bytes) {
                // The reader lowers keys; written as they are read there is nothing to be surprised at.
                Ok(plain) => text.push_str(&format!("{}={}\n", key.to_lowercase(), plain.replace('%', "%%"))),
                Err(refusal) => findings.push(refusal.finding(&section.header, key, value)),
            }
        }
    }
    if findings.is_empty() { Ok(IniText(text)) } else { Err(findings) }
}

/// What can be said about a file before its secrets are known.
#[must_use]
pub fn check(sections: &[IniSection]) -> Vec<Finding> {
    write(sections, &|_| Some(b"x".to_vec())).err().unwrap_or_default()
}

/// A word of the dialect's own, then a name for sections that have one. Names go into URLs and
/// `ZooKeeper` paths, which leaves them these characters; quotes and brackets are not among them.
fn header_refusal(header: &str, known: &mut BTreeSet<String>) -> Option<Finding> {
    let (word, name) = header.split_once(' ').map_or((header, None), |(word, name)| (word, Some(name)));
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let legal = |text: &str, allowed: &dyn Fn(char) -> bool| !text.is_empty() && text.chars().all(allowed);
    let finding = |message: String| Finding::error("IniSection", FieldPath::root().key(header), message);
    if header == "DEFAULT" {
        let message = "section [DEFAULT] would leak into every other section";
        return Some(finding(message.to_owned()).cure("put its options into the sections that need them"));
    }
    if !legal(word, &lower) || !name.is_none_or(|name| legal(name, &named)) {
        return Some(
            finding(format!("{header:?} cannot be the name of a section"))
                .expected(
                    "a lower-case word, and after one space a name of letters, digits, `.`, `_` and `-`",
                )
                .cure("choose another name"),
        );
    }
    if known.insert(header.to_owned()) {
        return None;
    }
    Some(finding(format!("section [{header}] is there twice")).cure("join them; Zuul would not start"))
}

/// The caller knows where in the object an option was written.
fn at_option(header: &str, key: &str) -> FieldPath {
    FieldPath::root().key(header).key(key)
}

fn key_refusal(header: &str, key: &str, known: &mut BTreeSet<String>) -> Option<Finding> {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let finding = |message: String| Finding::error("IniOption", at_option(header, key), message);
    let begins_well = key.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    if !begins_well || !key.chars().all(legal) {
        return Some(
            finding(format!("{key:?} in section [{header}] cannot be the name of an option"))
                .expected("letters, digits, `_`, `-` and `.`, not beginning with the last two")
                .cure("choose another name"),
        );
    }
    if known.insert(key.to_lowercase()) {
        return None;
    }
    Some(
        finding(format!(
            "option {key} of section [{header}] is there twice; upper and lower case are the same"
        ))
        .cure("keep one; Zuul would not start"),
    )
}

/// Why a value is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Refusal {
    Missing(SecretRef),
    NotText(SecretRef),
    Value(&'static str, &'static str),
}

impl Refusal {
    /// About the Secret when there is one in the value, as that is where the cure has to be applied.
    fn finding(self, header: &str, key: &str, value: &Value) -> Finding {
        let option = format!("option {key} of section [{header}]");
        let at = |finding: Finding, secret: &SecretRef| {
            let path = FieldPath::root().key("data").key(&secret.key);
            Finding { path, ..finding }.about("Secret", &secret.secret)
        };
        let error = |code: &str, message: String| Finding::error(code, at_option(header, key), message);
        match self {
            Self::Missing(secret) => {
                let message = format!("{option} needs the secret {secret}, which is not there");
                at(error("SecretMissing", message).cure("create it, or correct the reference"), &secret)
            }
            Self::NotText(secret) => {
                let message = format!("the secret {secret} for {option} is not UTF-8 text");
                at(error("IniValue", message).cure("store text in it"), &secret)
            }
            Self::Value(what, cure) => {
                let message = format!("{option} cannot be written into an INI file: its value {what}");
                let finding = error("IniValue", message).cure(cure);
                match value.secrets().next() {
                    Some(secret) => at(finding, secret),
                    None => finding,
                }
            }
        }
    }
}

fn resolve(value: &Value, bytes: &dyn Fn(&SecretRef) -> Option<Vec<u8>>) -> Result<String, Refusal> {
    let mut plain = String::new();
    for segment in &value.0 {
        match segment {
            Segment::Text(text) => plain.push_str(text),
            Segment::Secret(secret) => {
                let bytes = bytes(secret).ok_or_else(|| Refusal::Missing(secret.clone()))?;
                let text = str::from_utf8(&bytes).map_err(|_| Refusal::NotText(secret.clone()))?;
                // People make Secrets with `echo` and with editors, which end a file with a newline.
                // No password ends with one; a second one is somebody's intention, and refused.
                plain.push_str(text.strip_suffix('\n').unwrap_or(text));
            }
        }
    }
    match refusal(&plain) {
        Some(refusal) => Err(refusal),
        None => Ok(plain),
    }
}

/// Why a complete value would not be read back as it is.
fn refusal(value: &str) -> Option<Refusal> {
    let outer = |c: Option<char>| c.is_some_and(is_python_space);
    let (what, cure) = if value.is_empty() {
        ("is empty", "leave the option out")
    } else if value.contains(['\n', '\r']) {
        (
            "contains a line break",
            "if Zuul opens a file for this option, mount it; otherwise use a value of one line",
        )
    } else if value.chars().any(char::is_control) {
        ("contains a control character", "remove it")
    } else if value.contains('\u{feff}') {
        ("contains a byte order mark", "save it as UTF-8 without one")
    } else if outer(value.chars().next()) || outer(value.chars().next_back()) {
        ("begins or ends with white space, which Zuul would strip", "remove it")
    } else {
        return None;
    };
    Some(Refusal::Value(what, cure))
}

/// What Python's `str.strip()` takes away: Unicode's white space and four separators more.
fn is_python_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(header: &str, lines: &[(&str, &str)]) -> IniSection {
        let lines = lines.iter().map(|(key, value)| ((*key).to_owned(), Value::text(*value))).collect();
        IniSection { header: header.to_owned(), lines }
    }

    fn with_secret(stored: &[u8]) -> Result<String, Vec<Finding>> {
        let value = Value(vec![
            Segment::Text("postgresql://zuul:".into()),
            Segment::Secret(SecretRef::new("db", "password")),
        ]);
        let sections = [IniSection { header: "database".into(), lines: vec![("dburi".into(), value)] }];
        write(&sections, &|_| Some(stored.to_vec())).map(IniText::into_string)
    }

    #[test]
    fn only_percent_is_escaped() {
        let text = write(
            &[section("web", &[("root", "a%b;#\"'${x}")]), section("connection a.b", &[("Driver", "git")])],
            &|_| None,
        );
        assert_eq!(
            text.unwrap().into_string(),
            "[web]\nroot=a%%b;#\"'${x}\n\n[connection a.b]\ndriver=git\n"
        );
    }

    #[test]
    fn one_newline_at_the_end_of_a_secret_is_not_part_of_it() {
        assert_eq!(with_secret(b"s%t\n").unwrap(), "[database]\ndburi=postgresql://zuul:s%%t\n");
        assert!(with_secret(b"st\n\n").is_err());
        assert!(!check(&[section("a", &[("b", "c\n")])]).is_empty(), "text has no such excuse");
    }

    #[test]
    fn what_is_refused_is_named_and_not_shown() {
        for stored in [&b"hunter2\n[web]"[..], b"hunter2 ", b"hunter2\xff", b"hunter2\0", b"hunter2\xc2\x85"]
        {
            let findings = with_secret(stored).unwrap_err();
            let told = format!("{findings:?}");
            assert!(told.contains("dburi") && told.contains("database"), "{told}");
            assert!(!told.contains("hunter2"), "{told}");
        }
    }

    #[test]
    fn python_strips_more_than_spaces() {
        for c in [' ', '\u{a0}', '\u{2028}', '\u{3000}', '\u{1680}', '\u{205f}', '\u{1c}', '\u{85}'] {
            assert!(!check(&[section("a", &[("b", &format!("{c}x"))])]).is_empty(), "{c:?}");
            assert!(!check(&[section("a", &[("b", &format!("x{c}"))])]).is_empty(), "{c:?}");
        }
        assert!(check(&[section("a", &[("b", "x\u{2028}y z")])]).is_empty());
    }

    #[test]
    fn names_are_checked() {
        for header in
            ["DEFAULT", "", "a]", "a\nb", "connection \"x\"", "connection a b", "Web", "connection "]
        {
            assert_eq!(check(&[section(header, &[])]).len(), 1, "{header:?}");
        }
        for key in ["", "a=b", "a b", "#a", "[a", "a:", "a\n", "ü", "-a"] {
            assert_eq!(check(&[section("a", &[(key, "x")])]).len(), 1, "{key:?}");
        }
        assert_eq!(check(&[section("a", &[("x", "1"), ("X", "2")]), section("a", &[])]).len(), 2);
        assert_eq!(check(&[section("a", &[("b\n", "")])]).len(), 1, "one mistake is one finding");
    }

    #[test]
    fn nothing_prints_a_secret() {
        let text = write(&[section("a", &[("b", "hunter2")])], &|_| None);
        assert_eq!(format!("{text:?}"), "Ok(IniText(14 bytes))");
    }
}
