//! The objects around a component's pods: StatefulSet or Deployment, Service, ServiceAccount,
//! PodDisruptionBudget, disks.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{
    Deployment, DeploymentSpec, DeploymentStrategy, StatefulSet, StatefulSetSpec,
};
use k8s_openapi::api::core::v1::{
    EphemeralVolumeSource, PersistentVolumeClaim, PersistentVolumeClaimSpec, PersistentVolumeClaimTemplate,
    PodTemplateSpec, Service, ServiceAccount, ServicePort, ServiceSpec, Volume, VolumeResourceRequirements,
};
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::causes::CAUSES;
use super::context::Context;
use super::object::Object;
use super::pod::Pod;
use crate::api::{Disk, PodSettings};
use crate::names::Component;

/// The size of a disk for which only a storage class is given.
const DEFAULT_SIZE: &str = "20Gi";

/// A Service's port: name, the port it has, the name of the container's port.
pub type Port = (&'static str, u16, &'static str);

/// The identity of a component's pods. It has no rights.
pub fn service_account(context: &Context<'_>, component: Component) -> Object {
    Object::ServiceAccount(Box::new(ServiceAccount {
        metadata: context.metadata(component.as_str(), component, None),
        automount_service_account_token: Some(false),
        ..ServiceAccount::default()
    }))
}

/// At most one pod of a component is away by a node's drain.
pub fn disruption_budget(context: &Context<'_>, component: Component) -> Object {
    Object::PodDisruptionBudget(Box::new(PodDisruptionBudget {
        metadata: context.metadata(component.as_str(), component, None),
        spec: Some(PodDisruptionBudgetSpec {
            max_unavailable: Some(IntOrString::Int(1)),
            selector: Some(context.label_selector(component, None)),
            ..PodDisruptionBudgetSpec::default()
        }),
        status: None,
    }))
}

/// How a component is reached.
pub fn service(
    context: &Context<'_>,
    component: Component,
    settings: &PodSettings,
    ports: &[Port],
) -> Object {
    let mut metadata = context.metadata(component.as_str(), component, None);
    if !settings.service_annotations.is_empty() {
        metadata.annotations.get_or_insert_default().extend(settings.service_annotations.clone());
    }
    let type_ = settings.service_type.clone().unwrap_or_else(|| "ClusterIP".to_owned());
    Object::Service(Box::new(Service {
        metadata,
        spec: Some(ServiceSpec {
            type_: Some(type_),
            selector: Some(context.selector(component, None)),
            ports: Some(ports.iter().map(service_port).collect()),
            ..ServiceSpec::default()
        }),
        status: None,
    }))
}

/// Names for the pods themselves, also while they drain.
pub fn headless_service(context: &Context<'_>, component: Component, ports: &[Port]) -> Object {
    Object::Service(Box::new(Service {
        metadata: context.metadata(component.as_str(), component, None),
        spec: Some(ServiceSpec {
            cluster_ip: Some("None".to_owned()),
            publish_not_ready_addresses: Some(true),
            selector: Some(context.selector(component, None)),
            ports: Some(ports.iter().map(service_port).collect()),
            ..ServiceSpec::default()
        }),
        status: None,
    }))
}

fn service_port((name, port, target): &Port) -> ServicePort {
    ServicePort {
        name: Some((*name).to_owned()),
        port: i32::from(*port),
        target_port: Some(IntOrString::String((*target).to_owned())),
        protocol: Some("TCP".to_owned()),
        ..ServicePort::default()
    }
}

