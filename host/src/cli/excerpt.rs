//! The line of a file that a finding is shown at.

use std::ops::Range;

use super::characters::steers;
use super::source::Source;
use crate::yaml::place::Place;

/// A line, and the bytes of it that are underlined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The line, with asterisks for what is secret.
    pub text: String,
    /// What to underline.
    pub mark: Range<usize>,
}

/// Longer lines are not shown: minified JSON says nothing to people. Others are trimmed to the
/// terminal by the renderer.
const LONGEST: usize = 10_000;

/// The first line of a place; `None` where nothing may be shown.
#[must_use]
pub fn excerpt(source: &Source, place: Place) -> Option<Excerpt> {
    let line = source.line(place.line);
    if source.hidden.is_hidden(place.line) || line.len() > LONGEST {
        return None;
    }
    let end = if place.end_line > place.line { u32::MAX } else { place.end_column };
    let (first, last) = (index(place.column), index(end));
    let secret = masked(source, place.line);
    let mut text = String::new();
    let (mut start, mut behind) = (None, 0);
    for (at, character) in line.chars().enumerate() {
        if at == first {
            start = Some(text.len());
        }
        text.push(match character {
            _ if secret.iter().any(|range| range.contains(&at)) => '*',
            '\t' => '\t',
            _ if steers(character) => char::REPLACEMENT_CHARACTER,
            _ => character,
        });
        if at < last {
            behind = text.len();
        }
    }
    let start = start.unwrap_or(text.len());
    Some(Excerpt { text, mark: start..behind.max(start) })
}

/// The characters of a line that are secret.
fn masked(source: &Source, line: u32) -> Vec<Range<usize>> {
    let text = source.line(line);
    let touching = source.hidden.masked(line).filter(|place| place.is_on(line, text));
    touching
        .map(|place| {
            let start = if place.line == line { index(place.column) } else { 0 };
            let end = if place.end_line == line { index(place.end_column) } else { usize::MAX };
            start..end
        })
        .collect()
}

fn index(column: u32) -> usize {
    (column as usize).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(line: u32, column: u32, end_column: u32) -> Place {
        Place { line, column, end_line: line, end_column }
    }

    #[test]
    fn secret_values_are_asterisks() {
        let mut source = Source::new("a", "{user: a, password: hunter2}\nb: c\n");
        source.hidden.mask(place(1, 21, 28));
        let shown = excerpt(&source, place(1, 8, 9)).expect("an excerpt");
        assert_eq!(shown, Excerpt { text: "{user: a, password: *******}".to_owned(), mark: 7..8 });
        source.hidden.hide(2, 2);
        assert_eq!(excerpt(&source, place(2, 1, 2)), None);
    }

    #[test]
    fn marks_are_bytes_of_the_line_that_is_shown() {
        let source = Source::new("a", "\u{e4}\u{e4} mark x");
        let mark = |place| excerpt(&source, place).map(|shown| shown.mark);
        assert_eq!(mark(place(1, 4, 8)), Some(5..9));
        assert_eq!(mark(place(1, 4, 3)), Some(5..5));
        assert_eq!(mark(place(1, 90, 91)), Some(11..11));
        assert_eq!(mark(place(7, 1, 2)), Some(0..0));
        assert_eq!(excerpt(&Source::new("a", "x".repeat(20_000)), place(1, 1, 2)), None);
    }
}
