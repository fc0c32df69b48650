//! Where something stands in a file that is a block of lines in another file: `nodepool.yaml: |`.

use std::cell::RefCell;

use super::source::Source;
use crate::diagnostic::FieldPath;
use crate::yaml::place::{Node, Place};
use crate::yaml::{self, Limits};

/// Larger blocks are not searched.
const LARGEST: usize = 64 << 10;

/// The block that was read last: findings about one file come together.
#[derive(Debug, Default)]
pub(super) struct Blocks(RefCell<Option<(usize, u32, Option<Block>)>>);

/// The places of a YAML file, and how far they are from those of the file that it is in.
#[derive(Debug)]
struct Block {
    root: Node,
    lines: u32,
    columns: u32,
}

impl Blocks {
    /// The place of the field at `path` of the YAML in `block`, or of what is nearest above it. `None` where the
    /// lines of the block are not those of the file that it holds.
    pub(super) fn place(
        &self,
        (number, source): (usize, &Source),
        block: &Node,
        path: &FieldPath,
    ) -> Option<Place> {
        // No two blocks begin on one line.
        let header = block.key?.line;
        let mut last = self.0.borrow_mut();
        if last.as_ref().is_none_or(|(file, line, _)| (*file, *line) != (number, header)) {
            *last = Some((number, header, read(source, block, header)));
        }
        last.as_ref()?.2.as_ref()?.place(path)
    }
}

impl Block {
    fn place(&self, path: &FieldPath) -> Option<Place> {
        self.root.child(path.0.first()?)?;
        let found = self.root.nearest(path).0.mark();
        Some(Place {
            line: found.line + self.lines,
            column: found.column + self.columns,
            end_line: found.end_line + self.lines,
            end_column: found.end_column + self.columns,
        })
    }
}

fn read(source: &Source, block: &Node, header: u32) -> Option<Block> {
    let style = source.line(header).split(" #").next()?.trim_end();
    ["|", "|-", "|+"].iter().any(|mark| style.ends_with(mark)).then_some(())?;
    let (mut text, mut indent) = (String::new(), None);
    for number in header + 1..=block.value.end_line {
        let line = source.line(number);
        if !block.value.is_on(number, line) {
            break;
        }
        if indent.is_none() && !line.trim().is_empty() {
            indent = Some(line.len() - line.trim_start_matches(' ').len());
        }
        text.push_str(line.get(indent.unwrap_or(0)..).unwrap_or_default());
        text.push('\n');
        (text.len() <= LARGEST).then_some(())?;
    }
    let reading = yaml::read(0, &text, Limits::default()).next()?;
    let root = reading.documents.into_iter().next()?.node;
    Some(Block { root, lines: header, columns: u32::try_from(indent?).ok()? })
}
