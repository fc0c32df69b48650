//! Puts bytes where references stand: the last thing that happens to a Secret before it is written.
//!
//! Besides [`crate::mask`], the only room in which secret bytes are seen; only those that read and
//! write objects come in here. No finding holds any of them.

mod masked;
mod store;
mod written;

use std::collections::BTreeMap;
use std::fmt;

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;

use crate::desired::object::{Content, DesiredSecret};
use crate::diagnostic::{FieldPath, Finding};
use crate::mask;
use crate::render::{ini, yaml};
use crate::secret::{SecretRef, Segment, Value};

pub use masked::masked;
pub use store::{SecretBytes, SecretStore};
pub use written::{Written, object};

/// Where the bytes of secrets come from.
pub trait SecretSource {
    /// All bytes of the key that `secret` names; [`SecretRef::scalar`] is not looked at here.
    fn bytes(&self, secret: &SecretRef) -> Option<Vec<u8>>;
}

/// A Secret with its bytes. Does not print them.
#[derive(Clone, PartialEq)]
pub struct Filled(Secret);

impl Filled {
    /// The object, to be written at once.
    #[must_use]
    pub fn into_inner(self) -> Secret {
        self.0
    }
}

impl fmt::Debug for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.0.data.iter().flat_map(BTreeMap::keys).collect();
        f.debug_struct("Filled").field("name", &self.0.metadata.name).field("keys", &keys).finish()
    }
}

/// The Secret as it is written to the cluster.
///
/// # Errors
/// Bytes that are missing, and values that cannot be written, all at once.
pub fn fill(secret: &DesiredSecret, source: &dyn SecretSource) -> Result<Filled, Vec<Finding>> {
    let documents = Documents::read(secret, source);
    let bytes = |reference: &SecretRef| match reference.scalar {
        None => source.bytes(reference),
        Some(number) => documents.scalar(reference, number),
    };
    let mut data = BTreeMap::new();
    let mut findings = vec![];
    for (name, content) in &secret.files {
        let written = match content {
            Content::Ini(sections) => {
                ini::write(sections, &bytes).map(|text| text.into_string().into_bytes())
            }
            Content::Yaml(document, secrets) => {
                yaml(name, document, secrets, &bytes).map_err(|finding| vec![finding])
            }
            Content::Text(value) => text(name, value, &bytes).map_err(|finding| vec![finding]),
        };
        match written {
            Ok(written) => {
                data.insert(name.clone(), ByteString(written));
            }
            Err(refused) => findings.extend(refused),
        }
    }
    if findings.is_empty() {
        return Ok(Filled(Secret { data: Some(data), ..bare(secret) }));
    }
    Err(findings)
}

/// The Secret as it is shown to people: `${gerrit-secrets/password}` stands for a secret.
#[must_use]
pub fn show(secret: &DesiredSecret) -> Secret {
    let visible =
        |reference: &SecretRef| Some(format!("${{{}}}", reference.to_string().escape_debug()).into_bytes());
    let mut shown = BTreeMap::new();
    for (name, content) in &secret.files {
        let text = match content {
            Content::Ini(sections) => ini::write(sections, &visible).map(ini::IniText::into_string),
            Content::Yaml(document, secrets) => lossy(yaml(name, document, secrets, &visible)),
            Content::Text(value) => lossy(text(name, value, &visible)),
        };
        // The plan has told it already; an empty file would look as if all were well.
        let refused = |findings: Vec<Finding>| {
            findings.iter().map(|finding| format!("# refused: {}\n", finding.message)).collect()
        };
        shown.insert(name.clone(), text.unwrap_or_else(refused));
    }
    Secret { string_data: Some(shown), ..bare(secret) }
}

fn bare(secret: &DesiredSecret) -> Secret {
    Secret { metadata: secret.metadata.clone(), type_: Some("Opaque".to_owned()), ..Secret::default() }
}

/// A file that is not INI: segments one after the other, bytes as they are. A newline at the end of a
/// key is part of it, which OpenSSH insists on.
fn text(
    name: &str,
    value: &Value,
    bytes: &dyn Fn(&SecretRef) -> Option<Vec<u8>>,
) -> Result<Vec<u8>, Finding> {
    let mut whole = vec![];
    for segment in &value.0 {
        match segment {
            Segment::Text(text) => whole.extend_from_slice(text.as_bytes()),
            Segment::Secret(secret) => whole.extend(bytes(secret).ok_or_else(|| missing(name, secret))?),
        }
    }
    Ok(whole)
}

/// A YAML document, each secret as the text at its place. One newline at the end of a secret goes, as in
/// an INI file.
fn yaml(
    name: &str,
    document: &serde_json::Value,
    secrets: &BTreeMap<String, SecretRef>,
    bytes: &dyn Fn(&SecretRef) -> Option<Vec<u8>>,
) -> Result<Vec<u8>, Finding> {
    let mut document = document.clone();
    for (pointer, secret) in secrets {
        let bytes = bytes(secret).ok_or_else(|| missing(name, secret))?;
        let Ok(text) = String::from_utf8(bytes) else { return Err(not_text(name, secret)) };
        if let Some(place) = document.pointer_mut(pointer) {
            *place = text.strip_suffix('\n').unwrap_or(&text).into();
        }
    }
    // Documents of ours have nothing that YAML lacks, and an error would hold no value.
    yaml::write(&document).map(String::into_bytes).map_err(|_| {
        Finding::error("Unwritable", FieldPath::root().key("data").key(name), "the file cannot be written")
            .cure("report this")
    })
}

