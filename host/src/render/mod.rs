//! From a checked Zuul object to configuration files, by plugins.

pub mod contract;
pub mod ini;
