//! One mistake each, and what is said of it. With an error nothing is cut.
#![allow(missing_docs)]

mod kit;

use kit::{cut, request, said};
use zuul_plugin_nodepool_sharder::NodepoolSharder;
use zuul_plugin_sdk::Sharder;
use zuul_plugin_sdk::sharder::ShardBy;

const WELL: &str = "\
labels: [{name: a}]
diskimages: [{name: i}]
providers:
  - name: p
    driver: aws
    diskimages: [{name: i}]
    cloud-images: [{name: c, username: u}]
    pools: [{name: main, labels: [{name: a, diskimage: i}]}]
";

/// What is said of the good file with one place changed.
fn with(old: &str, new: &str) -> Vec<String> {
    assert!(WELL.contains(old), "{old}");
    let answer = cut(&WELL.replacen(old, new, 1));
    let said = said(&answer);
    assert_eq!(
        answer.shards.is_empty(),
        said.iter().any(|line| line.starts_with("error") || line.contains(" NodepoolNoProviders ")),
        "{said:?}"
    );
    said
}

#[test]
fn nothing_is_said_of_a_good_file() {
    assert_eq!(with("", ""), Vec::<String>::new());
}

#[test]
fn one_mistake_one_finding() {
    let cases = [
        ("labels: [{name: a}]", "labels: [{name: a}", "error NodepoolNotYaml "),
        ("labels", "--- {}\n---\nlabels", "error NodepoolSeveralDocuments "),
        (
            "diskimages: [{name: i}]",
            "diskimages: [{name: i, name: i}]",
            "error NodepoolDuplicateKey diskimages[0].name",
        ),
        ("{name: c, username: u}", "{name: c, username: u, x: &x [*x]}", "error NodepoolRecursiveAlias "),
        (
            "{name: c, username: u}",
            "{name: c, username: u, x: =}",
            "error NodepoolBareIndicator providers[0].cloud-images[0].x",
        ),
        (
            "{name: c, username: u}",
            "{name: c, username: u, x: !x y}",
            "error NodepoolBadTag providers[0].cloud-images[0].x",
        ),
        (
            "{name: c, username: u}",
            "{name: c, username: u, !x y: z}",
            "error NodepoolBadTag providers[0].cloud-images[0].y",
        ),
        (
            "{name: c, username: u}",
            "{name: c, username: u, x: !!str [y]}",
            "error NodepoolBadTag providers[0].cloud-images[0].x",
        ),
        (
            "{name: c, username: u}",
            "{name: c, username: u, <<: y}",
            "error NodepoolBadMerge providers[0].cloud-images[0]",
        ),
        (
            "{name: c, username: u}",
            "{name: c, username: u, ? [y] : z}",
            "error NodepoolBadKey providers[0].cloud-images[0]",
        ),
        ("{name: c, username: u}", "{name: c, username: u} # \u{2028}", "error NodepoolLineEnd "),
        ("{name: c, username: u}", "{name: c, username: u} # \u{7}", "error NodepoolControlCharacter "),
        ("name: p\n", "nome: p\n", "error NodepoolMissing providers[0].name"),
        ("name: p\n", "name: ''\n", "error NodepoolEmptyName providers[0].name"),
        ("name: p\n", "name: 2026\n", "error NodepoolWrongType providers[0].name"),
        ("driver: aws", "driver: ams", "error NodepoolUnknownDriver providers[0].driver"),
        ("    driver: aws\n", "", "note NodepoolDriverMissing providers[0].driver"),
        ("name: main, ", "", "error NodepoolMissing providers[0].pools[0].name"),
        ("pools: [{", "pools: [{name: main}, {", "error NodepoolDuplicatePool providers[0].pools[1].name"),
        (
            "{name: a, d",
            "{name: b}, {name: a, d",
            "error NodepoolUnknownLabel providers[0].pools[0].labels[0].name",
        ),
        (
            "{name: a, d",
            "{name: a}, {name: a, d",
            "warning NodepoolDuplicatePoolLabel providers[0].pools[0].labels[1].name",
        ),
        (
            "labels: [{name: a}",
            "labels: [{name: b}, {name: a}",
            "warning NodepoolUnservedLabel labels[0].name",
        ),
        (
            "labels: [{name: a}",
            "labels: [{name: a}, {name: a}",
            "error NodepoolDuplicateLabel labels[1].name",
        ),
        (
            "labels: [{name: a}",
            "labels: [{name: a, min-ready: -1}",
            "error NodepoolNegative labels[0].min-ready",
        ),
        (
            "labels: [{name: a}",
            "labels: [{name: a, min-ready: '1'}",
            "error NodepoolWrongType labels[0].min-ready",
        ),
        ("labels: [{name: a}", "labels: [{name: a}, b", "error NodepoolWrongType labels[1]"),
        (
            "diskimages: [{name: i}]\np",
            "diskimages: [{name: i}, {name: i}]\np",
            "error NodepoolDuplicateDiskimage diskimages[1].name",
        ),
        (
            "diskimages: [{name: i}]\np",
            "diskimages: [{name: i}, {name: j}]\np",
            "warning NodepoolUnusedDiskimage diskimages[1].name",
        ),
        (
            "diskimages: [{name: i}]\np",
            "diskimages: [{name: i, abstract: on}]\np",
            "error NodepoolAbstractDiskimage providers[0].diskimages[0].name",
        ),
        (
            "diskimages: [{name: i}]\np",
            "diskimages: [{name: i, parent: j}]\np",
            "error NodepoolUnknownParent diskimages[0].parent",
        ),
        (
            "diskimages: [{name: i}]\np",
            "diskimages: [{name: i, parent: i}]\np",
            "error NodepoolParentCircle diskimages[0].parent",
        ),
        (
            "    diskimages: [{name: i}",
            "    diskimages: [{name: i}, {name: j}",
            "error NodepoolUnknownDiskimage providers[0].diskimages[1].name",
        ),
        (
            "diskimage: i",
            "diskimage: j",
            "error NodepoolDiskimageNotInProvider providers[0].pools[0].labels[0].diskimage",
        ),
        (
            "diskimage: i",
            "cloud-image: j",
            "error NodepoolCloudImageNotInProvider providers[0].pools[0].labels[0].cloud-image",
        ),
        (
            "diskimage: i",
            "diskimage: i, dedicated-host: yes",
            "error NodepoolDedicatedHost providers[0].pools[0].labels[0].dedicated-host",
        ),
        ("pools: [", "pools: ~ # [", "error NodepoolWrongType providers[0].pools"),
        ("labels: [{name: a}]", "webap: {}\nlabels: [{name: a}]", "warning NodepoolUnknownKey webap"),
        (
            "labels: [{name: a}]",
            "zookeeper-timeout: 0x1\nlabels: [{name: a}]",
            "error NodepoolTimeout zookeeper-timeout",
        ),
        (
            "labels: [{name: a}]",
            "zookeeper-timeout: '1'\nlabels: [{name: a}]",
            "error NodepoolWrongType zookeeper-timeout",
        ),
        ("labels: [{name: a}]", "images-dir: /x\nlabels: [{name: a}]", "note NodepoolOverwritten images-dir"),
        (
            "labels: [{name: a}]",
            "tenant-resource-limits: [{max-cores: 1}]\nlabels: [{name: a}]",
            "error NodepoolMissing tenant-resource-limits[0].tenant-name",
        ),
        (
            "driver: aws",
            "driver: azure\n    location: l\n    resource-group: g\n    resource-group-location: l",
            "error NodepoolMissing providers[0].pools[0].max-servers",
        ),
        (
            "driver: aws",
            "driver: metastatic",
            "error NodepoolMissing providers[0].pools[0].labels[0].backing-label",
        ),
        ("providers", "nobody", "warning NodepoolNoProviders providers"),
    ];
    for (old, new, expected) in cases {
        let said = with(old, new);
        assert!(said.iter().any(|line| line == expected), "{new}: {said:?}, not {expected}");
    }
}

