//! The plugin runtime: the only place that knows wasmtime.
//!
//! [`Catalog`] is what the core sees, and [`Library`] has one for each namespace. A call goes `catalog` → `plugin` (loaded once: `cache`,
//! `compile`, `artifact`, `component`) → `v0_1` (converts) → `call` (a fresh sandbox with every
//! limit of `limits`) and its answer back through `v0_1` and `check`.

mod artifact;
mod builtin;
mod cache;
mod call;
mod catalog;
pub mod check;
mod compile;
mod component;
mod engine;
mod gate;
mod inflate;
mod library;
mod limits;
mod log;
mod memo;
mod offer;
mod once;
mod options;
#[allow(clippy::module_inception)]
mod plugin;
mod routes;
mod shared;
mod source;
mod traps;
mod v0_1;
mod zstd;

pub use cache::default_cache_dir;
pub use catalog::Catalog;
pub use compile::{COMPILE_ARGUMENT, Compile, compile_child};
pub use component::World;
pub use library::{Library, Loaded};
pub use limits::{Limit, LimitError, Limits, Row};
pub use options::Options;
pub use shared::Counts;
