//! From a checked Zuul object to configuration files, by plugins.

pub use crate::contract;
