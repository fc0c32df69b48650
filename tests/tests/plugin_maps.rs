//! Plugins in ConfigMaps: which one serves where, and what becomes of those that cannot. The cluster is played by
//! hand; `plugin_follow.rs` has a real one.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use flate2::Compression;
use flate2::read::GzEncoder;
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;
use zuul_operator::contract::{FailureReason, PluginInfo, Plugins};
use zuul_operator::plugin::{Catalog, Library, Loaded, Options};
use zuul_operator::supply::{Changed, Map, Shelves, Step, Supplier, accepted, packed, read};
use zuul_operator_tests::hostile::{Rig, component, git_request, noted, of_driver};

const OPERATOR: &str = "zuul-operator";

/// One operator in a cluster.
struct Operator {
    library: Library,
    shelves: Shelves<Loaded>,
    cluster: BTreeMap<(String, String), ConfigMap>,
    version: i64,
}

impl Operator {
    fn new() -> Self {
        Self::with(Rig::new().options())
    }

    fn with(options: Options) -> Self {
        let options = Options { plugins_dir: None, ..options };
        let library = Library::open(options, OPERATOR).unwrap();
        Self { library, shelves: Shelves::default(), cluster: BTreeMap::new(), version: 0 }
    }

    /// Another process in the same cluster.
    fn restarted(&self) -> Self {
        let mut other = Self { version: self.version, ..Self::new() };
        self.cluster.values().for_each(|object| other.put(object.clone()));
        other.library.publish(&other.shelves);
        other
    }

    fn put(&mut self, object: ConfigMap) {
        let (map, bytes) = read(object.clone());
        self.cluster.insert((map.namespace.clone(), map.name.clone()), object);
        if self.shelves.saw(map.clone()) {
            let result = bytes.and_then(|bytes| self.library.check(&map, bytes));
            self.shelves.checked(&map, result);
        }
    }

    /// As the API server stores it.
    fn store(&mut self, mut object: ConfigMap) {
        self.version += 1;
        object.metadata.uid = Some(format!("uid-{}", self.version));
        object.metadata.resource_version = Some(self.version.to_string());
        object.metadata.creation_timestamp = Timestamp::from_second(self.version).ok().map(Time);
        self.put(object);
    }

    /// A user applies it, and the operator does what follows.
    fn apply(&mut self, namespace: &str, plugin: &str, bytes: &[u8]) -> Changed {
        let digest = self.library.digest(bytes).unwrap_or_else(|_| "0".repeat(64));
        self.apply_with(namespace, plugin, bytes, digest)
    }

    fn apply_with(&mut self, namespace: &str, plugin: &str, bytes: &[u8], digest: String) -> Changed {
        let (namespace, plugin) = (namespace.to_owned(), plugin.to_owned());
        let name = format!("zuul-plugin-{plugin}");
        let map = Map { namespace, name, plugin, digest, ..Map::default() };
        self.store(packed(&map, bytes.to_vec()));
        let mut all = self.library.publish(&self.shelves);
        while let Some(step) = self.shelves.steps().into_iter().next() {
            match step {
                Step::Accept(map) => {
                    let object = self.cluster[&(map.namespace, map.name)].clone();
                    let (map, bytes) = read(object);
                    self.store(accepted(&map, bytes.unwrap()));
                }
                Step::Remove(map) => self.delete(&map),
            }
            all = joined(all, self.library.publish(&self.shelves));
        }
        all
    }

    fn delete(&mut self, map: &Map) {
        self.cluster.remove(&(map.namespace.clone(), map.name.clone())).unwrap();
        self.shelves.gone(&map.namespace, &map.name, &map.uid);
        self.library.publish(&self.shelves);
    }

    fn find(&self, is_meant: impl Fn(&Map) -> bool) -> Map {
        let mut maps = self.cluster.values().map(|object| read(object.clone()).0);
        maps.find(is_meant).unwrap()
    }

    fn info(&self, namespace: &str, plugin: &str) -> PluginInfo {
        let infos = self.library.catalog(namespace).list();
        infos.into_iter().find(|info| info.name == plugin && info.source != "built-in").unwrap()
    }
}

fn joined(one: Changed, other: Changed) -> Changed {
    match (one, other) {
        (Changed::Namespaces(one), Changed::Namespaces(other)) => {
            Changed::Namespaces(one.into_iter().chain(other).collect())
        }
        _ => Changed::All,
    }
}

/// Whether the driver `git` is the site's own, which writes no line.
fn is_own(catalog: &Catalog) -> bool {
    catalog.connection(&git_request()).unwrap().lines.is_empty()
}

fn own() -> Vec<u8> {
    of_driver("harmless", "git")
}

