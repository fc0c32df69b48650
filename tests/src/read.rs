//! Reads objects without a process of kubectl for each look: tests look often.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use hyper::Request;
use kube::Client;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use zuul_operator_rig::Namespace;

use crate::rig::client;

/// The kinds that a Zuul becomes, and Zuuls: where they are, in the plural.
pub const KINDS: [(&str, &str); 8] = [
    ("Deployment", "/apis/apps/v1"),
    ("StatefulSet", "/apis/apps/v1"),
    ("Service", "/api/v1"),
    ("ServiceAccount", "/api/v1"),
    ("ConfigMap", "/api/v1"),
    ("Secret", "/api/v1"),
    ("PodDisruptionBudget", "/apis/policy/v1"),
    ("Zuul", "/apis/zuul-ci.org/v1alpha1"),
];

/// What is at `plural` or `plural/name` of a namespace, in one of the [`KINDS`]; null if there is nothing.
///
/// # Panics
/// The API server does not answer, or refuses.
#[must_use]
pub fn read(namespace: &Namespace<'_>, group: &str, what: &str) -> Value {
    let path = format!("{group}/namespaces/{}/{what}", namespace.name());
    let request = Request::get(&path).body(Vec::new()).expect("a path");
    let client = admin(namespace);
    match runtime().block_on(client.request::<Value>(request)) {
        Err(kube::Error::Api(status)) if status.code == 404 => Value::Null,
        answer => answer.unwrap_or_else(|error| panic!("{path}: {error}")),
    }
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        Builder::new_multi_thread().enable_all().worker_threads(1).build().expect("a runtime")
    })
}

fn admin(namespace: &Namespace<'_>) -> Client {
    static CLIENTS: Mutex<BTreeMap<PathBuf, Client>> = Mutex::new(BTreeMap::new());
    let mut clients = CLIENTS.lock().unwrap_or_else(PoisonError::into_inner);
    let rig = namespace.rig();
    let of_rig = clients.entry(rig.layout().folder().to_owned());
    of_rig.or_insert_with(|| runtime().block_on(client(rig, "admin")).expect("a kubeconfig")).clone()
}
