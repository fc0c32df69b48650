//! The client that the operator works with: whoever does not lead only reads.
#![allow(missing_docs, clippy::unwrap_used)]

use std::sync::Arc;

use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{DeleteParams, ListParams, Patch, PatchParams, PostParams};
use kube::{Api, Config};
use serde_json::json;
use tokio::runtime::Builder;
use zuul_operator::cluster::lease::Leadership;
use zuul_operator::cluster::requests::{client, is_not_leading};
use zuul_operator::metrics::Metrics;
use zuul_operator_tests::answers::Answers;

/// Reads twice and writes four times. What the writes came to, what the server saw, and what was counted.
fn work(leadership: Leadership) -> (Vec<kube::Result<()>>, Vec<String>, String) {
    let server = Answers::start(|line| {
        let object = json!({"metadata": {"name": "m"}});
        let list = json!({"metadata": {}, "items": [object]});
        (200, if line.contains('?') && line.starts_with("GET") { list } else { object }.to_string())
    });
    let metrics = Arc::new(Metrics::default());
    let config = Config::new(format!("http://{}", server.address).parse().unwrap());
    let wrote = Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let api: Api<ConfigMap> =
            Api::namespaced(client(config, Arc::clone(&metrics), leadership).unwrap(), "n");
        api.get("m").await.unwrap();
        api.list(&ListParams::default().limit(5)).await.unwrap();
        let object = ConfigMap::default();
        let patch = Patch::Apply(json!({"apiVersion": "v1", "kind": "ConfigMap"}));
        vec![
            api.create(&PostParams::default(), &object).await.map(drop),
            api.replace("m", &PostParams::default(), &object).await.map(drop),
            api.patch("m", &PatchParams::apply("test"), &patch).await.map(drop),
            api.delete("m", &DeleteParams::default()).await.map(drop),
        ]
    });
    (wrote, server.seen(), metrics.text())
}

#[test]
fn a_leader_writes() {
    let (wrote, seen, counted) = work(Leadership::always());
    assert!(wrote.iter().all(Result::is_ok), "{wrote:?}");
    let methods: Vec<_> = seen.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(methods, ["GET", "GET", "POST", "PUT", "PATCH", "DELETE"]);
    for verb in ["create", "update", "patch", "delete"] {
        let line = format!("zuul_operator_writes_total{{verb=\"{verb}\",kind=\"ConfigMap\"}} 1\n");
        assert!(counted.contains(&line), "{line} is not in {counted}");
    }
    let line = "zuul_operator_requests_total{verb=\"list\",kind=\"ConfigMap\",code=\"200\"} 1\n";
    assert!(counted.contains(line), "{counted}");
}

#[test]
fn another_one_only_reads() {
    let (wrote, seen, counted) = work(Leadership::default());
    for write in wrote {
        let error = write.unwrap_err();
        assert!(is_not_leading(&error), "{error:?}");
    }
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert!(seen.iter().all(|line| line.starts_with("GET")), "{seen:?}");
    assert!(!counted.contains("writes_total{"), "{counted}");
}
