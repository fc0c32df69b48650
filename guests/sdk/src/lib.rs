//! For authors of Zuul operator plugins: a trait a world, an export macro, and builders.
//!
//! A plugin is a crate of type `cdylib` that implements one of [`Driver`], [`ConfigRenderer`] or
//! [`Sharder`] and exports it. All functions are pure: a plugin has no clock, network, files or
//! randomness, and a fresh sandbox a call. Compiled natively it has no exports, so that its unit
//! tests are ordinary ones: call the trait's functions, with what [`testing`] has for requests.
//!
//! A driver is mostly its table: [`driver()`] with one [`option()`] for each. The host checks what users
//! write by it, and [`DriverTable::render`] makes the lines and files, so that the rest of a driver is
//! what a table cannot say. `examples/driver.rs` is one with such a rest, and `docs/plugins` of the
//! operator says how to build and try a plugin, what the host checks of an answer, and every limit.
//!
//! ```
//! use zuul_plugin_sdk::{driver, option, readers, Driver, DriverTable, Kind, Roles};
//!
//! struct Git;
//!
//! impl Driver for Git {
//!     const TABLE: DriverTable =
//!         driver(&["git"], Roles::SOURCE, "Repositories without code review.").options(&[
//!             option("baseurl", Kind::Text, readers::SOURCE, "Where the repositories are.").required(),
//!         ]);
//! }
//!
//! zuul_plugin_sdk::export_driver!(Git);
//! ```

#[doc(hidden)]
pub mod bindings;
pub mod check;
mod driver;
mod export;
mod finding;
pub mod log;
mod option;
pub mod readers;
mod section;
pub mod testing;
mod value;

pub use bindings::config_renderer::exports::zuul_operator::plugin::renderer;
pub use bindings::connection_driver::exports::zuul_operator::plugin::driver::{
    Connection, Description, File, Rendering, Roles,
};
pub use bindings::nodepool_sharder::exports::zuul_operator::plugin::sharder;
pub use bindings::shared::zuul_operator::plugin::types::{
    CodeInfo, Components, Entry, Finding, Handle, Kind, Line, OptionInfo, Segment, Setting, Severity, Value,
};
pub use driver::{DriverTable, driver};
pub use export::{ConfigRenderer, Driver, Sharder};
pub use finding::{CodeRow, code_infos, error, note, warning};
pub use option::{OptionRow, option};
pub use section::{SectionRow, section};
pub use value::{truth, value};
