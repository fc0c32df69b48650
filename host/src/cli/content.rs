//! What is in Secrets and ConfigMaps, as far as a mistake in it can be seen without a cluster: here alone are all
//! of them, and bytes of secrets. Findings name keys and lines, and never a value.

mod images;
mod tenants;
mod zone;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::gather::ZuulInputs;
use super::secrets::SecretStore;
use super::yaml::{self, Limits};
use crate::desired::object::Object;
use crate::diagnostic::{FieldPath, Finding, Severity};
use crate::fill::{self, SecretBytes};
use crate::plan::{Holds, Plan};
use crate::secret::SecretRef;
use crate::validate::ConfigFile;

/// What was found in texts by their digests: many Zuuls may share a file.
#[derive(Default)]
pub(super) struct Known(BTreeMap<[u8; 32], Option<String>>);

/// What stands against the content of what is given. What is not given is not looked at.
pub(super) fn check(zuul: &ZuulInputs, plan: &Plan, known: &mut Known) -> Vec<Finding> {
    let mut findings = Vec::new();
    let probe = Probe { given: &zuul.secrets, empty: RefCell::default() };
    for object in plan.objects.iter().chain(&plan.drafts) {
        if let Object::Secret(secret) = object {
            let refused = fill::fill(secret, &probe).err().unwrap_or_default();
            // Of what stands in the Zuul itself the plan has told.
            findings.extend(refused.into_iter().filter(|finding| finding.object.kind == "Secret"));
        }
    }
    for (file, holds) in &plan.contents {
        let Some(bytes) = content(zuul, file) else { continue };
        if bytes.is_empty() && file.is_secret {
            probe.empty.borrow_mut().insert(SecretRef::new(&file.name, &file.key));
        } else {
            findings.extend(one(&bytes, file, holds, known));
        }
    }
    findings.extend(probe.empty.take().iter().map(empty));
    findings
}

/// Gives something for every secret, so that only what is there is refused.
struct Probe<'a> {
    given: &'a SecretStore,
    empty: RefCell<BTreeSet<SecretRef>>,
}

impl SecretBytes for Probe<'_> {
    fn bytes(&self, secret: &SecretRef) -> Option<Vec<u8>> {
        let bytes = self.given.bytes(secret).unwrap_or_else(|| b"x".to_vec());
        if !bytes.is_empty() {
            return Some(bytes);
        }
        self.empty.borrow_mut().insert(SecretRef { scalar: None, ..secret.clone() });
        Some(b"x".to_vec())
    }
}

fn content(zuul: &ZuulInputs, file: &ConfigFile) -> Option<Vec<u8>> {
    if file.is_secret {
        return zuul.secrets.bytes(&SecretRef::new(&file.name, &file.key));
    }
    let config_map = zuul.inputs.config_maps.get(&file.name)?;
    Some(config_map.data.get(&file.key)?.clone().into_bytes())
}

fn one(bytes: &[u8], file: &ConfigFile, holds: &Holds, known: &mut Known) -> Vec<Finding> {
    let path = FieldPath::root().key("data").key(&file.key);
    let error = |code: &str, message: String| Finding::error(code, path.clone(), message);
    let text = str::from_utf8(bytes);
    let finding = match (holds, text) {
        (Holds::PrivateKey, _) => (!bytes.ends_with(b"\n")).then(|| {
            let message =
                format!("the private key in {} has no newline at its end: ssh refuses it", file.key);
            error("KeyWithoutNewline", message).cure(
                "end it with a newline; a block (`|`) does, and `kubectl create secret --from-file` keeps it",
            )
        }),
        (_, Err(_)) => {
            Some(error("NotUtf8Text", format!("{} is not UTF-8 text", file.key)).cure("store text in it"))
        }
        (Holds::DatabaseUri, Ok(uri)) => driver(uri, &file.key, &path),
        (Holds::Yaml, Ok(text)) => known.not_yaml(text).map(|problem| unread(&file.key, &problem, &path)),
        (Holds::Tenants { sources, others }, Ok(text)) => match known.not_yaml(text) {
            Some(problem) => Some(unread(&file.key, &problem, &path)),
            None => {
                let found = tenants::check(&parsed(text), sources, others, &path, !file.is_secret);
                return found.into_iter().map(|finding| finding.about(file.kind(), &file.name)).collect();
            }
        },
        (Holds::Images(bytes), Ok(text)) => images::check(&parsed(text), *bytes, &path),
        (Holds::NodesOfZone(zone), Ok(text)) => zone::check(&parsed(text), zone, &path),
        (Holds::SecureConf(nodepool_yaml), Ok(text)) => secure_conf(text, nodepool_yaml, &file.key, &path),
    };
    finding.into_iter().map(|finding| finding.about(file.kind(), &file.name)).collect()
}

