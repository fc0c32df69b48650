//! Writes a document anew, in block style, aliases resolved, with the scalars' styles kept where they
//! carry meaning.

use super::Place;
use super::tree::{Document, MAX_DEPTH, MAX_NODES, Node, Scalar};

/// What one level is indented by.
const STEP: usize = 2;

/// How a scalar at a place is written.
type Write<'w> = dyn FnMut(&Scalar, &Place<'_>) -> String + 'w;

/// Writes `document`, each scalar as `scalar` says.
pub fn write(document: &Document, scalar: &mut Write<'_>) -> Result<String, String> {
    let mut emitter = Emitter { text: String::new(), nodes: 0, scalar };
    let place = Place { outline: true, key: None, is_key: false };
    emitter.node(&document.root, 0, 0, &place)?;
    Ok(emitter.text.trim_start_matches(['\n', ' ']).to_owned())
}

struct Emitter<'e, 'w> {
    text: String,
    nodes: usize,
    scalar: &'e mut Write<'w>,
}

impl Emitter<'_, '_> {
    /// Writes a node behind a `-` or a key, and ends the line.
    fn node(&mut self, node: &Node, indent: usize, depth: usize, place: &Place<'_>) -> Result<(), String> {
        self.nodes += 1;
        // Counted again, as a few aliases of aliases stand for more than fits into memory.
        if self.nodes > MAX_NODES || depth > MAX_DEPTH {
            return Err(format!("its aliases stand for more than {MAX_NODES} values or {MAX_DEPTH} levels"));
        }
        match node {
            Node::Alias(named) => self.node(named, indent, depth + 1, place)?,
            Node::Scalar(scalar) => {
                let written = (self.scalar)(scalar, place);
                self.text.push_str(&format!(" {written}\n"));
            }
            Node::Sequence(items) if items.is_empty() => self.text.push_str(" []\n"),
            Node::Mapping(entries) if entries.is_empty() => self.text.push_str(" {}\n"),
            Node::Sequence(items) => {
                self.text.push('\n');
                for item in items {
                    self.text.push_str(&format!("{:indent$}-", ""));
                    self.node(item, indent + STEP, depth + 1, place)?;
                }
            }
            Node::Mapping(entries) => {
                self.text.push('\n');
                for (key, value) in entries {
                    let written = (self.scalar)(key, &Place { is_key: true, ..place.below(None) });
                    self.text.push_str(&format!("{:indent$}{written}:", ""));
                    self.node(value, indent + STEP, depth + 1, &place.below(Some(&key.text)))?;
                }
            }
        }
        Ok(())
    }
}

/// A scalar on one line, to be put anywhere where a plain scalar may stand.
pub fn scalar(scalar: &Scalar) -> String {
    let plain = scalar.plain && fits_plain(&scalar.text);
    let written = match (&scalar.tag, plain) {
        (None, true) if scalar.text.is_empty() => "null".to_owned(),
        (_, true) if !scalar.text.is_empty() => scalar.text.clone(),
        _ => quoted(&scalar.text),
    };
    match &scalar.tag {
        Some(tag) => format!("!!{tag} {written}"),
        None => written,
    }
}

/// Whether a plain scalar's text is one in a flow too, on one line. Whatever is not is a string in
/// YAML 1.1, so that quotes do not change what it is.
fn fits_plain(text: &str) -> bool {
    let ends = |c: char| matches!(c, ',' | '[' | ']' | '{' | '}') || !is_printable(c);
    !text.contains(ends)
}

fn is_printable(c: char) -> bool {
    // The first four are line breaks or marks for some readers.
    !matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
        && matches!(c, ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            c if is_printable(c) => quoted.push(c),
            c => quoted.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    quoted.push('"');
    quoted
}
