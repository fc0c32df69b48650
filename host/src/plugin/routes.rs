//! Which plugin serves what, decided once.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::component::{Refusal, World};
use super::limits::Limit;
use super::plugin::{Plugin, Workshop};
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
    /// Decides. `plugins` are in the order of precedence: those of the folder by name, then the
    /// built-in ones by name; the first that claims something has it.
    pub(super) fn new(plugins: &[Plugin], workshop: &Workshop) -> Self {
        summarise_all(plugins, workshop);
        let mut routes = Self::default();
        for (index, plugin) in plugins.iter().enumerate() {
            match plugin.summary(workshop) {
                Ok(summary) if summary.world == World::ConnectionDriver => {
                    for driver in &summary.drivers {
                        routes.claim_driver(plugins, index, driver);
                    }
                }
                Ok(summary) => routes.claim_world(plugins, index, summary.world),
                Err(refusal) => {
                    let source = &plugin.source;
                    routes.findings.push(refused(&source.name, &source.shown(), refusal));
                }
            }
        }
        routes
    }

    fn claim_driver(&mut self, plugins: &[Plugin], index: usize, driver: &str) {
        match self.drivers.get(driver).copied() {
            None => drop(self.drivers.insert(driver.to_owned(), index)),
            Some(first) => self.tell(&plugins[first], &plugins[index], &format!("the driver {driver}")),
        }
    }

    fn claim_world(&mut self, plugins: &[Plugin], index: usize, world: World) {
        let place = match world {
            World::ConfigRenderer => &mut self.renderer,
            World::NodepoolSharder => &mut self.sharder,
            World::ConnectionDriver => return,
        };
        match *place {
            None => *place = Some(index),
            Some(first) => self.tell(&plugins[first], &plugins[index], &format!("the world {world}")),
        }
    }

    /// That a plugin of the folder replaces a built-in one is meant; two of one level are not.
    fn tell(&mut self, first: &Plugin, second: &Plugin, what: &str) {
        let (name, path) = (&first.source.name, first.source.shown());
        let other = &second.source.name;
        if first.source.is_builtin() == second.source.is_builtin() {
            self.findings.push(finding(
                Severity::Warning,
                "PluginConflict",
                format!("the plugins {name} and {other} both serve {what}; {name} is used"),
                "remove one of the two",
            ));
        } else {
            self.findings.push(finding(
                Severity::Note,
                "PluginReplaced",
                format!("the plugin {name} ({path}) serves {what} instead of the built-in one"),
                "",
            ));
        }
    }
}

/// Finds out what all plugins are; those that must be compiled for it, several at once.
fn summarise_all(plugins: &[Plugin], workshop: &Workshop) {
    let unknown: Vec<&Plugin> = plugins.iter().filter(|plugin| !plugin.known(workshop)).collect();
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
