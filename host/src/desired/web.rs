//! zuul-web: a Deployment, its pods are all alike.

use super::config;
use super::context::Context;
use super::object::Object;
use super::pod::Pod;
use super::probes;
use super::workload::{deployment, disruption_budget, service};
use crate::api::CloudUser;
use crate::names::Component;
use crate::render::{METRICS_PORT, WEB_PORT};

/// Its objects.
pub fn objects(context: &Context<'_>) -> Vec<Object> {
    let Some(web) = &context.instance.spec.web else { return Vec::new() };
    let mut files = config::zuul_files(context, Component::Web);
    let env = config::external(context, CloudUser::Web, &mut files);
    let pod = Pod {
        command: config::command(context, Component::Web),
        ports: vec![("web", WEB_PORT), ("metrics", METRICS_PORT)],
        probes: probes::zuul(),
        files,
        env,
        ..Pod::new(Component::Web, &web.pod)
    };
    vec![
        service(context, Component::Web, &web.pod, &[("web", WEB_PORT, "web")]),
        deployment(context, Component::Web.as_str(), pod, web.pod.count, false),
        disruption_budget(context, Component::Web),
    ]
}
