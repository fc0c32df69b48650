//! The log: which lines, in which form, and what may never be in it.

use std::io;

use clap::ValueEnum;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{FilterExt, LevelFilter, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::traces::Traces;

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What is logged, and how.
#[derive(Clone, Copy, Debug)]
pub struct Log<'a> {
    /// Directives as in `RUST_LOG`; without, that variable counts.
    pub filter: Option<&'a str>,
    /// The level if neither is given.
    pub level: &'a str,
    /// The form.
    pub format: LogFormat,
    /// Whether it has colours, as text.
    pub styled: bool,
}

impl Log<'_> {
    /// Begins to log to stderr, and to send spans if they are wanted. In a process that logs already, as in tests, that
    /// goes on.
    ///
    /// # Errors
    /// The filter cannot be read; the sentence says which.
    pub fn start(&self, traces: Option<&Traces>) -> Result<(), String> {
        let variable = std::env::var(EnvFilter::DEFAULT_ENV).ok();
        let _ = self.subscriber(variable.as_deref(), io::stderr, traces)?.try_init();
        Ok(())
    }

    /// What takes the lines, and spans for `traces`, which no filter of the log concerns; `variable` is the content of
    /// `RUST_LOG`.
    ///
    /// # Errors
    /// As [`Log::start`].
    pub fn subscriber<W>(
        &self,
        variable: Option<&str>,
        writer: W,
        traces: Option<&Traces>,
    ) -> Result<impl Subscriber + Send + Sync + use<W>, String>
    where
        W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
    {
        let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(self.styled);
        let lines = match self.format {
            LogFormat::Text => lines.boxed(),
            LogFormat::Json => lines.with_ansi(false).json().flatten_event(true).boxed(),
        };
        // It never hides more than the filter: without saying so, `tracing` would ask about each line again.
        let may_be_logged = filter_fn(may_be_logged).with_max_level_hint(LevelFilter::TRACE);
        let lines = lines.with_filter(may_be_logged.and(self.filter(variable)?)).boxed();
        let layers: Vec<_> = std::iter::once(lines).chain(traces.map(Traces::layer)).collect();
        Ok(tracing_subscriber::registry().with(layers))
    }

    fn filter(&self, variable: Option<&str>) -> Result<EnvFilter, String> {
        let variable = variable.filter(|text| !text.is_empty());
        let (from, text) = match (self.filter, variable) {
            (Some(text), _) => ("the filter of the log", text),
            (None, Some(text)) => (EnvFilter::DEFAULT_ENV, text),
            (None, None) => ("the level of the log", self.level),
        };
        EnvFilter::try_new(text).map_err(|error| format!("{from}: {text:?}: {error}"))
    }
}

/// Libraries that log what they send or receive; no filter turns these lines on.
///
/// kube 5 logs the body of an answer that it cannot read (`client/mod.rs`), at `warn` even, and that may be a
/// Secret. Its objects are in the spans of `api/entry.rs`. Its watcher logs errors as they are for debugging, with the value
/// that could not be read; who watches logs them in words. Nothing else that is linked was found to log bodies or headers; so that
/// it remains without effect if that changes, `trace` is for this program's own lines.
fn may_be_logged(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    if ["kube_client::client", "kube_runtime::watcher"].contains(&target)
        || target.starts_with("kube_client::api")
    {
        return false;
    }
    let is_own = target.split("::").next() == Some(env!("CARGO_CRATE_NAME"));
    is_own || *metadata.level() != Level::TRACE
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: Log<'static> = Log { filter: None, level: "info", format: LogFormat::Text, styled: false };

    fn filter(flag: Option<&'static str>, variable: Option<&str>) -> Result<String, String> {
        Log { filter: flag, ..LOG }.filter(variable).map(|filter| filter.to_string())
    }

    #[test]
    fn the_flag_counts_before_the_variable_and_that_before_the_level() {
        assert_eq!(filter(None, None).as_deref(), Ok("info"));
        assert_eq!(filter(None, Some("")).as_deref(), Ok("info"));
        assert_eq!(filter(None, Some("debug")).as_deref(), Ok("debug"));
        assert_eq!(filter(Some("zuul_operator=trace"), Some("debug")).as_deref(), Ok("zuul_operator=trace"));
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let flag = filter(Some("a=loud"), None).expect_err("no level");
        assert!(flag.starts_with("the filter of the log: \"a=loud\": "), "{flag}");
        let variable = filter(None, Some("a=loud")).expect_err("no level");
        assert!(variable.starts_with("RUST_LOG: "), "{variable}");
    }
}
