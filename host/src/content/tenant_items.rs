//! The shape of the tenants' file, of which the scheduler dies if it is another (`UnparsedAbideConfig.extend` in
//! `zuul/model.py`, `TenantParser.getSchema` in `zuul/configloader.py`).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::diagnostic::{FieldPath, Finding, Severity, did_you_mean};

/// What an item may be.
const ITEMS: [&str; 6] =
    ["tenant", "admin-rule", "authorization-rule", "role", "global-semaphore", "api-root"];

/// The options of a tenant.
const TENANT: [&str; 26] = [
    "name",
    "max-changes-per-pipeline",
    "max-dependencies",
    "max-nodes-per-job",
    "max-job-timeout",
    "max-oidc-ttl",
    "allowed-oidc-issuers",
    "source",
    "exclude-unprotected-branches",
    "exclude-locked-branches",
    "allowed-triggers",
    "allowed-reporters",
    "allowed-labels",
    "disallowed-labels",
    "allow-circular-dependencies",
    "default-parent",
    "default-ansible-version",
    "access-rules",
    "admin-rules",
    "anonymous-read-access",
    "role-mappings",
    "semaphores",
    "authentication-realm",
    "report-build-page",
    "use-nodepool",
    "web-root",
];

/// What a tenant takes of a source.
const SOURCE: [&str; 2] = ["config-projects", "untrusted-projects"];

/// All that is wrong with the file's shape. Names of the file are shown only if it `is_public`.
pub(super) fn check(document: &Value, path: &FieldPath, is_public: bool) -> Vec<Finding> {
    let mut check = Check { is_public, findings: Vec::new(), tenants: BTreeMap::new() };
    match document {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| check.item(item, &path.index(index)));
        }
        _ => check.wrong(
            "a list of tenants was expected, as Zuul wants it",
            path,
            "begin each with `- tenant:`",
        ),
    }
    check.findings
}

struct Check<'a> {
    is_public: bool,
    findings: Vec<Finding>,
    /// Where each tenant stands.
    tenants: BTreeMap<&'a str, FieldPath>,
}

impl<'a> Check<'a> {
    fn wrong(&mut self, message: &str, path: &FieldPath, cure: &str) {
        self.findings.push(Finding::error("TenantsFile", path.clone(), message).cure(cure));
    }

    fn item(&mut self, item: &'a Value, path: &FieldPath) {
        let Some((key, value)) =
            item.as_object().filter(|item| item.len() == 1).and_then(|it| it.iter().next())
        else {
            return self.wrong(
                "an item that is no mapping of one key: the scheduler dies of it",
                path,
                "begin each with `- tenant:`, and write what belongs to it further right",
            );
        };
        if !ITEMS.contains(&key.as_str()) {
            return self.unknown(key, &ITEMS, Severity::Error, path, "an item");
        }
        if key != "tenant" {
            return;
        }
        let path = path.key("tenant");
        let Some(tenant) = value.as_object() else {
            return self.wrong("a tenant is a mapping", &path, "write its `name` and `source` below it");
        };
        self.name(tenant, &path);
        for key in tenant.keys().filter(|key| !TENANT.contains(&key.as_str())) {
            self.unknown(key, &TENANT, Severity::Warning, &path, "a tenant");
        }
        for (name, source) in tenant.get("source").and_then(Value::as_object).into_iter().flatten() {
            let path = if self.is_public { path.key("source").key(name) } else { path.key("source") };
            for key in source.as_object().into_iter().flat_map(Map::keys) {
                if !SOURCE.contains(&key.as_str()) {
                    self.unknown(key, &SOURCE, Severity::Warning, &path, "a source");
                }
            }
        }
    }

    fn name(&mut self, tenant: &'a Map<String, Value>, path: &FieldPath) {
        let Some(name) = tenant.get("name").and_then(Value::as_str) else {
            return self.wrong(
                "a tenant without a name: the scheduler dies of it",
                path,
                "give it a `name`, a text",
            );
        };
        if let Some(first) = self.tenants.insert(name, path.key("name")) {
            let message = format!("a second tenant of the name of {first}: the scheduler dies of it");
            self.wrong(&message, &path.key("name"), "rename or remove one of the two");
        }
    }

    /// A newer Zuul may have more options than we know, but an item it does not know is always fatal.
    fn unknown(&mut self, key: &str, known: &[&str], severity: Severity, path: &FieldPath, of: &str) {
        let shown = if self.is_public { format!(" {key}") } else { String::new() };
        let message = format!("Zuul 14.3 knows no{shown} of {of}, and refuses it");
        let guess = did_you_mean(key, known.iter().copied()).filter(|_| self.is_public);
        let cure = guess.map_or_else(
            || "correct its name, or remove it".to_owned(),
            |guess| format!("did you mean {guess}?"),
        );
        let path = if self.is_public { path.key(key) } else { path.clone() };
        let finding = Finding::new(severity, "TenantsFile", path, message);
        self.findings.push(finding.expected(format!("one of {}", known.join(", "))).cure(cure));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(document: &Value, is_public: bool) -> Vec<String> {
        let found = check(document, &FieldPath::root(), is_public);
        found.iter().map(|it| format!("{} {}: {}; {}", it.severity, it.path, it.message, it.cure)).collect()
    }

    #[test]
    fn what_the_scheduler_dies_of_is_told() {
        let right = json!([
            {"tenant": {"name": "a", "source": {"gerrit": {"config-projects": ["x"]}, "git": null}}},
            {"admin-rule": {}},
            {"api-root": {}},
        ]);
        assert_eq!(said(&right, true), Vec::<String>::new());
        for none in [json!(null), json!({"tenant": {"name": "a"}}), json!("text")] {
            assert_eq!(said(&none, true).len(), 1, "{none}");
        }
        let wrong = json!([
            {"tenat": {}},
            {"tenant": {"source": {}}},
            {"tenant": {"name": "a"}},
            {"tenant": {"name": "a", "sources": {}}},
            {"tenant": {"name": "b", "source": {"g": {"untrusted-project": ["c"]}}}, "x": 1},
            {"tenant": {"name": "b", "source": {"g": {"untrusted-project": ["c"]}}}},
            "include: other.yaml",
            {"tenant": null},
        ]);
        let all = said(&wrong, true);
        assert_eq!(
            all,
            [
                "error [0].tenat: Zuul 14.3 knows no tenat of an item, and refuses it; did you mean tenant?",
                "error [1].tenant: a tenant without a name: the scheduler dies of it; give it a `name`, a text",
                "error [3].tenant.name: a second tenant of the name of [2].tenant.name: the scheduler dies of it; rename or remove one of the two",
                "warning [3].tenant.sources: Zuul 14.3 knows no sources of a tenant, and refuses it; did you mean source?",
                "error [4]: an item that is no mapping of one key: the scheduler dies of it; begin each with `- tenant:`, and write what belongs to it further right",
                "warning [5].tenant.source.g.untrusted-project: Zuul 14.3 knows no untrusted-project of a source, and refuses it; did you mean untrusted-projects?",
                "error [6]: an item that is no mapping of one key: the scheduler dies of it; begin each with `- tenant:`, and write what belongs to it further right",
                "error [7].tenant: a tenant is a mapping; write its `name` and `source` below it",
            ]
        );
        let hidden = said(&wrong, false).join("\n");
        assert!(!hidden.contains("tenat ") && !hidden.contains("untrusted-project of"), "{hidden}");
    }
}
