//! What every object of one Zuul has in common: names, labels, owner, images.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta, OwnerReference};

use crate::api;
use crate::names::{self, Component};
use crate::render::Rendered;
use crate::validate::Instance;

/// The label that names the component.
pub const COMPONENT: &str = "app.kubernetes.io/component";
/// The label of a shard's objects, and the annotation with its whole name.
pub const SHARD: &str = "zuul-ci.org/shard";

/// One Zuul on its way to objects.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub instance: &'a Instance,
    pub rendered: &'a Rendered,
}

impl Context<'_> {
    /// The name of an object.
    pub fn name(&self, what: &str) -> String {
        names::object(&self.instance.name, what)
    }

    /// Metadata of an object of a component; `shard` for Nodepool's launchers.
    pub fn metadata(&self, what: &str, component: Component, shard: Option<&str>) -> ObjectMeta {
        ObjectMeta {
            name: Some(self.name(what)),
            namespace: self.instance.namespace.clone(),
            labels: Some(self.labels(component, shard)),
            annotations: shard.map(|shard| BTreeMap::from([(SHARD.to_owned(), shard.to_owned())])),
            owner_references: self.owner(),
            ..ObjectMeta::default()
        }
    }

    /// All labels of a component's objects.
    pub fn labels(&self, component: Component, shard: Option<&str>) -> BTreeMap<String, String> {
        let mut labels = self.selector(component, shard);
        labels.insert("app.kubernetes.io/managed-by".to_owned(), "zuul-operator".to_owned());
        labels.insert("app.kubernetes.io/part-of".to_owned(), "zuul".to_owned());
        labels
    }

    /// The labels by which a component's pods are found. They never change: a workload's selector is
    /// immutable.
    pub fn selector(&self, component: Component, shard: Option<&str>) -> BTreeMap<String, String> {
        let mut labels = BTreeMap::from([
            ("app.kubernetes.io/name".to_owned(), "zuul".to_owned()),
            ("app.kubernetes.io/instance".to_owned(), names::label_value(&self.instance.name)),
            (COMPONENT.to_owned(), component.to_string()),
        ]);
        if let Some(shard) = shard {
            labels.insert(SHARD.to_owned(), names::label_value(shard));
        }
        labels
    }

    /// The same as a selector.
    pub fn label_selector(&self, component: Component, shard: Option<&str>) -> LabelSelector {
        LabelSelector { match_labels: Some(self.selector(component, shard)), match_expressions: None }
    }

    /// The Zuul itself; an object that does not come from a cluster owns nothing. Its deletion does not wait for them
    /// (`blockOwnerDeletion`): who says so needs `update` on `zuuls/finalizers` where OwnerReferencesPermissionEnforcement
    /// is on, as in OpenShift, and all that it gives is that `--cascade=foreground` returns later.
    fn owner(&self) -> Option<Vec<OwnerReference>> {
        let uid = self.instance.uid.clone()?;
        Some(vec![OwnerReference {
            api_version: api::API_VERSION.to_owned(),
            kind: api::KIND.to_owned(),
            name: self.instance.name.clone(),
            uid,
            controller: Some(true),
            block_owner_deletion: None,
        }])
    }

    /// The image of a component: its own, or prefix, name and version.
    pub fn image(&self, component: Component, own: Option<&String>) -> String {
        let spec = &self.instance.spec;
        let (name, version) = match component {
            Component::NodepoolLauncher => ("nodepool-launcher".to_owned(), &spec.nodepool_image_version),
            Component::NodepoolBuilder => ("nodepool-builder".to_owned(), &spec.nodepool_image_version),
            Component::Preview => ("zuul-preview".to_owned(), &spec.zuul_preview_image_version),
            Component::Registry => ("zuul-registry".to_owned(), &spec.zuul_registry_image_version),
            component => (format!("zuul-{component}"), &spec.zuul_image_version),
        };
        own.cloned().unwrap_or_else(|| format!("{}/{name}:{version}", spec.image_prefix))
    }
}
