//! Where components listen: their Services reach the address of the pod, and no other.

use std::net::IpAddr;

use super::Instance;
use super::references::Facts;
use crate::contract::Setting;
use crate::diagnostic::{FieldPath, Finding};

/// Checks the option of all components that have a Service. The addresses of health and metrics are the
/// operator's own.
pub fn check(instance: &Instance, facts: &mut Facts<'_>) {
    for section in ["web", "fingergw"] {
        let entries = instance.sections.iter().filter(|it| it.name == section).flat_map(|it| &it.entries);
        let Some(entry) = entries.into_iter().find(|entry| entry.name == "listen_address") else { continue };
        let field = FieldPath::spec().key(section).key("listen_address");
        let Setting::Text(address) = &entry.setting else {
            unseen(field, &entry.setting).into_iter().for_each(|finding| facts.wrong(finding));
            continue;
        };
        if is_everywhere(address) {
            continue;
        }
        let message = format!("the Service of {section} does not reach {address}");
        facts.wrong(
            Finding::error("Unreachable", field, message)
                .expected("`::`, which is the default, or 0.0.0.0")
                .cure("remove the option; who may connect is a matter of network policies"),
        );
    }
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

/// A pod's own address is not known before it is there.
fn is_everywhere(address: &str) -> bool {
    address.parse::<IpAddr>().is_ok_and(|address| address.is_unspecified())
}
