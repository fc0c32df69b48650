//! `zuul-operator validate`.

use super::args::{Report, Validate};
use super::check::{Checked, check};
use super::plugins;
use super::report::{Count, text};
use super::report_github::github;
use super::report_json::json;
use super::report_sarif::sarif;
use super::run::{Exit, Failure, Streams};
use crate::diagnostic::Severity;

/// Tells all findings at once, on stdout.
pub(super) fn run(args: &Validate, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let plugins = plugins::open(&args.input.plugins)?;
    let checked = check(&args.input, streams, &plugins, &mut |_, _| Vec::new())?;
    let report = tell(&checked, args.output, streams.stdout_styled)?;
    streams.say(&report)?;
    let limit = if args.strict { Severity::Warning } else { Severity::Error };
    Ok(if checked.has(limit) { Exit::Findings } else { Exit::Fine })
}

/// The report, summary included.
///
/// # Errors
/// It cannot be written as JSON.
pub fn tell(checked: &Checked, output: Report, styled: bool) -> Result<String, Failure> {
    let (sources, remarks) = (&checked.sources, &checked.remarks);
    match output {
        Report::Json => Ok(json(sources, remarks)?),
        Report::Sarif => Ok(sarif(sources, remarks)?),
        Report::Github => Ok(github(sources, remarks)),
        Report::Text => {
            let summary = Count::of(remarks).summary(sources.len());
            Ok(format!("{}{summary}\n", text(sources, remarks, styled)))
        }
    }
}
