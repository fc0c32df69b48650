//! Bytes as decisions: each takes the next one, and zero when there is none.

/// What is left of the bytes.
pub struct Choices<'a>(pub &'a [u8]);

impl Choices<'_> {
    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// A number below `end`, which must not be 0.
    pub fn below(&mut self, end: usize) -> usize {
        let low = usize::from(self.byte());
        if end <= 256 { low % end } else { (low << 8 | usize::from(self.byte())) % end }
    }

    /// One of `all`; `None` of nothing.
    pub fn of<'b, T>(&mut self, all: &'b [T]) -> Option<&'b T> {
        if all.is_empty() { None } else { all.get(self.below(all.len())) }
    }

    /// A text, its length first.
    pub fn text(&mut self) -> String {
        let length = usize::from(self.byte() % 64).min(self.0.len());
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        String::from_utf8_lossy(text).into_owned()
    }
}