fn empty(secret: &SecretRef) -> Finding {
    let message =
        format!("the value of {} is empty, so it was not checked; nothing runs with it", secret.key);
    Finding::warning("SecretEmpty", FieldPath::root().key("data").key(&secret.key), message)
        .cure("give the value, if this is not for a check alone")
        .about("Secret", &secret.secret)
}

/// Without a driver SQLAlchemy takes the first of each dialect, of which Zuul's images have only PostgreSQL's. An
/// image of the user's own may have others.
fn driver(uri: &str, key: &str, path: &FieldPath) -> Option<Finding> {
    let scheme = uri.split_once("://").map_or("", |(scheme, _)| scheme);
    if ["mariadb+pymysql", "mysql+pymysql", "postgresql", "postgresql+psycopg2"].contains(&scheme) {
        return None;
    }
    let severity = if scheme.contains('+') { Severity::Warning } else { Severity::Error };
    let message = format!("the URI in {key} names no driver that Zuul's images have");
    Some(
        Finding::new(severity, "DatabaseDriver", path.clone(), message)
            .expected("mariadb+pymysql://, mysql+pymysql:// or postgresql://")
            .cure("begin it with one of these"),
    )
}

impl Known {
    fn not_yaml(&mut self, text: &str) -> Option<String> {
        self.0.entry(*blake3::hash(text.as_bytes()).as_bytes()).or_insert_with(|| not_yaml(text)).clone()
    }
}

/// What the parser stumbles over.
fn not_yaml(text: &str) -> Option<String> {
    let mut documents = 0;
    for reading in yaml::read(0, text, Limits::default()) {
        documents += reading.documents.len();
        let broken = reading
            .remarks
            .sorted()
            .into_iter()
            .find(|remark| matches!(remark.finding.code.as_str(), "YamlSyntax" | "UnknownAnchor"));
        if let Some(broken) = broken {
            let line = broken.place.map_or(reading.chunk.first_line, |place| place.line);
            return Some(format!("line {line} cannot be read"));
        }
    }
    (documents > 1).then(|| "it is more than one document".to_owned())
}

fn unread(key: &str, problem: &str, path: &FieldPath) -> Finding {
    Finding::error("NotYaml", path.clone(), format!("{key} cannot be read as YAML: {problem}"))
        .cure("correct it; `yamllint` tells more about it")
}

/// The builder dies of what is no mapping, and of a diskimage that it does not know (`nodepool/config.py`).
fn secure_conf(text: &str, nodepool_yaml: &str, key: &str, path: &FieldPath) -> Option<Finding> {
    // Nodepool puts variables in before it reads the file.
    if text.contains("%(NODEPOOL_") {
        return None;
    }
    if let Some(problem) = not_yaml(text) {
        return Some(unread(key, &problem, path));
    }
    let conf = document(text)?;
    if !conf.is_object() {
        return Some(unread(key, "it is no mapping", path));
    }
    let known = document(nodepool_yaml)?;
    let is_abstract = |image: &Value| image["abstract"] == true;
    let is_known = |name: &str| diskimages(&known).any(|image| image["name"] == name && !is_abstract(image));
    let foreign =
        diskimages(&conf).filter_map(|image| image["name"].as_str()).find(|name| !is_known(name))?;
    let message = format!("there is no diskimage {foreign:?} in nodepool.yaml: the builder dies of it");
    Some(
        Finding::error("SecureDiskimage", path.clone(), message)
            .expected("names of diskimages that are not abstract")
            .cure(format!("correct the name in {key}, or add the diskimage")),
    )
}

fn document(text: &str) -> Option<Value> {
    Some(yaml::read(0, text, Limits::default()).next()?.documents.into_iter().next()?.value)
}

/// The document; null for what is none.
fn parsed(text: &str) -> Value {
    document(text).unwrap_or_default()
}

fn diskimages(document: &Value) -> impl Iterator<Item = &Value> {
    document["diskimages"].as_array().into_iter().flatten()
}
