//! The worlds beside connection-driver: requests go in whole, answers are checked.
#![allow(missing_docs, clippy::unwrap_used)]

use zuul_operator::contract::{
    Entry, FailureReason, Line, Plugins, Readers, RenderedConnection, Section, Setting, ShardBy,
    ShardRequest, ZookeeperServer, ZookeeperTls, ZuulConfRequest,
};
use zuul_operator::names::Component;
use zuul_operator::plugin::{Catalog, Limit, Limits, Options};
use zuul_operator::secret::{SecretRef, Value};
use zuul_operator_tests::hostile::Rig;

/// With an answer of a mebibyte at most, so that a request can be large enough for more.
fn only(rig: &Rig) -> Catalog {
    let limits = Limits::default().with(Limit::OutputBytes, 1 << 20).unwrap();
    Catalog::open(Options { limits, built_ins: false, ..rig.options() }).unwrap()
}

fn shard_request(size: usize) -> ShardRequest {
    let path = || "/etc/zookeeper/file".to_owned();
    ShardRequest {
        nodepool_yaml: "é".repeat(size / 2),
        by: ShardBy::ProviderRegion,
        zookeeper_servers: vec![ZookeeperServer { host: "zk".to_owned(), port: 2281, chroot: None }],
        zookeeper_tls: Some(ZookeeperTls { cert: path(), key: path(), ca: path() }),
        images_dir: Some("/images".to_owned()),
    }
}

#[test]
fn a_sharder_is_given_the_file_and_gives_it_back() {
    let rig = Rig::hostile("sharder", 0);
    let catalog = only(&rig);
    let request = shard_request(1_000);
    let answer = catalog.shard(&request).unwrap();
    assert_eq!(answer.shards.len(), 1);
    assert_eq!(
        (answer.shards[0].key.as_str(), answer.shards[0].providers.as_slice()),
        ("p", &["p".to_owned()][..])
    );
    assert_eq!(answer.shards[0].nodepool_yaml, request.nodepool_yaml);
    assert_eq!(answer.builder_yaml, Some(request.nodepool_yaml));
    let refusal = |size| catalog.shard(&shard_request(size)).map(drop).map_err(|failure| failure.reason);
    assert_eq!(refusal(0), Err(FailureReason::BadAnswer), "an empty shard");
    assert_eq!(refusal(600_000), Err(FailureReason::OutputTooLarge), "it comes back twice");
}

/// A request with one secret, which comes with a connection that `readers` read, or with a section.
fn conf_request(readers: Option<Component>) -> ZuulConfRequest {
    let secret = SecretRef::new("s", "k");
    let mut request = ZuulConfRequest {
        components: Readers::from([Component::Scheduler, Component::NodepoolBuilder]),
        sections: Vec::new(),
        connections: Vec::new(),
    };
    match readers {
        None => request.sections.push(Section {
            name: "database".to_owned(),
            instance: None,
            entries: vec![Entry { name: "dburi".to_owned(), setting: Setting::Secret(secret) }],
        }),
        Some(reader) => request.connections.push(RenderedConnection {
            name: "c".to_owned(),
            driver: "git".to_owned(),
            readers: Readers::from([Component::Scheduler, Component::Web]),
            lines: vec![Line {
                key: "password".to_owned(),
                value: Value::secret(secret),
                readers: Readers::from([reader]),
            }],
        }),
    }
    request
}

#[test]
fn a_renderer_places_secrets_where_they_may_be() {
    let rig = Rig::hostile("renderer", 0);
    let catalog = only(&rig);
    assert_eq!(catalog.sections(), Ok(Vec::new().into()));
    let lines = |request| catalog.zuul_conf(&request).map(|answer| answer.files[0].sections[0].lines.clone());
    let placed = vec![("k".to_owned(), Value::secret(SecretRef::new("s", "k")))];
    assert_eq!(lines(conf_request(Some(Component::Scheduler))), Ok(placed));
    let stolen = lines(conf_request(Some(Component::Web))).unwrap_err();
    assert_eq!(stolen.reason, FailureReason::BadAnswer);
    let elsewhere = lines(conf_request(None)).unwrap_err();
    assert_eq!(elsewhere.reason, FailureReason::BadAnswer, "the database's, in a connection");
    let mut more = conf_request(Some(Component::Scheduler));
    more.components.insert(Component::Web);
    assert_eq!(catalog.zuul_conf(&more).unwrap_err().reason, FailureReason::BadAnswer, "no file for web");
}

#[test]
fn a_renderer_cannot_forge_secrets() {
    let rig = Rig::hostile("renderer", 1);
    let failure = only(&rig).zuul_conf(&conf_request(None)).unwrap_err();
    assert_eq!(failure.reason, FailureReason::ForgedReference);
}
