//! What the operator costs, as rows of a table: `cargo xtask bench` builds everything in the profile
//! that is delivered, runs this and adds sizes. Words behind `--` name the parts that are measured.
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
    let only: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wanted = |part: &str| only.is_empty() || only.iter().any(|word| word == part);
    let parts: [(&str, fn()); 4] =
        [("call", call::rows), ("plan", plan::rows), ("reference", reference::rows), ("process", processes)];
    parts.iter().filter(|(part, _)| wanted(part)).for_each(|(_, rows)| rows());
}

fn processes() {
    match std::env::var_os(BINARY) {
        Some(binary) => process::rows(&PathBuf::from(binary)),
        None => println!("{BINARY} names no binary: whole processes are not measured"),
    }
}
