//! Cuts a file at its `---` lines before it is parsed, as kubectl does.
//!
//! So a syntax error costs its own document only: the others are still read, and all findings are
//! told at once.

/// One document as text, with what leads to it.
#[derive(Clone, Copy, Debug)]
pub struct Chunk<'a> {
    /// The text, from its `---` on if it has one.
    pub text: &'a str,
    /// The line of the file at which it starts, from one.
    pub first_line: u32,
    /// The last line that belongs to it.
    pub last_line: u32,
}

/// The byte at which each line starts. YAML breaks lines at CR, LF and CR LF.
pub fn line_starts(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let behind_break = |(at, byte): (usize, &u8)| match byte {
        b'\n' => Some(at + 1),
        b'\r' if bytes.get(at + 1) != Some(&b'\n') => Some(at + 1),
        _ => None,
    };
    std::iter::once(0).chain(bytes.iter().enumerate().filter_map(behind_break))
}

/// The lines of a text without their ends.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut starts = line_starts(text).peekable();
    std::iter::from_fn(move || {
        let start = starts.next()?;
        let end = starts.peek().copied().unwrap_or(text.len());
        Some(text[start..end].trim_end_matches(['\n', '\r']))
    })
}

/// The documents of a file, one at a time. Directives stay with the document that they are for.
pub fn chunks(text: &str) -> impl Iterator<Item = Chunk<'_>> {
    let mut starts = line_starts(text).skip(1);
    let (mut first, mut first_line, mut line) = (0, 1, 1);
    let mut is_over = false;
    std::iter::from_fn(move || {
        for at in starts.by_ref() {
            line += 1;
            if is_separator(&text[at..]) && !has_only_directives(&text[first..at]) {
                let chunk = Chunk { text: &text[first..at], first_line, last_line: line - 1 };
                (first, first_line) = (at, line);
                return Some(chunk);
            }
        }
        let last = Chunk { text: &text[first..], first_line, last_line: line };
        (!std::mem::replace(&mut is_over, true)).then_some(last)
    })
}

fn is_separator(text: &str) -> bool {
    text.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']))
}

fn has_only_directives(text: &str) -> bool {
    let mut lines = text.split(['\n', '\r']).map(str::trim_end).filter(|line| !line.is_empty());
    let mut directives = 0;
    let only = lines.all(|line| {
        directives += usize::from(line.starts_with('%'));
        line.starts_with(['%', '#'])
    });
    only && directives > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_cut_at_marks_and_nowhere_else() {
        let text = "a: |\n  ---\n---\nb: 1\r\n--- # three\nc: '\n  ---x'\n---d\n";
        let cut: Vec<_> = chunks(text).map(|c| (c.first_line, c.last_line)).collect();
        assert_eq!(cut, [(1, 2), (3, 4), (5, 9)]);
        assert_eq!(chunks("%YAML 1.1\n---\na: 1\n").count(), 1);
        assert_eq!(chunks("").count(), 1);
    }
}
