//! From gathered facts to a checked [`Instance`], all findings at once.

mod embedded;
mod instance;
mod options;
mod owned;
mod references;
mod sections;
mod sources;
mod zookeeper;

pub use instance::{ConfigFile, DatabaseAccess, Instance, Nodepool, ZookeeperAccess};
pub use sections::{FOLDER, failed};
pub use zookeeper::hosts_line;

use crate::api::{Zuul, schema};
use crate::contract::Plugins;
use crate::diagnostic::{FieldPath, Finding};
use crate::inputs::Inputs;
use crate::names;

/// Checks everything that can be checked before a plugin renders. `None` when the object is too
/// broken to go on with; the findings then say why.
#[must_use]
pub fn validate(inputs: &Inputs, plugins: &dyn Plugins) -> (Option<Instance>, Vec<Finding>) {
    let written = schema::complete(&inputs.zuul);
    let mut findings = schema::check(&written);
    findings.extend(embedded::check(&written));
    if !findings.is_empty() {
        return (None, findings);
    }
    let zuul: Zuul = match serde_json::from_value(written) {
        Ok(zuul) => zuul,
        Err(error) => {
            findings.push(
                Finding::error(
                    "Undecodable",
                    FieldPath::spec(),
                    format!("the object cannot be read: {error}"),
                )
                .cure("compare it with `kubectl explain zuul.spec`"),
            );
            return (None, findings);
        }
    };
    let name = zuul.metadata.name.clone().unwrap_or_default();
    if name.is_empty() {
        findings.push(
            Finding::warning("NoName", FieldPath::root().key("metadata").key("name"), "the Zuul has no name")
                .cure("add metadata.name, a cluster refuses it without; it is shown here as if it were \"zuul\""),
        );
    }
    let name = if name.is_empty() { "zuul".to_owned() } else { name };
    if !names::is_subdomain(&name) {
        findings.push(
            Finding::error(
                "IllegalName",
                FieldPath::root().key("metadata").key("name"),
                "this is no legal name",
            )
            .expected("lower-case letters, digits, '-' and '.', at most 253 characters")
            .cure("choose another name"),
        );
    }
    let mut facts = references::Facts::new(inputs);
    let mut instance = Instance::new(name, &zuul);
    sources::check(&mut instance, &mut facts);
    zookeeper::check(&mut instance, &mut facts);
    sections::connections(&mut instance, plugins, &mut facts);
    sections::sections(&mut instance, plugins, &mut facts);
    instance.versions = facts.versions;
    findings.extend(facts.findings);
    (Some(instance), findings)
}
