//! One call of a plugin: a fresh sandbox, the call, its end.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use zuul_operator::contract::{
    ConnectionRequest, Entry, Plugins, Setting, ShardBy, ShardRequest, ZookeeperServer,
};
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

/// Calls of a driver with a real connection, of one that does nothing, and of the sharder.
pub fn rows() {
    let plugins_dir = std::env::var_os(PLUGINS).map(PathBuf::from);
    let options = Options { compile: Compile::InProcess, plugins_dir, ..Rig::new().options() };
    let catalog = Catalog::open(Options { memoise: false, ..options }).expect("a catalog");
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

    let request = nodepool(50, 20);
    let size = request.nodepool_yaml.len() / 1024;
    let call = || drop(catalog.shard(&request).expect("an answer"));
    let (middle, _) = measured(3, call);
    count(&format!("sharder, 50 providers, 1000 labels, {size} KiB: median"), shown(middle));
    count("sharder: instructions of that call", fuel(&catalog, call));
}

fn fuel(catalog: &Catalog, call: impl Fn()) -> u64 {
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

/// A large site's file: each label's pool entry has the usual eight lines.
fn nodepool(providers: usize, labels: usize) -> ShardRequest {
    let mut yaml = String::from("labels:\n");
    for label in 0..providers * labels {
        let _ = writeln!(yaml, "  - name: label-{label}\n    min-ready: 1");
    }
    yaml.push_str(
        "diskimages:\n  - name: debian\n    elements: [debian-minimal, vm, simple-init]\nproviders:\n",
    );
    for provider in 0..providers {
        let _ = write!(
            yaml,
            "  - name: provider-{provider}\n    driver: openstack\n    cloud: cloud-{provider}\n    region-name: one\n    diskimages:\n      - name: debian\n        config-drive: true\n    pools:\n      - name: main\n        max-servers: 100\n        labels:\n"
        );
        for label in 0..labels {
            let name = provider * labels + label;
            let _ = write!(
                yaml,
                "          - name: label-{name}\n            diskimage: debian\n            min-ram: 8192\n            flavor-name: 'standard.{label}'\n            boot-from-volume: true\n            volume-size: 80\n            instance-properties:\n              owner: \"team {label}\"\n"
            );
        }
    }
    ShardRequest {
        nodepool_yaml: yaml,
        by: ShardBy::Provider,
        zookeeper_servers: vec![ZookeeperServer { host: "zk".to_owned(), port: 2281, chroot: None }],
        zookeeper_tls: None,
        images_dir: None,
    }
}
