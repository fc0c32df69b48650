//! Shorthands for requests and answers.
#![allow(dead_code, reason = "each test uses some of them")]

use zuul_plugin_nodepool_sharder::NodepoolSharder;
use zuul_plugin_sdk::sharder::{Answer, Request, ShardBy, ZookeeperServer};
use zuul_plugin_sdk::{Severity, Sharder};

/// A request with one ZooKeeper server and without TLS.
pub fn request(nodepool_yaml: &str, by: ShardBy) -> Request {
    Request {
        nodepool_yaml: nodepool_yaml.to_owned(),
        by,
        zookeeper_servers: vec![ZookeeperServer {
            host: "zk".to_owned(),
            port: 2281,
            chroot: None,
            extra: Vec::new(),
        }],
        zookeeper_tls: None,
        images_dir: Some("/images".to_owned()),
        extra: Vec::new(),
    }
}

/// What is made of a file, cut by provider.
pub fn cut(nodepool_yaml: &str) -> Answer {
    NodepoolSharder::cut(request(nodepool_yaml, ShardBy::Provider))
}

/// `Severity code path`, a line each.
pub fn said(answer: &Answer) -> Vec<String> {
    answer
        .findings
        .iter()
        .map(|finding| {
            let severity = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            };
            format!("{severity} {} {}", finding.code, finding.path)
        })
        .collect()
}
