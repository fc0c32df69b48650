//! Every component's zuul.conf, by the config-renderer plugin.

use std::collections::BTreeMap;

use super::{ini, placed, supplied};
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
            findings.extend(answer.findings.into_iter().map(|finding| in_object(finding, &headers)));
            let files: BTreeMap<_, _> =
                answer.files.into_iter().map(|file| (file.component, file.sections)).collect();
            findings.extend(files.values().flat_map(|sections| ini::check(sections)).map(unwritable));
            files
        }
        Err(failure) => {
            findings.push(failed(&failure, FieldPath::spec()));
            BTreeMap::new()
        }
    }
}

fn header(section: &Section) -> String {
    let instance = section.instance.iter().map(|instance| format!(" {instance}"));
    std::iter::once(section.name.clone()).chain(instance).collect()
}

/// The renderer speaks of `SECTION.OPTION` or `SECTION NAME.OPTION`; the user wrote fields. A name may have
/// dots, so the longest of the given headers that fits is meant.
fn in_object(mut finding: PluginFinding, headers: &[String]) -> Finding {
    let path = std::mem::take(&mut finding.path);
    let fits = |header: &&String| {
        path.strip_prefix(header.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let (head, option) = match headers.iter().filter(fits).max_by_key(|header| header.len()) {
        Some(header) => (header.as_str(), path[header.len()..].trim_start_matches('.')),
        None => path.rsplit_once('.').unwrap_or((&path, "")),
    };
    let mut base = field_of(head);
    if !option.is_empty() {
        base = base.key(option);
    }
    placed(finding, base)
}

/// The writer speaks of section and option as well; a Secret it names by itself.
fn unwritable(mut finding: Finding) -> Finding {
    if finding.object != ObjectRef::default() {
        return finding;
    }
    let mut steps = std::mem::take(&mut finding.path.0).into_iter();
    if let Some(Step::Key(header)) = steps.next() {
        finding.path = field_of(&header);
        finding.path.0.extend(steps);
    }
    finding
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