#[test]
fn a_plugin_serves_its_namespace_and_that_of_the_operator_serves_all() {
    let mut operator = Operator::new();
    let before = operator.library.catalog("a");
    let identity = operator.library.catalog("b").identity();
    assert!(!is_own(&before));
    assert_eq!(operator.apply("a", "git", &own()), Changed::Namespaces(["a".to_owned()].into()));
    assert!(is_own(&operator.library.catalog("a")) && !is_own(&operator.library.catalog("b")));
    assert!(!is_own(&before), "a plan goes on with what it began with");
    assert_eq!(operator.library.catalog("b").identity(), identity);
    assert!(Arc::ptr_eq(&operator.library.catalog("b"), &operator.library.catalog("c")));

    assert_eq!(operator.apply(OPERATOR, "git", &noted(&own(), "all")), Changed::All);
    for namespace in ["a", "b", OPERATOR] {
        assert!(is_own(&operator.library.catalog(namespace)), "{namespace}");
    }
    let source = |namespace: &str| operator.info(namespace, "git").source;
    assert!(source("a").starts_with("ConfigMap a/") && source("b").starts_with("ConfigMap zuul-operator/"));
    let findings = operator.library.catalog("a").findings();
    let replaced: Vec<_> = findings.iter().filter(|it| it.code == "PluginReplaced").collect();
    assert!(replaced[0].message.contains("instead of git (ConfigMap zuul-operator/"), "{replaced:?}");
    let info = operator.info("b", "git");
    assert!(info.since.is_some() && info.wanted.is_none() && info.why.is_none(), "{info:?}");
}

/// What cannot be used, what it says, and what is said of it.
fn unfit() -> Vec<(Vec<u8>, &'static str)> {
    let own = own();
    let mut gzip = Vec::new();
    GzEncoder::new(own.as_slice(), Compression::best()).read_to_end(&mut gzip).unwrap();
    gzip.truncate(gzip.len() / 2);
    vec![
        (component("core_module", 0), "NotAComponent: it is a core module"),
        (b"hello".to_vec(), "NotAComponent: it is not WebAssembly"),
        (gzip, "NotAComponent: gzip cannot read it"),
        (component("foreign_import", 0), "ForeignImport: it imports"),
        (component("wrong_world", 0), "WrongWorld: it exports"),
        (component("wrong_version", 0), "WrongVersion: it exports"),
        (component("wrong_types", 0), "WrongWorld"),
        (of_driver("start_loop", "git"), "OutOfFuel"),
        (of_driver("start_trap", "git"), "Trapped"),
        (vec![0; 9 << 20], "TooLarge"),
    ]
}

#[test]
fn what_is_unfit_replaces_nothing_and_is_said_also_after_a_restart() {
    let mut operator = Operator::new();
    operator.apply("a", "git", &own());
    let digest = operator.info("a", "git").digest;
    for (bytes, why) in unfit() {
        operator.apply("a", "git", &bytes);
        for operator in [&operator, &operator.restarted()] {
            let catalog = operator.library.catalog("a");
            assert!(is_own(&catalog), "{why}");
            let info = operator.info("a", "git");
            assert_eq!(info.digest, digest, "{why}");
            assert!(info.why.as_deref().unwrap().contains(why), "{why}: {info:?}");
            let refused = catalog.findings().into_iter().find(|it| it.code == "PluginRefused").unwrap();
            assert!(refused.message.ends_with(&format!("; {} serves on", &digest[..12])), "{refused:?}");
        }
    }
    operator.apply_with("a", "git", &noted(&own(), "2"), digest.clone());
    let info = operator.info("a", "git");
    assert!(info.why.unwrap().contains("the annotation says another") && info.digest == digest);
    assert!(is_own(&operator.library.catalog("a")));

    operator.apply("a", "git", &noted(&own(), "3"));
    let info = operator.info("a", "git");
    assert!(info.digest != digest && info.why.is_none(), "{info:?}");
    assert_eq!(operator.cluster.len(), 2, "one is wanted, one is kept");
}

#[test]
fn what_was_never_accepted_leaves_the_built_in_one_alone() {
    let mut operator = Operator::new();
    operator.apply("a", "git", &component("wrong_world", 0));
    let catalog = operator.library.catalog("a");
    assert!(!is_own(&catalog));
    let info = operator.info("a", "git");
    assert_eq!((info.digest.as_str(), info.source.as_str()), ("", "ConfigMap a/zuul-plugin-git"));
    assert!(
        info.wanted.is_some() && catalog.list().iter().any(|it| it.name == "git" && it.source == "built-in")
    );
}

