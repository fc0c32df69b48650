//! Writes a status, if it differs.

use kube::api::{Patch, PatchParams};
use kube::core::{ApiResource, DynamicObject};
use kube::{Api, Client};
use serde_json::json;

use super::MANAGER;
use crate::api::{API_VERSION, KIND, Zuul, ZuulStatus};

/// Zuuls of a namespace, as they are written: one of another version's schema is no error.
#[must_use]
pub fn zuuls(client: &Client, namespace: &str) -> Api<DynamicObject> {
    Api::namespaced_with(client.clone(), namespace, &resource())
}

/// What Zuuls are.
#[must_use]
pub fn resource() -> ApiResource {
    ApiResource::erase::<Zuul>(&())
}

/// Writes the status of a Zuul, and gives the Zuul as it is then; one that is gone is no error.
///
/// # Errors
/// The request failed.
pub async fn write(
    client: &Client,
    namespace: &str,
    name: &str,
    status: &ZuulStatus,
) -> kube::Result<Option<DynamicObject>> {
    let patch = json!({
        "apiVersion": API_VERSION, "kind": KIND, "metadata": {"name": name}, "status": status,
    });
    let params = PatchParams::apply(MANAGER).force();
    match zuuls(client, namespace).patch_status(name, &params, &Patch::Apply(patch)).await {
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
        result => result.map(Some),
    }
}
