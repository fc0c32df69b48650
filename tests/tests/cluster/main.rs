//! The operator on a real control plane. Each test has a namespace and an operator of its own.
#![allow(missing_docs, clippy::unwrap_used)]

mod canaries;
mod children;
mod create;
mod docs;
mod errors;
mod failover;
mod faults;
mod faults_own;
mod inputs;
mod kill;
mod matrix;
mod namespaces;
mod plugins;
mod rights;
mod rollout;
mod traces;

use serde_json::Value;
use zuul_operator_tests::operator::{How, Operator};
use zuul_operator_tests::rig::audit::{AuditEvent, Mark};
use zuul_operator_tests::rig::{Namespace, Rig, rig_or_skip};
use zuul_operator_tests::site::{apply, is_ready, site};

/// A control plane that knows what a Zuul is.
pub fn rig(test: &str) -> Option<&'static Rig> {
    let rig = rig_or_skip(test)?;
    rig.crd();
    Some(rig)
}

/// A namespace in which an operator has made the site, and all is ready.
pub fn ready(rig: &Rig) -> (Namespace<'_>, How, Operator) {
    with(rig, &site())
}

pub fn with<'r>(rig: &'r Rig, objects: &[Value]) -> (Namespace<'r>, How, Operator) {
    let namespace = rig.namespace();
    apply(&namespace, objects);
    let how = How::in_namespace(rig, namespace.name());
    let operator = how.start();
    is_ready(&namespace);
    (namespace, how, operator)
}

/// What the operator of a namespace wrote there since a mark, Events and statuses left out: `patch Secret/x`.
pub fn writes(rig: &Rig, namespace: &Namespace<'_>, since: Mark) -> Vec<String> {
    let told = |event: &AuditEvent| {
        let code = if event.code < 300 { String::new() } else { format!(" {}", event.code) };
        format!("{} {}/{}{code}", event.verb, event.resource, event.name)
    };
    let own = requests(rig, namespace, since).into_iter();
    own.filter(|event| event.is_write() && event.subresource.is_empty() && event.resource != "events")
        .map(|event| told(&event))
        .collect()
}

/// What the operator of a namespace asked for since a mark.
pub fn requests(rig: &Rig, namespace: &Namespace<'_>, since: Mark) -> Vec<AuditEvent> {
    let user = format!("operator-{}", namespace.name());
    rig.audit(since).into_iter().filter(|event| event.user == user).collect()
}
