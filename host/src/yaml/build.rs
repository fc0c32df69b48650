//! Builds values and their places from the parser's events.

use std::collections::{BTreeMap, BTreeSet};

use saphyr_parser::{Event, Span, Tag};
use serde_json::{Map, Value};

use super::Limits;
use super::budget::{Budget, Built, Cost};
use super::events::{Events, place};
use super::merge;
use super::place::{Children, Node, Place, Remark};
use super::remarks::Remarks;
use super::scalar::Dialect;
use super::tag;
use crate::diagnostic::{FieldPath, Finding, Step};

/// Builds the documents of one chunk.
pub(super) struct Builder {
    pub(super) file: usize,
    /// The lines of the file above the chunk.
    pub(super) lines: u32,
    pub(super) budget: Budget,
    pub(super) remarks: Remarks,
    anchors: BTreeMap<usize, Built>,
    path: Vec<Step>,
    dialect: Dialect,
}

/// Far more than any key of a Kubernetes object may have.
const LONGEST_KEY: usize = 4096;

type Stop = Box<Remark>;

impl Builder {
    pub(super) fn new(file: usize, lines: u32, left: Limits, dialect: Dialect) -> Self {
        let (budget, remarks) = (Budget::new(left), Remarks::default());
        Self { file, lines, budget, remarks, anchors: BTreeMap::new(), path: Vec::new(), dialect }
    }

    /// Anchors are known in their own document only.
    pub(super) fn start_document(&mut self) {
        self.anchors.clear();
        self.path.clear();
    }

