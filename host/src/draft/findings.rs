//! Findings, of which those that say the same are told once.

use std::collections::BTreeMap;

use crate::diagnostic::{FieldPath, Finding, Severity};

/// So many errors that say the same are told one by one, for they have to be corrected one by one.
const MOST_ALIKE: usize = 100;

/// What is to be said about a nodepool.yaml.
#[derive(Debug, Default)]
pub(super) struct Findings {
    all: Vec<Finding>,
    /// Where among them the first with this code and message is, and how many there were.
    alike: BTreeMap<(String, String), (usize, usize)>,
}

impl Findings {
    /// Adds one.
    pub(super) fn push(&mut self, finding: Finding) {
        let key = (finding.code.clone(), finding.message.clone());
        let (_, count) = self.alike.entry(key).or_insert((self.all.len(), 0));
        *count += 1;
        let most = if finding.severity == Severity::Error { MOST_ALIKE } else { 1 };
        if *count <= most {
            self.all.push(finding);
        }
    }

    /// An option or a thing that is not in the draft.
    pub(super) fn not_carried(&mut self, path: FieldPath, what: &str, why: &str, cure: &str) {
        let message = format!("{what} is not carried: {why}");
        self.push(Finding::warning("NotCarried", path, message).cure(cure));
    }

    /// Something that has to be there.
    pub(super) fn missing(&mut self, path: FieldPath, what: &str) {
        let finding = Finding::error("RequiredField", path, format!("{what} is missing"));
        self.push(finding.cure("add it; Nodepool needs it, too"));
    }

    /// A name of something that is not there.
    pub(super) fn dangling(&mut self, path: FieldPath, what: &str, name: &str) {
        let message = format!("there is no {what} {name:?}");
        self.push(
            Finding::error("UnknownReference", path, message).cure("correct the name, or add what it names"),
        );
    }

    /// A placeholder in the draft.
    pub(super) fn fill_in(&mut self, path: FieldPath, message: String, cure: &str) {
        let finding = Finding::warning("ToBeFilledIn", path, message);
        self.push(finding.cure(format!("replace {}: {cure}", super::PLACEHOLDER)));
    }

    /// All of them in the order in which they came.
    pub(super) fn into_vec(mut self) -> Vec<Finding> {
        for (first, count) in self.alike.into_values() {
            let Some(finding) = self.all.get_mut(first) else { continue };
            let most = if finding.severity == Severity::Error { MOST_ALIKE } else { 1 };
            match count.saturating_sub(most) {
                0 => {}
                1 => finding.message.push_str(" (the same in 1 other place)"),
                more => finding.message.push_str(&format!(" (the same in {more} other places)")),
            }
        }
        self.all
    }
}
