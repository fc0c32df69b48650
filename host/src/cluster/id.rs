//! Which object.

use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::core::v1::{ConfigMap, Secret, Service, ServiceAccount};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use kube::core::{ApiResource, DynamicObject};
use kube::{Api, Client};

use crate::desired::object::Object;

/// The kinds of objects that a Zuul becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `v1`.
    ServiceAccount,
    /// `v1`.
    ConfigMap,
    /// `v1`.
    Secret,
    /// `v1`.
    Service,
    /// `apps/v1`.
    StatefulSet,
    /// `apps/v1`.
    Deployment,
    /// `policy/v1`.
    PodDisruptionBudget,
}

/// An object in the namespace of its Zuul.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::ServiceAccount,
        Self::ConfigMap,
        Self::Secret,
        Self::Service,
        Self::StatefulSet,
        Self::Deployment,
        Self::PodDisruptionBudget,
    ];

    /// As in `kind:`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ServiceAccount => "ServiceAccount",
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
            Self::Service => "Service",
            Self::StatefulSet => "StatefulSet",
            Self::Deployment => "Deployment",
            Self::PodDisruptionBudget => "PodDisruptionBudget",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether `metadata.generation` counts the changes of its spec.
    #[must_use]
    pub const fn has_generation(self) -> bool {
        matches!(self, Self::StatefulSet | Self::Deployment | Self::PodDisruptionBudget)
    }

    fn resource(self) -> ApiResource {
        match self {
            Self::ServiceAccount => ApiResource::erase::<ServiceAccount>(&()),
            Self::ConfigMap => ApiResource::erase::<ConfigMap>(&()),
            Self::Secret => ApiResource::erase::<Secret>(&()),
            Self::Service => ApiResource::erase::<Service>(&()),
            Self::StatefulSet => ApiResource::erase::<StatefulSet>(&()),
            Self::Deployment => ApiResource::erase::<Deployment>(&()),
            Self::PodDisruptionBudget => ApiResource::erase::<PodDisruptionBudget>(&()),
        }
    }

    /// Where objects of this kind are written.
    pub(super) fn api(self, client: &Client, namespace: &str) -> Api<DynamicObject> {
        Api::namespaced_with(client.clone(), namespace, &self.resource())
    }
}

impl Id {
    /// The object that a desired one is.
    #[must_use]
    pub fn of(object: &Object) -> Self {
        let (kind, metadata) = match object {
            Object::ServiceAccount(object) => (Kind::ServiceAccount, &object.metadata),
            Object::ConfigMap(object) => (Kind::ConfigMap, &object.metadata),
            Object::Secret(object) => (Kind::Secret, &object.metadata),
            Object::Service(object) => (Kind::Service, &object.metadata),
            Object::StatefulSet(object) => (Kind::StatefulSet, &object.metadata),
            Object::Deployment(object) => (Kind::Deployment, &object.metadata),
            Object::PodDisruptionBudget(object) => (Kind::PodDisruptionBudget, &object.metadata),
        };
        Self { kind, name: metadata.name.clone().unwrap_or_default() }
    }
}
