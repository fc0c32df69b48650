//! Reads YAML as kubectl reads it, and remembers where everything stood.
//!
//! Whatever is in the file, this ends soon and does not panic: depth, the number of nodes and what
//! aliases may unfold to are limited.

use saphyr_parser::{Event, Parser, ScanError, Span, StrInput};
use serde_json::Value;

use super::build::Builder;
use super::characters;
use super::chunk::{Chunk, chunks, line_starts};
use super::place::{Document, Place, Remark};
use super::syntax;
use crate::diagnostic::{FieldPath, Finding};

/// What may be read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How deeply collections may be nested.
    pub depth: usize,
    /// How many nodes a file may have, those that come from aliases included.
    pub nodes: usize,
    /// How many bytes all scalars of a file may have, those that come from aliases included.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 100, nodes: 1_000_000, bytes: 64 << 20 }
    }
}

/// What was read of a file.
#[derive(Debug, Default)]
pub struct Reading {
    /// The documents that could be read and are not empty.
    pub documents: Vec<Document>,
    /// What is wrong with the file.
    pub remarks: Vec<Remark>,
    /// First and last lines of what could not be read. Nobody knows what is in there, so nobody may
    /// show much of it.
    pub unread: Vec<(u32, u32)>,
}

/// More remarks on one file help nobody.
const MOST_REMARKS: usize = 1000;

/// Reads all documents of a file; `file` is its number in the remarks.
#[must_use]
pub fn read(file: usize, text: &str, limits: Limits) -> Reading {
    let mut reading = Reading::default();
    let mut left = limits;
    for chunk in chunks(text) {
        let room = MOST_REMARKS.saturating_sub(reading.remarks.len());
        let mut builder = Builder::new(file, chunk.first_line - 1, left, room);
        if let Err(remark) = read_chunk(&mut builder, chunk, &mut reading.documents) {
            reading.unread.push((chunk.first_line, chunk.last_line));
            builder.remarks.push(within(*remark, chunk));
        }
        left = builder.left;
        reading.remarks.append(&mut builder.remarks);
    }
    reading
}

/// What is wrong at the very end is shown on the last line, and not in the next document.
fn within(mut remark: Remark, chunk: Chunk<'_>) -> Remark {
    let text = chunk.text.trim_end();
    let starts = line_starts(text);
    let last = chunk.first_line + number(starts.len()) - 1;
    if let Some(place) = remark.place.as_mut().filter(|place| place.line > last) {
        let start = starts.last().copied().unwrap_or_default();
        let column = number(text[start..].chars().count()) + 1;
        *place = Place { line: last, column, end_line: last, end_column: column };
    }
    remark
}

fn read_chunk(
    builder: &mut Builder,
    chunk: Chunk<'_>,
    documents: &mut Vec<Document>,
) -> Result<(), Box<Remark>> {
    characters::check(builder.file, chunk)?;
    let joined = syntax::without_surrogates(chunk.text);
    let mut events =
        Events { parser: Parser::new_from_str(&joined), lines: builder.lines, file: builder.file };
    loop {
        let (event, span) = events.next()?;
        match event {
            Event::StreamEnd => return Ok(()),
            Event::DocumentStart(_) => {
                builder.start_document();
                let root = events.next()?;
                let built = builder.node(&mut events, root, 0)?;
                if built.value != Value::Null {
                    let lines = (chunk.first_line, chunk.last_line);
                    documents.push(Document { value: built.value, node: built.node, lines });
                }
            }
            Event::StreamStart | Event::DocumentEnd | Event::Nothing => {}
            _ => return Err(Box::new(events.unexpected(span))),
        }
    }
}

/// The parser's events, with errors as remarks.
pub(super) struct Events<'a> {
    parser: Parser<'a, StrInput<'a>>,
    lines: u32,
    file: usize,
}

