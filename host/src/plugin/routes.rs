//! Which plugin serves what, decided once.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::component::{Refusal, World};
use super::limits::Limit;
use super::offer::{Level, Offer};
use super::plugin::Workshop;
use crate::contract::PluginFinding;
use crate::diagnostic::Severity;

/// What each plugin serves, by its index in the catalog.
#[derive(Default)]
pub(super) struct Routes {
    pub(super) drivers: BTreeMap<String, usize>,
    pub(super) renderer: Option<usize>,
    pub(super) sharder: Option<usize>,
    pub(super) findings: Vec<PluginFinding>,
}

impl Routes {
    /// Decides. `offers` are in the order of precedence: by level, then by name; the first that claims something
    /// has it.
    pub(super) fn new(offers: &[Offer], workshop: &Workshop) -> Self {
        summarise_all(offers, workshop);
        let mut routes = Self::default();
        for (index, offer) in offers.iter().enumerate() {
            match offer.plugin.summary(workshop) {
                Ok(summary) if summary.world == World::ConnectionDriver => {
                    for driver in &summary.drivers {
                        routes.claim_driver(offers, index, driver);
                    }
                }
                Ok(summary) => routes.claim_world(offers, index, summary.world),
                Err(refusal) => routes.findings.push(refused(&offer.name, &offer.source, refusal)),
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

/// Finds out what all plugins are; those that must be compiled for it, several at once.
fn summarise_all(offers: &[Offer], workshop: &Workshop) {
    let plugins = offers.iter().map(|offer| offer.plugin.as_ref());
    let unknown: Vec<_> = plugins.filter(|plugin| !plugin.known(workshop)).collect();
    let threads = workshop.limits.size(Limit::CompileParallel).min(unknown.len());
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(plugin) = unknown.get(next.fetch_add(1, Ordering::Relaxed)) {
            // The result stays in the plugin.
            let _ = plugin.summary(workshop);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
}

/// A plugin that is not used.
pub(super) fn refused(name: &str, source: &str, (reason, detail): &Refusal) -> PluginFinding {
    finding(
        Severity::Warning,
        "PluginRefused",
        format!("the plugin {name} ({source}) is not used: {reason:?}: {detail}"),
        "build it again with the operator's SDK, or remove it",
    )
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
