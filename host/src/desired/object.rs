//! Desired objects: typed values, whose secrets are still references.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::core::v1::{ConfigMap, PodTemplateSpec, Service, ServiceAccount};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::{Id, Kind};
use crate::contract::IniSection;
use crate::secret::{SecretRef, Value};

/// One object that should exist.
#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    /// The identity of a component's pods.
    ServiceAccount(Box<ServiceAccount>),
    /// A configuration file without secrets.
    ConfigMap(Box<ConfigMap>),
    /// Configuration files with secrets.
    Secret(Box<DesiredSecret>),
    /// How a component is reached.
    Service(Box<Service>),
    /// A component whose pods have names or disks of their own.
    StatefulSet(Box<StatefulSet>),
    /// A component whose pods are all alike.
    Deployment(Box<Deployment>),
    /// How many of a component's pods may be away at once.
    PodDisruptionBudget(Box<PodDisruptionBudget>),
}

impl Object {
    /// Its metadata.
    #[must_use]
    pub fn metadata(&self) -> &ObjectMeta {
        match self {
            Self::ServiceAccount(object) => &object.metadata,
            Self::ConfigMap(object) => &object.metadata,
            Self::Secret(object) => &object.metadata,
            Self::Service(object) => &object.metadata,
            Self::StatefulSet(object) => &object.metadata,
            Self::Deployment(object) => &object.metadata,
            Self::PodDisruptionBudget(object) => &object.metadata,
        }
    }

    /// Its metadata, to be added to.
    pub fn metadata_mut(&mut self) -> &mut ObjectMeta {
        match self {
            Self::ServiceAccount(object) => &mut object.metadata,
            Self::ConfigMap(object) => &mut object.metadata,
            Self::Secret(object) => &mut object.metadata,
            Self::Service(object) => &mut object.metadata,
            Self::StatefulSet(object) => &mut object.metadata,
            Self::Deployment(object) => &mut object.metadata,
            Self::PodDisruptionBudget(object) => &mut object.metadata,
        }
    }

    /// What the pods of a workload are made from; nothing if it is none.
    #[must_use]
    pub fn template(&self) -> Option<&PodTemplateSpec> {
        match self {
            Self::StatefulSet(object) => Some(&object.spec.as_ref()?.template),
            Self::Deployment(object) => Some(&object.spec.as_ref()?.template),
            _ => None,
        }
    }

    /// Whether its pods mount the Secret or ConfigMap.
    #[must_use]
    pub fn mounts(&self, id: &Id) -> bool {
        let spec = self.template().and_then(|template| template.spec.as_ref());
        let mut volumes = spec.and_then(|spec| spec.volumes.as_ref()).into_iter().flatten();
        let is = |name: Option<&String>| name == Some(&id.name);
        volumes.any(|volume| {
            let mut sources = volume.projected.iter().flat_map(|it| it.sources.iter().flatten());
            match id.kind {
                Kind::Secret => {
                    is(volume.secret.as_ref().and_then(|it| it.secret_name.as_ref()))
                        || sources.any(|it| is(it.secret.as_ref().map(|it| &it.name)))
                }
                Kind::ConfigMap => {
                    is(volume.config_map.as_ref().map(|it| &it.name))
                        || sources.any(|it| is(it.config_map.as_ref().map(|it| &it.name)))
                }
                _ => false,
            }
        })
    }
}

/// A Secret that is written by the operator. Safe to print, compare and hash: the bytes come in
/// through [`crate::fill`] while it is applied.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DesiredSecret {
    /// Name, namespace, labels, owner.
    pub metadata: ObjectMeta,
    /// What each key holds.
    pub files: BTreeMap<String, Content>,
}

/// What a key of a [`DesiredSecret`] holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// An INI file, in Python's dialect; goes through [`crate::render::ini`].
    Ini(Vec<IniSection>),
    /// A YAML document, and the secrets that stand in it as text, by their JSON pointers.
    Yaml(serde_json::Value, BTreeMap<String, SecretRef>),
    /// Text with secrets in it, as it stands.
    Text(Value),
}
