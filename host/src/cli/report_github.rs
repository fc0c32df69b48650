//! Findings as workflow commands of GitHub, which annotate the lines of a change:
//! `::error file=zuul.yaml,line=3,col=1,title=MissingName::the Zuul has no name`.

use std::fmt::Write;

use super::characters::printable;
use super::source::Source;
use crate::diagnostic::Severity;
use crate::yaml::place::Remark;

/// One line a finding.
#[must_use]
pub fn github(sources: &[Source], remarks: &[Remark]) -> String {
    let mut text = String::new();
    for remark in remarks {
        let finding = &remark.finding;
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let mut properties = Vec::new();
        if let Some(source) = remark.file.and_then(|file| sources.get(file)) {
            properties.push(format!("file={}", property(&source.name)));
        }
        if let Some(place) = remark.place {
            let (line, end, column) = (place.line, place.end_line, place.column);
            properties.push(format!("line={line},endLine={end},col={column}"));
            // Columns are for one line only.
            if line == end {
                properties.push(format!("endColumn={}", place.end_column));
            }
        }
        properties.push(format!("title={}", property(&finding.code)));
        let path = finding.path.to_string();
        let mut message = if path.is_empty() { String::new() } else { format!("{path}: ") };
        message.push_str(&finding.message);
        for (name, words) in [("expected", &finding.expected), ("help", &finding.cure)] {
            if !words.is_empty() {
                let _ = write!(message, "\n{name}: {words}");
            }
        }
        let _ = writeln!(text, "::{command} {}::{}", properties.join(","), data(&message));
    }
    text
}

/// As GitHub's toolkit escapes messages (`@actions/core`, command.ts); nothing else steers who reads the log.
fn data(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(printable).collect();
    lines.join("\n").replace('%', "%25").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{FieldPath, Finding};
    use crate::yaml::place::Place;

    #[test]
    fn nothing_in_a_finding_ends_its_line_or_its_property() {
        let finding =
            Finding::error("Code", FieldPath::spec().key("a"), "50% of it\nis: wrong").cure("mend it");
        let place = Place { line: 3, column: 5, end_line: 3, end_column: 9 };
        let remark = Remark::at(0, place, finding);
        let sources = [Source::new("a,b:c.yaml", "")];
        assert_eq!(
            github(&sources, &[remark]),
            "::error file=a%2Cb%3Ac.yaml,line=3,endLine=3,col=5,endColumn=9,title=Code::spec.a: 50%25 of it%0A\
             is: wrong%0Ahelp: mend it\n"
        );
        let steering = Remark::nowhere(Finding::note("Note", FieldPath::root(), "a\u{1b}[2Jb\r\u{202e}"));
        assert_eq!(github(&[], &[steering]), "::notice title=Note::a\\u{1b}[2Jb\\r\\u{202e}\n");
        let nowhere = Remark::nowhere(Finding::note("Note", FieldPath::root(), "so it is"));
        assert_eq!(github(&[], &[nowhere]), "::notice title=Note::so it is\n");
    }
}
