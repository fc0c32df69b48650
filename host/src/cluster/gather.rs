//! Reads what the plan of one Zuul needs. I/O, reads only.

use std::collections::BTreeMap;
use std::fmt::Debug;

use futures::future::{try_join, try_join_all};
use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::core::v1::{ConfigMap, Secret};
use kube::api::ListParams;
use kube::{Api, Client, Resource};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tracing::field::Empty;
use tracing::{Span, instrument};

use super::world::World;
use crate::content::{self, Known};
use crate::desired::{Id, Kind};
use crate::diagnostic::Finding;
use crate::fill::{self, SecretBytes, SecretStore};
use crate::inputs::{ConfigMapFacts, Inputs, SecretFacts, may_refer_to};
use crate::plan::Plan;

/// One Zuul with everything that it refers to.
#[derive(Debug, Default)]
pub struct Gathered {
    /// What the plan may see.
    pub inputs: Inputs,
    /// What is filled into objects at the very end.
    pub secrets: SecretStore,
}

impl Gathered {
    /// What stands against the content of Secrets and ConfigMaps, as far as a plan of these inputs uses it; for
    /// [`Plan::with_findings`]. Names keys and lines, and no value of a Secret. Takes as long as reading the files.
    #[must_use]
    pub fn check(&self, plan: &Plan) -> Vec<Finding> {
        content::check(&self.inputs, &self.secrets, plan, &mut Known::default())
    }
}

/// Gathers for one Zuul. Only what it may refer to, and what exists, is read: one request each, and none for what is
/// `known` in its present version. The world was told before what it refers to: what changes meanwhile is noticed.
///
/// # Errors
/// A request failed.
#[instrument(level = "debug", skip_all, fields(secrets = Empty, config_maps = Empty))]
pub async fn gather(client: &Client, world: &World, zuul: &Value, known: Gathered) -> kube::Result<Gathered> {
    let namespace = zuul["metadata"]["namespace"].as_str().unwrap_or_default();
    let names = may_refer_to(zuul);
    let Gathered { inputs: Inputs { mut secrets, mut config_maps, .. }, secrets: mut store } = known;
    let version =
        |kind, name: &String| Some(world.get(namespace, &Id { kind, name: name.clone() })?.resource_version);
    secrets.retain(|name, facts| version(Kind::Secret, name).as_ref() == Some(&facts.version));
    config_maps.retain(|name, facts| version(Kind::ConfigMap, name).as_ref() == Some(&facts.version));
    store.0.retain(|name, _| secrets.contains_key(name));
    let existing = |kind| names.iter().filter(move |name| version(kind, name).is_some());
    let new_secrets = existing(Kind::Secret).filter(|name| !secrets.contains_key(*name));
    let new_maps = existing(Kind::ConfigMap).filter(|name| !config_maps.contains_key(*name));
    let (new_secrets, new_maps) = try_join(
        try_join_all(new_secrets.map(|name| read::<Secret>(client, namespace, name))),
        try_join_all(new_maps.map(|name| read::<ConfigMap>(client, namespace, name))),
    )
    .await?;
    for secret in new_secrets.into_iter().flatten() {
        let name = secret.metadata.name.unwrap_or_default();
        let data = secret.data.unwrap_or_default().into_iter();
        let data: BTreeMap<_, _> = data.map(|(key, bytes)| (key, SecretBytes::new(bytes.0))).collect();
        let version = secret.metadata.resource_version.unwrap_or_default();
        let keys = data.keys().cloned().collect();
        secrets.insert(name.clone(), SecretFacts { version, keys });
        store.0.insert(name, data);
    }
    for map in new_maps.into_iter().flatten() {
        let facts = ConfigMapFacts {
            version: map.metadata.resource_version.unwrap_or_default(),
            data: map.data.unwrap_or_default(),
            binary_keys: map.binary_data.unwrap_or_default().into_keys().collect(),
        };
        config_maps.insert(map.metadata.name.unwrap_or_default(), facts);
    }
    let counts = (secrets.len() as i64, config_maps.len() as i64);
    Span::current().record("secrets", counts.0).record("config_maps", counts.1);
    let mut inputs = Inputs { zuul: zuul.clone(), complete: true, secrets, config_maps, ..Inputs::default() };
    inputs.masked = fill::masked(zuul, &store);
    Ok(Gathered { inputs, secrets: store })
}

/// An object by its name; nothing if it is gone by now. A list, so that the right to list is enough.
pub(super) async fn read<K>(client: &Client, namespace: &str, name: &str) -> kube::Result<Option<K>>
where
    K: Resource<DynamicType = (), Scope = NamespaceResourceScope> + Clone + Debug + DeserializeOwned,
{
    let one = ListParams::default().fields(&format!("metadata.name={name}"));
    let found = Api::<K>::namespaced(client.clone(), namespace).list(&one).await?;
    Ok(found.items.into_iter().next())
}
