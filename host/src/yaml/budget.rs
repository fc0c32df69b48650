//! What may still be read of a file, and what was read with what a copy of it costs.

use serde_json::Value;

use super::Limits;
use super::place::{Children, Node, Place};
use crate::diagnostic::{FieldPath, Finding};

/// What is left of the limits of a file.
pub(super) struct Budget {
    left: Limits,
    is_spent: bool,
}

impl Budget {
    /// All of it.
    pub(super) fn new(left: Limits) -> Self {
        Self { left, is_spent: false }
    }

    /// What the next document may take; nothing once something was too large.
    pub(super) fn left(self) -> Option<Limits> {
        (!self.is_spent).then_some(self.left)
    }

    /// Takes one document, before it is parsed.
    pub(super) fn start_document(&mut self, text: &str) -> Result<(), Finding> {
        let Some(documents) = self.left.documents.checked_sub(1) else {
            return Err(self.too_large("the file has too many documents"));
        };
        self.left.documents = documents;
        if text.bytes().filter(|byte| *byte == b',').count() > self.left.commas {
            return Err(self.too_large("the document has too many commas"));
        }
        Ok(())
    }

    /// Takes values and the bytes of their scalars.
    pub(super) fn pay(&mut self, values: usize, bytes: usize) -> Result<(), Finding> {
        let left = (self.left.values.checked_sub(values), self.left.bytes.checked_sub(bytes));
        let (Some(values), Some(bytes)) = left else {
            let message = "the file holds more than can be read, counting what its aliases stand for";
            return Err(self.too_large(message));
        };
        (self.left.values, self.left.bytes) = (values, bytes);
        Ok(())
    }

    /// Whether something may be nested so deeply.
    pub(super) fn check_depth(&self, depth: usize) -> Result<(), Finding> {
        if depth <= self.left.depth {
            return Ok(());
        }
        let message = format!("nested more than {} levels deep", self.left.depth);
        Err(Finding::error("TooDeep", FieldPath::root(), message)
            .cure("a Kubernetes object needs no more than a few dozen levels"))
    }

    fn too_large(&mut self, message: &str) -> Finding {
        self.is_spent = true;
        let Limits { documents, commas, values, bytes, .. } = Limits::default();
        let bytes = bytes >> 20;
        Finding::error("TooLarge", FieldPath::root(), format!("{message}; nothing from here on was read"))
            .expected(format!(
                "at most {documents} documents, {values} values and {bytes} MiB of text, and {commas} commas in one document"
            ))
            .cure("split the file, or use fewer aliases")
    }
}

/// A value with its places and what it costs to copy it.
#[derive(Clone)]
pub(super) struct Built {
    pub(super) value: Value,
    pub(super) node: Node,
    pub(super) cost: Cost,
}

/// What a copy costs.
#[derive(Clone, Copy, Default)]
pub(super) struct Cost {
    /// Values, those within it included.
    pub(super) values: usize,
    /// Bytes of all scalars and keys.
    pub(super) bytes: usize,
    /// How many levels it has below itself.
    pub(super) height: usize,
}

impl Cost {
    /// With what stands within it.
    pub(super) fn add(&mut self, child: Self) {
        self.values += child.values;
        self.bytes += child.bytes;
        self.height = self.height.max(child.height);
    }
}

impl Built {
    /// A scalar.
    pub(super) fn leaf(value: Value, place: Place, bytes: usize) -> Self {
        let node = Node { key: None, value: place, children: Children::None };
        Self { value, node, cost: Cost { values: 1, bytes, height: 0 } }
    }

    /// A collection of what `within` costs.
    pub(super) fn collection(value: Value, place: Place, children: Children, within: Cost) -> Self {
        let node = Node { key: None, value: place, children };
        let cost = Cost { values: within.values + 1, height: within.height + 1, ..within };
        Self { value, node, cost }
    }
}
