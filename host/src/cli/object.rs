//! One Kubernetes object of a file: what it is, and what is in it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use crate::api::API_VERSION;
use crate::diagnostic::{FieldPath, Finding, ObjectRef, Step};
use crate::fill::SecretBytes;
use crate::inputs::ConfigMapFacts;
use crate::yaml::decode_base64;
use crate::yaml::place::Node;

/// An object as far as this program reads it.
#[derive(Debug)]
pub enum Kind {
    /// The Zuul itself.
    Zuul(Value),
    /// A Secret, with its resource version.
    Secret(String, BTreeMap<String, SecretBytes>),
    /// A ConfigMap.
    ConfigMap(ConfigMapFacts),
}

/// Where an object comes from.
#[derive(Debug)]
pub struct Located {
    /// Kind, namespace and name.
    pub object: ObjectRef,
    /// The file's number.
    pub file: usize,
    /// The places of its fields.
    pub node: Node,
}

/// What a value is, at first sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// A Zuul.
    Zuul,
    /// A Secret.
    Secret,
    /// A ConfigMap.
    ConfigMap,
    /// A list of objects.
    List,
    /// An object of another kind.
    Other,
    /// No Kubernetes object.
    None,
}

/// What a value is.
#[must_use]
pub fn sight(value: &Value) -> Sight {
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    match (text("apiVersion"), text("kind")) {
        ("", _) | (_, "") => Sight::None,
        (_, "Zuul") => Sight::Zuul,
        ("v1", "Secret") => Sight::Secret,
        ("v1", "ConfigMap") => Sight::ConfigMap,
        (_, kind) if kind.ends_with("List") && value.get("items").is_some_and(Value::is_array) => Sight::List,
        _ => Sight::Other,
    }
}

/// `metadata.name` and `metadata.namespace`; the findings go to `findings`.
#[must_use]
pub fn identity(value: &Value, findings: &mut Vec<Finding>) -> Option<ObjectRef> {
    let kind = value.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
    let metadata = value.get("metadata").cloned().unwrap_or_default();
    let path = FieldPath::root().key("metadata");
    let name = match metadata.get("name") {
        Some(Value::String(name)) if !name.is_empty() => name.clone(),
        // The plan warns of it, and shows what would be there under a name.
        Some(Value::Null) | None if kind == "Zuul" => String::new(),
        Some(Value::Null) | None => {
            let finding = Finding::error("MissingName", path.key("name"), format!("the {kind} has no name"));
            findings.push(finding.cure("add metadata.name"));
            return None;
        }
        Some(_) => {
            findings.push(not_text("BadName", path.key("name"), "the name"));
            return None;
        }
    };
    let namespace = match metadata.get("namespace") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(namespace)) => namespace.clone(),
        Some(_) => {
            findings.push(not_text("BadName", path.key("namespace"), "the namespace"));
            return None;
        }
    };
    Some(ObjectRef { kind, namespace, name })
}

fn not_text(code: &str, path: FieldPath, what: &str) -> Finding {
    Finding::error(code, path, format!("{what} is no text")).expected("text").cure("quote the value")
}

