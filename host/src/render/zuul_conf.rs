//! Every component's zuul.conf, by the config-renderer plugin.

use std::collections::BTreeMap;

use super::{complete, ini, is_among, placed, supplied};
use crate::contract::{IniSection, PluginFinding, Plugins, RenderedConnection, Section, ZuulConfRequest};
use crate::diagnostic::{FieldPath, Finding, ObjectRef, Step};
use crate::names::Component;
use crate::validate::{Instance, failed};

/// Each component's zuul.conf; none when the plugin gave no answer.
pub fn render(
    instance: &Instance,
    connections: Vec<RenderedConnection>,
    plugins: &dyn Plugins,
    findings: &mut Vec<Finding>,
) -> BTreeMap<Component, Vec<IniSection>> {
    let components = instance.components();
    let request = ZuulConfRequest { components, sections: supplied::sections(instance), connections };
    match plugins.zuul_conf(&request) {
        Ok(answer) => {
            let headers: Vec<_> = request.sections.iter().map(header).collect();
            let said = certain(answer.findings, instance, &request, plugins).into_iter();
            findings.extend(said.map(|finding| in_object(finding, &headers, instance)));
            let files: BTreeMap<_, _> =
                answer.files.into_iter().map(|file| (file.component, file.sections)).collect();
            findings.extend(
                files
                    .values()
                    .flat_map(|sections| ini::check(sections))
                    .map(|finding| unwritable(finding, instance)),
            );
            files
        }
        Err(failure) => {
            findings.push(failed(&failure, FieldPath::spec()));
            BTreeMap::new()
        }
    }
}

/// The findings that hold whatever is in the Secrets of authenticators that were not given: those that are also
/// there when each has every option.
fn certain(
    findings: Vec<PluginFinding>,
    instance: &Instance,
    request: &ZuulConfRequest,
    plugins: &dyn Plugins,
) -> Vec<PluginFinding> {
    let is_unknown = |section: &Section| {
        let name = section.instance.as_deref().unwrap_or_default();
        section.name == "auth" && !instance.knows_options_of_auth(name)
    };
    let unknown: Vec<String> =
        request.sections.iter().filter(|section| is_unknown(section)).map(header).collect();
    if unknown.is_empty() {
        return findings;
    }
    let known = plugins.sections().unwrap_or_default();
    let options = known.iter().find(|info| info.name == "auth").map(|info| info.options.as_slice());
    let mut full = request.clone();
    for section in full.sections.iter_mut().filter(|section| is_unknown(section)) {
        complete(&mut section.entries, options.unwrap_or_default());
    }
    let with_all = plugins.zuul_conf(&full).map(|answer| answer.findings).unwrap_or_default();
    let is_certain = |finding: &PluginFinding| {
        let is_doubtful = unknown.iter().any(|header| is_about(&finding.path, header));
        !is_doubtful || is_among(finding, &with_all)
    };
    findings.into_iter().filter(is_certain).collect()
}

fn header(section: &Section) -> String {
    let instance = section.instance.iter().map(|instance| format!(" {instance}"));
    std::iter::once(section.name.clone()).chain(instance).collect()
}

fn is_about(path: &str, header: &str) -> bool {
    path.strip_prefix(header).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn longest<'a>(path: &str, headers: &'a [String]) -> Option<&'a String> {
    headers.iter().filter(|header| is_about(path, header)).max_by_key(|header| header.len())
}

/// The renderer speaks of `SECTION.OPTION` or `SECTION NAME.OPTION`; the user wrote fields. A name may have
/// dots, so the longest of the given headers that fits is meant.
fn in_object(mut finding: PluginFinding, headers: &[String], instance: &Instance) -> Finding {
    let path = std::mem::take(&mut finding.path);
    let (head, option) = match longest(&path, headers) {
        Some(header) => (header.as_str(), path[header.len()..].trim_start_matches('.')),
        None => path.rsplit_once('.').unwrap_or((&path, "")),
    };
    let base = field_of(head);
    placed(finding, if option.is_empty() { base } else { option_of(base, option, instance) })
}

/// The writer speaks of section and option as well; a Secret it names by itself.
fn unwritable(mut finding: Finding, instance: &Instance) -> Finding {
    if finding.object != ObjectRef::default() {
        return finding;
    }
    let mut steps = std::mem::take(&mut finding.path.0).into_iter();
    if let Some(Step::Key(header)) = steps.next() {
        finding.path = field_of(&header);
        if let Some(Step::Key(option)) = steps.next() {
            finding.path = option_of(finding.path, &option, instance);
        }
        finding.path.0.extend(steps);
    }
    finding
}

/// Where an option stands: below the field of its section, or among those that the user forces.
fn option_of(section: FieldPath, option: &str, instance: &Instance) -> FieldPath {
    let spec = &instance.spec;
    let keys: Vec<&str> = section.0.iter().filter_map(Step::as_key).collect();
    let component = |name: &str| match name {
        "scheduler" => spec.scheduler.as_ref().map(|it| &it.component.unchecked),
        "executor" => spec.executor.as_ref().map(|it| &it.component.unchecked),
        "merger" => spec.merger.as_ref().map(|it| &it.unchecked),
        "web" => spec.web.as_ref().map(|it| &it.unchecked),
        "fingergw" => spec.fingergw.as_ref().map(|it| &it.unchecked),
        "launcher" => spec.launcher.as_ref().map(|it| &it.component.unchecked),
        _ => None,
    };
    let unchecked = match keys.as_slice() {
        ["spec", "connections", name] => spec.connections.get(*name).map(|it| &it.unchecked),
        ["spec", "auth", name] => spec.auth.get(*name).map(|it| &it.unchecked),
        ["spec", name] => component(name),
        _ => None,
    };
    match unchecked {
        Some(unchecked) if unchecked.contains_key(option) => section.key("unchecked").key(option),
        _ => section.key(option),
    }
}

/// Where in the object the options of a section stand.
fn field_of(header: &str) -> FieldPath {
    let spec = FieldPath::spec();
    match header.split_once(' ') {
        Some(("connection", name)) => spec.key("connections").key(name),
        Some(("ansible_callback", name)) => spec.key("ansibleCallback").key(name),
        Some((section, name)) => spec.key(section).key(name),
        None if header.is_empty() => spec,
        None => spec.key(header),
    }
}
