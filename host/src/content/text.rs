//! One reading of each text, however many look at it.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use crate::diagnostic::Finding;
use crate::yaml::place::Remark;
use crate::yaml::{self, Limits};

/// How much text is remembered at most, in bytes: what is read from it takes several times as much.
const REMEMBERED: usize = 4 << 20;

/// Texts that were read, by their digests: many Zuuls may share a file, and several checks look at one.
#[derive(Default)]
pub struct Known {
    texts: BTreeMap<[u8; 32], Rc<Text>>,
    bytes: usize,
}

/// What a text is as YAML.
pub(super) struct Text {
    /// The first thing that stands against it.
    pub problem: Option<Problem>,
    /// The first document; null if there is none.
    pub document: Value,
}

/// Why nothing can be said of what a text holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// Zuul cannot read it either, or takes one document alone.
    Broken(String),
    /// It is more than this program reads, and Zuul may read it. The code is the reader's.
    NotChecked { code: String, why: String },
}

impl Known {
    pub(super) fn read(&mut self, text: &str) -> Rc<Text> {
        let digest = *blake3::hash(text.as_bytes()).as_bytes();
        if let Some(known) = self.texts.get(&digest) {
            return Rc::clone(known);
        }
        if self.bytes + text.len() > REMEMBERED {
            *self = Self::default();
        }
        self.bytes += text.len();
        let text = Rc::new(Text::read(text));
        self.texts.insert(digest, Rc::clone(&text));
        text
    }
}

impl Text {
    fn read(text: &str) -> Self {
        let (mut problem, mut documents) = (None, Vec::new());
        for reading in yaml::read_as_python(0, text, Limits::default()) {
            let first_line = reading.chunk.first_line;
            let found = reading.remarks.sorted().into_iter().find_map(|it| Problem::of(it, first_line));
            problem = problem.or(found).or_else(|| (!reading.is_whole).then(Problem::not_remembered));
            documents.extend(reading.documents);
        }
        if documents.len() > 1 {
            problem = problem.or_else(|| Some(Problem::Broken("it is more than one document".to_owned())));
        }
        let document = documents.into_iter().next().map(|first| first.value).unwrap_or_default();
        Self { problem, document }
    }
}

impl Problem {
    /// What a remark of the reader means to Zuul, which has PyYAML: that takes the last of two keys, and `.inf`.
    fn of(remark: Remark, first_line: u32) -> Option<Self> {
        let line = remark.place.map_or(first_line, |place| place.line);
        let Finding { code, message, .. } = remark.finding;
        match code.as_str() {
            "YamlSyntax" | "UnknownAnchor" | "ControlCharacter" | "BadMerge" | "BadTag" => {
                Some(Self::Broken(format!("line {line} cannot be read")))
            }
            "TooDeep" | "TooLarge" | "CyclicAlias" => {
                Some(Self::NotChecked { why: format!("line {line}: {message}"), code })
            }
            _ => None,
        }
    }

    /// What ended the reading was left out for all that was told before.
    fn not_remembered() -> Self {
        let why = "too much is wrong with it".to_owned();
        Self::NotChecked { code: "TooManyFindings".to_owned(), why }
    }
}

/// The items of a list; none of what is no list.
pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::remarks::MOST;

    #[test]
    fn a_text_is_read_once_and_not_remembered_for_ever() {
        let mut known = Known::default();
        let first = known.read("a: 1");
        assert!(Rc::ptr_eq(&first, &known.read("a: 1")));
        let large = format!("# {}\nb: 2", "x".repeat(REMEMBERED - 6));
        assert_eq!(known.read(&large).document["b"], 2);
        assert!(!Rc::ptr_eq(&first, &known.read("a: 1")), "it made room");
    }

    /// One text for each code of the reader.
    #[test]
    fn problems_are_what_zuul_cannot_read_or_nobody_checked() {
        for (text, code, expected) in [
            ("a: 1\nb: [\n", "YamlSyntax", "broken: line 2 cannot be read"),
            ("a: *b\n", "UnknownAnchor", "broken: line 1 cannot be read"),
            ("a: 1\nb: \u{1}\n", "ControlCharacter", "broken: line 2 cannot be read"),
            ("a: 1\n<<: x\n", "BadMerge", "broken: line 2 cannot be read"),
            ("a: !!int x\n", "BadTag", "broken: line 1 cannot be read"),
            (&"[".repeat(200), "TooDeep", "TooDeep: line 1: nested more than 100 levels deep"),
            (
                &format!("a: [{}]\n", "1,".repeat(250_001)),
                "TooLarge",
                "TooLarge: line 1: the document has too many commas; nothing from here on was read",
            ),
            (
                "a: 1\nb: &b [*b]\n",
                "CyclicAlias",
                "CyclicAlias: line 2: the alias stands inside of what it stands for",
            ),
            (
                &format!("{}b: [", "a: 1\n".repeat(MOST + 2)),
                "DuplicateKey",
                "TooManyFindings: too much is wrong with it",
            ),
            ("a: 1\na: 2\n", "DuplicateKey", ""),
            ("a: .inf\n", "", ""),
            ("null: 1\n", "BadKey", ""),
            ("a: yes\n", "", ""),
            ("a: 1\n---\nb: 2\n", "", "broken: it is more than one document"),
            ("--- {a: 1}\n", "", ""),
        ] {
            let told =
                yaml::read_as_python(0, text, Limits::default()).flat_map(|reading| reading.remarks.sorted());
            let codes: Vec<String> = told.map(|remark| remark.finding.code).collect();
            assert_eq!(codes.first().map_or("", String::as_str), code, "{text:.30}");
            let said = match Text::read(text).problem {
                Some(Problem::Broken(why)) => format!("broken: {why}"),
                Some(Problem::NotChecked { code, why }) => format!("{code}: {why}"),
                None => String::new(),
            };
            assert_eq!(said, expected, "{text:.30}");
        }
    }
}
