//! The ConfigMaps that hold plugins, read and made.

use std::collections::BTreeMap;

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};

use super::Why;

/// The label of all of them. Its value is the plugin's name; if it is empty, the ConfigMap's name is.
pub const PLUGIN: &str = "zuul-ci.org/plugin";
/// The label of the operator's own.
pub const ACCEPTED: &str = "zuul-ci.org/accepted-plugin";
/// The annotation with the sha256 of the component, uncompressed, in hex.
pub const SHA256: &str = "zuul-ci.org/sha256";
/// The annotation that says of which ConfigMap an accepted one is a copy.
const FROM: &str = "zuul-ci.org/accepted-from";
/// The operator's name as the one that manages an object.
const MANAGED_BY: (&str, &str) = ("app.kubernetes.io/managed-by", "zuul-operator");
/// The keys of `binaryData` of which a ConfigMap has one.
const KEYS: [&str; 3] = ["plugin.wasm", "plugin.wasm.gz", "plugin.wasm.zst"];
/// Digits of a digest in a name.
const SHOWN: usize = 12;
/// What a label's value may have.
const LONGEST: usize = 63;

/// A ConfigMap that holds a plugin, without its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// `metadata.uid`.
    pub uid: String,
    /// `metadata.resourceVersion`.
    pub version: String,
    /// `metadata.creationTimestamp`.
    pub created: Option<Time>,
    /// The name of the plugin.
    pub plugin: String,
    /// The sha256 that it is said to have; empty if nothing is said.
    pub digest: String,
    /// Whether it is one of the operator's own.
    pub is_accepted: bool,
}

impl Map {
    /// `ConfigMap NAMESPACE/NAME`.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("ConfigMap {}/{}", self.namespace, self.name)
    }

    /// Whether it holds the same: what the operator made is immutable.
    #[must_use]
    pub fn holds_the_same(&self, other: &Self) -> bool {
        let is_same = |a: &Self, b: &Self| (&a.uid, &a.plugin, &a.digest) == (&b.uid, &b.plugin, &b.digest);
        let is_fixed = self.is_accepted && other.is_accepted;
        is_same(self, other) && (is_fixed || self.version == other.version)
    }
}

/// What a ConfigMap says of its plugin, and the bytes.
///
/// # Errors
/// In place of the bytes: [`Why::Form`].
pub fn read(object: ConfigMap) -> (Map, Result<Vec<u8>, Why>) {
    let ObjectMeta {
        name, namespace, uid, resource_version, creation_timestamp, labels, annotations, ..
    } = object.metadata;
    let mut labels = labels.unwrap_or_default();
    let name = name.unwrap_or_default();
    let plugin = labels.remove(PLUGIN).filter(|plugin| !plugin.is_empty());
    let map = Map {
        namespace: namespace.unwrap_or_default(),
        uid: uid.unwrap_or_default(),
        version: resource_version.unwrap_or_default(),
        created: creation_timestamp,
        plugin: plugin.unwrap_or_else(|| name.clone()),
        digest: annotations.unwrap_or_default().remove(SHA256).unwrap_or_default(),
        is_accepted: labels.contains_key(ACCEPTED),
        name,
    };
    let bytes = bytes(&map, object.binary_data.unwrap_or_default());
    (map, bytes)
}

fn bytes(map: &Map, mut data: BTreeMap<String, ByteString>) -> Result<Vec<u8>, Why> {
    let wrong = |what: String| Err(Why::Form(what));
    if !is_name(&map.plugin) {
        let what = "a plugin is named by lower-case letters, digits and dashes, 63 of them at most";
        return wrong(format!("{:?} is no name: {what}", map.plugin));
    }
    if map.digest.is_empty() {
        return wrong(format!("the annotation {SHA256} is missing"));
    }
    if map.digest.len() != 64 || !map.digest.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f')) {
        return wrong(format!("the annotation {SHA256} is not 64 lower-case hex digits"));
    }
    let found: Vec<&str> = KEYS.into_iter().filter(|key| data.contains_key(*key)).collect();
    match found.as_slice() {
        [key] => Ok(data.remove(*key).map(|bytes| bytes.0).unwrap_or_default()),
        [] => wrong(format!("`binaryData` has none of {}", KEYS.join(", "))),
        several => wrong(format!("`binaryData` has {}, and may have one of them", several.join(" and "))),
    }
}

/// Whether a plugin may be named so: a DNS label, as it is part of an object's name.
fn is_name(name: &str) -> bool {
    let is_fine = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    let ends = !name.starts_with('-') && !name.ends_with('-');
    !name.is_empty() && name.len() <= LONGEST && ends && name.bytes().all(is_fine)
}

/// The key for bytes that begin like these.
#[must_use]
pub fn key(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x1f, 0x8b, ..] => KEYS[1],
        [0x28, 0xb5, 0x2f, 0xfd, ..] => KEYS[2],
        _ => KEYS[0],
    }
}

