//! Each connection by its driver's plugin.

use std::collections::BTreeSet;

use super::{complete, is_among, placed};
use crate::contract::{
    ConnectionRequest, FailureReason, MountedFile, PluginFailure, PluginFinding, Plugins, RenderedConnection,
};
use crate::diagnostic::{FieldPath, Finding, Severity};
use crate::validate::{Instance, failed};

/// The sections of all connections, and the files that they need.
pub fn render(
    instance: &Instance,
    plugins: &dyn Plugins,
    findings: &mut Vec<Finding>,
) -> (Vec<RenderedConnection>, Vec<MountedFile>) {
    let (mut connections, mut files) = (Vec::new(), Vec::new());
    for request in &instance.connections {
        let path = FieldPath::spec().key("connections").key(&request.name);
        match plugins.connection(request) {
            Ok(rendering) => {
                let said = match instance.knows_options_of(&request.name) {
                    true => rendering.findings,
                    false => certain(rendering.findings, request, plugins),
                };
                let said = said.into_iter().map(|finding| {
                    let base = if is_of_forced(&finding, instance, &request.name) {
                        path.key("unchecked")
                    } else {
                        path.clone()
                    };
                    placed(finding, base)
                });
                findings.extend(worst(said.collect()));
                files.extend(rendering.files);
                connections.push(RenderedConnection {
                    name: request.name.clone(),
                    driver: request.driver.clone(),
                    readers: rendering.readers,
                    lines: rendering.lines,
                });
            }
            Err(failure) if is_forced(instance, request, &failure, plugins) => {
                findings.push(
                    Finding::error(
                        "ForcedOption",
                        path.key("unchecked"),
                        format!("the driver {} cannot do with these: {}", request.driver, failure.detail),
                    )
                    .expected("options that the driver does not write itself")
                    .cure("remove them one by one; what the driver knows stands beside `unchecked`"),
                );
            }
            Err(failure) => findings.push(failed(&failure, path)),
        }
    }
    (connections, files)
}

/// Whether a finding is about an option that stands below `unchecked`.
fn is_of_forced(finding: &PluginFinding, instance: &Instance, connection: &str) -> bool {
    let option = finding.path.split(['.', '[']).next().unwrap_or_default();
    instance.spec.connections.get(connection).is_some_and(|it| it.unchecked.contains_key(option))
}

/// The findings that hold whatever is in the Secret that was not given: those that are also there when it has
/// every option.
fn certain(
    findings: Vec<PluginFinding>,
    request: &ConnectionRequest,
    plugins: &dyn Plugins,
) -> Vec<PluginFinding> {
    let mut full = request.clone();
    if let Ok(info) = plugins.driver(&request.driver) {
        complete(&mut full.options, &info.options);
    }
    let with_all = plugins.connection(&full).map(|rendering| rendering.findings).unwrap_or_default();
    findings.into_iter().filter(|finding| is_among(finding, &with_all)).collect()
}

/// Without warnings about a field of which there is an error: what breaks things needs no warning, too.
fn worst(findings: Vec<Finding>) -> Vec<Finding> {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    let broken: BTreeSet<FieldPath> = errors.map(|finding| finding.path.clone()).collect();
    let is_worst = |it: &Finding| it.severity == Severity::Error || !broken.contains(&it.path);
    findings.into_iter().filter(is_worst).collect()
}

/// Whether an answer is bad because of the options that the user forces: without them it is good.
fn is_forced(
    instance: &Instance,
    request: &ConnectionRequest,
    failure: &PluginFailure,
    plugins: &dyn Plugins,
) -> bool {
    let forced = instance.spec.connections.get(&request.name).map(|connection| &connection.unchecked);
    let Some(forced) = forced.filter(|forced| !forced.is_empty()) else { return false };
    let mut without = request.clone();
    without.options.retain(|entry| !forced.contains_key(&entry.name));
    failure.reason == FailureReason::BadAnswer && plugins.connection(&without).is_ok()
}
