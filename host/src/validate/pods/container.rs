//! What a container has, the main one or one beside it: variables, resources, probes.

use k8s_openapi::api::core::v1::{Container, Probe, ResourceRequirements};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{Report, fields, syntax, table, variables};
use crate::api::PodSettings;
use crate::diagnostic::FieldPath;

const PORTS: (i32, i32) = (1, 65535);

/// What the user says of the main container.
pub fn check(settings: &PodSettings, path: &FieldPath, report: &mut Report) {
    variables::check(&settings.env, &path.key("env"), report);
    resources(settings.resources.as_ref(), &path.key("resources"), report);
    let probes = [&settings.startup_probe, &settings.liveness_probe, &settings.readiness_probe];
    self::probes(probes, path, report);
}

/// A container of the user's own, or what a patch says of one.
pub fn sidecar(container: &Container, path: &FieldPath, report: &mut Report) {
    // That a patch does not say whose it is, is told of the finished pods.
    if !(report.is_patch && container.name.is_empty()) {
        report.text(path.key("name"), &container.name, syntax::dns_label);
    }
    match &container.image {
        Some(image) => report.text(path.key("image"), image, syntax::image),
        None => report.lacks(path.key("image"), "a container without an image", "an image"),
    }
    variables::check(container.env.as_deref().unwrap_or_default(), &path.key("env"), report);
    resources(container.resources.as_ref(), &path.key("resources"), report);
    let probes = [&container.startup_probe, &container.liveness_probe, &container.readiness_probe];
    self::probes(probes, path, report);
    table::check(container, fields::CONTAINER, path, report);
    for (index, port) in container.ports.iter().flatten().enumerate() {
        let path = path.key("ports").index(index).key("containerPort");
        report.range(path, Some(port.container_port), PORTS);
    }
}

/// Startup, liveness and readiness.
fn probes(probes: [&Option<Probe>; 3], path: &FieldPath, report: &mut Report) {
    for (field, given) in ["startupProbe", "livenessProbe", "readinessProbe"].into_iter().zip(probes) {
        if let Some(given) = given {
            probe(given, field == "readinessProbe", &path.key(field), report);
        }
    }
}

fn resources(resources: Option<&ResourceRequirements>, path: &FieldPath, report: &mut Report) {
    let Some(resources) = resources else { return };
    let (limits, requests) = (&resources.limits, &resources.requests);
    for (field, quantities) in [("limits", limits), ("requests", requests)] {
        for (name, quantity) in quantities.iter().flatten() {
            let path = path.key(field).key(name);
            report.text(path.clone(), name, syntax::resource);
            if syntax::quantity(&quantity.0).is_none_or(|quantity| quantity < 0.0) {
                let message = format!("{:?} is no quantity", quantity.0);
                report.refused(path, message, "a number with a unit, such as 500m, 2 or 4Gi");
            }
        }
    }
    for (name, request) in requests.iter().flatten() {
        let limit = limits.as_ref().and_then(|limits| limits.get(name));
        within(name, request, limit, &path.key("requests").key(name), report);
    }
}

/// A request is within the limit; of what cannot be shared it is the limit.
fn within(name: &str, request: &Quantity, limit: Option<&Quantity>, path: &FieldPath, report: &mut Report) {
    let is_shared =
        !name.starts_with("hugepages-") && (!name.contains('/') || name.contains("kubernetes.io/"));
    let Some(limit) = limit else {
        if !is_shared {
            let message = format!("{name} is requested without a limit, and cannot be shared");
            report.lacks(path.clone(), message, "the same limit");
        }
        return;
    };
    let (Some(asked), Some(most)) = (syntax::quantity(&request.0), syntax::quantity(&limit.0)) else {
        return;
    };
    if asked > most {
        let message = format!("{} are requested, which is more than the limit {}", request.0, limit.0);
        report.refused(path.clone(), message, "a request within the limit");
    } else if asked < most && !is_shared {
        let message = format!("{} are requested, and {name} cannot be shared", request.0);
        report.refused(path.clone(), message, format!("the limit, {}", limit.0));
    }
}

fn probe(probe: &Probe, is_readiness: bool, path: &FieldPath, report: &mut Report) {
    let handlers =
        [probe.exec.is_some(), probe.http_get.is_some(), probe.tcp_socket.is_some(), probe.grpc.is_some()];
    let expected = "one of exec, httpGet, tcpSocket and grpc";
    match handlers.into_iter().filter(|is_there| *is_there).count() {
        0 => report.lacks(path.clone(), "a probe that asks nothing", expected),
        1 => {}
        _ => report.refused(path.clone(), "a probe that asks in several ways", expected),
    }
    for (field, number) in [
        ("initialDelaySeconds", probe.initial_delay_seconds),
        ("timeoutSeconds", probe.timeout_seconds),
        ("periodSeconds", probe.period_seconds),
        ("failureThreshold", probe.failure_threshold),
    ] {
        report.range(path.key(field), number, (0, i32::MAX));
    }
    // 0 means the default, 1.
    let most = if is_readiness { i32::MAX } else { 1 };
    report.range(path.key("successThreshold"), probe.success_threshold, (0, most));
    if is_readiness && probe.termination_grace_period_seconds.is_some() {
        let message = "a readiness probe ends no pod";
        report.refused(path.key("terminationGracePeriodSeconds"), message, "nothing here");
    }
    table::check(probe, fields::PROBE, path, report);
    ports(probe, path, report);
    if probe.exec.as_ref().is_some_and(|it| it.command.iter().flatten().next().is_none()) {
        report.refused(path.key("exec").key("command"), "a probe that runs nothing", "a program");
    }
}

fn ports(probe: &Probe, path: &FieldPath, report: &mut Report) {
    let named = [
        ("httpGet", probe.http_get.as_ref().map(|it| &it.port)),
        ("tcpSocket", probe.tcp_socket.as_ref().map(|it| &it.port)),
    ];
    for (field, port) in named {
        if let Some(IntOrString::Int(number)) = port {
            report.range(path.key(field).key("port"), Some(*number), PORTS);
        }
    }
    report.range(path.key("grpc").key("port"), probe.grpc.as_ref().map(|it| it.port), PORTS);
}
