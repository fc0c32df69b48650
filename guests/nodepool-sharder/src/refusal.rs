//! Why a file is not read at all: each is the only finding then.

use saphyr_parser::{Marker, ScanError};
use zuul_plugin_sdk::{Finding, error};

use crate::node::Node;

/// Nodes of a document with every alias expanded.
const MOST_NODES: usize = 200_000;
/// Bytes of a document with every alias expanded.
const MOST_BYTES: usize = 4 << 20;
/// Levels of a document.
pub const MOST_LEVELS: usize = 64;

/// Why nothing was read.
pub type Refusal = Box<Finding>;

/// A refusal at no path, as there are none yet.
fn refuse(code: &str, message: &str, expected: &str, cure: &str) -> Refusal {
    Box::new(error(code, "", message).expected(expected).cure(cure))
}

fn place(at: Marker) -> String {
    format!("line {}, column {}", at.line(), at.col() + 1)
}

/// What the parser says.
pub fn not_yaml(problem: &ScanError, text: &str) -> Refusal {
    let message = format!("this is not YAML: {} at {}", problem.info(), place(*problem.marker()));
    let cure = if text.contains("%(NODEPOOL_") {
        "correct the line, and quote values with `%(NODEPOOL_…)`: they are cut before Nodepool fills them in"
    } else {
        "correct the line; indent with spaces, what continues a value more than its key"
    };
    refuse("NodepoolNotYaml", &message, "", cure)
}

/// A second document.
pub fn several_documents(at: Marker) -> Refusal {
    let message = format!("a second document begins at {}", place(at));
    let cure = "remove the line `---` and what follows it";
    refuse("NodepoolSeveralDocuments", &message, "one YAML document", cure)
}

/// An alias within what it stands for.
pub fn recursive_alias(at: Marker) -> Refusal {
    let message = format!("the alias at {} stands for a node that contains it", place(at));
    refuse("NodepoolRecursiveAlias", &message, "", "write the value out")
}

/// More levels than any reader should follow.
pub fn too_deep(at: Marker) -> Refusal {
    let message = format!("the file is nested too deeply at {}", place(at));
    refuse("NodepoolTooDeep", &message, &format!("at most {MOST_LEVELS} levels"), "nest it less")
}

/// What was read, checked while it grows: a merge after it costs no more than what was let in.
#[derive(Default)]
pub struct Weight {
    nodes: usize,
    bytes: usize,
}

impl Weight {
    /// With this node too.
    pub fn add(&mut self, node: &Node<'_>, at: Marker) -> Result<(), Refusal> {
        self.nodes = self.nodes.saturating_add(node.nodes);
        self.bytes = self.bytes.saturating_add(node.bytes);
        if self.nodes > MOST_NODES || self.bytes > MOST_BYTES {
            return Err(too_large(&format!(
                "with all aliases expanded the file is too large at {}",
                place(at)
            )));
        }
        if node.height > MOST_LEVELS { Err(too_deep(at)) } else { Ok(()) }
    }
}

fn too_large(message: &str) -> Refusal {
    let expected = format!("at most {MOST_NODES} nodes and {} MiB", MOST_BYTES >> 20);
    refuse("NodepoolTooLarge", message, &expected, "use fewer aliases, or several Zuul objects")
}

/// YAML 1.1 has line ends that YAML 1.2 has not, and PyYAML refuses control characters: a file
/// with either would be cut otherwise than Nodepool reads it.
pub fn check_characters(text: &str) -> Result<(), Refusal> {
    if text.len() > MOST_BYTES {
        return Err(too_large(&format!("the file has {} bytes", text.len())));
    }
    if text.bytes().all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~')) {
        return Ok(());
    }
    let mut line = 1;
    for (at, c) in text.char_indices() {
        let code = u32::from(c);
        match c {
            '\n' => line += 1,
            '\u{85}' | '\u{2028}' | '\u{2029}' => {
                let message = format!("line {line} has a U+{code:04X}, which is a line's end for Nodepool");
                let cure = format!("remove it, or write it as \"\\u{code:04X}\" in double quotes");
                return Err(refuse("NodepoolLineEnd", &message, "", &cure));
            }
            '\t' | '\r' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{10000}'..='\u{10ffff}' => {}
            '\u{feff}' if at == 0 => {}
            '\u{e000}'..='\u{fffd}' if c != '\u{feff}' => {}
            _ => {
                let message = format!("line {line} has a U+{code:04X}, which Nodepool cannot read");
                let cure = "remove it, or write it as an escape in double quotes";
                return Err(refuse("NodepoolControlCharacter", &message, "", cure));
            }
        }
    }
    Ok(())
}
