//! The ConfigMaps about one plugin of a namespace.

use std::cmp::Reverse;

use super::{Map, Serves, Step, Why, accepted_name};
use crate::api::age;

/// A ConfigMap, and what was found out about it.
#[derive(Clone, Debug)]
pub(super) struct Held<P> {
    pub(super) map: Map,
    pub(super) verdict: Verdict<P>,
    pub(super) not_kept: Option<String>,
}

/// What its check gave.
#[derive(Clone, Debug)]
pub(super) enum Verdict<P> {
    /// It is being checked.
    Open {
        /// And takes its time.
        is_slow: bool,
    },
    Good(P),
    Bad(Why),
}

/// The ConfigMaps about one plugin of a namespace.
pub(super) struct Slot<'a, P> {
    pub(super) wanted: Vec<&'a Held<P>>,
    /// The newest first.
    pub(super) accepted: Vec<&'a Held<P>>,
}

impl<P> Held<P> {
    pub(super) fn good(&self) -> Option<&P> {
        match &self.verdict {
            Verdict::Good(code) => Some(code),
            _ => None,
        }
    }

    pub(super) const fn is_open(&self) -> bool {
        matches!(self.verdict, Verdict::Open { .. })
    }

    pub(super) fn age(&self) -> impl Ord + use<P> {
        let version = age(&self.map.version).unwrap_or_default();
        Reverse((self.map.created.clone(), version, self.map.name.clone()))
    }
}

impl<P: Serves> Slot<'_, P> {
    pub(super) fn is_open(&self) -> bool {
        self.accepted.iter().any(|held| held.is_open())
    }

    /// What serves, as far as the copies say: the newest one that is good.
    pub(super) fn active(&self) -> Option<(&Map, &P)> {
        self.accepted.iter().find_map(|held| Some((&held.map, held.good()?)))
    }

    /// What serves and this does not: it would be left to other plugins, or to none.
    pub(super) fn lacks(&self, code: &P) -> Vec<String> {
        let active = self.active().map(|(_, active)| active.serves()).unwrap_or_default();
        active.difference(&code.serves()).cloned().collect()
    }

    /// What is wanted, if that is one thing, and good, and serves whatever is served now.
    pub(super) fn good_wish(&self) -> Option<&Map> {
        match self.wanted.as_slice() {
            [one] => one.good().filter(|code| self.lacks(code).is_empty()).map(|_| &one.map),
            _ => None,
        }
    }

    /// What the one that leads has to do.
    pub(super) fn steps(&self) -> Vec<Step> {
        let active = self.accepted.iter().position(|held| held.good().is_some());
        // Only the newest good one is kept, and what is newer than it: another version of the operator may take that.
        let mut steps: Vec<Step> = match active {
            Some(at) => self.accepted[at + 1..].iter().map(|held| Step::Remove(held.map.clone())).collect(),
            None => Vec::new(),
        };
        let digest = active.map(|at| &self.accepted[at].map.digest);
        if let Some(wish) = self.good_wish().filter(|wish| Some(&wish.digest) != digest) {
            let name = accepted_name(&wish.plugin, &wish.digest);
            match self.accepted.iter().find(|held| held.map.name == name) {
                Some(in_the_way) => {
                    let remove = Step::Remove(in_the_way.map.clone());
                    if !steps.contains(&remove) {
                        steps.push(remove);
                    }
                }
                None => steps.push(Step::Accept(wish.clone())),
            }
        }
        steps
    }
}