fn lossy(written: Result<Vec<u8>, Finding>) -> Result<String, Vec<Finding>> {
    written.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).map_err(|finding| vec![finding])
}

fn not_text(name: &str, secret: &SecretRef) -> Finding {
    let path = FieldPath::root().key("data").key(&secret.key);
    Finding::error("SecretNotText", path, format!("the secret {secret} for {name} is not UTF-8 text"))
        .cure("store text in it")
        .about("Secret", &secret.secret)
}

fn missing(name: &str, secret: &SecretRef) -> Finding {
    let message = format!("the file {name} needs the secret {secret}, which is not there");
    let path = FieldPath::root().key("data").key(&secret.key);
    Finding::error("SecretMissing", path, message)
        .cure("create it, or correct the reference")
        .about("Secret", &secret.secret)
}

/// The scalars of the YAML documents that a Secret takes scalars from, each document read once.
struct Documents(BTreeMap<SecretRef, Vec<String>>);

impl Documents {
    fn read(secret: &DesiredSecret, source: &dyn SecretSource) -> Self {
        let mut documents = BTreeMap::new();
        for reference in secret.secrets().filter(|reference| reference.scalar.is_some()) {
            let document = SecretRef { scalar: None, ..reference.clone() };
            documents.entry(document).or_insert_with_key(|document| {
                let bytes = source.bytes(document).unwrap_or_default();
                mask::scalars(&String::from_utf8(bytes).unwrap_or_default()).unwrap_or_default()
            });
        }
        Self(documents)
    }

    fn scalar(&self, reference: &SecretRef, number: u32) -> Option<Vec<u8>> {
        let document = SecretRef { scalar: None, ..reference.clone() };
        let scalars = self.0.get(&document)?;
        Some(scalars.get(usize::try_from(number).ok()?)?.clone().into_bytes())
    }
}

impl DesiredSecret {
    /// The secrets that it takes bytes from, repetitions included.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretRef> {
        self.files.values().flat_map(|content| {
            let secrets: Vec<&SecretRef> = match content {
                Content::Ini(sections) => {
                    let lines = sections.iter().flat_map(|section| &section.lines);
                    lines.flat_map(|(_, value)| value.secrets()).collect()
                }
                Content::Yaml(_, secrets) => secrets.values().collect(),
                Content::Text(value) => value.secrets().collect(),
            };
            secrets
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::IniSection;

    struct Given(&'static [(&'static str, &'static [u8])]);

    impl SecretSource for Given {
        fn bytes(&self, secret: &SecretRef) -> Option<Vec<u8>> {
            let name = format!("{}/{}", secret.secret, secret.key);
            self.0.iter().find(|(known, _)| *known == name).map(|(_, bytes)| bytes.to_vec())
        }
    }

    fn desired() -> DesiredSecret {
        let value = Value::secret(SecretRef::new("gerrit-secrets", "password"));
        let lines = vec![("driver".to_owned(), Value::text("gerrit")), ("password".to_owned(), value)];
        let zuul_conf = Content::Ini(vec![IniSection { header: "connection gerrit".into(), lines }]);
        let scalar = SecretRef { scalar: Some(3), ..SecretRef::new("nodepool", "nodepool.yaml") };
        let yaml =
            Value(vec![Segment::Text("a: ".into()), Segment::Secret(scalar), Segment::Text("\n".into())]);
        let files = BTreeMap::from([("zuul.conf".into(), zuul_conf), ("a.yaml".into(), Content::Text(yaml))]);
        DesiredSecret { files, ..DesiredSecret::default() }
    }

    #[test]
    fn bytes_take_the_place_of_references() {
        let given = Given(&[
            ("gerrit-secrets/password", b"100%\n"),
            ("nodepool/nodepool.yaml", b"a: 1\nb: |\n  x\n"),
        ]);
        let filled = fill(&desired(), &given).unwrap();
        assert_eq!(format!("{filled:?}"), r#"Filled { name: None, keys: ["a.yaml", "zuul.conf"] }"#);
        let data = filled.into_inner().data.unwrap();
        assert_eq!(data["zuul.conf"].0, b"[connection gerrit]\ndriver=gerrit\npassword=100%%\n");
        assert_eq!(data["a.yaml"].0, b"a: \"x\\n\"\n");
    }

    #[test]
    fn all_that_is_missing_is_told() {
        let findings = fill(&desired(), &Given(&[])).unwrap_err();
        let objects: Vec<_> = findings.iter().map(|finding| finding.object.name.as_str()).collect();
        assert_eq!(objects, ["nodepool", "gerrit-secrets"]);
    }

    #[test]
    fn what_is_shown_has_references() {
        let shown = show(&desired()).string_data.unwrap();
        assert_eq!(
            shown["zuul.conf"],
            "[connection gerrit]\ndriver=gerrit\npassword=${gerrit-secrets/password}\n"
        );
        assert_eq!(shown["a.yaml"], "a: ${nodepool/nodepool.yaml#3}\n");
    }
}
