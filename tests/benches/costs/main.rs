//! What the operator costs, as rows of a table: `cargo xtask bench` builds everything in the profile
//! that is delivered, runs this and adds sizes.
//!
//! Numbers are for people: nothing fails on a busy machine, a row only says that its target is missed.
//! Times are medians of many; what is counted instead of timed is the same on every machine.
#![allow(clippy::print_stdout)]

mod call;
mod plan;
mod process;
mod reference;
mod row;

use std::path::PathBuf;

/// The operator's binary.
const BINARY: &str = "ZUUL_OPERATOR_BINARY";

fn main() {
    call::rows();
    plan::rows();
    reference::rows();
    match std::env::var_os(BINARY) {
        Some(binary) => process::rows(&PathBuf::from(binary)),
        None => println!("{BINARY} names no binary: whole processes are not measured"),
    }
}