impl<'a> Events<'a> {
    /// The next event. Behind an error there is none.
    pub(super) fn next(&mut self) -> Result<(Event<'a>, Span), Box<Remark>> {
        match self.parser.next_event() {
            Some(Ok(next)) => Ok(next),
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

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX / 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn values(text: &str) -> Vec<Value> {
        read(0, text, Limits::default()).documents.into_iter().map(|document| document.value).collect()
    }

    fn told(text: &str) -> Vec<String> {
        let reading = read(0, text, Limits::default());
        let told = |remark: Remark| {
            let place = remark.place.expect("a place");
            let Finding { code, path, .. } = remark.finding;
            format!("{}:{} {code} {path}", place.line, place.column).trim_end().to_owned()
        };
        reading.remarks.into_iter().map(told).collect()
    }

    #[test]
    fn values_are_those_of_kubectl() {
        let merged = "b: &b {q: 1, z: 3}\nd: &d {z: 9}\nc:\n  q: 2\n  <<: [*d, *b]\n  w: 0o17\n";
        assert_eq!(
            values(merged)[0]["c"],
            json!({"q": 1, "z": 9, "w": 15}),
            "what comes later wins, as in go-yaml"
        );
        assert_eq!(values("1: a\nyes: b\n1.50: c"), [json!({"1": "a", "true": "b", "1.5": "c"})]);
        assert_eq!(
            values("a: !!str yes\nb: !x 1\nc: !!binary aGk="),
            [json!({"a": "yes", "b": "1", "c": "hi"})]
        );
        assert_eq!(
            values("---\n---\n# only a comment\n---\na: 1\n...\n---\n{\"b\":\n\t2}"),
            [json!({"a": 1}), json!({"b": 2})]
        );
        assert_eq!(values(r#"{"a": "\ud83d\ude00"}"#), [json!({"a": "\u{1F600}"})]);
        assert_eq!(
            values("a: |\n  x: y\n\n  ---\nb: 'a\r\n\r\n  b'\r\n"),
            [json!({"a": "x: y\n\n---\n", "b": "a\nb"})]
        );
    }

    #[test]
    fn every_field_has_its_place() {
        let reading = read(0, "# one\n---\nspec:\n  \u{e4}: [1, {b: two}]\n  e:\n", Limits::default());
        let node = &reading.documents[0].node;
        let spec = FieldPath::spec();
        let place = |path: &FieldPath| {
            let (node, exact) = node.nearest(path);
            let mark = node.mark();
            (mark.line, mark.column, mark.end_column, exact)
        };
        assert_eq!(place(&spec.key("\u{e4}").index(1).key("b")), (4, 14, 17, true));
        assert_eq!(place(&spec.key("\u{e4}").index(7).key("b")), (4, 3, 4, false));
        assert_eq!(place(&spec.key("e")), (5, 3, 4, true));
        assert_eq!(place(&spec), (3, 1, 5, true));
    }

    #[test]
    fn a_broken_document_costs_itself_only() {
        assert_eq!(
            told("a: b: c\n---\na: 1\na: 2\n---\n- a: \"\n---\nb: {\n"),
            ["1:5 YamlSyntax", "4:1 DuplicateKey a", "6:6 YamlSyntax", "8:5 YamlSyntax",]
        );
        assert_eq!(values("a: b: c\n---\na: 1\n"), [json!({"a": 1})]);
    }

    #[test]
    fn what_json_cannot_say_is_told() {
        assert_eq!(
            told("a: .inf\nb: yes\n~: c\n[d]: e\n<<: f\n"),
            ["1:4 NotFinite a", "2:4 Yaml11Boolean b", "3:1 BadKey", "4:1 BadKey", "5:1 BadMerge [\"<<\"]",]
        );
        assert_eq!(
            told("a: \u{1}x\n---\nb: *c\n---\nd: &d\n  e: *d\n---\nf: !!int x"),
            ["1:4 ControlCharacter", "3:4 UnknownAnchor", "6:6 CyclicAlias d.e", "8:4 BadTag f",]
        );
        assert_eq!(told("a: \0\n"), ["1:4 ControlCharacter"]);
    }

    #[test]
    fn hostile_files_end_soon() {
        let small = Limits { depth: 20, nodes: 10_000, bytes: 1 << 20 };
        let bomb: String = (1..30).map(|n| format!("a{n}: &a{n} [*a{}, *a{}]\n", n - 1, n - 1)).collect();
        let nested: String = (0..19).map(|n| format!("&n{n} [")).collect();
        let long = format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(100_000), "*a,".repeat(5000));
        let wide = format!("{nested}{}", "1,".repeat(9_000)) + &"]".repeat(19);
        let hostile = [
            (format!("a0: &a0 x\n{bomb}"), "TooLarge|TooDeep"),
            (long, "TooLarge"),
            (wide, "TooLarge"),
            ("[".repeat(10_000), "TooDeep"),
            ("- ".repeat(10_000), "TooDeep"),
            ("{a: ".repeat(10_000), "TooDeep"),
            ((0..10_000).map(|n| format!("{}a:\n", " ".repeat(n))).collect(), "TooDeep"),
            (format!("[{}]", "1,".repeat(20_000)), "TooLarge"),
        ];
        for (text, codes) in hostile {
            let reading = read(0, &text, small);
            let code = &reading.remarks[0].finding.code;
            assert!(codes.contains(code.as_str()), "{code} for {}", &text[..30]);
        }
    }

    /// Bytes are dropped, doubled and swapped at random; nothing may panic.
    #[test]
    fn damaged_files_do_not_panic() {
        let seed = "%YAML 1.1\n--- !!map\na: &x [1, {b: 'c'}, \"d\\n\"]\n? e\n: - *x\n  - |+\n    f\n\
            <<: {g: >-\n h}\n# i\n...\n---\n!t {\"j\":1}\r\n\tk: ~\n\u{feff}";
        let characters: Vec<char> = seed.chars().collect();
        let mut state = 7_u64;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).expect("31 bits") % below
        };
        for _ in 0..20_000 {
            let mut damaged = characters.clone();
            for _ in 0..=random(4) {
                let (at, from) = (random(damaged.len()), random(characters.len()));
                match random(3) {
                    0 => drop(damaged.remove(at)),
                    1 => damaged.insert(at, characters[from]),
                    _ => damaged[at] = characters[from],
                }
            }
            let text: String = damaged.into_iter().collect();
            drop(read(0, &text, Limits::default()));
        }
    }
}
