//! zuul-registry: a StatefulSet, because it keeps images on its disk.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::context::Context;
use super::object::{Content, DesiredSecret, Object};
use super::pod::{Pod, writable};
use super::workload::{Claim, disruption_budget, service, stateful_set};
use crate::inputs::REGISTRY_SECRET;
use crate::names::Component;
use crate::secret::SecretRef;
use crate::validate::ConfigFile;

const PORT: u16 = 9000;
const FOLDER: &str = "/conf";
const STORAGE: &str = "/storage";

/// The Secret with the value that signs the registry's tokens: made once and kept.
pub fn generated(context: &Context<'_>) -> Option<SecretRef> {
    let registry = context.instance.spec.registry.as_ref()?;
    registry.config.is_none().then(|| SecretRef::new(context.name(REGISTRY_SECRET), "secret"))
}

/// Its objects.
pub fn objects(context: &Context<'_>) -> Vec<Object> {
    let Some(registry) = &context.instance.spec.registry else { return Vec::new() };
    let mut objects = Vec::new();
    let mut pod = Pod::new(Component::Registry, &registry.pod);
    match &registry.config {
        Some(config) => {
            let key = config.key.as_deref().unwrap_or("registry.yaml");
            pod.files.secret(context, &config.secret_name, key, "registry.yaml");
        }
        None => {
            let what = "registry-config";
            let own =
                ConfigFile { is_secret: true, name: context.name(what), key: "registry.yaml".to_owned() };
            pod.files.live(&own, "registry.yaml");
            let (document, secrets) = registry_yaml(context, registry.tls.is_some());
            // It is read at the start.
            pod.files.input("registry.yaml", document.clone());
            for secret in secrets.values() {
                pod.files.uses(context, true, &secret.secret);
            }
            let content = Content::Yaml(document, secrets);
            objects.push(Object::Secret(Box::new(DesiredSecret {
                metadata: context.metadata(what, Component::Registry, None),
                files: BTreeMap::from([("registry.yaml".to_owned(), content)]),
            })));
        }
    }
    if let Some(tls) = &registry.tls {
        for key in ["tls.crt", "tls.key"] {
            pod.files.secret(context, &tls.secret_name, key, &format!("tls/{key}"));
        }
    }
    pod.folder = FOLDER;
    pod.command =
        ["/usr/local/bin/zuul-registry", "-c", "/conf/registry.yaml", "serve"].map(str::to_owned).to_vec();
    pod.ports = vec![("registry", PORT)];
    pod.volumes = vec![(None, writable("storage", STORAGE))];
    let claim = Claim {
        name: "storage",
        class: registry.pod.storage_class_name.clone(),
        size: registry.pod.storage_size.clone().unwrap_or_else(|| registry.volume_size.clone()),
    };
    let replicas = registry.pod.count;
    objects.push(service(context, Component::Registry, &registry.pod, &[("registry", PORT, "registry")]));
    objects.push(stateful_set(context, pod, replicas, vec![claim]));
    objects.push(disruption_budget(context, Component::Registry));
    objects
}

/// A configuration without users: images can be read by all, and written by nobody. Validation warns.
fn registry_yaml(context: &Context<'_>, has_tls: bool) -> (Value, BTreeMap<String, SecretRef>) {
    let name = context.name(Component::Registry.as_str());
    let scheme = if has_tls { "https" } else { "http" };
    let mut registry = json!({
        "address": "::",
        "port": PORT,
        "public-url": format!("{scheme}://{name}:{PORT}"),
        "secret": "",
        "storage": {"driver": "filesystem", "root": STORAGE},
        "users": [],
    });
    if has_tls {
        registry["tls-cert"] = format!("{FOLDER}/tls/tls.crt").into();
        registry["tls-key"] = format!("{FOLDER}/tls/tls.key").into();
    }
    let secret = generated(context).map(|secret| ("/registry/secret".to_owned(), secret));
    (json!({"registry": registry}), secret.into_iter().collect())
}
