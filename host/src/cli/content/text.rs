//! One reading of each text, however many look at it.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use crate::cli::yaml::{self, Limits};

/// How much text is remembered at most, in bytes: what is read from it takes several times as much.
const REMEMBERED: usize = 4 << 20;

/// Texts that were read, by their digests: many Zuuls may share a file, and several checks look at one.
#[derive(Default)]
pub(in crate::cli) struct Known {
    texts: BTreeMap<[u8; 32], Rc<Text>>,
    bytes: usize,
}

/// What a text is as YAML.
pub(super) struct Text {
    /// What the parser stumbles over.
    pub problem: Option<String>,
    /// The first document; null if there is none.
    pub document: Value,
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
            let broken = reading
                .remarks
                .sorted()
                .into_iter()
                .find(|remark| matches!(remark.finding.code.as_str(), "YamlSyntax" | "UnknownAnchor"));
            if let Some(broken) = broken.filter(|_| problem.is_none()) {
                let line = broken.place.map_or(reading.chunk.first_line, |place| place.line);
                problem = Some(format!("line {line} cannot be read"));
            }
            documents.extend(reading.documents);
        }
        if documents.len() > 1 {
            problem = problem.or_else(|| Some("it is more than one document".to_owned()));
        }
        let document = documents.into_iter().next().map(|first| first.value).unwrap_or_default();
        Self { problem, document }
    }
}

/// The items of a list; none of what is no list.
pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_once_and_not_remembered_for_ever() {
        let mut known = Known::default();
        let first = known.read("a: 1");
        assert!(Rc::ptr_eq(&first, &known.read("a: 1")));
        let large = format!("# {}\nb: 2", "x".repeat(REMEMBERED - 6));
        assert_eq!(known.read(&large).document["b"], 2);
        assert!(!Rc::ptr_eq(&first, &known.read("a: 1")), "it made room");
    }

    #[test]
    fn problems_are_lines_and_documents() {
        let problem = |text: &str| Text::read(text).problem.unwrap_or_default();
        assert_eq!(problem("a: 1\nb: [\n"), "line 2 cannot be read");
        assert_eq!(problem("a: 1\n---\nb: 2\n"), "it is more than one document");
        assert_eq!(problem("--- {a: 1}\n"), "");
    }
}