    /// The node that starts with an event, up to its end.
    pub(super) fn node(
        &mut self,
        events: &mut Events<'_>,
        (event, span): (Event<'_>, Span),
        depth: usize,
    ) -> Result<Built, Stop> {
        let place = place(span, self.lines);
        let (built, anchor) = match event {
            Event::Alias(anchor) => return self.alias(anchor, place, depth),
            Event::Scalar(text, style, anchor, tag) => {
                let value = tag::scalar(&text, style, tag.as_deref(), self.dialect)
                    .unwrap_or_else(|finding| self.keep(*finding, place, Value::Null));
                if let Some(finding) = tag::old_boolean(&text, style, tag.as_deref(), self.dialect) {
                    self.remark(finding, place);
                }
                (Built::leaf(value, place, text.len()), anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                self.check_tag(tag.as_deref(), place);
                (self.sequence(events, place, depth)?, anchor)
            }
            Event::MappingStart(anchor, tag) => {
                self.check_tag(tag.as_deref(), place);
                (self.mapping(events, place, depth)?, anchor)
            }
            _ => return Err(Box::new(events.unexpected(span))),
        };
        self.pay(0, if built.cost.height == 0 { built.cost.bytes } else { 0 }, place)?;
        if anchor > 0 {
            // The copy that is kept costs as much as an alias: anchors within anchors add up, too.
            self.pay(built.cost.values, built.cost.bytes, place)?;
            self.anchors.insert(anchor, built.clone());
        }
        Ok(built)
    }

    fn check_tag(&mut self, tag: Option<&Tag>, place: Place) {
        if let Some(finding) = tag::foreign(tag, self.dialect) {
            self.remark(finding, place);
        }
    }

    fn sequence(&mut self, events: &mut Events<'_>, place: Place, depth: usize) -> Result<Built, Stop> {
        self.budget.check_depth(depth + 1).map_err(|finding| self.stop(place, finding))?;
        let (mut values, mut nodes) = (Vec::new(), Vec::new());
        let mut sum = Cost::default();
        loop {
            let next = events.next()?;
            if next.0 == Event::SequenceEnd {
                let children = Children::List(nodes);
                return Ok(Built::collection(Value::Array(values), place, children, sum));
            }
            self.path.push(Step::Index(values.len()));
            let built = self.node(events, next, depth + 1)?;
            self.path.pop();
            self.pay(1, 0, place)?;
            sum.add(built.cost);
            values.push(built.value);
            nodes.push(built.node);
        }
    }

    fn mapping(&mut self, events: &mut Events<'_>, place: Place, depth: usize) -> Result<Built, Stop> {
        self.budget.check_depth(depth + 1).map_err(|finding| self.stop(place, finding))?;
        let mut entries = Entries::default();
        let mut sum = Cost::default();
        loop {
            let next = events.next()?;
            if next.0 == Event::MappingEnd {
                let children = Children::map(entries.nodes);
                return Ok(Built::collection(Value::Object(entries.values), place, children, sum));
            }
            let is_merge = merge::is_merge_key(&next.0);
            let (key, key_place) = self.key(events, next, depth + 1)?;
            self.path.push(Step::Key(key.clone().unwrap_or_default()));
            let next = events.next()?;
            let mut built = self.node(events, next, depth + 1)?;
            self.pay(1, 0, key_place)?;
            self.fill_in_place(&mut built, key_place);
            if is_merge {
                self.merge(&mut entries, built, key_place, &mut sum)?;
            } else if let Some(key) = key {
                sum.add(built.cost);
                sum.bytes += key.len();
                self.insert(&mut entries, key, built);
            }
            self.path.pop();
        }
    }

    /// A value that was left out stands behind its key, wherever the parser noticed.
    fn fill_in_place(&self, built: &mut Built, key: Place) {
        built.node.key = Some(key);
        if built.value == Value::Null && built.cost.bytes == 0 {
            built.node.value = key.behind();
        }
    }

    fn insert(&mut self, entries: &mut Entries, key: String, built: Built) {
        let (first, here) = (entries.nodes.get(&key).and_then(|node| node.key), built.node.key);
        if let (Some(first), Some(here), false) = (first, here, entries.merged.remove(&key)) {
            // Without the key, which may be a part of a secret: the path says it where it may be said.
            let message = "a key stands twice in the same mapping";
            let finding = Finding::error("DuplicateKey", FieldPath(self.path.clone()), message)
                .cure("keep one of the two; kubectl would silently take the last");
            self.remarks.push(Remark::at(self.file, here, finding).also(self.file, first, "first here"));
        }
        entries.values.insert(key.clone(), built.value);
        entries.nodes.insert(key, built.node);
    }

    fn merge(&mut self, entries: &mut Entries, built: Built, key: Place, sum: &mut Cost) -> Result<(), Stop> {
        sum.add(built.cost);
        let Some(maps) = merge::maps(built.value, built.node) else {
            let path = FieldPath(self.path.clone());
            let finding = Finding::error("BadMerge", path, "`<<` merges a mapping or a list of mappings")
                .cure("give it an alias of a mapping, or quote the key to mean the text `<<`");
            self.remarks.push(Remark::at(self.file, key, finding));
            return Ok(());
        };
        for (name, value, node) in maps {
            entries.merged.insert(name.clone());
            entries.values.insert(name.clone(), value);
            entries.nodes.insert(name, node);
        }
        Ok(())
    }

    /// A key as JSON has it; `None`, with a remark, for what can be no key.
    fn key(
        &mut self,
        events: &mut Events<'_>,
        next: (Event<'_>, Span),
        depth: usize,
    ) -> Result<(Option<String>, Place), Stop> {
        let built = self.node(events, next, depth)?;
        let place = built.node.value;
        let key = match built.value {
            Value::String(text) if text.len() > LONGEST_KEY => {
                let finding = Finding::error("BadKey", FieldPath::root(), "a key of several thousand bytes")
                    .cure("check for a missing line break or quote");
                self.keep(finding, place, None)
            }
            Value::String(text) => Some(text),
            Value::Bool(value) => Some(value.to_string()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => {
                let finding = Finding::error("BadKey", FieldPath(self.path.clone()), "a key that is no text")
                    .expected("text, a number or a boolean before the `:`")
                    .cure("quote the key");
                self.keep(finding, place, None)
            }
        };
        Ok((key, place))
    }

    fn alias(&mut self, anchor: usize, place: Place, depth: usize) -> Result<Built, Stop> {
        let Some(cost) = self.anchors.get(&anchor).map(|built| built.cost) else {
            let message = "the alias stands inside of what it stands for";
            let finding = Finding::error("CyclicAlias", FieldPath::root(), message);
            return Err(self.stop(place, finding.cure("write the value out")));
        };
        self.budget.check_depth(depth + cost.height).map_err(|finding| self.stop(place, finding))?;
        self.pay(cost.values, cost.bytes, place)?;
        let Some(mut built) = self.anchors.get(&anchor).cloned() else {
            return Ok(Built::leaf(Value::Null, place, 0));
        };
        built.node.value = place;
        Ok(built)
    }

    fn pay(&mut self, values: usize, bytes: usize, place: Place) -> Result<(), Stop> {
        self.budget.pay(values, bytes).map_err(|finding| self.stop(place, finding))
    }

    /// What stops reading, at its place.
    fn stop(&self, place: Place, mut finding: Finding) -> Stop {
        finding.path = FieldPath(self.path.clone());
        Box::new(Remark::at(self.file, place, finding))
    }

    fn remark(&mut self, mut finding: Finding, place: Place) {
        finding.path = FieldPath(self.path.clone());
        self.remarks.push(Remark::at(self.file, place, finding));
    }

    fn keep<T>(&mut self, finding: Finding, place: Place, value: T) -> T {
        self.remark(finding, place);
        value
    }
}

/// The entries of a mapping so far.
#[derive(Default)]
struct Entries {
    values: Map<String, Value>,
    nodes: BTreeMap<String, Node>,
    merged: BTreeSet<String>,
}
