//! Every component's zuul.conf, by the config-renderer plugin.

use std::collections::BTreeMap;

use super::{placed, supplied};
use crate::contract::{IniSection, PluginFinding, Plugins, RenderedConnection, ZuulConfRequest};
use crate::diagnostic::{FieldPath, Finding};
use crate::names::Component;
use crate::validate::{Instance, failed};

/// Each component's zuul.conf; none when the plugin gave no answer.
pub fn render(
    instance: &Instance,
    connections: Vec<RenderedConnection>,
    plugins: &dyn Plugins,
    findings: &mut Vec<Finding>,
) -> BTreeMap<Component, Vec<IniSection>> {
    let components = supplied::uses(instance);
    let request = ZuulConfRequest { components, sections: supplied::sections(instance), connections };
    match plugins.zuul_conf(&request) {
        Ok(answer) => {
            findings.extend(answer.findings.into_iter().map(in_object));
            answer.files.into_iter().map(|file| (file.component, file.sections)).collect()
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
    let spec = FieldPath::spec();
    let (head, option) = path.rsplit_once('.').unwrap_or((&path, ""));
    let mut base = match head.split_once(' ') {
        Some(("connection", name)) => spec.key("connections").key(name),
        Some(("ansible_callback", name)) => spec.key("ansibleCallback").key(name),
        Some((section, name)) => spec.key(section).key(name),
        None if head.is_empty() => spec,
        None => spec.key(head),
    };
    if !option.is_empty() {
        base = base.key(option);
    }
    placed(finding, base)
}
