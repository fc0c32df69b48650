//! An object on its way to where it is written.

use std::fmt;

use k8s_openapi::api::core::v1::Secret;
use serde::{Serialize, Serializer};

use super::{SecretStore, fill, show};
use crate::desired::object::Object;
use crate::diagnostic::Finding;

/// An object as it is written: it becomes JSON straight from its type. Does not print its bytes.
pub struct Written<'a> {
    object: &'a Object,
    /// If it is a Secret.
    secret: Option<Secret>,
}

/// An object with references where `secrets` is `None`, else with the bytes of its secrets.
///
/// # Errors
/// Its secrets cannot be filled in.
pub fn object<'a>(object: &'a Object, secrets: Option<&SecretStore>) -> Result<Written<'a>, Vec<Finding>> {
    let secret = match (object, secrets) {
        (Object::Secret(secret), None) => Some(show(secret)),
        (Object::Secret(secret), Some(secrets)) => Some(fill(secret, secrets)?.into_inner()),
        _ => None,
    };
    Ok(Written { object, secret })
}

impl Written<'_> {
    /// As JSON.
    #[must_use]
    pub fn value(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("an object made of typed values is JSON")
    }

    /// A digest of it.
    #[must_use]
    pub fn digest(&self) -> blake3::Hash {
        let bytes = serde_json::to_vec(self).expect("an object made of typed values is JSON");
        blake3::hash(&bytes)
    }
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.object {
            Object::ServiceAccount(object) => object.serialize(serializer),
            Object::ConfigMap(object) => object.serialize(serializer),
            Object::Service(object) => object.serialize(serializer),
            Object::StatefulSet(object) => object.serialize(serializer),
            Object::Deployment(object) => object.serialize(serializer),
            Object::PodDisruptionBudget(object) => object.serialize(serializer),
            Object::Secret(_) => self.secret.serialize(serializer),
        }
    }
}

impl fmt::Debug for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Written").field(&self.object.metadata().name).finish()
    }
}
