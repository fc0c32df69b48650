//! One file: its text and its lines.

use std::fmt;

use super::hide::Hidden;
use crate::diagnostic::{FieldPath, Finding};
use crate::yaml::chunk::line_starts;
use crate::yaml::place::{Place, Remark};

/// One line in this many has its start kept: a file of empty lines must not cost many times its size.
const STRIDE: usize = 64;

/// A file. It may hold Secrets, so it is printed without its text.
#[derive(Clone)]
pub struct Source {
    /// As it is shown to people.
    pub name: String,
    text: String,
    /// Where every [`STRIDE`]th line starts.
    starts: Vec<usize>,
    /// What may not be shown of it.
    pub hidden: Hidden,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Source {
    /// A file with a text.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let starts = line_starts(&text).step_by(STRIDE).collect();
        Self { name: name.into(), text, starts, hidden: Hidden::default() }
    }

    /// A file of bytes, with what is wrong if they are no text.
    #[must_use]
    pub fn from_bytes(name: impl Into<String>, mut bytes: Vec<u8>, number: usize) -> (Self, Option<Remark>) {
        if bytes.starts_with(b"\xEF\xBB\xBF") {
            bytes.drain(..3);
        }
        match String::from_utf8(bytes) {
            Ok(text) => (Self::new(name, text), None),
            Err(error) => {
                let place = behind(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
                (Self::new(name, ""), Some(Remark::at(number, place, not_utf8(error.as_bytes()))))
            }
        }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// One line without its end, from one; empty where there is none.
    #[must_use]
    pub fn line(&self, line: u32) -> &str {
        let index = (line as usize).saturating_sub(1);
        let Some(text) = self.starts.get(index / STRIDE).map(|start| &self.text[*start..]) else { return "" };
        let mut starts = line_starts(text).skip(index % STRIDE);
        let Some(start) = starts.next() else { return "" };
        text[start..starts.next().unwrap_or(text.len())].trim_end_matches(['\n', '\r'])
    }

    /// What stands at a place, if it is on one line.
    #[must_use]
    pub fn scalar(&self, place: Place) -> Option<&str> {
        let line = self.line(place.line);
        let byte = |column: u32| {
            let at = (column as usize).checked_sub(1)?;
            line.char_indices().map(|(byte, _)| byte).chain([line.len()]).nth(at)
        };
        (place.line == place.end_line).then_some(())?;
        line.get(byte(place.column)?..byte(place.end_column)?)
    }
}

/// The place behind bytes that are text.
fn behind(bytes: &[u8]) -> Place {
    let text = String::from_utf8_lossy(bytes);
    let (before, start) = line_starts(&text).enumerate().last().unwrap_or_default();
    let number = |number: usize| u32::try_from(number + 1).unwrap_or(u32::MAX);
    let (line, column) = (number(before), number(text[start..].chars().count()));
    Place { line, column, end_line: line, end_column: column }
}

fn not_utf8(bytes: &[u8]) -> Finding {
    let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let message = if utf16 { "the file is UTF-16" } else { "the file is not UTF-8 from here on" };
    Finding::error("NotUtf8", FieldPath::root(), message).cure("save the file as UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_yaml_ends_them() {
        let source = Source::new("a", "one\r\ntwo\rthree\n");
        assert_eq!([1, 2, 3, 4, 9].map(|n| source.line(n)), ["one", "two", "three", "", ""]);
        let many: String = (1..=1000).map(|n| format!("{n}\n")).collect();
        let source = Source::new("a", many);
        let place = Place { line: 12, column: 2, end_line: 12, end_column: 3 };
        assert_eq!(source.scalar(place), Some("2"));
        assert_eq!(source.scalar(Place { end_column: 9, ..place }), None);
        assert_eq!(source.scalar(Place { end_line: 13, ..place }), None);
        assert!((1..=1000).all(|n| source.line(n) == n.to_string()));
    }

    #[test]
    fn bytes_that_are_no_text_have_a_place() {
        let (_, remark) = Source::from_bytes("a", b"\xEF\xBB\xBFa: 1\nb: \xC3\xA9\xFF".to_vec(), 0);
        let place = remark.and_then(|remark| remark.place).expect("a place");
        assert_eq!((place.line, place.column), (2, 5));
        assert!(Source::from_bytes("a", b"\xEF\xBB\xBFa: 1".to_vec(), 0).1.is_none());
    }
}
