//! The labels at the top of a nodepool.yaml.

use super::findings::Findings;
use super::read::At;
use super::table::{Fate, Row, Shape, row};
use crate::diagnostic::FieldPath;

const ROWS: &[Row] = &[
    row("name", Shape::Text, Fate::Read),
    row("min-ready", Shape::Integer, Fate::Read),
    row("max-ready-age", Shape::Integer, Fate::Read),
];

/// A label, without what pools say of it.
#[derive(Clone, Debug)]
pub(super) struct TopLabel<'a> {
    pub(super) name: &'a str,
    pub(super) path: FieldPath,
    pub(super) min_ready: Option<i64>,
    pub(super) max_ready_age: Option<i64>,
}

/// All of them, in their order.
pub(super) fn top_labels<'a>(findings: &mut Findings, top: &At<'a>) -> Vec<TopLabel<'a>> {
    let mut labels = Vec::new();
    for at in findings.mappings(top, "labels") {
        findings.carry(&at, &[ROWS]);
        let Some(name) = findings.name(&at) else { continue };
        // Zero is Nodepool's default for both, and Zuul's.
        let positive = |key| at.integer(key).filter(|number| *number > 0);
        labels.push(TopLabel {
            name,
            path: at.path.clone(),
            min_ready: positive("min-ready"),
            max_ready_age: positive("max-ready-age"),
        });
    }
    labels
}
