//! Whether two runs of the operator came to the same objects.

use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Map, Value};
use zuul_operator_rig::Namespace;

use crate::site::{children, get};

/// What servers set, or what holds versions of other objects: it differs whenever an object is made.
const OF_THE_RUN: [&str; 12] = [
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "generation",
    "managedFields",
    "namespace",
    "clusterIP",
    "clusterIPs",
    "deployment.kubernetes.io/revision",
    "zuul-ci.org/config-hash",
    "zuul-ci.org/inputs",
    "zuul-ci.org/applied",
];

/// The objects of the site's Zuul, by kind and name, with their data in the clear and without what differs from one run
/// to the next: see `OF_THE_RUN`, and generated secrets have a name in place of their value.
///
/// # Panics
/// The Zuul has no keystore.
#[must_use]
pub fn essence(namespace: &Namespace<'_>) -> BTreeMap<String, Value> {
    let keystore = get(namespace, "secret/zuul-keystore");
    let password = keystore["data"]["password"].as_str().expect("the keystore has a password");
    let names = [
        (decoded(password), "<keystore>".to_owned()),
        (namespace.name().to_owned(), "<namespace>".to_owned()),
    ];
    children(namespace).into_iter().map(|(id, object)| (id, lasting(object, &names))).collect()
}

fn lasting(mut object: Value, names: &[(String, String)]) -> Value {
    let is_secret = object["kind"] == "Secret";
    if let (true, Some(data)) = (is_secret, object["data"].as_object_mut()) {
        data.values_mut()
            .for_each(|value| *value = Value::String(decoded(value.as_str().unwrap_or_default())));
    }
    if let Some(object) = object.as_object_mut() {
        object.remove("status");
    }
    cleaned(object, names)
}

fn cleaned(value: Value, names: &[(String, String)]) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().filter(|(key, _)| !OF_THE_RUN.contains(&key.as_str()));
            Value::Object(fields.map(|(key, value)| (key, cleaned(value, names))).collect::<Map<_, _>>())
        }
        Value::Array(items) => items.into_iter().map(|item| cleaned(item, names)).collect(),
        Value::String(text) => {
            Value::String(names.iter().fold(text, |text, (what, name)| text.replace(what, name)))
        }
        other => other,
    }
}

fn decoded(text: &str) -> String {
    let bytes = BASE64_STANDARD.decode(text).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The objects in which two runs differ, each as both have it; empty if none.
#[must_use]
pub fn differences(a: &BTreeMap<String, Value>, b: &BTreeMap<String, Value>) -> BTreeMap<String, [Value; 2]> {
    let ids = a.keys().chain(b.keys());
    let both = ids.map(|id| (id.clone(), [a, b].map(|all| all.get(id).cloned().unwrap_or_default())));
    both.filter(|(_, [a, b])| a != b).collect()
}
