//! What a plan may see of documents in Secrets.

use std::collections::BTreeMap;

use super::SecretStore;
use crate::diagnostic::Finding;
use crate::inputs::{to_mask, to_redact};
use crate::mask;
use crate::secret::SecretRef;

/// The documents in Secrets that the plan of this Zuul needs, without what is secret in them; for each that
/// cannot be taken apart, why. What is not among `secrets` is left out.
#[must_use]
pub fn masked(
    zuul: &serde_json::Value,
    secrets: &SecretStore,
) -> BTreeMap<SecretRef, Result<String, Finding>> {
    type Masking = fn(&str, &SecretRef) -> Result<String, Finding>;
    let to_mask = to_mask(zuul).into_iter().map(|secret| (secret, mask::mask as Masking));
    let to_redact = to_redact(zuul).map(|secret| (secret, mask::redact as Masking));
    to_mask
        .chain(to_redact)
        .filter_map(|(secret, masking)| {
            let bytes = secrets.get(&secret)?;
            let masked = masking(&String::from_utf8_lossy(bytes.expose()), &secret);
            Some((secret, masked))
        })
        .collect()
}
