//! Values for secrets that are made once.

use crate::fill::SecretBytes;

/// So many random bytes, in hex; `None` when the system has none.
#[must_use]
pub fn random(bytes: usize) -> Option<SecretBytes> {
    let mut buffer = vec![0; bytes];
    getrandom::fill(&mut buffer).ok()?;
    let hex: String = buffer.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(SecretBytes::new(hex.into_bytes()))
}
