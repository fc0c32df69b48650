//! The bytes of Secrets, between where they are read and where they are written.

use std::collections::BTreeMap;
use std::fmt;

use super::SecretSource;
use crate::secret::SecretRef;

/// Secret bytes. They cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretBytes(Vec<u8>);

impl SecretBytes {
    /// Takes bytes into custody.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes, to be put into an object, and nowhere else.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes(..)")
    }
}

/// The Secrets that one Zuul can refer to: by name, then by key.
#[derive(Clone, Debug, Default)]
pub struct SecretStore(pub BTreeMap<String, BTreeMap<String, SecretBytes>>);

impl SecretStore {
    /// All bytes of a key. Does not look at [`SecretRef::scalar`].
    #[must_use]
    pub fn get(&self, secret: &SecretRef) -> Option<&SecretBytes> {
        self.0.get(&secret.secret)?.get(&secret.key)
    }
}

impl SecretSource for SecretStore {
    fn bytes(&self, secret: &SecretRef) -> Option<Vec<u8>> {
        self.get(secret).map(|bytes| bytes.expose().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_not_printed() {
        let bytes = BTreeMap::from([("k".to_owned(), SecretBytes::new(b"hunter2".to_vec()))]);
        let store = SecretStore(BTreeMap::from([("s".to_owned(), bytes)]));
        assert_eq!(format!("{store:?}"), "SecretStore({\"s\": {\"k\": SecretBytes(..)}})");
        assert_eq!(store.get(&SecretRef::new("s", "k")).map(SecretBytes::expose), Some(&b"hunter2"[..]));
    }
}
