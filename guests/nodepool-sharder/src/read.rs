//! Text to tree, by the parser's events. Aliases are expanded, within limits.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};
use zuul_plugin_sdk::{Finding, error};

use crate::node::{Entry, Kind, LONE_TAG, Node, Style, merge};

/// Nodes of a document with every alias expanded.
pub const MOST_NODES: usize = 200_000;
/// Bytes of a document with every alias expanded.
pub const MOST_BYTES: usize = 4 << 20;
/// Levels of a document.
pub const MOST_LEVELS: usize = 64;

/// The only document of `text`; `None` for a text without any.
///
/// # Errors
/// When it is not a YAML document that PyYAML can read and that keeps the limits.
pub fn read(text: &str) -> Result<Option<Rc<Node<'_>>>, Finding> {
    check_characters(text)?;
    let mut reader = Reader { events: Parser::new_from_str(text), anchors: BTreeMap::new(), text };
    let mut document = None;
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamEnd => return Ok(document),
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd => {}
            _ if document.is_some() => {
                let message = format!("a second document begins at {}", place(span.start));
                return Err(error("NodepoolSeveralDocuments", "", &message)
                    .expected("one YAML document")
                    .cure("Remove the line `---` and what follows it."));
            }
            event => document = Some(reader.node(event, span, 1)?),
        }
    }
}

struct Reader<'a> {
    events: Parser<'a, StrInput<'a>>,
    /// By the parser's number; `None` while the node is still being read.
    anchors: BTreeMap<usize, Option<Rc<Node<'a>>>>,
    text: &'a str,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Finding> {
        match self.events.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(problem)) => Err(not_yaml(&problem, self.text)),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, level: usize) -> Result<Rc<Node<'a>>, Finding> {
        if level > MOST_LEVELS {
            return Err(too_deep(span.start));
        }
        let (anchor, tag) = match &event {
            Event::Scalar(_, style, anchor, tag) => {
                let is_quoted = *style != ScalarStyle::Plain;
                (*anchor, tag.as_deref().and_then(|tag| full_tag(tag, is_quoted)))
            }
            Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
                (*anchor, tag.as_deref().and_then(|tag| full_tag(tag, false)))
            }
            _ => (0, None),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, None);
        }
        let node = match event {
            Event::Alias(anchor) => return self.alias(anchor, span),
            Event::Scalar(text, style, ..) => Node::new(scalar(text, style), tag, Vec::new()),
            Event::SequenceStart(..) => {
                let items = self.items(level)?;
                Node::new(Kind::Sequence(items), tag, Vec::new())
            }
            Event::MappingStart(..) => {
                let (entries, flaws) = merge(self.entries(level)?);
                Node::new(Kind::Mapping(entries), tag, flaws)
            }
            _ => return Err(not_yaml(&ScanError::new_str(span.start, "a node was expected"), self.text)),
        };
        within_limits(&node, span.start)?;
        if anchor > 0 {
            self.anchors.insert(anchor, Some(Rc::clone(&node)));
        }
        Ok(node)
    }

    fn items(&mut self, level: usize) -> Result<Vec<Rc<Node<'a>>>, Finding> {
        let mut items = Vec::new();
        let mut weight = Weight::default();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                return Ok(items);
            }
            let item = self.node(event, span, level + 1)?;
            weight.add(&item, span.start)?;
            items.push(item);
        }
    }

    fn entries(&mut self, level: usize) -> Result<Vec<Entry<'a>>, Finding> {
        let mut entries = Vec::new();
        let mut weight = Weight::default();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                return Ok(entries);
            }
            let key = self.node(event, span, level + 1)?;
            let (event, span) = self.next()?;
            let value = self.node(event, span, level + 1)?;
            weight.add(&key, span.start)?;
            weight.add(&value, span.start)?;
            entries.push((key, value));
        }
    }

    fn alias(&self, anchor: usize, span: Span) -> Result<Rc<Node<'a>>, Finding> {
        match self.anchors.get(&anchor) {
            Some(Some(node)) => Ok(Rc::clone(node)),
            _ => {
                let message =
                    format!("the alias at {} stands for a node that contains it", place(span.start));
                Err(error("NodepoolRecursiveAlias", "", &message).cure("Write the value out."))
            }
        }
    }
}

