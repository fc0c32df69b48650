//! zuul-preview: an Apache that shows what jobs have built.

use k8s_openapi::api::core::v1::{Volume, VolumeMount};

use super::context::Context;
use super::object::Object;
use super::pod::{Pod, empty_dir, variable, writable};
use super::workload::{deployment, disruption_budget, service};
use crate::names::Component;
use crate::render::WEB_PORT;

/// Where its Apache listens.
const PORT: u16 = 80;

/// Where Debian's Apache writes.
fn apache(folder: &str) -> (Option<Volume>, VolumeMount) {
    let name = format!("apache-{folder}");
    (Some(empty_dir(&name)), writable(&name, &format!("/var/{folder}/apache2")))
}

/// Its objects.
pub fn objects(context: &Context<'_>) -> Vec<Object> {
    let Some(preview) = &context.instance.spec.preview else { return Vec::new() };
    let api = format!("http://{}:{WEB_PORT}", context.name(Component::Web.as_str()));
    let pod = Pod {
        ports: vec![("preview", PORT)],
        env: vec![variable("ZUUL_API_URL", &api)],
        listens_low: true,
        volumes: ["run", "lock", "log"].map(apache).to_vec(),
        ..Pod::new(Component::Preview, &preview.pod)
    };
    vec![
        service(context, Component::Preview, &preview.pod, &[("preview", PORT, "preview")]),
        deployment(context, Component::Preview.as_str(), pod, preview.pod.count, false),
        disruption_budget(context, Component::Preview),
    ]
}
