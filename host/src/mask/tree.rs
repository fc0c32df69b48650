//! A YAML document as a tree of scalars with their styles, within limits.
//!
//! Made from the parser's events: a library's own values would turn `no` into what YAML 1.2 thinks
//! it is, while Nodepool reads YAML 1.1.

use std::collections::BTreeMap;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

/// A Secret holds at most this.
const MAX_BYTES: usize = 1024 * 1024;
/// Nodepool's own schema has nine levels.
pub const MAX_DEPTH: usize = 64;
/// Scalars, lists and mappings, with what aliases stand for.
pub const MAX_NODES: usize = 100_000;

/// One document.
pub struct Document {
    /// What it holds.
    pub root: Rc<Node>,
    /// All its scalars, keys included, by number.
    pub scalars: Vec<Rc<Scalar>>,
}

/// A part of a document.
pub enum Node {
    /// A scalar.
    Scalar(Rc<Scalar>),
    /// What stands for another node.
    Alias(Rc<Node>),
    /// A list.
    Sequence(Vec<Rc<Node>>),
    /// A mapping; its keys are scalars.
    Mapping(Vec<Entry>),
}

/// A key and what it holds.
pub type Entry = (Rc<Scalar>, Rc<Node>);

/// A scalar as it was written.
pub struct Scalar {
    /// Its place among the document's scalars.
    pub number: u32,
    /// Without quotes and escapes.
    pub text: String,
    /// Neither quoted nor a block.
    pub plain: bool,
    /// `str` for `!!str`.
    pub tag: Option<String>,
}

/// Reads one document. The error is a sentence without anything of the document's content.
pub fn parse(yaml: &str) -> Result<Document, String> {
    if yaml.len() > MAX_BYTES {
        return Err(format!("it is larger than {MAX_BYTES} bytes"));
    }
    let mut builder = Builder {
        parser: Parser::new_from_str(yaml),
        end: OpenEnd::of(yaml),
        scalars: vec![],
        anchors: BTreeMap::new(),
        nodes: 0,
    };
    let mut root = None;
    loop {
        match builder.next()? {
            Event::StreamEnd => break,
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd => {}
            event if root.is_none() => root = Some(builder.node(event, 0)?),
            _ => return Err("it is more than one document".to_owned()),
        }
    }
    let root = match root {
        Some(root) => root,
        None => builder.scalar(String::new(), true, None).map(|null| Rc::new(Node::Scalar(null)))?,
    };
    Ok(Document { root, scalars: builder.scalars })
}

struct Builder<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    end: OpenEnd,
    scalars: Vec<Rc<Scalar>>,
    anchors: BTreeMap<usize, Rc<Node>>,
    nodes: usize,
}

