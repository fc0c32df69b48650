//! From gathered facts to a checked [`Instance`], all findings at once.

mod clouds;
mod convert;
mod driver;
mod embedded;
mod failure;
mod instance;
mod jobs;
mod kubeconfig;
mod listen;
mod logging;
mod mergers;
mod options;
mod own_secret;
mod owned;
mod pod_sources;
mod pods;
mod references;
mod sections;
mod size;
mod sources;
mod version;
mod zookeeper;

pub use failure::failed;
pub use instance::{Clouds, ConfigFile, DatabaseAccess, Instance, Nodepool, ZookeeperAccess};
pub use logging::is_yaml as logging_is_yaml;
pub use owned::is_owned;
pub use pods::syntax::quantity;
pub use pods::{REFUSED_CURE, is_plain};
pub use sections::FOLDER;
pub use zookeeper::hosts_line;

use crate::api::Zuul;
use crate::api::schema::{self, Structure};
use crate::contract::Plugins;
use crate::diagnostic::{FieldPath, Finding, Findings};
use crate::inputs::Inputs;
use crate::names;
use references::Facts;

/// Checks everything that can be checked before a plugin renders, whatever else is wrong: what is wrong is
/// said and left out, and the rest is checked without it. `None` when nothing is left to go on with.
#[must_use]
pub fn validate(inputs: &Inputs, plugins: &dyn Plugins) -> (Option<Instance>, Findings) {
    if let Some(finding) = size::check(&inputs.zuul) {
        return (None, Findings::from_iter([finding]));
    }
    let written = schema::complete(&inputs.zuul);
    let Structure { mut findings, mut left_out } = schema::structure(&written);
    let embedded = embedded::check(&written).into_iter().filter(|finding| !left_out.covers(&finding.path));
    let embedded: Vec<Finding> = embedded.collect();
    left_out.extend(embedded.iter().map(|finding| embedded::field(&finding.path)).collect());
    findings.extend(embedded);
    let Some(rest) = schema::repair(&written, &mut left_out) else { return (None, findings) };
    findings.extend(schema::rules(&rest, &left_out));
    let zuul: Zuul = match serde_json::from_value(rest) {
        Ok(zuul) => zuul,
        Err(error) => {
            findings.push(undecodable(&error));
            return (None, findings);
        }
    };
    let name = name(&zuul, &mut findings);
    let mut facts = Facts::new(inputs, left_out);
    let mut instance = Instance::new(name, &zuul);
    version::check(&instance, &mut facts);
    zookeeper::check(&mut instance, &mut facts);
    sections::connections(&mut instance, plugins, &mut facts);
    sections::sections(&mut instance, plugins, &mut facts);
    listen::check(&instance, &mut facts);
    // What is missing is told last: by then it is known what was left out.
    clouds::check(&mut instance, &mut facts);
    kubeconfig::check(&instance, &mut facts);
    sources::check(&mut instance, &mut facts);
    mergers::check(&instance, &mut facts);
    jobs::check(&instance, &mut facts);
    pod_sources::check(&instance, &mut facts);
    let pods = pods::metadata(&zuul.metadata).into_iter().chain(pods::check(&zuul.spec));
    // What is wrong below a field is not in it any more, which must not be told, too.
    let is_new = |finding: &Finding| facts.left_out.below(&finding.path).next().is_none();
    let pods: Vec<Finding> = pods.filter(is_new).collect();
    pods.into_iter().for_each(|finding| facts.wrong(finding));
    (instance.versions, instance.left_out) = (facts.versions, facts.left_out);
    findings.append(facts.findings);
    (Some(instance), findings)
}

fn undecodable(error: &serde_json::Error) -> Finding {
    let message = format!("the object cannot be read: {error}");
    Finding::error("Undecodable", FieldPath::spec(), message)
        .cure("compare it with `kubectl explain zuul.spec`")
}

/// `metadata.name`, or what stands for it.
fn name(zuul: &Zuul, findings: &mut Findings) -> String {
    let path = FieldPath::root().key("metadata").key("name");
    let name = zuul.metadata.name.clone().unwrap_or_default();
    if name.is_empty() {
        findings.push(Finding::warning("NoName", path, "the Zuul has no name").cure(
            "add metadata.name, a cluster refuses it without; it is shown here as if it were \"zuul\"",
        ));
        return "zuul".to_owned();
    }
    if !names::is_subdomain(&name) {
        findings.push(
            Finding::error("IllegalName", path, "this is no legal name")
                .expected("lower-case letters, digits, '-' and '.', at most 253 characters")
                .cure("choose another name"),
        );
    }
    name
}
