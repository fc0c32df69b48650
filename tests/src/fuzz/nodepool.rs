//! Any text as nodepool.yaml → the sharder, natively, as it is and masked.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use zuul_operator::mask;
use zuul_operator::secret::{SecretRef, Segment, Value};
use zuul_operator::yaml::{self, Limits};
use zuul_plugin_nodepool_sharder::NodepoolSharder;
use zuul_plugin_sdk::sharder::{Answer, Request, ShardBy, ZookeeperServer, ZookeeperTls};
use zuul_plugin_sdk::{Severity, Sharder};

use super::{CANARY, check_finding};

/// Keys whose values may be told, wherever they stand; `mask` shows fewer of them.
const SHOWN: [&str; 24] = [
    "name",
    "driver",
    "region-name",
    "region",
    "location",
    "cloud",
    "diskimage",
    "cloud-image",
    "backing-label",
    "max-parallel-jobs",
    "grace-time",
    "min-retention-time",
    "max-age",
    "parent",
    "abstract",
    "min-ready",
    "max-servers",
    "formats",
    "labels",
    "diskimages",
    "nodes",
    "pools",
    "providers",
    "cloud-images",
];

fn cut(text: &str, by: ShardBy) -> Answer {
    let server = ZookeeperServer { host: "zk".to_owned(), port: 2281, chroot: None, extra: Vec::new() };
    let path = |name: &str| format!("/etc/nodepool/zookeeper/{name}");
    NodepoolSharder::cut(Request {
        nodepool_yaml: text.to_owned(),
        by,
        zookeeper_servers: vec![server],
        zookeeper_tls: Some(ZookeeperTls {
            cert: path("tls.crt"),
            key: path("tls.key"),
            ca: path("ca.crt"),
            extra: Vec::new(),
        }),
        images_dir: Some("/images".to_owned()),
        extra: Vec::new(),
    })
}

fn is_good(answer: &Answer) -> bool {
    answer.findings.iter().all(|finding| finding.severity != Severity::Error)
}

/// The only document of a text, as the host reads it; `None` where it is picky.
fn json(text: &str) -> Option<Json> {
    let mut documents = Vec::new();
    for reading in yaml::read(0, text, Limits::default()) {
        if !reading.is_whole || !reading.remarks.is_empty() {
            return None;
        }
        documents.extend(reading.documents.into_iter().map(|document| document.value));
    }
    if documents.len() == 1 { documents.pop() } else { None }
}

/// Without errors each provider is in one file, and files can be cut again; masked and filled, the files of
/// launchers and builders hold the same, and no plugin sees what is secret.
///
/// # Panics
/// It is not so.
pub fn nodepool(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let codes: BTreeSet<String> = NodepoolSharder::describe().codes.into_iter().map(|it| it.code).collect();
    for by in [ShardBy::Provider, ShardBy::ProviderRegion] {
        let answer = cut(&text, by);
        for finding in &answer.findings {
            assert!(codes.contains(&finding.code), "{finding:?}");
        }
        if is_good(&answer) {
            check_shards(&text, by, &answer);
        } else {
            assert!(answer.shards.is_empty() && answer.builder_yaml.is_none());
        }
        check_mask(&text, by, &answer);
    }
}

fn check_shards(text: &str, by: ShardBy, answer: &Answer) {
    let mut providers = BTreeSet::new();
    for shard in &answer.shards {
        assert!(shard.providers.iter().all(|name| providers.insert(name)), "twice: {providers:?}");
        let again = cut(&shard.nodepool_yaml, by);
        assert!(is_good(&again), "{:?}\n{}", again.findings, shard.nodepool_yaml);
        let [same] = again.shards.as_slice() else { panic!("{again:?}\n{}", shard.nodepool_yaml) };
        assert_eq!(same.nodepool_yaml, shard.nodepool_yaml);
        assert_eq!((&same.labels, &same.providers), (&shard.labels, &shard.providers));
    }
    let keys: BTreeSet<_> = answer.shards.iter().map(|shard| &shard.key).collect();
    assert_eq!(keys.len(), answer.shards.len());
    if let Some(builder) = &answer.builder_yaml {
        assert_eq!(cut(builder, by).builder_yaml.as_ref(), Some(builder));
    }
    // Another reader sees the same providers.
    let Some(document) = json(text) else { return };
    let written = document["providers"].as_array().map_or(0, Vec::len);
    assert_eq!(providers.len(), written, "{providers:?}");
}

fn check_mask(text: &str, by: ShardBy, open: &Answer) {
    let secret = SecretRef::new("nodepool", "nodepool.yaml");
    let masked = match mask::mask(text, &secret) {
        Ok(masked) => masked,
        Err(finding) => {
            check_finding(&finding);
            assert!(!format!("{finding:?}").contains(CANARY), "{finding:?}");
            return;
        }
    };
    assert!(!masked.contains(CANARY) || json(text).is_none_or(|it| is_shown(&it, None)), "{masked}");
    let scalars = mask::scalars(text).expect("it was masked");
    let back =
        |part: &str| filled(&mask::unmask(part, &masked, &secret).expect("nobody changed it"), &scalars);
    // What is no mapping is refused where it is cut, and readers do not agree on where such a text ends.
    if let (Some(before @ Json::Object(_)), Some(after)) = (json(text), json(&back(&masked))) {
        assert_eq!(before, after);
    }
    let answer = cut(&masked, by);
    for shard in answer.shards.iter().filter(|_| is_good(open)) {
        let same = open.shards.iter().find(|it| it.key == shard.key).expect("the same shards");
        assert_eq!((&same.providers, &same.labels), (&shard.providers, &shard.labels));
        assert_same(&back(&shard.nodepool_yaml), &same.nodepool_yaml);
    }
    if let (Some(builder), Some(same)) = (&answer.builder_yaml, &open.builder_yaml) {
        assert_same(&back(builder), same);
    }
}

fn assert_same(one: &str, other: &str) {
    if let (Some(left), Some(right)) = (json(one), json(other)) {
        assert_eq!(left, right, "{one}\n{other}");
    }
}

fn filled(value: &Value, scalars: &[String]) -> String {
    let one = |segment: &Segment| match segment {
        Segment::Text(text) => text.clone(),
        Segment::Secret(secret) => scalars[secret.scalar.expect("a scalar") as usize].clone(),
    };
    value.0.iter().map(one).collect()
}

/// Whether the canary stands where it may be seen: in a key, or below one that is not secret.
fn is_shown(value: &Json, key: Option<&str>) -> bool {
    match value {
        Json::String(text) => text.contains(CANARY) && key.is_some_and(|key| SHOWN.contains(&key)),
        Json::Array(items) => items.iter().any(|item| is_shown(item, key)),
        Json::Object(fields) => {
            fields.iter().any(|(key, value)| key.contains(CANARY) || is_shown(value, Some(key)))
        }
        _ => false,
    }
}
