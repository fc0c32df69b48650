//! Where components listen: their Services reach the address of the pod, and no other.

use std::net::IpAddr;

use super::Instance;
use super::owned::unseen;
use super::references::Facts;
use crate::contract::Setting;
use crate::diagnostic::{FieldPath, Finding};

/// Checks the option of all components that have a Service. The addresses of health and metrics are the
/// operator's own.
pub fn check(instance: &Instance, facts: &mut Facts<'_>) {
    for section in ["web", "fingergw"] {
        let Some(setting) = instance.option(section, "listen_address") else { continue };
        let field = FieldPath::spec().key(section).key("listen_address");
        let Setting::Text(address) = setting else {
            unseen(field, setting).into_iter().for_each(|finding| facts.wrong(finding));
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

/// A pod's own address is not known before it is there.
fn is_everywhere(address: &str) -> bool {
    address.parse::<IpAddr>().is_ok_and(|address| address.is_unspecified())
}
