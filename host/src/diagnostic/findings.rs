//! Findings with a limit.

use std::collections::BTreeMap;

use super::{FieldPath, Finding, Severity};

/// How many findings of each severity are kept of one Zuul; notes cannot crowd out errors. Nobody reads more, and
/// a wrong object of a megabyte would have so many that they take more memory than all else.
const MOST: usize = 1_000;

/// What is to be said about one Zuul, in the order in which it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    kept: Vec<Finding>,
    /// How many there were of each severity.
    seen: BTreeMap<Severity, usize>,
}

impl Findings {
    /// Adds one, if there is room.
    pub fn push(&mut self, finding: Finding) {
        let seen = self.seen.entry(finding.severity).or_default();
        *seen += 1;
        if *seen <= MOST {
            self.kept.push(finding);
        }
    }

    /// Adds those of a part, and how many that part left out.
    pub fn append(&mut self, part: Self) {
        let mut left_out = part.seen;
        for finding in part.kept {
            left_out.entry(finding.severity).and_modify(|count| *count -= 1);
            self.push(finding);
        }
        for (severity, count) in left_out {
            *self.seen.entry(severity).or_default() += count;
        }
    }

    /// All that were kept, and a finding for each severity of which some were not.
    #[must_use]
    pub fn into_vec(self) -> Vec<Finding> {
        let mut all = self.kept;
        for (severity, seen) in self.seen {
            if let Some(more) = seen.checked_sub(MOST).filter(|more| *more > 0) {
                let message = format!("{more} more findings of the severity {severity} are left out");
                let finding = Finding::new(severity, "TooManyFindings", FieldPath::root(), message);
                all.push(
                    finding
                        .expected(format!("at most {MOST} of each severity for one Zuul"))
                        .cure("correct the others first"),
                );
            }
        }
        all
    }
}

impl Extend<Finding> for Findings {
    fn extend<I: IntoIterator<Item = Finding>>(&mut self, findings: I) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }
}

impl FromIterator<Finding> for Findings {
    fn from_iter<I: IntoIterator<Item = Finding>>(findings: I) -> Self {
        let mut all = Self::default();
        all.extend(findings);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warnings(count: usize) -> Findings {
        let mut findings = Findings::default();
        findings.extend((0..count).map(|n| Finding::warning("W", FieldPath::root().index(n), "w")));
        findings
    }

    #[test]
    fn what_is_left_out_is_told_and_errors_are_not_left_out_for_warnings() {
        assert_eq!(warnings(MOST).into_vec().len(), MOST);
        let mut many = warnings(MOST + 5);
        let mut part = warnings(MOST + 2);
        part.push(Finding::error("E", FieldPath::root(), "e"));
        many.append(part);
        let told = many.into_vec();
        assert_eq!(told.len(), MOST + 2);
        assert!(told.iter().any(|finding| finding.code == "E"));
        assert!(told.iter().any(|finding| finding.message.starts_with(&format!("{} more", MOST + 7))));
    }
}
