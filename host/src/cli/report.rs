//! Findings as text, the way rustc tells them: what, where, an excerpt with a mark, and the cure.

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::characters::printable;
use super::excerpt::{Excerpt, excerpt};
use super::source::Source;
use crate::diagnostic::Severity;
use crate::yaml::place::{Place, Remark};

/// More findings than this are read by nobody.
pub const MOST: usize = 200;

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

impl Count {
    /// Counts.
    #[must_use]
    pub fn of(remarks: &[Remark]) -> Self {
        let number = |severity| remarks.iter().filter(|r| r.finding.severity == severity).count();
        Self {
            errors: number(Severity::Error),
            warnings: number(Severity::Warning),
            notes: number(Severity::Note),
        }
    }

    /// `2 errors, 1 warning in 3 files`.
    #[must_use]
    pub fn summary(self, files: usize) -> String {
        let parts = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let parts: Vec<_> =
            parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| plural(n, word)).collect();
        let what = if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") };
        format!("{what} in {}", plural(files, "file"))
    }
}

fn plural(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

/// The report, without its summary. Every finding ends with an empty line.
#[must_use]
pub fn text(sources: &[Source], remarks: &[Remark], styled: bool) -> String {
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    let mut shown: Vec<_> = remarks.iter().collect();
    if shown.len() > MOST {
        // Errors must not drown.
        shown.sort_by_key(|remark| remark.finding.severity);
    }
    for remark in shown.into_iter().take(MOST) {
        text.push_str(&renderer.render(&[group(sources, remark)]));
        text.push_str("\n\n");
    }
    if let Some(more) = remarks.len().checked_sub(MOST).filter(|more| *more > 0) {
        text.push_str(&format!(
            "... and {more} more findings; correct these first, or see them all with `-o json`\n\n"
        ));
    }
    text
}

fn group<'a>(sources: &'a [Source], remark: &'a Remark) -> Group<'a> {
    let finding = &remark.finding;
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut group =
        Group::with_title(level.primary_title(printable(&finding.message)).id(printable(&finding.code)));
    if let (Some(source), Some(place)) = (remark.file.and_then(|file| sources.get(file)), remark.place) {
        let label = field(remark);
        group = group.elements(located(source, place, label, AnnotationKind::Primary));
    } else {
        group = nowhere(group, remark);
    }
    if let Some((file, place, label)) = &remark.also
        && let Some(source) = sources.get(*file)
    {
        group = group.elements(located(source, *place, label.clone(), AnnotationKind::Context));
    }
    for (name, text) in [("expected", &finding.expected), ("help", &finding.cure)] {
        if !text.is_empty() {
            group = group.element(Level::HELP.with_name(name).message(printable(text)));
        }
    }
    group
}

/// The field, which stands beside the mark.
fn field(remark: &Remark) -> String {
    printable(&remark.finding.path.to_string()).into_owned()
}

/// What is about no file names its object and field instead.
fn nowhere<'a>(group: Group<'a>, remark: &'a Remark) -> Group<'a> {
    let object = &remark.finding.object;
    let words = [object.kind.clone(), object.name.clone(), field(remark)];
    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        group
    } else {
        group.element(Level::NOTE.with_name("about").message(printable(&words.join(" ")).into_owned()))
    }
}

/// A place with its excerpt, if it may be shown; else with the field that is meant.
fn located<'a>(source: &'a Source, place: Place, label: String, kind: AnnotationKind) -> Vec<Element<'a>> {
    let line = place.line as usize;
    let label = Some(label).filter(|label| !label.is_empty());
    if let Some(Excerpt { text, mark }) = excerpt(source, place) {
        let snippet = Snippet::source(text).line_start(line).path(printable(&source.name));
        return vec![snippet.annotation(kind.span(mark).label(label)).into()];
    }
    let origin = Origin::path(printable(&source.name)).line(line).char_column(place.column as usize);
    let field = label.map(|label| Level::NOTE.with_name("field").message(label).into());
    std::iter::once(origin.into()).chain(field).collect()
}
