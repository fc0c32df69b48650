//! The schema offline: what the API server would refuse, drop or fill in, from the same definition.

mod nulls;
pub(crate) mod structural;

use std::sync::OnceLock;

use kube::CustomResourceExt;
use kube::core::cel::{Validator, apply_defaults};
use serde_json::{Map, Value};

use super::Zuul;
use crate::diagnostic::{FieldPath, Finding, Step};

/// The sections that may be empty (`launcher:`) and are there all the same.
const SECTIONS: [&str; 9] =
    ["scheduler", "executor", "merger", "web", "fingergw", "launcher", "builder", "preview", "registry"];

/// The CustomResourceDefinition, descriptions on one line each.
#[must_use]
pub fn definition() -> &'static Value {
    static DEFINITION: OnceLock<Value> = OnceLock::new();
    DEFINITION.get_or_init(|| {
        let mut definition =
            serde_json::to_value(Zuul::crd()).expect("a definition made of typed values is JSON");
        join_descriptions(&mut definition);
        definition
    })
}

/// The schema of a whole Zuul object.
#[must_use]
pub fn schema() -> &'static Value {
    &definition()["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
}

/// Everything about the object that the API server would refuse or silently drop.
///
/// `zuul` is the object after [`complete`], as rules see it.
#[must_use]
pub fn check(zuul: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    structural::check(schema(), zuul, &FieldPath::root(), &mut findings);
    if findings.is_empty() {
        findings.extend(rules(zuul));
    }
    findings
}

/// Drops nulls as the API server does, and fills in the schema's defaults. An empty section (`launcher:`) is a section with all defaults.
/// The same function offline and in the cluster; doing it twice changes nothing.
#[must_use]
pub fn complete(zuul: &Value) -> Value {
    let mut zuul = zuul.clone();
    if let Some(Value::Object(spec)) = zuul.get_mut("spec") {
        for section in SECTIONS {
            if let Some(value @ Value::Null) = spec.get_mut(section) {
                *value = Value::Object(Map::new());
            }
        }
    }
    if let Value::Object(fields) = &mut zuul {
        // Only a file can lack it; what has no name is told by its name.
        fields.entry("metadata").or_insert_with(|| Value::Object(Map::new()));
    }
    nulls::drop_nulls(schema(), &mut zuul);
    apply_defaults(schema(), &zuul)
}

fn rules(zuul: &Value) -> Vec<Finding> {
    let Err(errors) = Validator::new().validate(schema(), &nulls::without_nulls(zuul), None) else {
        return Vec::new();
    };
    errors
        .into_vec()
        .into_iter()
        .map(|error| {
            Finding::error("Rule", parse_path(&error.field_path, zuul), error.message)
                .cure("change the field as the message says; the API server refuses the object otherwise")
        })
        .collect()
}

/// `spec.launcher.tolerations[0]` → its steps in `value`. Keys stand there as they are, dots and brackets
/// included: the longest one that fits is meant.
fn parse_path(path: &str, mut value: &Value) -> FieldPath {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let behind =
            |key: &str| rest.strip_prefix(key).filter(|it| it.is_empty() || it.starts_with(['.', '[']));
        let key = value
            .as_object()
            .and_then(|fields| fields.keys().filter(|key| behind(key).is_some()).max_by_key(|key| key.len()));
        let index = rest.strip_prefix('[').and_then(|it| it.split_once(']'));
        if let Some(key) = key {
            steps.push(Step::Key(key.clone()));
            (rest, value) = (&rest[key.len()..], &value[key]);
        } else if let Some((index, behind)) = index.and_then(|(n, behind)| Some((n.parse().ok()?, behind))) {
            steps.push(Step::Index(index));
            (rest, value) = (behind, value.get(index).unwrap_or(&Value::Null));
        } else {
            steps.push(Step::Key(rest.to_owned()));
            break;
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    FieldPath(steps)
}

/// Doc comments are wrapped for the source's width; `kubectl explain` wraps by itself.
fn join_descriptions(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(text)) = fields.get_mut("description") {
                *text = text.replace('\n', " ");
            }
            fields.values_mut().for_each(join_descriptions);
        }
        Value::Array(items) => items.iter_mut().for_each(join_descriptions),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn zuul(spec: Value) -> Value {
        json!({"apiVersion": super::super::API_VERSION, "kind": "Zuul", "metadata": {"name": "z"}, "spec": spec})
    }

    #[test]
    fn an_empty_section_is_there() {
        let completed = complete(&zuul(json!({"launcher": null})));
        assert_eq!(completed["spec"]["launcher"], json!({"type": "nodepool", "shardBy": "provider-region"}));
        assert_eq!(complete(&completed), completed);
    }

    #[test]
    fn count_is_refused_for_nodepool_alone() {
        let refused = check(&complete(&zuul(json!({"launcher": {"count": 2}}))));
        assert_eq!(refused.len(), 1, "{refused:?}");
        assert_eq!(refused[0].path.to_string(), "spec.launcher");
        assert!(check(&complete(&zuul(json!({"launcher": {"count": 2, "type": "both"}})))).is_empty());
    }

    #[test]
    fn keys_with_dots_are_keys() {
        let zuul = zuul(json!({"auth": {"a": {"b": 1}, "a.b": {"c": [1, {"d[0]": 1}]}}}));
        for (path, expected) in [
            ("spec.auth.a.b.c[1].d[0]", "spec.auth[\"a.b\"].c[1][\"d[0]\"]"),
            ("spec.auth.a", "spec.auth.a"),
            ("spec.auth", "spec.auth"),
            ("spec.none", "spec.none"),
            ("", ""),
        ] {
            assert_eq!(parse_path(path, &zuul).to_string(), expected);
        }
    }

    #[test]
    fn zuul_variables_are_refused() {
        let refused = check(&complete(&zuul(json!({"env": [{"name": "ZUUL_DB_PASSWORD", "value": "x"}]}))));
        assert_eq!(refused.len(), 1, "{refused:?}");
    }
}
