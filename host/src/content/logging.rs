//! The logging configuration: whatever is wrong in it, every service dies of it at its start, or says nothing
//! (`zuul/ansible/logconfig.py`, Python's `logging.config.dictConfig`).

use serde_json::Value;

use super::text::list;
use crate::diagnostic::{FieldPath, Finding, Severity};

/// All that is wrong with a configuration that was read.
pub(super) fn check(document: &Value, path: &FieldPath) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut wrong = |severity, path: FieldPath, message: &str, cure: &str| {
        findings.push(Finding::new(severity, "LoggingConfig", path, message).cure(cure));
    };
    let Some(config) = document.as_object() else {
        wrong(
            Severity::Error,
            path.clone(),
            "the logging configuration is no mapping: no service starts with it",
            "write `version: 1`, `handlers` and `root`, as for Python's dictConfig",
        );
        return findings;
    };
    if config.get("version") != Some(&Value::from(1)) {
        wrong(
            Severity::Error,
            path.key("version"),
            "`version` is not 1: no service starts with it",
            "write `version: 1`, which is the only one there is",
        );
    }
    let handlers = &document["handlers"];
    let loggers = document["loggers"].as_object().into_iter().flatten();
    let loggers = loggers.map(|(name, logger)| (path.key("loggers").key(name), logger));
    for (path, logger) in loggers.chain([(path.key("root"), &document["root"])]) {
        for handler in list(&logger["handlers"]).filter_map(Value::as_str) {
            if handlers.get(handler).is_none() {
                wrong(
                    Severity::Error,
                    path.key("handlers"),
                    &format!("there is no handler {handler}: no service starts with it"),
                    "define it below `handlers`, or correct the name",
                );
            }
        }
    }
    if config.get("disable_existing_loggers") != Some(&Value::Bool(false)) {
        wrong(
            Severity::Warning,
            path.key("disable_existing_loggers"),
            "without `disable_existing_loggers: false` most of Zuul's own loggers stay silent",
            "write `disable_existing_loggers: false`",
        );
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_dict_config_refuses_is_told() {
        let said = |document: &Value| {
            let found = check(document, &FieldPath::root());
            found.iter().map(|it| format!("{} {}", it.severity, it.path)).collect::<Vec<_>>()
        };
        let console = json!({"console": {"class": "logging.StreamHandler"}});
        let right = json!({
            "version": 1, "disable_existing_loggers": false, "handlers": console,
            "root": {"handlers": ["console"]}, "loggers": {"zuul": {"level": "DEBUG"}},
        });
        assert_eq!(said(&right), Vec::<String>::new());
        let wrong = json!({"handlers": console, "root": {"handlers": ["file"]}, "loggers": {"a": {"handlers": ["b"]}}});
        assert_eq!(
            said(&wrong),
            [
                "error version",
                "error loggers.a.handlers",
                "error root.handlers",
                "warning disable_existing_loggers"
            ]
        );
        assert_eq!(said(&Value::Null), ["error "]);
        assert_eq!(said(&json!([1])), ["error "]);
    }
}