#[test]
fn an_empty_file_freezes_the_launchers() {
    for file in ["", "# nothing\n", "---\n", "~", "{}", "providers:\n", "providers: []\n"] {
        let answer = cut(file);
        assert!(said(&answer).contains(&"warning NodepoolNoProviders providers".to_owned()), "{file}");
        assert!(answer.shards.is_empty() && answer.builder_yaml.is_none());
    }
    assert_eq!(said(&cut("[]")), ["error NodepoolNotMapping "]);
}

#[test]
fn duplicate_providers_cannot_be_shared_out() {
    let answer = cut("providers: [{name: p, driver: static}, {name: p, driver: static}]\n");
    assert_eq!(said(&answer), ["error NodepoolDuplicateProvider providers[1].name"]);
}

#[test]
fn everything_is_said_at_once() {
    let answer = cut(
        "labels: [{name: 1}, {nome: b}]\nproviders: [{driver: x}, {name: q, driver: static, pools: 1}]\n",
    );
    assert_eq!(
        said(&answer),
        [
            "error NodepoolMissing providers[0].name",
            "error NodepoolWrongType providers[1].pools",
            "error NodepoolWrongType labels[0].name",
            "error NodepoolMissing labels[1].name",
        ]
    );
}

#[test]
fn a_placeholder_may_be_anything() {
    let secret = "zuul-secret-12-placeholder";
    let file = format!(
        "zookeeper-timeout: {secret}\nlabels: [{{name: a, min-ready: {secret}}}]\nproviders:\n  - name: p\n    driver: kubernetes\n    pools: [{{name: m, max-servers: {secret}, labels: [{{name: a, type: pod}}]}}]\n"
    );
    let answer = cut(&file);
    assert_eq!(said(&answer), Vec::<String>::new());
    assert_eq!(answer.shards[0].nodepool_yaml.matches(secret).count(), 3);
}

#[test]
fn without_zookeeper_no_launcher_runs() {
    let mut request = request(WELL, ShardBy::Provider);
    request.zookeeper_servers.clear();
    assert_eq!(said(&NodepoolSharder::cut(request)), ["error NodepoolNoZooKeeper zookeeper-servers"]);
}

#[test]
fn of_very_many_findings_the_errors_come_first() {
    let labels = (0..1000).map(|at| format!("{{name: l{at}}}, ")).collect::<String>();
    let answer = cut(&format!("labels: [{labels} 3]\nproviders: [{{name: p, driver: static}}]\n"));
    assert_eq!(answer.findings.len(), 200);
    assert_eq!(said(&answer)[0], "error NodepoolWrongType labels[1000]");
    assert_eq!(answer.findings[199].message, "there are 802 more findings");
}
