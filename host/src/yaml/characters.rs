//! The characters that YAML forbids.

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
