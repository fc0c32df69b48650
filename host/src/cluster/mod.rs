//! The cluster: the only room that talks to it.
//!
//! [`World`] is what watches told of it, [`gather`] reads what a plan needs, [`apply`] writes what a plan wants.

pub mod apply;
mod connect;
mod create_once;
pub mod events;
pub mod gather;
pub mod lease;
mod live;
pub mod plugins;
mod prune;
pub mod random;
pub mod requests;
mod resource;
pub mod status;
mod watch;
mod why;
mod workload;
mod world;

pub use connect::{Clients, Way};
pub use live::Live;
pub use watch::{Concerned, Scope, watch};
pub use why::{why, why_watch};
pub use workload::Replicas;
pub use world::World;

/// Who we are in `managedFields`, Events and logs.
pub const MANAGER: &str = "zuul-operator";
