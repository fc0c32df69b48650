//! Whether the Secrets and ConfigMaps that a Zuul refers to are there.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::LeftOut;
use crate::diagnostic::{FieldPath, Finding, Findings, did_you_mean, listed};
use crate::inputs::{ConfigMapFacts, Inputs, SecretFacts};
use crate::names;
use crate::secret::SecretRef;

/// A kind of object that is referred to, and the codes of what is said of it.
struct Kind {
    name: &'static str,
    missing: &'static str,
    not_given: &'static str,
    key_missing: &'static str,
}

const SECRET: Kind = Kind {
    name: "Secret",
    missing: "SecretMissing",
    not_given: "SecretNotGiven",
    key_missing: "SecretKeyMissing",
};

const CONFIG_MAP: Kind = Kind {
    name: "ConfigMap",
    missing: "ConfigMapMissing",
    not_given: "ConfigMapNotGiven",
    key_missing: "ConfigMapKeyMissing",
};

/// What was gathered, what was used of it, and what is to be said.
pub struct Facts<'a> {
    pub inputs: &'a Inputs,
    pub findings: Findings,
    pub versions: BTreeMap<String, String>,
    pub left_out: LeftOut,
    said: BTreeSet<String>,
}

impl<'a> Facts<'a> {
    pub fn new(inputs: &'a Inputs, left_out: LeftOut) -> Self {
        Self {
            inputs,
            findings: Findings::default(),
            versions: BTreeMap::new(),
            left_out,
            said: BTreeSet::new(),
        }
    }

    /// A field is wrong: what follows from it is not told.
    pub fn wrong(&mut self, finding: Finding) {
        self.left_out.insert(finding.path.clone());
        self.findings.push(finding);
    }

    /// A field is missing, unless it is there and wrong.
    pub fn lacks(&mut self, finding: Finding) {
        if !self.left_out.covers(&finding.path) {
            self.findings.push(finding);
        }
    }

    /// Notes that `key` of the Secret `name` is used by the field at `path`.
    pub fn secret(&mut self, path: &FieldPath, name: &str, key: &str) -> SecretRef {
        self.secret_keys(path, name, &[key]);
        SecretRef::new(name, key)
    }

    /// Notes that `keys` of the Secret `name` are used by the field at `path`.
    pub fn secret_keys(&mut self, path: &FieldPath, name: &str, keys: &[&str]) {
        if let Some(facts) = self.mounted(path, name)
            && keys.iter().all(|key| self.is_key(path, key))
        {
            self.keys(&SECRET, path, name, keys, &facts.keys);
        }
    }

