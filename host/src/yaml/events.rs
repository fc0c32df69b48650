//! The YAML parser's events, with errors and places as this program has them.

use saphyr_parser::{Event, Parser, ScanError, Span, StrInput};

use super::place::{Place, Remark};
use super::syntax;
use crate::diagnostic::{FieldPath, Finding};
use crate::mask::OpenEnd;

/// The parser's events, with errors as remarks.
pub(super) struct Events<'a> {
    parser: Parser<'a, StrInput<'a>>,
    end: OpenEnd,
    /// The lines of the file above the text.
    lines: u32,
    file: usize,
}

impl<'a> Events<'a> {
    /// The events of a text that has `lines` lines of the file above it.
    pub(super) fn new(text: &'a str, lines: u32, file: usize) -> Self {
        Self { parser: Parser::new_from_str(text), end: OpenEnd::of(text), lines, file }
    }

    /// The next event. Behind an error there is none.
    pub(super) fn next(&mut self) -> Result<(Event<'a>, Span), Box<Remark>> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok((self.end.corrected(event, span), span)),
            Some(Err(error)) => Err(Box::new(self.syntax_error(&error))),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn syntax_error(&self, error: &ScanError) -> Remark {
        let line = number(error.marker().line()) + self.lines;
        let column = number(error.marker().col()) + 1;
        let place = Place { line, column, end_line: line, end_column: column };
        Remark::at(self.file, place, syntax::explain(error.info()))
    }

    /// The parser breaks its promise about the order of events.
    pub(super) fn unexpected(&self, span: Span) -> Remark {
        let finding = Finding::error("YamlSyntax", FieldPath::root(), "the document ends too early")
            .cure("complete the document");
        Remark::at(self.file, place(span, self.lines), finding)
    }
}

/// The parser's span, `lines` lines further down.
pub(super) fn place(span: Span, lines: u32) -> Place {
    Place {
        line: number(span.start.line()).max(1) + lines,
        column: number(span.start.col()) + 1,
        end_line: number(span.end.line()).max(1) + lines,
        end_column: number(span.end.col()) + 1,
    }
}

/// A number that a file of any size fits.
pub(super) fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX / 2)
}