/// Checked while a collection grows: a merge after it costs no more than what was let in.
#[derive(Default)]
struct Weight {
    nodes: usize,
    bytes: usize,
}

impl Weight {
    fn add(&mut self, node: &Node<'_>, at: Marker) -> Result<(), Finding> {
        self.nodes = self.nodes.saturating_add(node.nodes);
        self.bytes = self.bytes.saturating_add(node.bytes);
        if self.nodes > MOST_NODES || self.bytes > MOST_BYTES { Err(too_large(at)) } else { Ok(()) }
    }
}

fn within_limits(node: &Node<'_>, at: Marker) -> Result<(), Finding> {
    if node.nodes > MOST_NODES || node.bytes > MOST_BYTES {
        return Err(too_large(at));
    }
    if node.height > MOST_LEVELS { Err(too_deep(at)) } else { Ok(()) }
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle) -> Kind<'_> {
    let style = match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
    };
    Kind::Scalar(text, style)
}

/// The tag in full. PyYAML takes a `!` alone for none, but reads quotes behind it as if there
/// were none: `! "no"` is a boolean, so that it must stay.
fn full_tag(tag: &Tag, is_quoted: bool) -> Option<String> {
    let full = format!("{}{}", tag.handle, tag.suffix);
    (!full.is_empty() && (full != LONE_TAG || is_quoted)).then_some(full)
}

fn place(at: Marker) -> String {
    format!("line {}, column {}", at.line(), at.col() + 1)
}

fn not_yaml(problem: &ScanError, text: &str) -> Finding {
    let message = format!("not YAML: {} at {}", problem.info(), place(*problem.marker()));
    let finding = error("NodepoolNotYaml", "", &message);
    if text.contains("%(NODEPOOL_") {
        return finding
            .cure("Quote values with `%(NODEPOOL_…)`: they are cut before Nodepool fills them in.");
    }
    finding.cure("Correct the line; indent with spaces.")
}

fn too_large(at: Marker) -> Finding {
    let message = format!("too large with all aliases expanded, at {}", place(at));
    error("NodepoolTooLarge", "", &message)
        .expected(&format!("at most {MOST_NODES} nodes and {} MiB", MOST_BYTES >> 20))
        .cure("Use fewer aliases, or several Zuul objects.")
}

fn too_deep(at: Marker) -> Finding {
    error("NodepoolTooDeep", "", &format!("nested too deeply at {}", place(at)))
        .expected(&format!("at most {MOST_LEVELS} levels"))
}

/// YAML 1.1 has line ends that YAML 1.2 has not, and PyYAML refuses control characters: a file
/// with either would be cut otherwise than Nodepool reads it.
fn check_characters(text: &str) -> Result<(), Finding> {
    if text.len() > MOST_BYTES {
        return Err(error("NodepoolTooLarge", "", &format!("{} bytes are too many", text.len()))
            .expected(&format!("at most {} MiB", MOST_BYTES >> 20)));
    }
    let mut line = 1;
    for (at, c) in text.char_indices() {
        let code = u32::from(c);
        match c {
            '\n' => line += 1,
            '\u{85}' | '\u{2028}' | '\u{2029}' => {
                let message = format!("line {line} has a U+{code:04X}, which is a line's end for Nodepool");
                return Err(error("NodepoolLineEnd", "", &message)
                    .cure(&format!("Remove it, or write it as \"\\u{code:04X}\" in double quotes.")));
            }
            '\t' | '\r' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{10000}'..='\u{10ffff}' => {}
            '\u{feff}' if at == 0 => {}
            '\u{e000}'..='\u{fffd}' if c != '\u{feff}' => {}
            _ => {
                let message = format!("line {line} has a U+{code:04X}, which Nodepool cannot read");
                return Err(error("NodepoolControlCharacter", "", &message)
                    .cure("Remove it, or write it as an escape in double quotes."));
            }
        }
    }
    Ok(())
}
