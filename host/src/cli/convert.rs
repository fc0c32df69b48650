//! Desired objects as JSON values.

use serde_json::Value;

use super::secrets::SecretStore;
use crate::desired::object::Object;
use crate::diagnostic::Finding;
use crate::fill::{self, SecretBytes};
use crate::secret::SecretRef;

impl SecretBytes for SecretStore {
    fn bytes(&self, secret: &SecretRef) -> Option<Vec<u8>> {
        self.get(secret).map(|bytes| bytes.expose().to_vec())
    }
}

/// An object, with references where `secrets` is `None`, else with the bytes of its secrets.
///
/// # Errors
/// Its secrets cannot be filled in.
pub fn object(object: &Object, secrets: Option<&SecretStore>) -> Result<Value, Vec<Finding>> {
    let value = match object {
        Object::ServiceAccount(object) => serde_json::to_value(object),
        Object::ConfigMap(object) => serde_json::to_value(object),
        Object::Service(object) => serde_json::to_value(object),
        Object::StatefulSet(object) => serde_json::to_value(object),
        Object::Deployment(object) => serde_json::to_value(object),
        Object::PodDisruptionBudget(object) => serde_json::to_value(object),
        Object::Secret(secret) => match secrets {
            None => serde_json::to_value(fill::show(secret)),
            Some(secrets) => serde_json::to_value(fill::fill(secret, secrets)?.into_inner()),
        },
    };
    Ok(value.expect("an object made of typed values is JSON"))
}
