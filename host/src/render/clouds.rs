//! clouds.yaml without credentials, for scheduler and web.

use crate::diagnostic::{FieldPath, Finding};
use crate::inputs::OPENSTACK;
use crate::mask;
use crate::secret::Value;
use crate::validate::{Clouds, Instance};

/// The file, where it is needed; `None` while its source is missing: what is made of it stays as it is.
pub fn render(instance: &Instance, findings: &mut Vec<Finding>) -> Option<Value> {
    let Clouds { source, redacted } = instance.clouds.as_ref()?;
    let Some(redacted) = redacted else {
        // A Secret that was given and could not be read was told of where it was.
        if instance.versions.contains_key(&format!("Secret/{}", source.secret)) {
            return None;
        }
        let path = FieldPath::spec().key("externalConfig").key(OPENSTACK).key("secretName");
        let message = format!(
            "there is no {} in Secret {} to take credentials out of: what is made of it stays as it is",
            source.key, source.secret
        );
        findings.push(
            Finding::warning("CloudsFrozen", path, message)
                .expected("clouds.yaml: scheduler and web get it without credentials")
                .cure("see to it that it is there; offline, give it with -f"),
        );
        return None;
    };
    mask::unmask(redacted, redacted, source).map_err(|finding| findings.push(finding)).ok()
}
