//! What is to be said, with a limit: what nobody reads need not be kept.

use std::collections::{BTreeMap, BTreeSet};

use super::place::Remark;
use crate::diagnostic::{FieldPath, Finding, ObjectRef, Severity};

/// How many findings of each severity are kept. Notes cannot crowd out errors.
pub const MOST: usize = 10_000;

/// Remarks in the order in which they came, up to [`MOST`] of each severity.
#[derive(Debug, Default)]
pub struct Remarks {
    all: Vec<Remark>,
    wrong: Wrong,
    kept: BTreeMap<Severity, usize>,
    left_out: BTreeMap<Severity, usize>,
}

/// The fields that an error is told of.
#[derive(Clone, Debug, Default)]
pub struct Wrong(BTreeSet<(ObjectRef, FieldPath)>);

impl Wrong {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the remark is about one of these fields.
    #[must_use]
    pub fn hold(&self, Remark { finding, .. }: &Remark) -> bool {
        self.0.contains(&(finding.object.clone(), finding.path.clone()))
    }
}

impl Remarks {
    /// The fields that an error was told of so far.
    #[must_use]
    pub const fn wrong(&self) -> &Wrong {
        &self.wrong
    }

    /// Adds one, if there is room.
    pub fn push(&mut self, remark: Remark) {
        let severity = remark.finding.severity;
        let kept = self.kept.entry(severity).or_default();
        if *kept < MOST {
            *kept += 1;
            if severity == Severity::Error {
                let Finding { object, path, .. } = &remark.finding;
                self.wrong.0.insert((object.clone(), path.clone()));
            }
            self.all.push(remark);
        } else {
            *self.left_out.entry(severity).or_default() += 1;
        }
    }

    /// Those of a part that `as_kept` keeps, as it changes them, and what that part left out.
    pub fn append(&mut self, part: Self, as_kept: impl FnMut(Remark) -> Option<Remark>) {
        self.extend(part.all.into_iter().filter_map(as_kept));
        for (severity, count) in part.left_out {
            *self.left_out.entry(severity).or_default() += count;
        }
    }

    /// An unquoted `yes` where text is needed is one mistake: the error stays, with the cure that names it.
    pub fn join_booleans(&mut self) {
        let is_boolean = |remark: &Remark| remark.finding.code == "Yaml11Boolean";
        let all = std::mem::take(&mut self.all);
        let (joined, mut kept): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|remark| is_boolean(remark) && self.wrong.hold(remark));
        let field = |finding: &Finding| (finding.object.clone(), finding.path.clone());
        let cures: BTreeMap<_, _> =
            joined.into_iter().map(|it| (field(&it.finding), it.finding.cure)).collect();
        for Remark { finding, .. } in &mut kept {
            if let (Severity::Error, Some(cure)) = (finding.severity, cures.get(&field(finding))) {
                finding.cure.clone_from(cure);
            }
        }
        self.all = kept;
    }

    /// Whether there is nothing to be said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All of them in the order of the files, each once, and what was left out.
    #[must_use]
    pub fn sorted(self) -> Vec<Remark> {
        let mut sorted = self.all;
        sorted.extend(
            self.left_out.into_iter().map(|(severity, count)| Remark::nowhere(more(severity, count))),
        );
        let key = |remark: &Remark| (remark.file.unwrap_or(usize::MAX), remark.place);
        sorted.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.finding.cmp(&b.finding)));
        sorted.dedup_by(|a, b| key(a) == key(b) && a.finding == b.finding);
        sorted
    }
}

impl Extend<Remark> for Remarks {
    fn extend<I: IntoIterator<Item = Remark>>(&mut self, remarks: I) {
        remarks.into_iter().for_each(|remark| self.push(remark));
    }
}

fn more(severity: Severity, count: usize) -> Finding {
    let message = format!("{count} more findings of the severity {severity} are left out");
    Finding::new(severity, "TooManyFindings", FieldPath::root(), message)
        .expected(format!("at most {MOST} of each severity"))
        .cure("correct the others first, or give fewer files at a time")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(number: usize) -> Vec<Remark> {
        let finding = |n: usize| Finding::warning("A", FieldPath::root().index(n), "a");
        let mut remarks = Remarks::default();
        remarks.extend((0..number).map(|n| Remark::nowhere(finding(n))));
        remarks.push(Remark::nowhere(Finding::error("E", FieldPath::root(), "e")));
        remarks.sorted()
    }

    #[test]
    fn what_is_left_out_is_told() {
        let codes = |told: &[Remark]| {
            let errors = told.iter().filter(|remark| remark.finding.code == "E").count();
            (told.len(), errors, told.iter().filter(|it| it.finding.code == "TooManyFindings").count())
        };
        assert_eq!(codes(&told(MOST)), (MOST + 1, 1, 0));
        let many = told(MOST + 5);
        assert_eq!(codes(&many), (MOST + 2, 1, 1), "errors are not left out for warnings");
        assert!(many.iter().any(|remark| remark.finding.message.starts_with("5 more")));
    }

    #[test]
    fn what_a_part_left_out_is_not_forgotten() {
        let note = || Remark::nowhere(Finding::note("N", FieldPath::root(), "n"));
        let mut part = Remarks::default();
        part.extend((0..MOST + 7).map(|_| note()));
        let mut all = Remarks::default();
        all.append(part, Some);
        assert!(all.sorted().iter().any(|remark| remark.finding.message.starts_with("7 more")));
    }
}
