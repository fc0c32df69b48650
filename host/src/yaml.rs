//! Reads YAML as kubectl reads it, and remembers where everything stood.
//!
//! Whatever is in the file, this ends soon and does not panic: depth, the number of documents and
//! values and what aliases may unfold to are limited. Documents come one at a time, so that no more
//! of them is in memory than somebody keeps.

mod budget;
mod build;
mod characters;
pub mod chunk;
mod events;
mod merge;
pub mod place;
pub mod remarks;
pub mod scalar;
mod scalar_python;
mod syntax;
mod tag;

use saphyr_parser::Event;
use serde_json::Value;

use build::Builder;
use chunk::{Chunk, chunks, line_starts};
use events::{Events, number};
use place::{Document, Place, Remark};
use remarks::Remarks;
use scalar::Dialect;
pub use tag::decode_base64;

/// What may be read of one file.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How deeply collections may be nested.
    pub depth: usize,
    /// How many documents there may be, empty ones included.
    pub documents: usize,
    /// How many commas one document may have. The parser keeps all of a `[…]` or `{…}` in memory before
    /// it tells of its start, and commas are what makes those long.
    pub commas: usize,
    /// How many values there may be, those that come from aliases included.
    pub values: usize,
    /// How many bytes all scalars may have, those that come from aliases included.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 100, documents: 100_000, commas: 250_000, values: 150_000, bytes: 64 << 20 }
    }
}

/// What was read between two `---`.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The text, and where it stands.
    pub chunk: Chunk<'a>,
    /// The documents that could be read and are not empty: one, as a rule.
    pub documents: Vec<Document>,
    /// What is wrong with it.
    pub remarks: Remarks,
    /// Whether all of it could be read. Nobody knows what is in the rest, so nobody may show much of it.
    pub is_whole: bool,
}

/// Reads the documents of a file; `file` is its number in the remarks. Nothing comes behind what is
/// too large to be read.
pub fn read(file: usize, text: &str, limits: Limits) -> impl Iterator<Item = Reading<'_>> {
    read_with(Dialect::Kubernetes, file, text, limits)
}

/// The same of a file that Zuul or Nodepool reads: plain scalars are what PyYAML makes of them.
pub fn read_as_python(file: usize, text: &str, limits: Limits) -> impl Iterator<Item = Reading<'_>> {
    read_with(Dialect::Python, file, text, limits)
}

fn read_with(dialect: Dialect, file: usize, text: &str, limits: Limits) -> impl Iterator<Item = Reading<'_>> {
    let mut left = Some(limits);
    chunks(text).map_while(move |chunk| {
        let mut builder = Builder::new(file, chunk.first_line - 1, left?, dialect);
        let mut documents = Vec::new();
        let result = builder
            .budget
            .start_document(chunk.text)
            .map_err(|finding| Box::new(Remark::at(file, Place::line(chunk.first_line), finding)))
            .and_then(|()| read_chunk(&mut builder, chunk, &mut documents));
        let mut remarks = builder.remarks;
        let is_whole = result.is_ok();
        remarks.extend(result.err().map(|remark| within(*remark, chunk)));
        left = builder.budget.left();
        Some(Reading { chunk, documents, remarks, is_whole })
    })
}

/// What is wrong at the very end is shown on the last line, and not in the next document.
fn within(mut remark: Remark, chunk: Chunk<'_>) -> Remark {
    let text = chunk.text.trim_end();
    let (before, start) = line_starts(text).enumerate().last().unwrap_or_default();
    let last = chunk.first_line + number(before);
    if let Some(place) = remark.place.as_mut().filter(|place| place.line > last) {
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
    let mut events = Events::new(&joined, builder.lines, builder.file);
    loop {
        let (event, span) = events.next()?;
        match event {
            Event::StreamEnd => return Ok(()),
            Event::DocumentStart(_) => {
                builder.start_document();
                let root = events.next()?;
                let built = builder.node(&mut events, root, 0)?;
                if built.value != Value::Null {
                    documents.push(Document { value: built.value, node: built.node });
                }
            }
            Event::StreamStart | Event::DocumentEnd | Event::Nothing => {}
            _ => return Err(Box::new(events.unexpected(span))),
        }
    }
}

#[cfg(test)]
mod tests;
