//! Small files in, the launchers' and the builders' files out.
#![allow(missing_docs, clippy::unwrap_used)]

mod kit;

use kit::{cut, request, said};
use zuul_plugin_nodepool_sharder::NodepoolSharder;
use zuul_plugin_sdk::Sharder;
use zuul_plugin_sdk::sharder::{ShardBy, ZookeeperTls};

const TWO: &str = "\
max-hold-age: 3600
zookeeper-timeout: 10
elements-dir: /elements
labels:
  - {name: a, min-ready: 2}
  - name: b
diskimages:
  - {name: base, abstract: yes, username: base-user, elements: [vm]}
  - name: a
    parent: base
    formats: [raw]
    env-vars: {SECRET: zuul-secret-0-placeholder}
providers:
  - name: one
    driver: openstack
    cloud: c
    region-name: r1
    diskimages: [{name: a}]
    pools:
      - name: main
        labels: &labels
          - {name: a, diskimage: a, console-log: no, userdata: zuul-secret-1-placeholder}
  - name: two
    driver: openstack
    cloud: c
    region-name: r2
    diskimages: [{name: a}]
    pools: [{name: main, labels: *labels}]
  - name: three
    driver: static
    pools: [{name: main, nodes: [{name: n, labels: b}]}]
  - name: four
    driver: openstack
    cloud: c
    region-name: r1
";

#[test]
fn a_launcher_has_its_provider_and_what_that_names() {
    let answer = cut(TWO);
    assert_eq!(said(&answer), ["note NodepoolTimeout zookeeper-timeout"]);
    let keys: Vec<&str> = answer.shards.iter().map(|shard| shard.key.as_str()).collect();
    assert_eq!(keys, ["one", "two", "three", "four"]);
    assert_eq!(answer.shards[0].labels, ["a"]);
    assert_eq!(answer.shards[0].diskimages, ["a"]);
    assert_eq!(
        answer.shards[1].nodepool_yaml,
        "\
zookeeper-servers:
  - host: zk
    port: 2281
max-hold-age: 3600
zookeeper-timeout: 10.0
labels:
  - name: a
    min-ready: 0
diskimages:
  - name: a
    username: base-user
    formats:
      - raw
providers:
  - name: two
    driver: openstack
    cloud: c
    region-name: r2
    diskimages:
      - name: a
    pools:
      - name: main
        labels:
          - name: a
            diskimage: a
            console-log: no
            userdata: zuul-secret-1-placeholder
"
    );
}

#[test]
fn min_ready_counts_in_the_first_launcher_alone() {
    let answer = cut(TWO);
    let ready: Vec<bool> =
        answer.shards.iter().map(|shard| shard.nodepool_yaml.contains("min-ready: 2")).collect();
    assert_eq!(ready, [true, false, false, false]);
}

#[test]
fn a_region_has_all_its_providers() {
    let answer = NodepoolSharder::cut(request(TWO, ShardBy::ProviderRegion));
    let shards: Vec<(&str, Vec<&str>)> = answer
        .shards
        .iter()
        .map(|shard| (shard.key.as_str(), shard.providers.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(
        shards,
        [
            ("openstack/c/r1", vec!["one", "four"]),
            ("openstack/c/r2", vec!["two"]),
            ("static//", vec!["three"])
        ]
    );
}

#[test]
fn builders_have_everything() {
    let builder = cut(TWO).builder_yaml.unwrap();
    for part in [
        "images-dir: /images\n",
        "elements-dir: /elements\n",
        "abstract: yes\n",
        "parent: base\n",
        "SECRET: zuul-secret-0-placeholder\n",
        "min-ready: 2\n",
        "name: three\n",
        "zookeeper-timeout: 10.0\n",
    ] {
        assert!(builder.contains(part), "{part} is not in\n{builder}");
    }
}

#[test]
fn without_diskimages_there_is_no_builder() {
    let answer = cut("providers: [{name: p, driver: static}]\n");
    assert_eq!(answer.builder_yaml, None);
    assert_eq!(answer.shards.len(), 1);
}

#[test]
fn zookeeper_is_that_of_the_request() {
    let mut request = request(
        "zookeeper-servers: [{host: theirs}]\nzookeeper-tls: {cert: theirs}\nproviders: [{name: p, driver: static}]\n",
        ShardBy::Provider,
    );
    request.zookeeper_servers[0].chroot = Some("/it's".to_owned());
    request.zookeeper_servers[0].host = "::1".to_owned();
    request.zookeeper_tls = Some(ZookeeperTls {
        cert: "/c".to_owned(),
        key: "yes".to_owned(),
        ca: "/a".to_owned(),
        extra: Vec::new(),
    });
    let answer = NodepoolSharder::cut(request);
    assert_eq!(
        answer.shards[0].nodepool_yaml,
        "\
zookeeper-servers:
  - host: ::1
    port: 2281
    chroot: /it's
zookeeper-tls:
  cert: /c
  key: 'yes'
  ca: /a
providers:
  - name: p
    driver: static
"
    );
    assert_eq!(
        said(&answer),
        ["note NodepoolOverwritten zookeeper-servers", "note NodepoolOverwritten zookeeper-tls"]
    );
}

#[test]
fn merged_keys_count() {
    let answer = cut("\
labels: [&l {name: a, min-ready: 1}, {<<: *l, name: b}]
providers:
  - &p
    name: one
    driver: static
    pools: [{name: main, nodes: [{name: n, labels: [a, b]}]}]
  - {<<: *p, name: two}
");
    assert_eq!(said(&answer), Vec::<String>::new());
    assert_eq!(answer.shards[1].labels, ["a", "b"]);
    assert_eq!(answer.shards[1].nodepool_yaml.matches("min-ready: 0").count(), 2);
}

/// PyYAML gives the text no line's end either.
#[test]
fn a_block_may_end_the_file() {
    let file = "providers: [{name: p, driver: static}]\nx: |\n  é";
    assert!(cut(file).shards[0].nodepool_yaml.contains("x: |-\n  é\n"));
    assert!(cut(&format!("{file}\n")).shards[0].nodepool_yaml.contains("x: |\n  é\n"));
}

#[test]
fn fifty_providers_make_fifty_launchers() {
    use std::fmt::Write;
    let mut file = "labels:\n".to_owned();
    for label in 0..1000 {
        writeln!(file, "  - {{name: label-{label}, min-ready: 1}}").unwrap();
    }
    file.push_str("providers:\n");
    for provider in 0..50 {
        write!(
            file,
            "  - name: p{provider}\n    driver: kubernetes\n    pools:\n      - name: main\n        labels:\n"
        )
        .unwrap();
        for label in 0..40 {
            let label = (provider * 20 + label) % 1000;
            writeln!(
                file,
                "          - {{name: label-{label}, type: pod, image: 'registry.example.com/image-{label}'}}"
            )
            .unwrap();
        }
    }
    let answer = cut(&file);
    assert_eq!(said(&answer), Vec::<String>::new());
    assert_eq!(answer.shards.len(), 50);
    assert!(answer.shards.iter().all(|shard| shard.labels.len() == 40));
    let ready: usize =
        answer.shards.iter().map(|shard| shard.nodepool_yaml.matches("min-ready: 1").count()).sum();
    assert_eq!(ready, 1000);
}
