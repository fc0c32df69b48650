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
#[must_use]
pub fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for (at, byte) in bytes.iter().enumerate() {
        let is_break = match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        if is_break {
            starts.push(at + 1);
        }
    }
    starts
}

/// The documents of a file. Directives stay with the document that they are for.
#[must_use]
pub fn chunks(text: &str) -> Vec<Chunk<'_>> {
    let starts = line_starts(text);
    let mut found = Vec::new();
    let mut first = 0;
    for (line, &at) in starts.iter().enumerate().skip(1) {
        if is_separator(&text[at..]) && !has_only_directives(&text[starts[first]..at]) {
            found.push(chunk(text, &starts, first, line));
            first = line;
        }
    }
    found.push(chunk(text, &starts, first, starts.len()));
    found
}

fn chunk<'a>(text: &'a str, starts: &[usize], first: usize, behind: usize) -> Chunk<'a> {
    let end = starts.get(behind).copied().unwrap_or(text.len());
    let number = |line: usize| u32::try_from(line).unwrap_or(u32::MAX);
    Chunk { text: &text[starts[first]..end], first_line: number(first + 1), last_line: number(behind) }
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
        let cut: Vec<_> = chunks(text).iter().map(|c| (c.first_line, c.last_line)).collect();
        assert_eq!(cut, [(1, 2), (3, 4), (5, 9)]);
        assert_eq!(chunks("%YAML 1.1\n---\na: 1\n").len(), 1);
        assert_eq!(chunks("").len(), 1);
    }
}
