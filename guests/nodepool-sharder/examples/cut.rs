//! Cuts a nodepool.yaml natively: `cut provider|provider-region DIRECTORY < nodepool.yaml` writes
//! `0.yaml`, `1.yaml` … and `builder.yaml`, and the findings to standard error.
#![allow(clippy::print_stderr, reason = "a program for the terminal")]

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

use zuul_plugin_nodepool_sharder::NodepoolSharder;
use zuul_plugin_sdk::Sharder;
use zuul_plugin_sdk::sharder::{Answer, Request, ShardBy, ZookeeperServer, ZookeeperTls};

fn main() -> io::Result<ExitCode> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let by = match arguments.first().map(String::as_str) {
        Some("provider") => ShardBy::Provider,
        Some("provider-region") => ShardBy::ProviderRegion,
        _ => return Ok(usage()),
    };
    let Some(directory) = arguments.get(1) else { return Ok(usage()) };
    let mut nodepool_yaml = String::new();
    io::stdin().read_to_string(&mut nodepool_yaml)?;
    let answer = NodepoolSharder::cut(request(nodepool_yaml, by));
    for finding in &answer.findings {
        let (severity, path, code) = (finding.severity, &finding.path, &finding.code);
        eprintln!("{severity:?} {code} {path}: {} {}", finding.message, finding.cure);
    }
    write(&answer, Path::new(directory))?;
    Ok(ExitCode::SUCCESS)
}

fn usage() -> ExitCode {
    eprintln!("usage: cut provider|provider-region DIRECTORY < nodepool.yaml");
    ExitCode::from(2)
}

fn request(nodepool_yaml: String, by: ShardBy) -> Request {
    let tls = |name: &str| format!("/etc/zookeeper-tls/{name}");
    Request {
        nodepool_yaml,
        by,
        zookeeper_servers: vec![ZookeeperServer {
            extra: Vec::new(),
            host: "zookeeper.example.com".to_owned(),
            port: 2281,
            chroot: Some("/zuul".to_owned()),
        }],
        zookeeper_tls: Some(ZookeeperTls {
            cert: tls("tls.crt"),
            key: tls("tls.key"),
            ca: tls("ca.crt"),
            extra: Vec::new(),
        }),
        images_dir: Some("/var/lib/nodepool/images".to_owned()),
        extra: Vec::new(),
    }
}

fn write(answer: &Answer, directory: &Path) -> io::Result<()> {
    for (at, shard) in answer.shards.iter().enumerate() {
        fs::write(directory.join(format!("{at}.yaml")), &shard.nodepool_yaml)?;
        fs::write(directory.join(format!("{at}.key")), &shard.key)?;
    }
    match &answer.builder_yaml {
        Some(builder) => fs::write(directory.join("builder.yaml"), builder),
        None => Ok(()),
    }
}
