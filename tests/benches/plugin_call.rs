//! What a plugin costs: compiling, loading, and a call in a fresh sandbox. Prints a table.
//!
//! `cargo bench -p zuul-operator-tests --bench plugin_call`. Targets, optimised: a call's median
//! at most 40 µs, its 99th percentile at most 250 µs.
#![allow(clippy::print_stdout)]

use std::path::Path;
use std::time::{Duration, Instant};

use zuul_operator::contract::Plugins;
use zuul_operator::plugin::{Catalog, Compile, Options};
use zuul_operator_tests::hostile::{Rig, git_request, request};

const CALLS: usize = 10_000;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let cache = folder.path().join("cache");
    println!("{:<44} {:>12}", "what", "measured");
    row("memory before (resident)", &resident());
    // A child compiles, as in the operator, so that the memory below is what a process keeps.
    let (_, cold) = open(&cache, Compile::Child(env!("CARGO_BIN_EXE_compile-plugin").into()));
    row("first process: find, compile, describe all", &micros(cold));
    let (catalog, warm) = open(&cache, Compile::InProcess);
    row("next process: find all", &micros(warm));
    let begun = Instant::now();
    let driver = catalog.driver("git").map(|info| info.options.len());
    row("load one driver, describe it", &micros(begun.elapsed()));
    assert!(driver.is_ok_and(|options| options > 0), "the git driver describes itself");
    row("memory with one driver loaded (resident)", &resident());
    calls("git driver: sandbox, call, drop", || drop(catalog.connection(&git_request()).expect("an answer")));
    let rig = Rig::hostile("harmless", 0);
    let least = Catalog::open(Options { memoise: false, ..rig.options() }).expect("a catalog");
    calls("empty driver: sandbox, call, drop", || drop(least.connection(&request()).expect("an answer")));
    row("memory after (resident)", &resident());
}

fn open(cache: &Path, compile: Compile) -> (Catalog, Duration) {
    let cache_dir = Some(cache.to_owned());
    let begun = Instant::now();
    let options = Options { cache_dir, compile, memoise: false, ..Options::default() };
    let catalog = Catalog::open(options).expect("a catalog");
    assert!(!catalog.drivers().is_empty());
    (catalog, begun.elapsed())
}

fn calls(what: &str, call: impl Fn()) {
    let mut times: Vec<Duration> = (0..CALLS)
        .map(|_| {
            let begun = Instant::now();
            call();
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    row(&format!("{what}: median"), &micros(times[CALLS / 2]));
    row(&format!("{what}: p99"), &micros(times[CALLS * 99 / 100]));
}

fn row(what: &str, measured: &str) {
    println!("{what:<44} {measured:>12}");
}

fn micros(time: Duration) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6)
}

/// This process's memory, as Linux counts it.
fn resident() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.unwrap_or("unknown").trim().to_owned()
}
