//! The log lines of one call.

use super::limits::{Limit, Limits};

pub(super) use tracing::Level;

/// How a line begins that the SDK's panic hook writes before the trap.
const PANIC_PREFIX: &str = "panic: ";

/// Passes a guest's lines on, until it has written too many.
pub(super) struct Log {
    plugin: String,
    lines_left: u64,
    line_bytes: usize,
    dropped: u64,
    last_words: Option<String>,
}

impl Log {
    pub(super) fn new(plugin: &str, limits: &Limits) -> Self {
        Self {
            plugin: plugin.to_owned(),
            lines_left: limits.get(Limit::LogLines),
            line_bytes: limits.size(Limit::LogLineBytes),
            dropped: 0,
            last_words: None,
        }
    }

    /// Writes a line, cut to its limit and on one row. A panic is kept even when the line is one too many.
    pub(super) fn write(&mut self, level: Level, message: &str) {
        // A flood of lines must cost the host little: nothing is copied that nobody reads.
        if self.lines_left == 0 && !message.starts_with(PANIC_PREFIX) {
            self.last_words = None;
            self.dropped += 1;
            return;
        }
        let message = one_row(message, self.line_bytes);
        self.last_words = message.strip_prefix(PANIC_PREFIX).map(str::to_owned);
        if self.lines_left == 0 {
            self.dropped += 1;
            return;
        }
        self.lines_left -= 1;
        let plugin = self.plugin.as_str();
        match level {
            Level::TRACE => tracing::trace!(plugin, "{message}"),
            Level::DEBUG => tracing::debug!(plugin, "{message}"),
            Level::INFO => tracing::info!(plugin, "{message}"),
            Level::WARN => tracing::warn!(plugin, "{message}"),
            Level::ERROR => tracing::error!(plugin, "{message}"),
        }
    }

    /// The message of the panic that the last line told of.
    pub(super) fn last_words(&self) -> Option<&str> {
        self.last_words.as_deref()
    }

    /// Says how many lines were dropped.
    pub(super) fn close(&self) {
        if self.dropped > 0 {
            tracing::warn!(plugin = self.plugin.as_str(), dropped = self.dropped, "log lines dropped");
        }
    }
}

/// At most `bytes` of `text`, without control characters: a guest must not draw on a terminal.
fn one_row(text: &str, bytes: usize) -> String {
    let end = text.floor_char_boundary(bytes);
    text[..end].chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_a_character_and_stay_on_one_row() {
        assert_eq!(one_row("a\nb\u{1b}[1m", 100), "a b [1m");
        assert_eq!(one_row("aé", 2), "a");
        assert_eq!(one_row("aé", 3), "aé");
    }

    #[test]
    fn only_the_last_line_counts_as_last_words() {
        let limits = Limits::default().with(Limit::LogLines, 1).expect("1 is legal");
        let mut log = Log::new("test", &limits);
        log.write(Level::ERROR, "panic: early");
        assert_eq!((log.last_words(), log.dropped), (Some("early"), 0));
        log.write(Level::INFO, "went on");
        assert_eq!(log.last_words(), None);
        log.write(Level::ERROR, "panic: late");
        assert_eq!((log.last_words(), log.dropped), (Some("late"), 2));
    }
}