/// The ConfigMap that wants a plugin; without a namespace, where it is applied.
#[must_use]
pub fn packed(map: &Map, bytes: Vec<u8>) -> ConfigMap {
    let data = BTreeMap::from([(key(&bytes).to_owned(), ByteString(bytes))]);
    ConfigMap {
        metadata: ObjectMeta {
            name: Some(map.name.clone()),
            namespace: Some(map.namespace.clone()).filter(|it| !it.is_empty()),
            labels: Some(BTreeMap::from([(PLUGIN.to_owned(), map.plugin.clone())])),
            annotations: Some(BTreeMap::from([(SHA256.to_owned(), map.digest.clone())])),
            ..ObjectMeta::default()
        },
        binary_data: Some(data),
        ..ConfigMap::default()
    }
}

/// What the copy of a plugin is called that the operator keeps.
#[must_use]
pub fn accepted_name(plugin: &str, digest: &str) -> String {
    format!("zuul-operator-plugin-{plugin}-{}", &digest[..digest.len().min(SHOWN)])
}

/// The copy of a plugin that the operator keeps; nobody owns it.
#[must_use]
pub fn accepted(map: &Map, bytes: Vec<u8>) -> ConfigMap {
    let copy = Map { name: accepted_name(&map.plugin, &map.digest), ..map.clone() };
    let mut object = packed(&copy, bytes);
    let labels = object.metadata.labels.get_or_insert_default();
    labels.insert(ACCEPTED.to_owned(), map.plugin.clone());
    labels.insert(MANAGED_BY.0.to_owned(), MANAGED_BY.1.to_owned());
    object.metadata.annotations.get_or_insert_default().insert(FROM.to_owned(), map.name.clone());
    object.immutable = Some(true);
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "1111111111111111111111111111111111111111111111111111111111111111";

    fn map() -> Map {
        let (namespace, name) = ("zuul".to_owned(), "mine".to_owned());
        Map { namespace, name, plugin: "gerrit".to_owned(), digest: ONE.to_owned(), ..Map::default() }
    }

    fn object(change: impl FnOnce(&mut ConfigMap)) -> Result<Vec<u8>, String> {
        let map = Map {
            name: "mine".to_owned(),
            plugin: "gerrit".to_owned(),
            digest: ONE.to_owned(),
            ..Map::default()
        };
        let mut object = packed(&map, b"\0asm".to_vec());
        change(&mut object);
        read(object).1.map_err(|why| why.told())
    }

    #[test]
    fn a_map_says_what_it_holds_or_what_is_wrong_with_it() {
        let label = |value: &'static str| {
            move |object: &mut ConfigMap| {
                object.metadata.labels.get_or_insert_default().insert(PLUGIN.to_owned(), value.to_owned());
            }
        };
        let digest = |value: String| {
            move |object: &mut ConfigMap| {
                object.metadata.annotations.get_or_insert_default().insert(SHA256.to_owned(), value);
            }
        };
        let binary = |key: &'static str| {
            move |object: &mut ConfigMap| {
                let data = object.binary_data.get_or_insert_default();
                data.insert(key.to_owned(), ByteString(vec![1]));
            }
        };
        assert_eq!(object(|_| ()), Ok(b"\0asm".to_vec()));
        assert_eq!(object(label("")), Ok(b"\0asm".to_vec()), "the ConfigMap's name is the plugin's");
        assert_eq!(object(binary("README")), Ok(b"\0asm".to_vec()), "what else it has is nobody's business");
        let wrong = |result: Result<Vec<u8>, String>, what: &str| {
            let told = result.expect_err(what);
            assert!(told.contains(what), "{told}");
        };
        wrong(object(label("Gerrit")), "\"Gerrit\" is no name");
        wrong(object(digest(String::new())), "is missing");
        wrong(object(digest(ONE[1..].to_owned())), "64 lower-case hex digits");
        wrong(object(digest("A".repeat(64))), "64 lower-case hex digits");
        wrong(object(binary("plugin.wasm.gz")), "has plugin.wasm and plugin.wasm.gz");
        wrong(object(|object| object.binary_data = None), "none of plugin.wasm,");
    }

    #[test]
    fn a_copy_has_the_same_bytes_and_no_owner() {
        let map = map();
        let bytes = vec![0x1f, 0x8b, 7];
        let copy = accepted(&map, bytes.clone());
        assert_eq!(copy.immutable, Some(true));
        assert_eq!(copy.metadata.owner_references, None);
        let (read, content) = read(copy);
        assert_eq!((read.name.as_str(), content), ("zuul-operator-plugin-gerrit-111111111111", Ok(bytes)));
        assert!(
            read.is_accepted && read.digest == ONE && read.plugin == "gerrit" && read.namespace == "zuul"
        );
    }
}
