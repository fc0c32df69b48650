//! nodepool.yaml, cut by the nodepool-sharder plugin.

use super::{ShardRequest, placed};
use crate::api::ShardKey;
use crate::contract::{Plugins, ShardAnswer, ShardBy, ZookeeperTls};
use crate::diagnostic::{FieldPath, Finding, Severity};
use crate::mask;
use crate::secret::{SecretRef, Value};
use crate::validate::{ConfigFile, Instance, failed};

/// The folder of Nodepool's configuration in a pod.
pub const FOLDER: &str = "/etc/nodepool";
/// Where builders keep images.
pub const IMAGES: &str = "/var/lib/nodepool/dib";

/// Nodepool's files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shards {
    /// One a launcher: the shard's key and its file.
    pub launchers: Vec<(String, Value)>,
    /// The builders' file.
    pub builder: Option<Value>,
    /// The launchers' source is missing, empty or broken: shards that exist stay as they are.
    pub launchers_are_frozen: bool,
    /// The builders' source is: the builders stay as they are.
    pub builder_is_frozen: bool,
}

/// Cuts what there is to cut.
pub fn render(instance: &Instance, plugins: &dyn Plugins, findings: &mut Vec<Finding>) -> Shards {
    let nodepool = &instance.nodepool;
    let mut shards = Shards::default();
    let is_shared = nodepool.launcher == nodepool.builder;
    let config = |section: &str| FieldPath::spec().key(section).key("config");
    if let Some(source) = &nodepool.launcher {
        let yaml = nodepool.launcher_yaml.as_deref();
        let answer = cut(instance, plugins, (source, yaml, config("launcher")), findings);
        // No provider at all is a file that is not written yet, hardly ever somebody's will.
        shards.launchers_are_frozen = answer.as_ref().is_none_or(|cut| cut.launchers.is_empty());
        if is_shared {
            shards.builder_is_frozen = answer.is_none();
        }
        if let Some(cut) = answer {
            if is_shared {
                shards.builder = cut.builder;
            }
            shards.launchers = cut.launchers;
        }
    }
    if let Some(source) = nodepool.builder.as_ref().filter(|_| !is_shared) {
        let yaml = nodepool.builder_yaml.as_deref();
        let answer = cut(instance, plugins, (source, yaml, config("builder")), findings);
        shards.builder_is_frozen = answer.is_none();
        shards.builder = answer.and_then(|cut| cut.builder);
    }
    shards
}

/// Cuts one file: where it is, what is in it, and the field that names it.
fn cut(
    instance: &Instance,
    plugins: &dyn Plugins,
    (source, yaml, field): (&ConfigFile, Option<&str>, FieldPath),
    findings: &mut Vec<Finding>,
) -> Option<Cut> {
    let kind = source.kind();
    let Some(yaml) = yaml.filter(|yaml| !yaml.trim().is_empty()) else {
        findings.push(frozen(source, yaml.is_some(), field));
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
            if is_broken { None } else { unmasked(answer, source, yaml, findings) }
        }
        Err(failure) => {
            findings.push(failed(&failure, field));
            None
        }
    }
}

/// There is nothing to cut: no file, or one that `is_there` and empty.
fn frozen(source: &ConfigFile, is_there: bool, field: FieldPath) -> Finding {
    let (kind, ConfigFile { name, key, .. }) = (source.kind(), source);
    let finding = |path: FieldPath, what: &str| {
        Finding::warning("NodepoolFrozen", path, format!("{what}: what is made of it stays as it is"))
            .cure("see to it that it is there and not empty; offline, give it with -f")
    };
    if is_there {
        let path = FieldPath::root().key("data").key(key);
        return finding(path, &format!("{key} of {kind} {name} is empty")).about(kind, name);
    }
    finding(field, &format!("there is no {key} in {kind} {name} to cut"))
}

/// A cut file, references in the places of what was masked.
struct Cut {
    launchers: Vec<(String, Value)>,
    builder: Option<Value>,
}

fn unmasked(
    answer: ShardAnswer,
    source: &ConfigFile,
    masked: &str,
    findings: &mut Vec<Finding>,
) -> Option<Cut> {
    let secret = SecretRef::new(&source.name, &source.key);
    let mut value = |yaml: String| {
        if !source.is_secret {
            return Some(Value::text(yaml));
        }
        mask::unmask(&yaml, masked, &secret).map_err(|finding| findings.push(finding)).ok()
    };
    let launchers = answer.shards.into_iter().map(|shard| Some((shard.key, value(shard.nodepool_yaml)?)));
    let launchers: Option<Vec<_>> = launchers.collect();
    let builder = match answer.builder_yaml {
        Some(yaml) => Some(value(yaml)?),
        None => None,
    };
    Some(Cut { launchers: launchers?, builder })
}
