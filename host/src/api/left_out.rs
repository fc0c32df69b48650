//! What of an object is left out of all further checks, because it is wrong and that was said.

use std::collections::BTreeSet;

use crate::diagnostic::FieldPath;

/// Fields that are wrong. Nothing that follows from them is told: one mistake is one finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut(BTreeSet<FieldPath>);

impl LeftOut {
    /// Leaves out the field at `path`, with everything below it.
    pub fn insert(&mut self, path: FieldPath) {
        self.0.insert(path);
    }

    /// Leaves out what `other` leaves out.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether nothing is left out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the field at `path`, or one that it is in, is left out.
    #[must_use]
    pub fn covers(&self, path: &FieldPath) -> bool {
        (0..=path.0.len()).any(|length| self.0.contains(&FieldPath(path.0[..length].to_vec())))
    }

    /// The fields that are left out below `path`, by their paths from there.
    pub fn below<'a>(&'a self, path: &'a FieldPath) -> impl Iterator<Item = FieldPath> + 'a {
        self.0
            .iter()
            .filter_map(|it| it.0.strip_prefix(path.0.as_slice()))
            .map(|rest| FieldPath(rest.to_vec()))
    }
}

impl FromIterator<FieldPath> for LeftOut {
    fn from_iter<T: IntoIterator<Item = FieldPath>>(paths: T) -> Self {
        Self(paths.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_covers_what_is_in_it_and_nothing_else() {
        let web = FieldPath::spec().key("web");
        let left_out: LeftOut = [web.key("count")].into_iter().collect();
        assert!(left_out.covers(&web.key("count")) && left_out.covers(&web.key("count").key("x")));
        assert!(!left_out.covers(&web) && !left_out.covers(&web.key("root")));
        assert_eq!(left_out.below(&web).collect::<Vec<_>>(), [FieldPath::root().key("count")]);
    }
}
