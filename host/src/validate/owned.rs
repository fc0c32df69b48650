//! Options of zuul.conf that the operator sets itself, or has to see, because objects depend on them.

use crate::contract::Setting;
use crate::diagnostic::{FieldPath, Finding};

/// Section (empty: any), option, and the field that is there instead.
const OWNED: [(&str, &str, &str); 11] = [
    ("scheduler", "tenant_config", "scheduler.config"),
    ("executor", "private_key_file", "executor.sshkey"),
    ("executor", "variables", "siteVariables"),
    ("executor", "finger_port", ""),
    ("web", "port", ""),
    ("fingergw", "port", ""),
    ("", "prometheus_port", ""),
    ("", "prometheus_addr", ""),
    ("", "log_config", "logging.config"),
    ("", "command_socket", ""),
    ("", "pidfile", ""),
];

/// Whether the operator sets `option` of `section` itself.
#[must_use]
pub fn is_owned(section: &str, option: &str) -> bool {
    instead(section, option).is_some()
}

/// The field that is there instead; empty if there is none.
fn instead(section: &str, option: &str) -> Option<&'static str> {
    let row = OWNED.iter().find(|(of, owned, _)| *owned == option && (of.is_empty() || *of == section));
    row.map(|(_, _, field)| *field)
}

/// An error if `option` of `section` is the operator's own.
pub fn check(section: &str, option: &str, path: &FieldPath) -> Option<Finding> {
    let cure = match instead(section, option)? {
        "" => "remove it: Services and probes of the operator depend on it".to_owned(),
        field => format!("use spec.{field}"),
    };
    let message = format!("{option} is set by the operator");
    Some(Finding::error("OwnedByOperator", path.clone(), message).cure(cure))
}

/// An option that the operator has to see, to check it or to add to it, is somewhere else. None for what
/// was told as wrong already, in whose place stands a Secret without a name.
pub fn unseen(field: FieldPath, setting: &Setting) -> Option<Finding> {
    let place = match setting {
        Setting::Secret(secret) if secret.secret.is_empty() => return None,
        Setting::Secret(_) => "comes from a Secret",
        _ => "is no text",
    };
    let message = format!("the operator has to see this option, which {place}");
    Some(
        Finding::error("OptionNotSeen", field, message)
            .expected("text in the object itself")
            .cure("write the text here: it is no secret"),
    )
}