/// Pods with names of their own, and disks: `claims`, or else one for the home if the user wants it.
pub fn stateful_set(
    context: &Context<'_>,
    mut pod: Pod<'_>,
    replicas: Option<i32>,
    claims: Vec<Claim>,
) -> Object {
    let component = pod.component;
    let mut claims = claims;
    if claims.is_empty() {
        claims.extend(home_claim(pod.settings));
    }
    if claims.iter().any(|claim| claim.name == "home") {
        pod.home_volume = None;
    }
    let mut metadata = context.metadata(component.as_str(), component, None);
    let template = template(context, pod, &mut metadata);
    let spec = StatefulSetSpec {
        replicas,
        selector: context.label_selector(component, None),
        service_name: (component == Component::Executor).then(|| context.name(component.as_str())),
        pod_management_policy: Some("Parallel".to_owned()),
        volume_claim_templates: (!claims.is_empty())
            .then(|| claims.into_iter().map(|claim| claim.persistent(context, component)).collect()),
        template,
        ..StatefulSetSpec::default()
    };
    Object::StatefulSet(Box::new(StatefulSet { metadata, spec: Some(spec), status: None }))
}

/// Pods that are all alike. `is_alone`: the old one goes before the new one comes.
pub fn deployment(
    context: &Context<'_>,
    what: &str,
    mut pod: Pod<'_>,
    replicas: Option<i32>,
    is_alone: bool,
) -> Object {
    let (component, shard) = (pod.component, pod.shard);
    if let Some(claim) = home_claim(pod.settings) {
        pod.home_volume = Some(claim.ephemeral());
    }
    let strategy = is_alone
        .then(|| DeploymentStrategy { type_: Some("Recreate".to_owned()), ..DeploymentStrategy::default() });
    let mut metadata = context.metadata(what, component, shard);
    let template = template(context, pod, &mut metadata);
    let spec = DeploymentSpec {
        replicas,
        selector: context.label_selector(component, shard),
        strategy,
        template,
        ..DeploymentSpec::default()
    };
    Object::Deployment(Box::new(Deployment { metadata, spec: Some(spec), status: None }))
}

/// The template of a workload's pods; the workload itself gets what they are made of.
fn template(context: &Context<'_>, pod: Pod<'_>, workload: &mut ObjectMeta) -> PodTemplateSpec {
    let (template, causes) = pod.template(context);
    workload.annotations.get_or_insert_default().insert(CAUSES.to_owned(), causes.annotation());
    template
}

/// A disk of each pod.
pub struct Claim {
    pub name: &'static str,
    pub class: Option<String>,
    pub size: String,
}

/// A disk for the home, if the user asks for one.
fn home_claim(settings: &PodSettings) -> Option<Claim> {
    let PodSettings { storage_class_name, storage_size, .. } = settings;
    (storage_class_name.is_some() || storage_size.is_some()).then(|| Claim {
        name: "home",
        class: storage_class_name.clone(),
        size: storage_size.clone().unwrap_or_else(|| DEFAULT_SIZE.to_owned()),
    })
}

impl Claim {
    /// As the user wants it.
    pub fn of(name: &'static str, disk: &Disk) -> Self {
        Self { name, class: disk.storage_class_name.clone(), size: disk.size.clone() }
    }

    fn spec(&self) -> PersistentVolumeClaimSpec {
        let requests = BTreeMap::from([("storage".to_owned(), Quantity(self.size.clone()))]);
        PersistentVolumeClaimSpec {
            access_modes: Some(vec!["ReadWriteOnce".to_owned()]),
            storage_class_name: self.class.clone(),
            resources: Some(VolumeResourceRequirements { requests: Some(requests), limits: None }),
            ..PersistentVolumeClaimSpec::default()
        }
    }

    fn persistent(self, context: &Context<'_>, component: Component) -> PersistentVolumeClaim {
        PersistentVolumeClaim {
            metadata: ObjectMeta {
                name: Some(self.name.to_owned()),
                labels: Some(context.selector(component, None)),
                ..ObjectMeta::default()
            },
            spec: Some(self.spec()),
            status: None,
        }
    }

    /// A Deployment's pods have no disk of their own name: it lives as long as the pod.
    pub fn ephemeral(self) -> Volume {
        let template = PersistentVolumeClaimTemplate { metadata: None, spec: self.spec() };
        Volume {
            name: self.name.to_owned(),
            ephemeral: Some(EphemeralVolumeSource { volume_claim_template: Some(template) }),
            ..Volume::default()
        }
    }
}
