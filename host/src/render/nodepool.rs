//! nodepool.yaml, cut by the nodepool-sharder plugin.

use super::{ShardRequest, placed};
use crate::api::ShardKey;
use crate::contract::{Plugins, Shard, ShardAnswer, ShardBy, ZookeeperTls};
use crate::diagnostic::{FieldPath, Finding, Severity};
use crate::validate::{ConfigFile, Instance, failed};

/// The folder of Nodepool's configuration in a pod.
pub const FOLDER: &str = "/etc/nodepool";
/// Where builders keep images.
pub const IMAGES: &str = "/var/lib/nodepool/dib";

/// Nodepool's files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shards {
    /// One a launcher.
    pub launchers: Vec<Shard>,
    /// The builders' file.
    pub builder_yaml: Option<String>,
    /// The source is missing, empty or broken: shards that exist stay as they are.
    pub are_frozen: bool,
}

/// Cuts what there is to cut.
pub fn render(instance: &Instance, plugins: &dyn Plugins, findings: &mut Vec<Finding>) -> Shards {
    let nodepool = &instance.nodepool;
    let mut shards = Shards::default();
    let is_shared = nodepool.launcher == nodepool.builder;
    if let Some(source) = &nodepool.launcher {
        let answer = cut(instance, plugins, source, nodepool.launcher_yaml.as_deref(), findings);
        shards.are_frozen = answer.is_none();
        if let Some(answer) = answer {
            if is_shared {
                shards.builder_yaml = answer.builder_yaml;
            }
            shards.launchers = answer.shards;
        }
    }
    if let Some(source) = nodepool.builder.as_ref().filter(|_| !is_shared) {
        let answer = cut(instance, plugins, source, nodepool.builder_yaml.as_deref(), findings);
        shards.are_frozen |= answer.is_none();
        shards.builder_yaml = answer.and_then(|answer| answer.builder_yaml);
    }
    shards
}

fn cut(
    instance: &Instance,
    plugins: &dyn Plugins,
    source: &ConfigFile,
    yaml: Option<&str>,
    findings: &mut Vec<Finding>,
) -> Option<ShardAnswer> {
    let kind = if source.is_secret { "Secret" } else { "ConfigMap" };
    let Some(yaml) = yaml.filter(|yaml| !yaml.trim().is_empty()) else {
        let message = format!("{} of {kind} {} is not there or empty", source.key, source.name);
        findings.push(
            Finding::warning("NodepoolFrozen", FieldPath::spec().key("launcher").key("config"), message)
                .cure("give it content; until then the launchers stay as they are"),
        );
        return None;
    };
    let request = ShardRequest {
        nodepool_yaml: yaml.to_owned(),
        by: match instance.spec.launcher.as_ref().map(|launcher| launcher.shard_by) {
            Some(ShardKey::Provider) => ShardBy::Provider,
            Some(ShardKey::ProviderRegion) | None => ShardBy::ProviderRegion,
        },
        zookeeper_servers: instance.zookeeper.servers.clone(),
        zookeeper_tls: Some(ZookeeperTls {
            cert: format!("{FOLDER}/zookeeper/tls.crt"),
            key: format!("{FOLDER}/zookeeper/tls.key"),
            ca: format!("{FOLDER}/zookeeper/ca.crt"),
        }),
        images_dir: instance.spec.builder.as_ref().map(|_| IMAGES.to_owned()),
    };
    match plugins.shard(&request) {
        Ok(mut answer) => {
            let data = FieldPath::root().key("data").key(&source.key);
            let said = std::mem::take(&mut answer.findings);
            let is_broken = said.iter().any(|finding| finding.severity == Severity::Error);
            findings.extend(
                said.into_iter().map(|finding| placed(finding, data.clone()).about(kind, &source.name)),
            );
            (!is_broken).then_some(answer)
        }
        Err(failure) => {
            findings.push(failed(&failure, FieldPath::spec().key("launcher").key("config")));
            None
        }
    }
}
