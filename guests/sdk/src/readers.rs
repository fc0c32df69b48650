//! The usual sets of components, by what a connection is for (least privilege; seen by booting
//! Zuul 14.3 without the section).

use crate::Components;

/// Source connections. Mergers and executors without one poison the tenant while being healthy.
pub const SOURCE: Components =
    Components::SCHEDULER.union(Components::WEB).union(Components::EXECUTOR).union(Components::MERGER);

/// Those that clone repositories.
pub const GIT: Components = Components::EXECUTOR.union(Components::MERGER);

/// Reporters: web needs the section, but nothing in it.
pub const REPORTER: Components = Components::SCHEDULER.union(Components::WEB);

/// Provider connections; their credentials go to [`LAUNCHER`] alone.
pub const PROVIDER: Components = Components::SCHEDULER.union(Components::WEB).union(Components::LAUNCHER);

/// The scheduler alone.
pub const SCHEDULER: Components = Components::SCHEDULER;

/// The web server alone.
pub const WEB: Components = Components::WEB;

/// zuul-launcher alone.
pub const LAUNCHER: Components = Components::LAUNCHER;

/// Every component.
pub const ALL: Components = Components::all();