impl<'a> Builder<'a> {
    fn next(&mut self) -> Result<Event<'a>, String> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok(self.end.corrected(event, span)),
            // The parser's own message quotes anchors and tags.
            Some(Err(error)) => Err(format!("it is no YAML (line {})", error.marker().line())),
            None => Ok(Event::StreamEnd),
        }
    }

    fn node(&mut self, event: Event<'a>, depth: usize) -> Result<Rc<Node>, String> {
        self.nodes += 1;
        if self.nodes > MAX_NODES || depth > MAX_DEPTH {
            return Err(format!("it has more than {MAX_NODES} values or {MAX_DEPTH} levels"));
        }
        let (anchor, node) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.map(|tag| core_tag(&tag)).transpose()?;
                let plain = style == ScalarStyle::Plain;
                if plain && is_doubtful(&text) {
                    return Err(
                        "a value in it should be in quotes: readers of YAML do not agree on it".to_owned()
                    );
                }
                let scalar = self.scalar(text.into_owned(), plain, tag)?;
                (anchor, Node::Scalar(scalar))
            }
            Event::SequenceStart(anchor, tag) => {
                only_untagged(tag.is_some())?;
                (anchor, Node::Sequence(self.items(depth)?))
            }
            Event::MappingStart(anchor, tag) => {
                only_untagged(tag.is_some())?;
                (anchor, Node::Mapping(self.entries(depth)?))
            }
            // Not among the anchors as long as the node is open, so none contains itself.
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor).cloned();
                (0, Node::Alias(known.ok_or("an alias in it stands inside of what it names")?))
            }
            _ => return Err("it ends too early".to_owned()),
        };
        let node = Rc::new(node);
        if anchor > 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        Ok(node)
    }

    fn items(&mut self, depth: usize) -> Result<Vec<Rc<Node>>, String> {
        let mut items = vec![];
        loop {
            match self.next()? {
                Event::SequenceEnd => return Ok(items),
                event => items.push(self.node(event, depth + 1)?),
            }
        }
    }

    fn entries(&mut self, depth: usize) -> Result<Vec<Entry>, String> {
        let mut entries = vec![];
        loop {
            let key = match self.next()? {
                Event::MappingEnd => return Ok(entries),
                event => self.node(event, depth + 1)?,
            };
            let value = self.next()?;
            let value = self.node(value, depth + 1)?;
            entries.push((as_key(&key).ok_or("a key in it is a list, a mapping or very long")?, value));
        }
    }

    fn scalar(&mut self, text: String, plain: bool, tag: Option<String>) -> Result<Rc<Scalar>, String> {
        let number = u32::try_from(self.scalars.len()).map_err(|_| "it has too many values")?;
        let scalar = Rc::new(Scalar { number, text, plain, tag });
        self.scalars.push(Rc::clone(&scalar));
        Ok(scalar)
    }
}

/// The end of a text whose last line has none: this parser gives a block there one, PyYAML not.
pub struct OpenEnd(Option<usize>);

impl OpenEnd {
    /// That of a text.
    #[must_use]
    pub fn of(yaml: &str) -> Self {
        let last_line = yaml.rsplit(['\n', '\r']).next().unwrap_or_default();
        Self((!last_line.trim().is_empty()).then(|| yaml.chars().count()))
    }

    /// The event as PyYAML has it.
    #[must_use]
    pub fn corrected<'a>(&self, event: Event<'a>, span: Span) -> Event<'a> {
        match event {
            Event::Scalar(text, style @ (ScalarStyle::Literal | ScalarStyle::Folded), anchor, tag)
                if self.0.is_some_and(|end| span.end.index() >= end) && text.ends_with('\n') =>
            {
                let text = text[..text.len() - 1].to_owned();
                Event::Scalar(text.into(), style, anchor, tag)
            }
            other => other,
        }
    }
}

/// A reader looks for a key's colon within 1024 characters; an escaped one takes up to ten.
fn as_key(node: &Node) -> Option<Rc<Scalar>> {
    match node {
        Node::Scalar(scalar) => (scalar.text.len() <= 100).then(|| Rc::clone(scalar)),
        Node::Alias(named) => as_key(named),
        Node::Sequence(_) | Node::Mapping(_) => None,
    }
}

/// Plain scalars that this parser takes, and PyYAML refuses or sees another structure in.
fn is_doubtful(text: &str) -> bool {
    let indicator = |c: char| "!&*|>@`'\"%#?:{}[],".contains(c);
    let begins_item = text == "-" || text.starts_with("- ");
    text != text.trim()
        || text.starts_with(indicator)
        || begins_item
        || ["---", "...", "=", "<<"].iter().any(|mark| text.starts_with(mark) && text != "<<")
        || text.ends_with(':')
        || [": ", " #", "\t"].iter().any(|mark| text.contains(mark))
}

fn core_tag(tag: &saphyr_parser::Tag) -> Result<String, String> {
    let known = ["str", "int", "float", "bool", "null"];
    if tag.is_yaml_core_schema() && known.contains(&tag.suffix.as_str()) {
        return Ok(tag.suffix.clone());
    }
    Err("it has a tag that Nodepool does not know".to_owned())
}

fn only_untagged(tagged: bool) -> Result<(), String> {
    if tagged { Err("it has a tag on a list or a mapping".to_owned()) } else { Ok(()) }
}
