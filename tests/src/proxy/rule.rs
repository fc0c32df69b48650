//! What is done with which request.

use std::time::Duration;

use super::asked::Asked;
use crate::random::Random;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection ends; the API server never hears of it.
    Lost,
    /// The API server does it, and the connection ends in place of its answer.
    AnswerLost,
    /// It is passed on after this time.
    Slow(Duration),
    /// Answered by this code, and not passed on. A 429 says when to come back: in a second.
    Code(u16),
    /// Answered by 200 and this text, and not passed on.
    Text(String),
    /// Not passed on, and never answered.
    Silence,
    /// Passed on, and never answered.
    AnswerKept,
    /// Passed on; its answer, a watch, ends after so many events.
    EndsAfter(usize),
}

/// Which of the requests that a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Each of them.
    All,
    /// Each nth, from the nth on.
    Every(usize),
    /// The nth alone, from 1.
    Nth(usize),
    /// So many of a hundred, by the proxy's sequence.
    Chance(usize),
}

/// One kind of trouble.
pub struct Rule {
    about: Box<dyn Fn(&Asked) -> bool + Send>,
    which: Which,
    fault: Fault,
    seen: usize,
}

impl Rule {
    /// `fault` befalls `which` of the requests that `about` holds for.
    pub fn new(about: impl Fn(&Asked) -> bool + Send + 'static, which: Which, fault: Fault) -> Self {
        Self { about: Box::new(about), which, fault, seen: 0 }
    }

    pub(super) fn fault(&mut self, asked: &Asked, random: &mut Random) -> Option<Fault> {
        if !(self.about)(asked) {
            return None;
        }
        self.seen += 1;
        let is_meant = match self.which {
            Which::All => true,
            Which::Every(nth) => self.seen.is_multiple_of(nth),
            Which::Nth(nth) => self.seen == nth,
            Which::Chance(percent) => random.below(100) < percent,
        };
        is_meant.then(|| self.fault.clone())
    }
}
