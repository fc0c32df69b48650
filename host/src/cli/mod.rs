//! The command line.

mod build;
pub mod bundle;
pub mod chunk;
pub mod excerpt;
pub mod files;
pub mod hide;
mod merge;
pub mod object;
pub mod output;
pub mod place;
pub mod report;
pub mod report_json;
pub mod scalar;
pub mod secrets;
pub mod syntax;
mod tag;
pub mod yaml;
