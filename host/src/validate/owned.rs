//! Options of zuul.conf that the operator sets itself, because objects depend on them.

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

/// An error if `option` of `section` is the operator's own.
pub fn check(section: &str, option: &str, path: &FieldPath) -> Option<Finding> {
    let (_, _, field) =
        OWNED.iter().find(|(of, owned, _)| *owned == option && (of.is_empty() || *of == section))?;
    let cure = match *field {
        "" => "remove it: Services and probes of the operator depend on it".to_owned(),
        field => format!("use spec.{field}"),
    };
    let message = format!("{option} is set by the operator");
    Some(Finding::error("OwnedByOperator", path.clone(), message).cure(cure))
}
