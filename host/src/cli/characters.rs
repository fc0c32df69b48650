//! The characters that YAML forbids, and those that no terminal is to get.

use std::borrow::Cow;

use super::chunk::Chunk;
use super::place::{Place, Remark};
use crate::diagnostic::{FieldPath, Finding};

/// Refuses NUL and other control characters. A NUL would end the file silently, and others would
/// reach the terminal with an excerpt.
pub(super) fn check(file: usize, chunk: Chunk<'_>) -> Result<(), Box<Remark>> {
    let (mut line, mut column, mut previous) = (chunk.first_line, 1, '\0');
    for character in chunk.text.chars() {
        if character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{85}') {
            let message = format!("the control character U+{:04X}", u32::from(character));
            let finding = Finding::error("ControlCharacter", FieldPath::root(), message)
                .cure("write it as an escape inside of double quotes, such as \"\\x00\"");
            let place = Place { line, column, end_line: line, end_column: column + 1 };
            return Err(Box::new(Remark::at(file, place, finding)));
        }
        let ends_line = character == '\r' || (character == '\n' && previous != '\r');
        (line, column) = match character {
            _ if ends_line => (line + 1, 1),
            '\n' => (line, 1),
            _ => (line, column + 1),
        };
        previous = character;
    }
    Ok(())
}

/// A text for people, in which characters that steer a terminal or turn the direction of writing are
/// escaped: names of files and of objects may hold any.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    let escaped = |c: char| if steers(c) { c.escape_default().to_string() } else { c.to_string() };
    Cow::Owned(text.chars().map(escaped).collect())
}

/// Whether a character does more to a terminal than being shown.
pub(super) fn steers(character: char) -> bool {
    let turns = matches!(character, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    character.is_control() || turns || matches!(character, '\u{2028}' | '\u{2029}')
}
