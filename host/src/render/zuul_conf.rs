//! Every component's zuul.conf, by the config-renderer plugin.

use std::collections::BTreeMap;

use super::{ini, placed, supplied};
use crate::contract::{IniSection, PluginFinding, Plugins, RenderedConnection, ZuulConfRequest};
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
            findings.extend(answer.findings.into_iter().map(in_object));
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

/// The renderer speaks of `SECTION.OPTION` or `SECTION NAME.OPTION`; the user wrote fields.
fn in_object(mut finding: PluginFinding) -> Finding {
    let path = std::mem::take(&mut finding.path);
    let (head, option) = path.rsplit_once('.').unwrap_or((&path, ""));
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
