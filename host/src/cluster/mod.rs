//! The cluster: the only room that talks to it.
//!
//! [`World`] is what watches told of it, [`gather`] reads what a plan needs, [`apply`] writes what a plan wants.

pub mod apply;
mod create_once;
pub mod gather;
mod id;
pub mod lease;
mod live;
mod prune;
pub mod random;
pub mod requests;
pub mod status;
mod watch;
mod world;

pub use id::{Id, Kind};
pub use live::{Live, Replicas};
pub use watch::{Concerned, Scope, watch};
pub use world::World;

/// Who we are in `managedFields`, Events and logs.
pub const MANAGER: &str = "zuul-operator";
