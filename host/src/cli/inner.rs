//! Where something stands in a file that is a block of lines in another file: `nodepool.yaml: |`.

use super::place::{Node, Place};
use super::source::Source;
use super::yaml::{self, Limits};
use crate::diagnostic::FieldPath;

/// Larger blocks are not searched: each finding would read them again.
const LARGEST: usize = 64 << 10;

/// The place of the field at `path` of the YAML in `block`, or of what is nearest above it. `None` where the
/// lines of the block are not those of the file that it holds.
pub(super) fn place(source: &Source, block: &Node, path: &FieldPath) -> Option<Place> {
    let header = block.key?.line;
    let style = source.line(header).split(" #").next()?.trim_end();
    ["|", "|-", "|+"].iter().any(|mark| style.ends_with(mark)).then_some(())?;
    let (mut text, mut indent) = (String::new(), None);
    for line in header + 1..=block.value.end_line {
        let line = source.line(line);
        if indent.is_none() && !line.trim().is_empty() {
            indent = Some(line.len() - line.trim_start_matches(' ').len());
        }
        text.push_str(line.get(indent.unwrap_or(0)..).unwrap_or_default());
        text.push('\n');
        (text.len() <= LARGEST).then_some(())?;
    }
    let reading = yaml::read(0, &text, Limits::default()).next()?;
    let root = &reading.documents.first()?.node;
    let first = FieldPath(path.0.iter().take(1).cloned().collect());
    root.nearest(&first).1.then_some(())?;
    let found = root.nearest(path).0.mark();
    let (lines, columns) = (header, u32::try_from(indent?).ok()?);
    Some(Place {
        line: found.line + lines,
        column: found.column + columns,
        end_line: found.end_line + lines,
        end_column: found.end_column + columns,
    })
}
