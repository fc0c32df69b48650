//! Environment variables: what Kubernetes refuses of them, and what they break of the components.

use k8s_openapi::api::core::v1::{EnvVar, ResourceFieldSelector};

use super::volume::sources;
use super::{Report, fields, syntax, table};
use crate::api::{LauncherType, ZuulSpec};
use crate::diagnostic::{FieldPath, Finding};

/// The variables of one container.
pub fn check(env: &[EnvVar], path: &FieldPath, report: &mut Report) {
    table::check(&env, fields::ENV, path, report);
    for (index, variable) in env.iter().enumerate() {
        let path = path.index(index);
        report.text(path.key("name"), &variable.name, syntax::variable);
        if !variable.name.is_empty() && env[..index].iter().any(|other| other.name == variable.name) {
            let message = format!("{} stands above already; the last one wins", variable.name);
            let finding = Finding::warning("DuplicateVariable", path.key("name"), message);
            report.findings.push(finding.cure("keep one of them"));
        }
        let Some(from) = &variable.value_from else { continue };
        if variable.value.as_deref().is_some_and(|value| !value.is_empty()) {
            report.refused(path, "a variable with a value and a source", "value or valueFrom");
        } else if sources(from) != 1 {
            report.refused(path.key("valueFrom"), "a variable with none or several sources", "one source");
        } else if let Some(resource) = &from.resource_field_ref {
            divisor(resource, &path.key("valueFrom").key("resourceFieldRef").key("divisor"), report);
        }
    }
}

/// In what unit a resource is told: one of it, by thousands or 1024s, or for CPUs a thousandth.
fn divisor(resource: &ResourceFieldSelector, path: &FieldPath, report: &mut Report) {
    let Some(text) = &resource.divisor else { return };
    let units: &[&str] = match resource.resource.ends_with(".cpu") {
        true => &["1m", "1"],
        false => &["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"],
    };
    let number = syntax::quantity(&text.0);
    if number != Some(0.0) && !units.iter().any(|unit| syntax::quantity(unit) == number) {
        let message = format!("Kubernetes does not take {:?} here", text.0);
        report.refused(path.clone(), message, format!("one of {}", units.join(", ")));
    }
}

/// Variables that are legal, and break what the operator or Zuul itself relies on.
pub fn breaking(spec: &ZuulSpec, report: &mut Report) {
    let sections = spec.pods().into_iter();
    let all = sections.map(|(section, pod)| (FieldPath::spec().key(section), &pod.env));
    for (path, env) in all.chain([(FieldPath::spec(), &spec.env)]) {
        home(env, &path.key("env"), report);
    }
    clouds_file(spec, report);
}

/// HOME in a component's own container.
pub fn home(env: &[EnvVar], path: &FieldPath, report: &mut Report) {
    for (index, _) in env.iter().enumerate().filter(|(_, variable)| variable.name == "HOME") {
        let message = "HOME takes the place of the operator's: its volume at home is not used";
        let finding = Finding::warning("HomeChanged", path.index(index).key("name"), message);
        report.findings.push(finding.cure("remove it; nothing else of the container's disk can be written"));
    }
}

/// Zuul hands the variable to openstacksdk as a list of files, and gets one for each letter
/// (`driver/openstack/openstackconnection.py`). Nodepool does not read it itself.
fn clouds_file(spec: &ZuulSpec, report: &mut Report) {
    let Some(launcher) = spec.launcher.as_ref().filter(|it| it.type_ != LauncherType::Nodepool) else {
        return;
    };
    if !spec.connections.values().any(|connection| connection.driver == "openstack") {
        return;
    }
    let own = FieldPath::spec().key("launcher").key("env");
    for (path, env) in [(own, &launcher.component.pod.env), (FieldPath::spec().key("env"), &spec.env)] {
        let is_it = |variable: &EnvVar| variable.name == "OS_CLIENT_CONFIG_FILE";
        if let Some(index) = env.iter().position(is_it) {
            let path = path.index(index).key("name");
            let message = "Zuul takes each letter of OS_CLIENT_CONFIG_FILE for a file, and finds no cloud";
            report.findings.push(
                Finding::error("CloudsFile", path, message)
                    .cure("remove it, and give clouds.yaml in externalConfig.openstack: it is found there"),
            );
        }
    }
}
