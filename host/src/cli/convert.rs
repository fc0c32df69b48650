//! Desired objects as JSON values.
//!
//! TO BE WIRED: `fill::show` and `fill::fill` take the place of [`object`].

use serde_json::Value;

use super::run::Failure;
use super::secrets::SecretStore;
use crate::desired::object::Object;

/// An object, with references where `secrets` is `None`, else with the bytes of its secrets.
///
/// # Errors
/// Its secrets cannot be filled in.
pub fn object(object: &Object, _secrets: Option<&SecretStore>) -> Result<Value, Failure> {
    Ok(match object {
        Object::ServiceAccount(object) => serde_json::to_value(object)?,
        Object::ConfigMap(object) => serde_json::to_value(object)?,
        Object::Service(object) => serde_json::to_value(object)?,
        Object::StatefulSet(object) => serde_json::to_value(object)?,
        Object::Deployment(object) => serde_json::to_value(object)?,
        Object::PodDisruptionBudget(object) => serde_json::to_value(object)?,
        Object::Secret(_) => return Err(Failure("this build cannot write Secrets".to_owned())),
    })
}
