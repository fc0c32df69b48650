//! Whether the Secrets and ConfigMaps that a Zuul refers to are there.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{FieldPath, Finding, did_you_mean};
use crate::inputs::Inputs;
use crate::names;
use crate::secret::SecretRef;

/// What was gathered, what was used of it, and what is to be said.
pub struct Facts<'a> {
    pub inputs: &'a Inputs,
    pub findings: Vec<Finding>,
    pub versions: BTreeMap<String, String>,
    said: BTreeSet<String>,
}

impl<'a> Facts<'a> {
    pub fn new(inputs: &'a Inputs) -> Self {
        Self { inputs, findings: Vec::new(), versions: BTreeMap::new(), said: BTreeSet::new() }
    }

    /// Notes that `key` of the Secret `name` is used by the field at `path`.
    pub fn secret(&mut self, path: &FieldPath, name: &str, key: &str) -> SecretRef {
        self.name("Secret", path, name);
        self.key(path, key);
        match self.inputs.secrets.get(name) {
            None => self.missing("Secret", path, name),
            Some(facts) => {
                self.versions.insert(format!("Secret/{name}"), facts.version.clone());
                if !facts.keys.contains(key) {
                    let keys = facts.keys.iter().map(String::as_str);
                    self.no_key("Secret", path, name, key, keys.collect());
                }
            }
        }
        SecretRef::new(name, key)
    }

    /// Notes that the whole Secret `name` is mounted.
    pub fn mounted(&mut self, path: &FieldPath, name: &str) {
        self.name("Secret", path, name);
        match self.inputs.secrets.get(name) {
            None => self.missing("Secret", path, name),
            Some(facts) => {
                self.versions.insert(format!("Secret/{name}"), facts.version.clone());
            }
        }
    }

    /// Notes that `key` of the ConfigMap `name` is used; its content, if it is there.
    pub fn config_map(&mut self, path: &FieldPath, name: &str, key: &str) -> Option<&'a str> {
        self.name("ConfigMap", path, name);
        self.key(path, key);
        let Some(facts) = self.inputs.config_maps.get(name) else {
            self.missing("ConfigMap", path, name);
            return None;
        };
        self.versions.insert(format!("ConfigMap/{name}"), facts.version.clone());
        let content = facts.data.get(key);
        if content.is_none() {
            let keys = facts.data.keys().map(String::as_str);
            self.no_key("ConfigMap", path, name, key, keys.collect());
        }
        content.map(String::as_str)
    }

    /// Notes that the Secret `name` is used, which others provide sooner or later.
    pub fn provided(&mut self, name: &str) {
        if let Some(facts) = self.inputs.secrets.get(name) {
            self.versions.insert(format!("Secret/{name}"), facts.version.clone());
        }
    }

    /// Says nothing about a missing object: whoever uses it does.
    pub fn expect(&mut self, kind: &str, name: &str) {
        self.said.insert(format!("{kind}/{name}"));
    }

    fn key(&mut self, path: &FieldPath, key: &str) {
        let is_legal = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        if key.is_empty()
            || key.len() > 253
            || key.starts_with("..")
            || key == "."
            || !key.chars().all(is_legal)
        {
            self.findings.push(
                Finding::error(
                    "IllegalKey",
                    path.clone(),
                    format!("{key:?} cannot be a key of a Secret or ConfigMap"),
                )
                .expected("letters, digits, '-', '_' and '.'")
                .cure("name a key that exists"),
            );
        }
    }

    fn name(&mut self, kind: &str, path: &FieldPath, name: &str) {
        if !names::is_subdomain(name) {
            self.findings.push(
                Finding::error(
                    "IllegalName",
                    path.clone(),
                    format!("{name:?} cannot be the name of a {kind}"),
                )
                .expected("lower-case letters, digits, '-' and '.'")
                .cure(format!("name the {kind} that exists")),
            );
        }
    }

    /// Said once an object: it may be used by many options.
    fn missing(&mut self, kind: &str, path: &FieldPath, name: &str) {
        if !names::is_subdomain(name) || !self.said.insert(format!("{kind}/{name}")) {
            return;
        }
        self.findings.push(if self.inputs.complete {
            Finding::error(
                &format!("{kind}Missing"),
                path.clone(),
                format!("there is no {kind} {name} in the namespace"),
            )
            .cure(format!("create it, or name another {kind}"))
        } else {
            Finding::note(
                &format!("{kind}NotGiven"),
                path.clone(),
                format!("{kind} {name} is not among the given files, so it was not checked"),
            )
            .cure("give it with -f, or see to it that it is in the cluster")
        });
    }

    fn no_key(&mut self, kind: &str, path: &FieldPath, name: &str, key: &str, keys: Vec<&str>) {
        let cure = match did_you_mean(key, keys.iter().copied()) {
            Some(guess) => format!("did you mean the key {guess}? Say so with `key: {guess}`"),
            None => format!("add the key {key} to the {kind}, or name another one with `key:`"),
        };
        self.findings.push(
            Finding::error(
                &format!("{kind}KeyMissing"),
                path.clone(),
                format!("{kind} {name} has no key {key}"),
            )
            .expected(format!("one of its keys: {}", keys.join(", ")))
            .cure(cure),
        );
    }
}
