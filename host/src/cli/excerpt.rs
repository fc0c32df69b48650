//! The line of a file that a finding is shown at.

use std::ops::Range;

use super::files::Source;
use super::place::Place;

/// A line, and the bytes of it that are underlined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The line, with dots for what is secret, and cut if it is long.
    pub text: String,
    /// What to underline.
    pub mark: Range<usize>,
}

/// Characters that are shown around the mark of a long line.
const AROUND: usize = 60;

/// Longer lines are cut.
const LONG: usize = 160;

/// The first line of a place; `None` where nothing may be shown.
#[must_use]
pub fn excerpt(source: &Source, place: Place) -> Option<Excerpt> {
    if source.hidden.iter().any(|(first, last)| (*first..=*last).contains(&place.line)) {
        return None;
    }
    let line = source.line(place.line);
    let end = if place.end_line > place.line { u32::MAX } else { place.end_column };
    let length = line.chars().count();
    let first = index(place.column).min(length);
    let last = index(end).clamp(first, length);
    let window = if length > LONG {
        first.saturating_sub(AROUND)..last.min(first + AROUND) + AROUND
    } else {
        0..length
    };
    let secret = masked(source, place.line);
    let is_secret = |at: usize| secret.iter().any(|range| range.contains(&at));
    let mut out = Excerpt { text: String::new(), mark: 0..0 };
    if window.start > 0 {
        out.text.push_str("...");
    }
    out.mark.start = out.text.len();
    for (at, character) in line.chars().enumerate().skip(window.start).take(window.len()) {
        if at == first {
            out.mark.start = out.text.len();
        }
        out.text.push(if is_secret(at) { '*' } else { character });
        if at < last {
            out.mark.end = out.text.len();
        }
    }
    if length <= first {
        out.mark.start = out.text.len();
    }
    out.mark.end = out.mark.end.max(out.mark.start);
    if window.end < length {
        out.text.push_str("...");
    }
    Some(out)
}

/// The characters of a line that are secret.
fn masked(source: &Source, line: u32) -> Vec<Range<usize>> {
    let touching = source.masked.iter().filter(|place| (place.line..=place.end_line).contains(&line));
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
    fn secret_values_are_dots() {
        let mut source = Source::new("a", "{user: a, password: hunter2}\nb: c\n");
        source.masked.push(place(1, 21, 28));
        let shown = excerpt(&source, place(1, 8, 9)).expect("an excerpt");
        assert_eq!(shown, Excerpt { text: "{user: a, password: *******}".to_owned(), mark: 7..8 });
        source.hidden.push((2, 2));
        assert_eq!(excerpt(&source, place(2, 1, 2)), None);
    }

    #[test]
    fn long_lines_are_cut_around_the_mark() {
        let line = format!("{}\u{e4}mark{}", "\u{e4}".repeat(5000), "y".repeat(5000));
        let source = Source::new("a", line);
        let shown = excerpt(&source, place(1, 5002, 5006)).expect("an excerpt");
        assert_eq!(&shown.text[shown.mark], "mark");
        assert_eq!(shown.text.chars().count(), 3 + 60 + 4 + 60 + 3);
        let behind = excerpt(&source, place(1, 90_000, 90_001)).expect("an excerpt");
        assert!(behind.mark.is_empty() && behind.mark.start == behind.text.len());
    }
}
