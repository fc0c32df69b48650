//! What is in Secrets and ConfigMaps, as far as a mistake in it can be seen before Zuul reads it: here alone are
//! all of them, and bytes of secrets. Of a Secret findings name keys, lines and diskimages, and never a value.
//!
//! Who gathers comes in here, from files as from the cluster, with a plan; no I/O.

mod database_uri;
mod images;
mod logging;
mod tenant_items;
mod tenants;
mod text;
mod zone;

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::Value;

use crate::desired::object::Object;
use crate::diagnostic::{FieldPath, Finding};
use crate::fill::{self, SecretSource, SecretStore};
use crate::inputs::Inputs;
use crate::plan::{Holds, Plan};
use crate::secret::SecretRef;
use crate::validate::ConfigFile;
pub use text::Known;
use text::{Problem, Text, list};

/// What stands against the content of what is given. What is not given is not looked at.
///
/// `plan` is that of `inputs`, errors or not, and says what must be in which file; `secrets` are the bytes that were
/// gathered with them. The findings are about Secrets and ConfigMaps, in no order, without a namespace:
/// [`Plan::with_findings`] takes them. `known` serves callers that check many Zuuls.
#[must_use]
pub fn check(inputs: &Inputs, secrets: &SecretStore, plan: &Plan, known: &mut Known) -> Vec<Finding> {
    let mut findings = Vec::new();
    let probe = Probe { given: secrets, empty: RefCell::default() };
    for object in plan.objects.iter().chain(&plan.drafts) {
        if let Object::Secret(secret) = object {
            let refused = fill::fill(secret, &probe).err().unwrap_or_default();
            // Of what stands in the Zuul itself the plan has told.
            findings.extend(refused.into_iter().filter(|finding| finding.object.kind == "Secret"));
        }
    }
    for (file, holds) in &plan.contents {
        let Some(bytes) = content(inputs, secrets, file) else { continue };
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

impl SecretSource for Probe<'_> {
    fn bytes(&self, secret: &SecretRef) -> Option<Vec<u8>> {
        let bytes = self.given.bytes(secret).unwrap_or_else(|| b"x".to_vec());
        if !bytes.is_empty() {
            return Some(bytes);
        }
        self.empty.borrow_mut().insert(SecretRef { scalar: None, ..secret.clone() });
        Some(b"x".to_vec())
    }
}

fn content(inputs: &Inputs, secrets: &SecretStore, file: &ConfigFile) -> Option<Vec<u8>> {
    if file.is_secret {
        return secrets.bytes(&SecretRef::new(&file.name, &file.key));
    }
    let config_map = inputs.config_maps.get(&file.name)?;
    Some(config_map.data.get(&file.key)?.clone().into_bytes())
}

fn one(bytes: &[u8], file: &ConfigFile, holds: &Holds, known: &mut Known) -> Vec<Finding> {
    let path = FieldPath::root().key("data").key(&file.key);
    let found = match (holds, str::from_utf8(bytes)) {
        (Holds::PrivateKey, _) => private_key(bytes, &file.key, &path).into_iter().collect(),
        (_, Err(_)) => {
            let message = format!("{} is not UTF-8 text", file.key);
            vec![Finding::error("NotUtf8Text", path, message).cure("store text in it")]
        }
        (holds, Ok(text)) => of_text(text, file, holds, known, &path),
    };
    found.into_iter().map(|finding| finding.about(file.kind(), &file.name)).collect()
}

fn private_key(bytes: &[u8], key: &str, path: &FieldPath) -> Option<Finding> {
    let message = format!("the private key in {key} has no newline at its end: ssh refuses it");
    let finding = Finding::error("KeyWithoutNewline", path.clone(), message)
        .cure("end it with a newline; a block (`|`) does, and `kubectl create secret --from-file` keeps it");
    (!bytes.ends_with(b"\n")).then_some(finding)
}

fn of_text(
    text: &str,
    file: &ConfigFile,
    holds: &Holds,
    known: &mut Known,
    path: &FieldPath,
) -> Vec<Finding> {
    let mut checked = |check: &dyn Fn(&Value) -> Vec<Finding>| {
        let text = known.read(text);
        unread(&text, &file.key, path).map_or_else(|| check(&text.document), |finding| vec![finding])
    };
    match holds {
        // Told above: ssh reads bytes.
        Holds::PrivateKey => Vec::new(),
        Holds::DatabaseUri => database_uri::check(text, &file.key, path),
        Holds::Yaml => checked(&|_| Vec::new()),
        // INI in the name of YAML is told by the plan, which sees ConfigMaps.
        Holds::Logging if !file.is_secret && text.trim_start().starts_with('[') => Vec::new(),
        Holds::Logging => checked(&|document| logging::check(document, path)),
        Holds::Tenants { sources, others } => checked(&|document| {
            let mut found = tenant_items::check(document, path, !file.is_secret);
            found.extend(tenants::check(document, sources, others, path, !file.is_secret));
            found
        }),
        // Whether these can be read the plugins tell that cut them.
        Holds::Images(bytes) => images::check(&known.read(text).document, *bytes, path).into_iter().collect(),
        Holds::NodesOfZone(zone) => zone::check(&known.read(text).document, zone, path).into_iter().collect(),
        // Nodepool puts variables in before it reads the file.
        Holds::SecureConf(_) if text.contains("%(NODEPOOL_") => Vec::new(),
        Holds::SecureConf(nodepool_yaml) => {
            let finding = secure_conf(&known.read(text), &known.read(nodepool_yaml), &file.key, path);
            finding.into_iter().collect()
        }
    }
}

fn empty(secret: &SecretRef) -> Finding {
    let message =
        format!("the value of {} is empty, so it was not checked; nothing runs with it", secret.key);
    Finding::warning("SecretEmpty", FieldPath::root().key("data").key(&secret.key), message)
        .cure("give the value, if this is not for a check alone")
        .about("Secret", &secret.secret)
}

fn unread(text: &Text, key: &str, path: &FieldPath) -> Option<Finding> {
    Some(match text.problem.as_ref()? {
        Problem::Broken(why) => not_yaml(key, why, path),
        Problem::NotChecked { code, why } => {
            Finding::warning(code, path.clone(), format!("{key} was not checked: {why}"))
                .cure("nothing to do, if Zuul reads it; a smaller and flatter file is checked")
        }
    })
}

fn not_yaml(key: &str, problem: &str, path: &FieldPath) -> Finding {
    Finding::error("NotYaml", path.clone(), format!("{key} cannot be read as YAML: {problem}"))
        .cure("correct it; `yamllint` tells more about it")
}

/// The builder dies of what is no mapping, and of a diskimage that it does not know (`nodepool/config.py`).
fn secure_conf(conf: &Text, nodepool_yaml: &Text, key: &str, path: &FieldPath) -> Option<Finding> {
    if let Some(finding) = unread(conf, key, path) {
        return Some(finding);
    }
    if !conf.document.is_object() {
        return Some(not_yaml(key, "it is no mapping", path));
    }
    // What is wrong with that is told where it stands.
    nodepool_yaml.problem.is_none().then_some(())?;
    let images = || list(&nodepool_yaml.document["diskimages"]).filter(|image| image["abstract"] != true);
    let is_known = |name: &str| images().any(|image| image["name"] == name);
    let named = list(&conf.document["diskimages"]).filter_map(|image| image["name"].as_str());
    let foreign = named.into_iter().find(|name| !is_known(name))?;
    let message = format!("there is no diskimage {foreign:?} in nodepool.yaml: the builder dies of it");
    Some(
        Finding::error("SecureDiskimage", path.clone(), message)
            .expected("names of diskimages that are not abstract")
            .cure(format!("correct the name in {key}, or add the diskimage")),
    )
}
