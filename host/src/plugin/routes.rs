//! Which plugin serves what, decided once, unless one could not be loaded in passing.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::component::{Refusal, World};
use super::limits::Limit;
use super::offer::{Level, Offer};
use super::plugin::{Summary, Workshop};
use crate::contract::{FailureReason, PluginFinding};
use crate::diagnostic::Severity;

/// What each plugin serves, by its index in the catalog.
#[derive(Default)]
pub(super) struct Routes {
    pub(super) drivers: BTreeMap<String, usize>,
    pub(super) renderer: Option<usize>,
    pub(super) sharder: Option<usize>,
    pub(super) findings: Vec<PluginFinding>,
    /// Whether another try may find more.
    pub(super) is_doubtful: bool,
}

impl Routes {
    /// Decides. `offers` are in the order of precedence: by level, then by name; the first that claims something
    /// has it.
    pub(super) fn new(offers: &[Offer], workshop: &Workshop) -> Self {
        let mut routes = Self::default();
        for (index, summary) in summaries(offers, workshop) {
            match summary {
                Ok(summary) if summary.world == World::ConnectionDriver => {
                    for driver in &summary.drivers {
                        routes.claim_driver(offers, index, driver);
                    }
                }
                Ok(summary) => routes.claim_world(offers, index, summary.world),
                Err(refusal) => {
                    routes.is_doubtful |= FailureReason::PASSING.contains(&refusal.0);
                    routes.findings.push(refused(&offers[index].name, &offers[index].source, &refusal));
                }
            }
        }
        routes
    }

    fn claim_driver(&mut self, offers: &[Offer], index: usize, driver: &str) {
        match self.drivers.get(driver).copied() {
            None => drop(self.drivers.insert(driver.to_owned(), index)),
            Some(first) => self.tell(&offers[first], &offers[index], &format!("the driver {driver}")),
        }
    }

    fn claim_world(&mut self, offers: &[Offer], index: usize, world: World) {
        let place = match world {
            World::ConfigRenderer => &mut self.renderer,
            World::NodepoolSharder => &mut self.sharder,
            World::ConnectionDriver => return,
        };
        match *place {
            None => *place = Some(index),
            Some(first) => self.tell(&offers[first], &offers[index], &format!("the world {world}")),
        }
    }

    /// That a plugin takes the place of one of another level is meant; two of one level are not.
    fn tell(&mut self, first: &Offer, second: &Offer, what: &str) {
        let (name, place) = (&first.name, &first.source);
        let (other, its_place) = (&second.name, &second.source);
        if first.level == second.level {
            self.findings.push(finding(
                Severity::Warning,
                "PluginConflict",
                format!("the plugins {name} and {other} both serve {what}; {name} is used"),
                "remove one of the two",
            ));
            return;
        }
        let instead = match second.level {
            Level::Builtin => "the built-in one".to_owned(),
            _ => format!("{other} ({its_place})"),
        };
        let message = format!("the plugin {name} ({place}) serves {what} instead of {instead}");
        self.findings.push(finding(Severity::Note, "PluginReplaced", message, ""));
    }
}

/// What all plugins are, each asked once; if some must be compiled for it, several at once.
fn summaries<'a>(offers: &'a [Offer], workshop: &Workshop) -> BTreeMap<usize, Result<&'a Summary, Refusal>> {
    let unknown = offers.iter().filter(|offer| !offer.plugin.known(workshop)).count();
    let threads = workshop.limits.size(Limit::CompileParallel).min(unknown);
    let (next, summaries) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(offer) = offers.get(index) else { break };
            let summary = offer.plugin.summary(workshop);
            summaries.lock().unwrap_or_else(PoisonError::into_inner).insert(index, summary);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    summaries.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// A plugin that is not used.
pub(super) fn refused(name: &str, source: &str, (reason, detail): &Refusal) -> PluginFinding {
    let message = format!("the plugin {name} ({source}) is not used: {reason:?}: {detail}");
    if FailureReason::PASSING.contains(reason) {
        // An error, as pods would go to the plugin that is next in line, and come back soon.
        let cure =
            "give the operator more of a CPU: it is tried again; else make the plugin smaller, or remove it";
        return finding(Severity::Error, reason.code(), message, cure);
    }
    let cure = "build it again with the operator's SDK, or remove it";
    finding(Severity::Warning, "PluginRefused", message, cure)
}

/// A finding about plugins themselves.
pub(super) fn finding(severity: Severity, code: &str, message: String, cure: &str) -> PluginFinding {
    PluginFinding {
        severity,
        path: String::new(),
        code: code.to_owned(),
        message,
        expected: String::new(),
        cure: cure.to_owned(),
    }
}
