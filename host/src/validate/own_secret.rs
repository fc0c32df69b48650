//! The options that a connection or an authenticator has from its own Secret: `secretName` beside the others.

use serde_json::Value;

use super::options::Scope;
use super::references::Facts;
use super::sections::BESIDE;
use crate::api::{Connection, Options};
use crate::diagnostic::{Finding, Severity, did_you_mean};

/// The options that are written, and a reference for each other key of the Secret that is one.
pub fn options(section: &Connection, scope: &Scope<'_>, facts: &mut Facts<'_>) -> Options {
    let mut options = section.options.clone();
    let Some(secret) = &section.secret_name else { return options };
    let Some(given) = facts.options_of(&scope.path.key("secretName"), secret) else { return options };
    let is_option = |key: &str| scope.is_open || scope.known.iter().any(|info| info.name == key);
    for key in &given.keys {
        // As an option of its own, what stands beside the options would be the host's to write.
        if BESIDE.contains(&key.as_str()) {
            let cure = format!("remove it from the Secret; {key} stands in the object itself");
            facts.findings.push(ignored(key, secret, scope).cure(cure));
        } else if is_option(key) {
            options.entry(key.clone()).or_insert_with(|| serde_json::json!({"secretName": secret}));
        } else if !section.options.values().any(|value| names(value, secret, key)) {
            let is_set = |option: &str| section.options.contains_key(option) || given.keys.contains(option);
            foreign(key, secret, &is_set, scope, facts);
        }
    }
    options
}

/// Whether an option refers to the key itself.
fn names(option: &Value, secret: &str, key: &str) -> bool {
    option["secretName"] == secret && option["key"] == key
}

fn ignored(key: &str, secret: &str, scope: &Scope<'_>) -> Finding {
    let message = format!(
        "the Secret {secret} has a key {key}, which is no option of {}: it is not rendered",
        scope.what
    );
    Finding::warning("SecretKeyIgnored", scope.path.key("secretName"), message)
}

/// Zuul would ignore it, too: it is an error only where it is meant to be an option that must be there.
fn foreign(key: &str, secret: &str, is_set: &dyn Fn(&str) -> bool, scope: &Scope<'_>, facts: &mut Facts<'_>) {
    let mut finding = ignored(key, secret, scope);
    let known = || scope.known.iter().map(|info| info.name.as_str());
    // `http_password` is a password, however many letters they differ in.
    let part = || known().find(|option| key.split(['_', '-', '.']).any(|word| word == *option));
    let Some(meant) = did_you_mean(key, known()).or_else(part) else {
        let cure = format!("take {key} out of the Secret");
        return facts.findings.push(finding.cure(cure));
    };
    finding = finding.cure(format!(
        "if it is {meant}, write `{meant}: {{secretName: {secret}, key: {key}}}` beside secretName; else take {key} out \
         of the Secret"
    ));
    if !is_set(meant) && scope.needs_all && scope.known.iter().any(|info| info.name == meant && info.required)
    {
        finding.severity = Severity::Error;
        facts.left_out.insert(scope.path.key(meant));
    }
    facts.findings.push(finding);
}
