//! A plan of the reference site, and of larger ones: with every plugin called, and with none.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use zuul_operator::cli::bundle::Bundle;
use zuul_operator::cli::gather::ZuulInputs;
use zuul_operator::cli::source::Source;
use zuul_operator::contract::{Plugins, ShardBy, ShardRequest, ZookeeperServer};
use zuul_operator::inputs::Inputs;
use zuul_operator::plan::{Planner, plan};
use zuul_operator::plugin::{Catalog, Limit, Limits, Options};
use zuul_operator_tests::random::Random;
use zuul_operator_tests::reference_site::{REFERENCE, Size, nodepool, site};
use zuul_plugin_nodepool_sharder::NodepoolSharder;
use zuul_plugin_sdk::{Sharder, sharder};

use crate::call::{fuel, options};
use crate::row::{count, median, shown, time};

const ROUNDS: usize = 31;
/// Seven times the site has a nodepool.yaml of more than a mebibyte, which no ConfigMap holds.
const LARGER: usize = 6;

/// All rows.
pub fn rows() {
    let cold = catalog(false);
    let (once, instructions) = planned(&cold, REFERENCE, ROUNDS);
    time("reference site: plan, all plugins called: median", once, Duration::from_millis(10));
    count("reference site: instructions of plugins", instructions);
    let (larger, more) = planned(&raised(), REFERENCE.times(LARGER), 5);
    let of_once = |larger: u64, once: u64| format!("{:.2}", larger as f64 / once.max(1) as f64);
    let what = |cost: &str| format!("{LARGER} times the site: times the {cost} (at most {LARGER})");
    count(&what("time"), of_once(micros(larger), micros(once)));
    count(&what("instructions"), of_once(more, instructions));

    let warm = catalog(true);
    let inputs = inputs(&site("zuul", REFERENCE, 1));
    let planner = RefCell::new(Planner::default());
    let plan_it = |inputs: &Inputs| drop(planner.borrow_mut().plan(&Arc::new(inputs.clone()), &warm));
    plan_it(&inputs.inputs);
    let before = warm.counts().calls;
    let again = timed(ROUNDS, || plan_it(&inputs.inputs));
    time("reference site: nothing changed: median", again, Duration::from_millis(1));
    count("reference site: nothing changed: calls of plugins", warm.counts().calls - before);

    let sandboxed = shard_request();
    let inside = timed(ROUNDS, || drop(cold.shard(&sandboxed).expect("an answer")));
    let native = timed(ROUNDS, || drop(NodepoolSharder::cut(native_request(&sandboxed))));
    let ratio = of_once(micros(inside), micros(native));
    let size = sandboxed.nodepool_yaml.len() / 1024;
    count(
        &format!("sharder of that site, {size} KiB: instructions"),
        fuel(&cold, || drop(cold.shard(&sandboxed))),
    );
    count("sharder of that site: sandboxed, native", format!("{}, {}", shown(inside), shown(native)));
    count("sharder of that site: times native (at most 2.0)", ratio);
}

fn catalog(memoise: bool) -> Catalog {
    Catalog::open(Options { memoise, ..options() }).expect("a catalog")
}

/// A site that large has more shards and more output than sites are given.
fn raised() -> Catalog {
    let raise = |limits: Limits, limit: Limit| limits.with(limit, limit.row().ceiling).expect("its ceiling");
    let all =
        [Limit::InputBytes, Limit::OutputBytes, Limit::OutputItems, Limit::MemoryBytes, Limit::FuelRender];
    let limits = all.into_iter().fold(Limits::default(), raise);
    Catalog::open(Options { memoise: false, limits, ..options() }).expect("a catalog")
}

fn inputs(text: &str) -> ZuulInputs {
    let bundle = Bundle::read(vec![Source::new("site.yaml", text)], Vec::new());
    bundle.zuuls().next().expect("a Zuul")
}

/// The median time of a plan, and the instructions of its plugins.
fn planned(catalog: &Catalog, size: Size, rounds: usize) -> (Duration, u64) {
    let inputs = inputs(&site("zuul", size, 1));
    let made = plan(&inputs.inputs, catalog);
    assert!(!made.has_errors(), "{:?}", made.findings);
    let once = || drop(plan(&inputs.inputs, catalog));
    let fuel = fuel(catalog, once);
    (timed(rounds, once), fuel)
}

fn timed(rounds: usize, work: impl Fn()) -> Duration {
    let one = || {
        let begun = Instant::now();
        work();
        begun.elapsed()
    };
    median(&mut (0..rounds).map(|_| one()).collect::<Vec<_>>())
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

fn shard_request() -> ShardRequest {
    ShardRequest {
        nodepool_yaml: nodepool(REFERENCE, &mut Random::new(1)),
        by: ShardBy::Provider,
        zookeeper_servers: vec![ZookeeperServer { host: "zk".to_owned(), port: 2281, chroot: None }],
        zookeeper_tls: None,
        images_dir: None,
    }
}

fn native_request(request: &ShardRequest) -> sharder::Request {
    let server =
        sharder::ZookeeperServer { host: "zk".to_owned(), port: 2281, chroot: None, extra: Vec::new() };
    sharder::Request {
        nodepool_yaml: request.nodepool_yaml.clone(),
        by: sharder::ShardBy::Provider,
        zookeeper_servers: vec![server],
        zookeeper_tls: None,
        images_dir: None,
        extra: Vec::new(),
    }
}