#[test]
fn a_deleted_one_serves_until_its_copy_is_deleted() {
    let mut operator = Operator::new();
    operator.apply("a", "git", &own());
    operator.delete(&operator.find(|map| !map.is_accepted));
    for operator in [&operator, &operator.restarted()] {
        let catalog = operator.library.catalog("a");
        assert!(is_own(&catalog));
        assert_eq!(operator.info("a", "git").why.as_deref(), Some("its ConfigMap was deleted"));
        assert!(catalog.findings().iter().any(|it| it.code == "PluginWithdrawn"));
    }
    operator.delete(&operator.find(|map| map.is_accepted));
    assert!(!is_own(&operator.library.catalog("a")));
    assert_eq!(operator.library.catalog("a").identity(), operator.library.catalog("b").identity());
}

/// It is good as far as anybody can tell before it is called.
#[test]
fn one_that_traps_when_it_is_called_stops_the_plan_and_not_what_runs() {
    let mut operator = Operator::new();
    operator.apply("a", "git", &of_driver("trap", "git"));
    let failure = operator.library.catalog("a").connection(&git_request()).unwrap_err();
    assert_eq!((failure.plugin.as_str(), failure.reason), ("git", FailureReason::Trapped));
    assert!(!is_own(&operator.library.catalog("b")));
}

#[test]
fn a_component_is_compiled_once_and_its_answers_are_everybodys() {
    let mut operator = Operator::with(Options { cache_dir: None, ..Rig::new().options() });
    for namespace in ["a", "b", OPERATOR] {
        operator.apply(namespace, "git", &own());
    }
    assert_eq!(operator.library.counts().compiled, 1);
    let counts = || operator.library.counts();
    let own = operator.shelves.serving("a").remove(0);
    assert_eq!(own.digest, operator.shelves.serving("b").remove(0).digest);
    drop(own);
    assert_eq!(counts().remembered, 0);
}

#[test]
fn answers_are_remembered_from_one_catalog_to_the_next() {
    let mut operator = Operator::new();
    let ask = |operator: &Operator, namespace: &str| {
        let catalog = operator.library.catalog(namespace);
        drop(catalog.connection(&git_request()).unwrap());
        operator.library.counts()
    };
    ask(&operator, "a");
    operator.apply("b", "forge", &of_driver("harmless", "forge"));
    let before = operator.library.counts();
    let after = ask(&operator, "b");
    assert_eq!((after.calls, after.remembered), (before.calls, before.remembered + 1));
}

#[test]
fn a_built_in_one_may_come_in_a_config_map() {
    let mut operator = Operator::new();
    let bytes = std::fs::read(zuul_operator_tests::plugins::built_in().join("git.wasm")).unwrap();
    let before = operator.library.catalog("a").list();
    operator.apply(OPERATOR, "git", &bytes);
    let catalog = operator.library.catalog("a");
    assert!(!is_own(&catalog) && catalog.list().len() == before.len());
    assert!(
        operator.info("a", "git").source.starts_with("ConfigMap zuul-operator/zuul-operator-plugin-git-")
    );
    assert_eq!(catalog.findings(), [], "it replaces nothing");
}

/// Otherwise the site's driver would be left to the plugin for all drivers, which gives everything to everybody.
#[test]
fn one_of_another_world_does_not_take_a_driver_away() {
    let mut operator = Operator::new();
    operator.apply("a", "forge", &of_driver("harmless", "forge"));
    let digest = operator.info("a", "forge").digest;
    let sharder =
        std::fs::read(zuul_operator_tests::plugins::built_in().join("nodepool-sharder.wasm")).unwrap();
    for other in [sharder, own()] {
        operator.apply("a", "forge", &other);
        let info = operator.info("a", "forge");
        assert_eq!((info.digest, info.world.as_str()), (digest.clone(), "connection-driver"));
        let why = info.why.unwrap_or_default();
        assert_eq!(why, "it does not serve the driver forge, as the one in its place does");
        let findings = operator.library.catalog("a").findings();
        assert!(findings.iter().any(|it| it.code == "PluginServesLess"), "{findings:?}");
    }
}

#[test]
fn compressed_ones_have_the_digest_of_what_they_hold() {
    let mut operator = Operator::new();
    let mut gzip = Vec::new();
    GzEncoder::new(own().as_slice(), Compression::best()).read_to_end(&mut gzip).unwrap();
    let zstd = ruzstd::encoding::compress_to_vec(&own()[..], ruzstd::encoding::CompressionLevel::Fastest);
    let digest = operator.library.digest(&own()).unwrap();
    for (bytes, key) in [(gzip, "plugin.wasm.gz"), (zstd, "plugin.wasm.zst"), (own(), "plugin.wasm")] {
        operator.apply_with("a", "git", &bytes, digest.clone());
        let info = operator.info("a", "git");
        assert!(is_own(&operator.library.catalog("a")) && info.why.is_none(), "{key}: {info:?}");
        let wanted = &operator.cluster[&("a".to_owned(), "zuul-plugin-git".to_owned())];
        assert!(wanted.binary_data.as_ref().unwrap().contains_key(key));
    }
}
