//! What Kubernetes would refuse of the pods, each at the user's own field: the API server says it only when
//! objects are applied, and of objects that the user did not write.

mod container;
mod fields;
mod image;
mod patch;
mod placement;
pub(crate) mod syntax;
mod table;
mod variables;
mod volume;

pub use volume::is_plain;

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::api::{ExecutorMode, PodSettings, ZuulSpec};
use crate::diagnostic::{FieldPath, Finding};

/// The sections whose pods others connect to from anywhere. The executors' Service has no address, whatever its
/// type: it only gives each pod a name.
const SERVED: [&str; 4] = ["web", "fingergw", "preview", "registry"];

/// What to do about what Kubernetes refuses.
pub const REFUSED_CURE: &str = "write it so: Kubernetes would refuse the pods, or not start them";

/// Findings about one part of the object.
#[derive(Default)]
struct Report {
    findings: Vec<Finding>,
    /// Whether it is about a patch, which is merged with what is there.
    is_patch: bool,
}

impl Report {
    /// Kubernetes refuses a value.
    fn refused(&mut self, path: FieldPath, message: impl Into<String>, expected: impl Into<String>) {
        let finding = Finding::error("KubernetesRefuses", path, message);
        self.findings.push(finding.expected(expected).cure(REFUSED_CURE));
    }

    /// Kubernetes refuses that something is missing, which in a patch it may be.
    fn lacks(&mut self, path: FieldPath, message: impl Into<String>, expected: impl Into<String>) {
        if !self.is_patch {
            self.refused(path, message, expected);
        }
    }

    /// A text that has to be right.
    fn text(&mut self, path: FieldPath, text: &str, check: syntax::Check) {
        if let Err(expected) = check(text) {
            self.refused(path, format!("Kubernetes does not take {text:?} here"), expected);
        }
    }

    /// A number that has to be in a range.
    fn range(&mut self, path: FieldPath, number: Option<i32>, (least, most): (i32, i32)) {
        if let Some(number) = number.filter(|number| !(least..=most).contains(number)) {
            let expected = match most {
                i32::MAX => format!("{least} or more"),
                most => format!("a number from {least} to {most}"),
            };
            self.refused(path, format!("Kubernetes does not take {number} here"), expected);
        }
    }

    fn labels(&mut self, path: &FieldPath, labels: &BTreeMap<String, String>) {
        for (key, value) in labels {
            self.text(path.key(key), key, syntax::qualified_name);
            self.text(path.key(key), value, syntax::label_value);
        }
    }

    fn annotations(&mut self, path: &FieldPath, annotations: &BTreeMap<String, String>) {
        for key in annotations.keys() {
            // In annotations, letters of the prefix may be large.
            self.text(path.key(key), &key.to_lowercase(), syntax::qualified_name);
        }
    }
}

/// All findings about the pods of all sections.
pub fn check(spec: &ZuulSpec) -> Vec<Finding> {
    let mut report = Report::default();
    for (section, settings) in spec.pods() {
        let path = FieldPath::spec().key(section);
        one(settings, &path, &mut report);
        if let Some(patch) = &settings.patch {
            patch::check(patch, section, &mut report);
        }
        if !SERVED.contains(&section) {
            without_service(settings, &path, &mut report);
        }
    }
    whole(spec, &mut report);
    variables::check(&spec.env, &FieldPath::spec().key("env"), &mut report);
    variables::breaking(spec, &mut report);
    for (index, job) in spec.job_volumes.iter().enumerate() {
        let path = FieldPath::spec().key("jobVolumes").index(index).key("volume");
        volume::check(&job.volume, &path, &mut report);
    }
    host_network(spec, &mut report);
    report.findings
}

/// The Zuul's own metadata, its name aside.
pub fn metadata(metadata: &ObjectMeta) -> Vec<Finding> {
    let (mut report, path) = (Report::default(), FieldPath::root().key("metadata"));
    if let Some(namespace) = metadata.namespace.as_deref().filter(|namespace| !namespace.is_empty()) {
        report.text(path.key("namespace"), namespace, syntax::dns_label);
    }
    metadata.labels.iter().for_each(|labels| report.labels(&path.key("labels"), labels));
    metadata.annotations.iter().for_each(|all| report.annotations(&path.key("annotations"), all));
    report.findings
}

