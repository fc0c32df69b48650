//! From a checked Zuul object to configuration files, by plugins.

mod clouds;
mod connection;
pub mod ini;
mod nodepool;
mod supplied;
pub mod yaml;
mod zuul_conf;

use std::collections::BTreeMap;

pub use nodepool::Shards;
pub use nodepool::{FOLDER as NODEPOOL_FOLDER, IMAGES as NODEPOOL_IMAGES};
pub use supplied::{FINGER_PORT, LOG_STREAM_PORT, METRICS_PORT, TENANTS, WEB_PORT};

use crate::contract::{
    Entry, IniSection, MountedFile, OptionInfo, PluginFinding, Plugins, Setting, ShardRequest,
};
use crate::diagnostic::{FieldPath, Finding, Step};
use crate::names::Component;
use crate::secret::{SecretRef, Value};
use crate::validate::Instance;

/// All configuration files of one Zuul.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rendered {
    /// Each component's zuul.conf.
    pub zuul_conf: BTreeMap<Component, Vec<IniSection>>,
    /// Secrets that are mounted as files, with the components whose pods have them.
    pub files: Vec<MountedFile>,
    /// Nodepool's files.
    pub shards: Shards,
    /// clouds.yaml without credentials.
    pub clouds: Option<Value>,
}

/// Renders everything; what a plugin has to say comes along, all at once.
#[must_use]
pub fn render(instance: &Instance, plugins: &dyn Plugins) -> (Rendered, Vec<Finding>) {
    let mut findings = Vec::new();
    let (connections, mut files) = connection::render(instance, plugins, &mut findings);
    let zuul_conf = zuul_conf::render(instance, connections, plugins, &mut findings);
    let shards = nodepool::render(instance, plugins, &mut findings);
    let clouds = clouds::render(instance, &mut findings);
    files.extend(instance.files.iter().cloned());
    files.sort_by(|a, b| a.path.cmp(&b.path));
    (Rendered { zuul_conf, files, shards, clouds }, findings)
}

/// Adds every option that is not there, as if the Secret that was not given had it.
fn complete(entries: &mut Vec<Entry>, known: &[OptionInfo]) {
    for OptionInfo { name, .. } in known {
        if entries.iter().all(|entry| entry.name != *name) {
            entries.push(Entry { name: name.clone(), setting: Setting::Secret(SecretRef::new("", name)) });
        }
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
}

/// Whether the same is said of the same field.
fn is_among(finding: &PluginFinding, others: &[PluginFinding]) -> bool {
    others.iter().any(|other| (&other.code, &other.path) == (&finding.code, &finding.path))
}

/// A plugin's finding, its path placed below `base`.
fn placed(finding: PluginFinding, base: FieldPath) -> Finding {
    let mut path = base;
    path.0.extend(steps(&finding.path));
    Finding::new(finding.severity, &finding.code, path, plain(&finding.message))
        .expected(plain(&finding.expected))
        .cure(plain(&finding.cure))
}

/// Nothing in a plugin's words moves the cursor.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// `providers[1].name` → its steps.
fn steps(path: &str) -> Vec<Step> {
    path.split(['.', '['])
        .filter(|part| !part.is_empty())
        .map(|part| {
            let index = part.strip_suffix(']').and_then(|index| index.parse().ok());
            index.map_or_else(|| Step::Key(part.to_owned()), Step::Index)
        })
        .collect()
}
