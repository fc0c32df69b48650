//! Objects as YAML and JSON. Nothing in a string can get out of it.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use crate::render::yaml::Readable;

/// An object with the keys first that say what it is.
struct Ordered<'a>(&'a Value);

const FIRST: [&str; 3] = ["apiVersion", "kind", "metadata"];

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Value::Object(fields) = self.0 else { return self.0.serialize(serializer) };
        let mut rest: Vec<_> = fields.iter().filter(|(key, _)| !FIRST.contains(&key.as_str())).collect();
        rest.sort_by_key(|(key, _)| *key);
        let mut map = serializer.serialize_map(Some(fields.len()))?;
        for key in FIRST {
            if let Some(value) = fields.get(key) {
                map.serialize_entry(key, &Readable(value))?;
            }
        }
        for (key, value) in rest {
            map.serialize_entry(key, &Readable(value))?;
        }
        map.end()
    }
}

/// One object as YAML, which PyYAML, go-yaml and YAML 1.2 read alike.
///
/// # Errors
/// The object cannot be written.
pub fn document(object: &Value) -> Result<String, serde_saphyr::ser::Error> {
    crate::render::yaml::write(&Ordered(object))
}

/// Objects as YAML documents, each behind a `---`.
///
/// # Errors
/// An object cannot be written.
pub fn yaml(objects: &[Value]) -> Result<String, serde_saphyr::ser::Error> {
    let mut text = String::new();
    for object in objects {
        text.push_str("---\n");
        text.push_str(&document(object)?);
    }
    Ok(text)
}

/// Objects as a `List`, which `kubectl apply` takes.
///
/// # Errors
/// An object cannot be written.
pub fn json(objects: &[Value]) -> serde_json::Result<String> {
    serde_json::to_string_pretty(&json!({"apiVersion": "v1", "kind": "List", "items": objects}))
        .map(|text| text + "\n")
}
