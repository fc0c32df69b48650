//! Merge keys, in go-yaml's way: what comes later wins, and of a list the first wins.

use std::collections::BTreeMap;

use saphyr_parser::{Event, ScalarStyle};
use serde_json::Value;

use super::place::{Children, Node};

/// Whether an event is a `<<` that merges. Quoted, it is an ordinary key.
pub(super) fn is_merge_key(event: &Event<'_>) -> bool {
    match event {
        Event::Scalar(text, ScalarStyle::Plain, _, tag) => text == "<<" && tag.is_none(),
        _ => false,
    }
}

/// The entries that a merge adds, in the order in which they are to be written over one another.
pub(super) fn maps(value: Value, node: Node) -> Option<Vec<(String, Value, Node)>> {
    match (value, node.children) {
        (Value::Object(values), Children::Map(nodes)) => Some(entries(values, nodes)),
        (Value::Array(values), Children::List(nodes)) => {
            let mut all = Vec::new();
            for (value, node) in values.into_iter().zip(nodes).rev() {
                match (value, node.children) {
                    (Value::Object(values), Children::Map(nodes)) => all.extend(entries(values, nodes)),
                    _ => return None,
                }
            }
            Some(all)
        }
        _ => None,
    }
}

fn entries(
    values: serde_json::Map<String, Value>,
    nodes: Box<[(Box<str>, Node)]>,
) -> Vec<(String, Value, Node)> {
    let mut nodes: BTreeMap<_, _> = nodes.into_iter().collect();
    let with_node = |(key, value): (String, Value)| {
        let node = nodes.remove(key.as_str())?;
        Some((key, value, node))
    };
    values.into_iter().filter_map(with_node).collect()
}
