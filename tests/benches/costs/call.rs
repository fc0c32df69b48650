//! One call of a plugin: a fresh sandbox, the call, its end.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use zuul_operator::contract::{ConnectionRequest, Entry, Plugins, Setting};
use zuul_operator::names::Component;
use zuul_operator::plugin::{Catalog, Compile, Options};
use zuul_operator::secret::SecretRef;
use zuul_operator_tests::hostile::{Rig, request};

use crate::row::{count, median, shown, time};

/// A folder of plugins to measure instead of the built-in ones: to compare two ways to build them.
const PLUGINS: &str = "ZUUL_OPERATOR_BENCH_PLUGINS";

/// How often all is measured again: another process may have had the processor meanwhile.
const ROUNDS: usize = 15;
const CALLS: usize = 1000;

/// Calls of a driver with a real connection, and of one that does nothing.
pub fn rows() {
    let catalog = Catalog::open(Options { memoise: false, ..options() }).expect("a catalog");
    let gerrit = gerrit();
    let call = || drop(catalog.connection(&gerrit).expect("an answer"));
    let (middle, slowest) = measured(CALLS, call);
    time("gerrit: sandbox, call, drop: median", middle, Duration::from_micros(40));
    time("gerrit: sandbox, call, drop: p99", slowest, Duration::from_micros(250));
    count("gerrit: instructions of the call", fuel(&catalog, call));

    let rig = Rig::hostile("harmless", 0);
    let least = Catalog::open(Options { memoise: false, ..rig.options() }).expect("a catalog");
    let (middle, _) = measured(CALLS, || drop(least.connection(&request()).expect("an answer")));
    count("a driver that does nothing: median", shown(middle));
}

/// The built-in plugins, or those to compare them with.
pub fn options() -> Options {
    let plugins_dir = std::env::var_os(PLUGINS).map(PathBuf::from);
    Options { compile: Compile::InProcess, plugins_dir, ..Rig::new().options() }
}

/// The instructions of plugins that a call takes.
pub fn fuel(catalog: &Catalog, call: impl Fn()) -> u64 {
    let before = catalog.counts().fuel;
    call();
    catalog.counts().fuel - before
}

/// The median, and the median of what the slowest hundredth of each round took.
fn measured(calls: usize, call: impl Fn()) -> (Duration, Duration) {
    call();
    let (mut all, mut slowest) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let mut round: Vec<_> = (0..calls).map(|_| timed(&call)).collect();
        round.sort_unstable();
        slowest.push(round[calls * 99 / 100]);
        all.append(&mut round);
    }
    (median(&mut all), median(&mut slowest))
}

fn timed(call: impl Fn()) -> Duration {
    let begun = Instant::now();
    call();
    begun.elapsed()
}

fn gerrit() -> ConnectionRequest {
    let entry = |name: &str, setting| Entry { name: name.to_owned(), setting };
    let text = |name, text: &str| entry(name, Setting::Text(text.to_owned()));
    let secret = |name, key| entry(name, Setting::Secret(SecretRef::new("gerrit", key)));
    ConnectionRequest {
        name: "review.example.org".to_owned(),
        driver: "gerrit".to_owned(),
        options: vec![
            text("auth_type", "basic"),
            text("baseurl", "https://review.example.org/r"),
            entry("keepalive", Setting::Integer(60)),
            secret("password", "http_password"),
            text("server", "review.example.org"),
            secret("sshkey", "sshkey"),
            text("user", "zuul"),
            entry("verify_ssl", Setting::Boolean(true)),
        ],
        mount: "/etc/zuul/connections/review.example.org".to_owned(),
        components: Component::WITH_ZUUL_CONF.into(),
    }
}
