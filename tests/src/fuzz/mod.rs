//! What is tried with random bytes: functions that take any bytes and panic when a promise is broken.
//!
//! `cargo xtask fuzz TARGET` runs one of them, led by coverage; `tests/tests/fuzz.rs` gives each the files of
//! `tests/fuzz/corpus/TARGET` in every run.

mod answer;
mod choices;
mod configparser;
mod fake;
mod ini;
mod mutate;
mod nodepool;
mod object;
mod words;

pub use answer::answer;
pub use ini::ini;
pub use mutate::mutate;
pub use nodepool::nodepool;
pub use object::object;

use zuul_operator::contract::Plugins;
use zuul_operator::diagnostic::Finding;

/// A function that takes any bytes, and panics when a promise is broken.
pub type Target = fn(&[u8]);

/// All targets by name.
pub const TARGETS: [(&str, Target); 4] =
    [("object", object), ("nodepool", nodepool), ("ini", ini), ("answer", answer)];

/// Loads the plugins, compiling those that no cache has: that is no case's time and memory.
///
/// # Panics
/// A built-in plugin is broken.
pub fn prepare() {
    object::plugins().codes().expect("built-in plugins");
}

/// What stands in the Secrets, and nowhere else.
pub const CANARY: &str = "CANARY";

/// A finding can be told: it has a code, a message, and a path that prints.
fn check_finding(finding: &Finding) {
    let Finding { severity: _, code, object: _, path, message, expected: _, cure: _ } = finding;
    assert!(!message.is_empty() && code.starts_with(|c: char| c.is_ascii_uppercase()), "{finding:?}");
    assert_eq!(path.to_string().is_empty(), path.0.is_empty(), "{finding:?}");
}
