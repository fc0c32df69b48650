//! Text to tree, by the parser's events. Aliases are expanded, within limits.

use std::borrow::Cow;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};

use crate::node::{Entry, Kind, LONE_TAG, Node, Style, merge};
use crate::refusal::{
    MOST_LEVELS, Refusal, Weight, check_characters, not_yaml, recursive_alias, several_documents, too_deep,
};

/// The only document of `text`; `None` for a text without any.
///
/// # Errors
/// When it is not a YAML document that PyYAML can read and that keeps the limits.
pub fn read(text: &str) -> Result<Option<Rc<Node<'_>>>, Refusal> {
    check_characters(text)?;
    let mut reader = Reader {
        events: Parser::new_from_str(text),
        anchors: Vec::new(),
        text,
        characters: if text.ends_with(['\n', '\r']) { usize::MAX } else { text.chars().count() },
    };
    let mut document = None;
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamEnd => return Ok(document),
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd => {}
            _ if document.is_some() => {
                return Err(several_documents(span.start));
            }
            event => document = Some(reader.node(event, span, 1)?),
        }
    }
}

struct Reader<'a> {
    events: Parser<'a, StrInput<'a>>,
    /// By the parser's number; `None` while the node is still being read.
    anchors: Vec<Option<Rc<Node<'a>>>>,
    text: &'a str,
    /// How many the text has, if it does not end with a line's end.
    characters: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Refusal> {
        match self.events.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(problem)) => Err(not_yaml(&problem, self.text)),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, level: usize) -> Result<Rc<Node<'a>>, Refusal> {
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
            self.remember(anchor, None);
        }
        let node = match event {
            Event::Alias(anchor) => return self.alias(anchor, span),
            Event::Scalar(text, style, ..) => {
                let text = self.without_line_end(text, style, span);
                Node::new(scalar(text, style), tag, Vec::new())
            }
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
        Weight::default().add(&node, span.start)?;
        if anchor > 0 {
            self.remember(anchor, Some(Rc::clone(&node)));
        }
        Ok(node)
    }

    fn items(&mut self, level: usize) -> Result<Vec<Rc<Node<'a>>>, Refusal> {
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

    fn entries(&mut self, level: usize) -> Result<Vec<Entry<'a>>, Refusal> {
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

    /// The parser counts the anchors.
    fn remember(&mut self, anchor: usize, node: Option<Rc<Node<'a>>>) {
        if self.anchors.len() <= anchor {
            self.anchors.resize(anchor + 1, None);
        }
        if let Some(slot) = self.anchors.get_mut(anchor) {
            *slot = node;
        }
    }

    /// A block that the file ends in, without a line's end: this parser gives it one, PyYAML not.
    fn without_line_end(&self, text: Cow<'a, str>, style: ScalarStyle, span: Span) -> Cow<'a, str> {
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        if !is_block || span.end.index() < self.characters {
            return text;
        }
        let last_line = self.text.rsplit(['\n', '\r']).next().unwrap_or_default();
        match text.strip_suffix('\n') {
            Some(shorter) if !last_line.trim().is_empty() => Cow::Owned(shorter.to_owned()),
            _ => text,
        }
    }

    fn alias(&self, anchor: usize, span: Span) -> Result<Rc<Node<'a>>, Refusal> {
        match self.anchors.get(anchor) {
            Some(Some(node)) => Ok(Rc::clone(node)),
            _ => Err(recursive_alias(span.start)),
        }
    }
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