fn one(settings: &PodSettings, path: &FieldPath, report: &mut Report) {
    report.labels(&path.key("labels"), &settings.labels);
    report.annotations(&path.key("annotations"), &settings.annotations);
    report.annotations(&path.key("serviceAnnotations"), &settings.service_annotations);
    // Without a name there is no storage class, which is legal.
    let class = settings.storage_class_name.as_ref().filter(|class| !class.is_empty());
    let texts: [(&str, Option<&String>, syntax::Check); 3] = [
        ("image", settings.image.as_ref(), syntax::image),
        ("priorityClassName", settings.priority_class_name.as_ref(), syntax::subdomain),
        ("storageClassName", class, syntax::subdomain),
    ];
    for (field, text, check) in texts {
        text.iter().for_each(|text| report.text(path.key(field), text, check));
    }
    if let Some(size) = &settings.storage_size {
        disk(size, path.key("storageSize"), report);
    }
    placement::check(settings, path, report);
    container::check(settings, path, report);
    volume::volumes(settings, path, report);
}

fn without_service(settings: &PodSettings, path: &FieldPath, report: &mut Report) {
    let is_set = [
        ("serviceType", settings.service_type.is_some()),
        ("serviceAnnotations", !settings.service_annotations.is_empty()),
    ];
    for (field, _) in is_set.into_iter().filter(|(_, is_set)| *is_set) {
        let message = "nobody connects to this component from outside: the field does nothing";
        let finding = Finding::warning("FieldWithoutEffect", path.key(field), message);
        report.findings.push(finding.expected(format!("it in {}", SERVED.join(", "))).cure("remove it"));
    }
}

/// What several sections share, and what one has besides its pods.
fn whole(spec: &ZuulSpec, report: &mut Report) {
    let root = FieldPath::spec();
    // A prefix is right if a name may follow it.
    if syntax::image(&format!("{}/zuul", spec.image_prefix)).is_err() {
        let expected = "REGISTRY/FOLDER in lower case, without a scheme and without '/' at the end";
        let message = format!("no name of an image begins with {:?}", spec.image_prefix);
        report.refused(root.key("imagePrefix"), message, expected);
    }
    let tags = [
        ("zuulImageVersion", &spec.zuul_image_version),
        ("nodepoolImageVersion", &spec.nodepool_image_version),
        ("zuulPreviewImageVersion", &spec.zuul_preview_image_version),
        ("zuulRegistryImageVersion", &spec.zuul_registry_image_version),
    ];
    tags.iter().for_each(|(field, tag)| report.text(root.key(*field), tag, syntax::image_tag));
    pull_secrets(spec, report);
    if let Some(registry) = &spec.registry {
        disk(&registry.volume_size, root.key("registry").key("volumeSize"), report);
    }
    if let Some(builder) = &spec.builder {
        for (field, of) in [("cache", &builder.cache), ("temporary", &builder.temporary)] {
            let path = root.key("builder").key(field);
            of.iter().for_each(|of| disk(&of.size, path.key("size"), report));
        }
    }
}

/// Kubernetes takes any name, and pulls without.
fn pull_secrets(spec: &ZuulSpec, report: &mut Report) {
    for (index, secret) in spec.image_pull_secrets.iter().enumerate() {
        if let Err(expected) = syntax::subdomain(&secret.name) {
            let path = FieldPath::spec().key("imagePullSecrets").index(index).key("name");
            let message =
                format!("{:?} cannot be the name of a Secret: images are pulled without", secret.name);
            let finding = Finding::warning("IllegalName", path, message).expected(expected);
            report.findings.push(finding.cure("name the Secret that exists"));
        }
    }
}

fn disk(size: &str, path: FieldPath, report: &mut Report) {
    if syntax::quantity(size).is_none_or(|size| size <= 0.0) {
        report.refused(path, format!("a disk of size {size}"), "a size of more than 0");
    }
}

/// Two kinds of pods need namespaces of their own, which their node's network has not.
fn host_network(spec: &ZuulSpec, report: &mut Report) {
    let is_preview = spec.preview.as_ref().is_some_and(|it| it.pod.host_network == Some(true));
    let is_executor = spec.executor.as_ref().is_some_and(|it| {
        it.component.pod.host_network == Some(true) && it.mode == ExecutorMode::UserNamespace
    });
    if is_preview {
        let message =
            "the preview listens on port 80 without being root, which its node's network does not allow";
        report.refused(FieldPath::spec().key("preview").key("hostNetwork"), message, "no host network");
    }
    if is_executor {
        let message = "a pod in a user namespace cannot have its node's network";
        let expected = "no host network, or the mode Privileged";
        report.refused(FieldPath::spec().key("executor").key("hostNetwork"), message, expected);
    }
}
