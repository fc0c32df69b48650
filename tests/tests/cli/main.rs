//! The command line, as far as it needs files, other programs or time.

mod hostile;
mod report;
mod run;
mod secret;
mod yaml;
