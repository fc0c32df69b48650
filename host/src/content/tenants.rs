//! The tenants' file, compared with the connections that there are: Zuul's scheduler and web die of a source that
//! is none of them (`KeyError` in `zuul/configloader.py`).

use std::collections::BTreeSet;

use serde_json::Value;

use super::text::list;
use crate::diagnostic::{FieldPath, Finding, did_you_mean, listed};

/// One finding for each source of each tenant. Names of the file are shown only if it `is_public`.
pub(super) fn check(
    document: &Value,
    sources: &BTreeSet<String>,
    others: &BTreeSet<String>,
    path: &FieldPath,
    is_public: bool,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, item) in list(document).enumerate() {
        let path = path.index(index).key("tenant").key("source");
        for name in item["tenant"]["source"].as_object().into_iter().flat_map(|it| it.keys()) {
            if sources.contains(name) {
                continue;
            }
            let shown = if is_public { format!(" {name}") } else { String::new() };
            let (message, cure) = if others.contains(name) {
                let message =
                    format!("the connection{shown} is no source of projects, which a tenant wants of it");
                (message, "name a connection whose driver is a source".to_owned())
            } else {
                let guess = did_you_mean(name, sources.iter().map(String::as_str)).filter(|_| is_public);
                let cure = guess.map_or_else(
                    || "add it to spec.connections, or correct the name".to_owned(),
                    |guess| format!("did you mean {guess}?"),
                );
                (format!("there is no connection{shown}, which a tenant takes projects from"), cure)
            };
            let expected = match sources.len() {
                0 => "a connection that is a source; there is none".to_owned(),
                _ => format!("one of {}", listed(sources)),
            };
            let path = if is_public { path.key(name) } else { path.clone() };
            findings.push(Finding::error("TenantSource", path, message).expected(expected).cure(cure));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sources_are_connections() {
        let tenants = json!([
            {"admin-rule": {"name": "a"}},
            {"tenant": {"name": "one", "source": {"gerrit": {}, "gerit": {}, "mail": {}}}},
            {"tenant": {"name": "two", "source": null}},
            "nonsense",
        ]);
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let said = |is_public| {
            let found =
                check(&tenants, &names(&["gerrit"]), &names(&["mail"]), &FieldPath::root(), is_public);
            found.into_iter().map(|it| format!("{} {} {}", it.path, it.message, it.cure)).collect::<Vec<_>>()
        };
        assert_eq!(
            said(true),
            [
                "[1].tenant.source.gerit there is no connection gerit, which a tenant takes projects from did you mean gerrit?",
                "[1].tenant.source.mail the connection mail is no source of projects, which a tenant wants of it name a connection whose driver is a source",
            ]
        );
        assert!(said(false).iter().all(|said| !said.contains("gerit") && !said.contains("mail")));
    }
}
