//! Random cases that are the same in every run: no clock, no seed from outside.

/// Marsaglia's xorshift.
pub struct Random(u64);

impl Random {
    /// `seed` must not be 0.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`, which must not be 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // Only fails where usize is smaller than what is left of the division by one.
        usize::try_from(self.0 % end as u64).unwrap_or_default()
    }

    /// One of `choices`, which must not be empty.
    pub fn one<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// Up to `most` characters of `alphabet`.
    pub fn text(&mut self, alphabet: &[char], most: usize) -> String {
        (0..self.below(most + 1)).map(|_| self.one(alphabet)).collect()
    }
}