    /// Notes that the whole Secret `name` is mounted.
    pub fn mounted(&mut self, path: &FieldPath, name: &str) -> Option<&'a SecretFacts> {
        if !self.is_name(&SECRET, path, name) {
            return None;
        }
        let Some(facts) = self.inputs.secrets.get(name) else {
            self.missing(&SECRET, path, name);
            return None;
        };
        self.versions.insert(format!("Secret/{name}"), facts.version.clone());
        Some(facts)
    }

    /// The keys of the Secret `name`, which decide what options there are.
    pub fn options_of(&mut self, path: &FieldPath, name: &str) -> Option<&'a SecretFacts> {
        if self.inputs.complete || self.inputs.secrets.contains_key(name) || !names::is_subdomain(name) {
            return self.mounted(path, name);
        }
        // What is said here says that it is missing, too.
        self.expect("Secret", name);
        if self.said.insert(format!("keys of {name}")) {
            let message = format!(
                "Secret {name} is not among the given files: its keys are options, which this output lacks; it is \
                 incomplete and must not be applied"
            );
            self.findings.push(Finding::warning("KeysNotKnown", path.clone(), message).cure(
                "give the Secret with -f; for a check, one with the right keys and empty values will do",
            ));
        }
        None
    }

    /// Notes that `key` of the ConfigMap `name` is used.
    pub fn config_map(&mut self, path: &FieldPath, name: &str, key: &str) {
        if !self.is_name(&CONFIG_MAP, path, name) || !self.is_key(path, key) {
            return;
        }
        if let Some(facts) = self.mounted_config_map(path, name) {
            let there = facts.data.keys().chain(&facts.binary_keys).cloned().collect();
            self.keys(&CONFIG_MAP, path, name, &[key], &there);
        }
    }

    /// Notes that the whole ConfigMap `name` is mounted.
    pub fn mounted_config_map(&mut self, path: &FieldPath, name: &str) -> Option<&'a ConfigMapFacts> {
        if !self.is_name(&CONFIG_MAP, path, name) {
            return None;
        }
        let Some(facts) = self.inputs.config_maps.get(name) else {
            self.missing(&CONFIG_MAP, path, name);
            return None;
        };
        self.versions.insert(format!("ConfigMap/{name}"), facts.version.clone());
        Some(facts)
    }

    /// Notes that the Secret or ConfigMap `name` is used, which others provide sooner or later, or never.
    pub fn provided(&mut self, is_secret: bool, name: &str) {
        let (kind, version) = match is_secret {
            true => ("Secret", self.inputs.secrets.get(name).map(|facts| &facts.version)),
            false => ("ConfigMap", self.inputs.config_maps.get(name).map(|facts| &facts.version)),
        };
        self.versions.extend(version.map(|version| (format!("{kind}/{name}"), version.clone())));
    }

    /// Says nothing about a missing object: whoever uses it does.
    pub fn expect(&mut self, kind: &str, name: &str) {
        self.said.insert(format!("{kind}/{name}"));
    }

    fn is_key(&mut self, path: &FieldPath, key: &str) -> bool {
        let is_legal = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        let is_key = !key.is_empty()
            && key.len() <= 253
            && !key.starts_with("..")
            && key != "."
            && key.chars().all(is_legal);
        if !is_key {
            let message = format!("{key:?} cannot be a key of a Secret or ConfigMap");
            self.wrong(
                Finding::error("IllegalKey", path.clone(), message)
                    .expected("letters, digits, '-', '_' and '.'")
                    .cure("name a key that exists"),
            );
        }
        is_key
    }

    fn is_name(&mut self, Kind { name: kind, .. }: &Kind, path: &FieldPath, name: &str) -> bool {
        let is_name = names::is_subdomain(name);
        if !is_name {
            let message = format!("{name:?} cannot be the name of a {kind}");
            self.wrong(
                Finding::error("IllegalName", path.clone(), message)
                    .expected("lower-case letters, digits, '-' and '.'")
                    .cure(format!("name the {kind} that exists")),
            );
        }
        is_name
    }

    /// Said once an object: it may be used by many options.
    fn missing(&mut self, codes: &Kind, path: &FieldPath, name: &str) {
        let kind = codes.name;
        if !self.said.insert(format!("{kind}/{name}")) {
            return;
        }
        if self.inputs.complete {
            let message = format!("there is no {kind} {name} in the namespace");
            self.wrong(
                Finding::error(codes.missing, path.clone(), message)
                    .cure(format!("create it, or name another {kind}")),
            );
        } else {
            let message = format!("{kind} {name} is not among the given files, so it was not checked");
            self.findings.push(
                Finding::note(codes.not_given, path.clone(), message)
                    .cure("give it with -f, or see to it that it is in the cluster"),
            );
        }
    }

    /// Whether all `keys` are among those that are `there`.
    fn keys(&mut self, codes: &Kind, path: &FieldPath, name: &str, keys: &[&str], there: &BTreeSet<String>) {
        let missing: Vec<&str> = keys.iter().copied().filter(|key| !there.contains(*key)).collect();
        let (kind, keys) = (codes.name, missing.join(", "));
        let cure = match missing[..] {
            [] => return,
            [key] => match did_you_mean(key, there.iter().map(String::as_str)) {
                Some(guess) => format!("did you mean the key {guess}? Say so with `key: {guess}`"),
                None => format!("add the key {key} to the {kind}, or name another one with `key:`"),
            },
            _ => format!("add the keys {keys} to the {kind}, or name another {kind}"),
        };
        self.wrong(
            Finding::error(codes.key_missing, path.clone(), format!("{kind} {name} has no key {keys}"))
                .expected(format!("one of its keys: {}", listed(there)))
                .cure(cure),
        );
    }
}
