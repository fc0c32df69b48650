//! Secrets that are made once. In a cluster the operator makes them and keeps them; offline whoever applies
//! the output has to.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::gather::ZuulInputs;
use crate::cluster::random::random;
use crate::diagnostic::{FieldPath, Finding};
use crate::fill::{SecretBytes, SecretStore};
use crate::plan::{Action, Plan};
use crate::secret::SecretRef;

/// What the plan wants to be made, with all secrets there are.
pub struct Generated {
    /// Those that were not given.
    made: BTreeMap<SecretRef, Option<SecretBytes>>,
    /// The given ones, and with secrets the made ones.
    pub secrets: SecretStore,
}

impl Generated {
    /// Makes up a value for each, if values are wanted.
    pub fn of(plan: &Plan, zuul: &ZuulInputs, with_secrets: bool) -> Self {
        let (mut made, mut secrets) = (BTreeMap::new(), zuul.secrets.clone());
        for Action::CreateOnce { secret, bytes } in &plan.actions {
            if secrets.get(secret).is_some() {
                continue;
            }
            let value = with_secrets.then(|| random(*bytes)).flatten();
            if let Some(value) = &value {
                let keys = secrets.0.entry(secret.secret.clone()).or_default();
                keys.insert(secret.key.clone(), value.clone());
            }
            made.insert(secret.clone(), value);
        }
        Self { made, secrets }
    }

    /// As objects; without a value `${generated}` stands in its place.
    pub fn objects(&self, zuul: &Value) -> impl Iterator<Item = Value> {
        let namespace = zuul["metadata"]["namespace"].clone();
        self.made.iter().map(move |(secret, value)| {
            let made = value.as_ref().map(|value| String::from_utf8_lossy(value.expose()));
            let value = made.as_deref().unwrap_or("${generated}");
            let mut object = json!({
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": {"name": secret.secret},
                "stringData": {secret.key.clone(): value},
                "type": "Opaque",
            });
            if namespace.is_string() {
                object["metadata"]["namespace"] = namespace.clone();
            }
            object
        })
    }

    /// That a value was made up: rendered again, it would be another one.
    pub fn findings(&self, with_secrets: bool) -> impl Iterator<Item = Finding> {
        let made = self.made.keys().filter(move |_| with_secrets);
        made.map(|secret| {
            let message =
                format!("the secret {secret} was made up now: the next time it would be another one");
            Finding::warning("GeneratedSecret", FieldPath::spec(), message).cure(
                "keep this Secret, and give it with -f the next time; what it encrypts is lost without it",
            )
        })
    }
}