fn version(value: &Value) -> String {
    value.pointer("/metadata/resourceVersion").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The bytes of a Secret.
#[must_use]
pub fn secret(value: &Value, findings: &mut Vec<Finding>) -> Kind {
    let mut bytes = BTreeMap::new();
    for (key, value, path) in texts(value, "data", findings) {
        match decode_base64(&value) {
            Some(decoded) => {
                bytes.insert(key, SecretBytes::new(decoded));
            }
            None => {
                // The key is there all the same: that it is missing must not be told, too.
                bytes.insert(key.clone(), SecretBytes::new(Vec::new()));
                findings.push(
                    Finding::error("BadBase64", path, format!("the value of `{key}` is not base64"))
                        .expected("standard base64 with padding")
                        .cure("encode it with `base64 -w0`, or move it to stringData as plain text"),
                )
            }
        }
    }
    for (key, value, _) in texts(value, "stringData", findings) {
        bytes.insert(key, SecretBytes::new(value.into_bytes()));
    }
    Kind::Secret(version(value), bytes)
}

/// The content of a ConfigMap.
#[must_use]
pub fn config_map(value: &Value, findings: &mut Vec<Finding>) -> Kind {
    let data: BTreeMap<_, _> =
        texts(value, "data", findings).into_iter().map(|(key, value, _)| (key, value)).collect();
    let mut binary_keys = BTreeSet::new();
    for (key, value, path) in texts(value, "binaryData", findings) {
        if decode_base64(&value).is_none() {
            let message = format!("the value of `{key}` is not base64");
            findings.push(Finding::error("BadBase64", path, message).cure("encode it with `base64 -w0`"));
        }
        binary_keys.insert(key);
    }
    let mut version = version(value);
    if version.is_empty() {
        // A file has no version: its content is one, so that its change shows in the pods that restart.
        // (Not so for Secrets: a digest of a short secret gives it away.)
        version = digest(&(value.get("data"), value.get("binaryData")));
    }
    Kind::ConfigMap(ConfigMapFacts { version, data, binary_keys })
}

/// Whether a step of a path may be a key of a Secret or a ConfigMap, and so be told.
#[must_use]
pub fn is_legal(step: &Step) -> bool {
    let is_legal = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    match step {
        Step::Index(_) => true,
        Step::Key(key) => !key.is_empty() && key.len() <= 253 && key.chars().all(is_legal),
    }
}

/// A digest of what may be large, without a copy of it.
fn digest(content: &impl Serialize) -> String {
    let mut hasher = blake3::Hasher::new();
    serde_json::to_writer(&mut hasher, content).expect("JSON can be written to a digest, which takes all");
    hasher.finalize().to_hex()[..16].to_owned()
}

/// The texts below a field; everything else there is a finding.
fn texts(value: &Value, field: &str, findings: &mut Vec<Finding>) -> Vec<(String, String, FieldPath)> {
    let path = FieldPath::root().key(field);
    let entries = match value.get(field) {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Object(entries)) => entries,
        Some(_) => {
            let finding = Finding::error("NotAMapping", path, format!("{field} is no mapping"));
            findings.push(finding.expected("keys with texts").cure("write `key: value` lines below it"));
            return Vec::new();
        }
    };
    let mut texts = Vec::new();
    for (key, value) in entries {
        match value {
            _ if !is_legal(&Step::Key(key.clone())) => findings.push(
                Finding::error("IllegalKey", path.key(key), format!("a key of {field} is not legal"))
                    .expected("letters, digits, '-', '_' and '.'")
                    .cure("rename it; or put a space behind its `:`, if it was to be a key and a value"),
            ),
            Value::String(text) => texts.push((key.clone(), text.clone(), path.key(key))),
            // Kubernetes takes null for empty.
            Value::Null => texts.push((key.clone(), String::new(), path.key(key))),
            _ => {
                findings.push(not_text("NotText", path.key(key), &format!("the value of `{key}`")));
                texts.push((key.clone(), String::new(), path.key(key)));
            }
        }
    }
    texts
}

/// As much of its identity as it has.
#[must_use]
pub fn partial_identity(value: &Value) -> ObjectRef {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    ObjectRef { kind: text("/kind"), namespace: text("/metadata/namespace"), name: text("/metadata/name") }
}

/// That it is no Kubernetes object.
#[must_use]
pub fn not_an_object(value: &Value) -> Finding {
    let missing = ["apiVersion", "kind"]
        .into_iter()
        .find(|key| value.is_object() && value.get(key).and_then(Value::as_str).is_none_or(str::is_empty));
    let message = match missing {
        Some(key) => format!("no Kubernetes object: it has no {key}"),
        None => "no Kubernetes object".to_owned(),
    };
    Finding::error("NotAnObject", FieldPath::root(), message)
        .expected("a mapping with apiVersion, kind and metadata")
        .cure("complete the object, or leave this file out")
}

/// That nobody looks at it.
#[must_use]
pub fn ignored(value: &Value) -> Finding {
    let about = partial_identity(value);
    let message = format!("the {} {} is not looked at", about.kind, about.name);
    let mut finding = Finding::note("IgnoredObject", FieldPath::root().key("kind"), message)
        .cure("nothing to do; only Zuul, Secret and ConfigMap objects are read");
    finding.object = about;
    finding
}

/// That another operator reads it.
#[must_use]
pub fn foreign_zuul(value: &Value) -> Option<Finding> {
    let found = value.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
    (found != API_VERSION).then(|| {
        let message = format!("the API version {found} of this Zuul is not one of this operator");
        Finding::error("UnsupportedVersion", FieldPath::root().key("apiVersion"), message)
            .expected(API_VERSION)
            .cure("rewrite the object for this operator")
    })
}
