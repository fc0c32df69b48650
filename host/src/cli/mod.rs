//! The command line: files in, objects or findings out, without a cluster.

pub mod args;
mod build;
pub mod bundle;
mod characters;
pub mod check;
pub mod chunk;
pub mod convert;
mod crd;
pub mod excerpt;
pub mod files;
pub mod folder;
pub mod hide;
mod merge;
pub mod object;
pub mod output;
pub mod place;
pub mod plugins;
pub mod render;
pub mod report;
pub mod report_json;
pub mod run;
pub mod scalar;
pub mod secrets;
pub mod syntax;
mod tag;
pub mod validate;
pub mod yaml;
