//! The schema offline: what the API server would refuse, drop or fill in, from the same definition.

mod nulls;
pub(crate) mod structural;

use std::sync::OnceLock;

use kube::CustomResourceExt;
use kube::core::cel::{Validator, apply_defaults};
use serde_json::{Map, Value};

use super::{LeftOut, SECTIONS, Zuul};
use crate::diagnostic::{FieldPath, Finding, Step};

pub use structural::Structure;

/// The CustomResourceDefinition made from the types, descriptions on one line each.
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

/// The schema of a whole Zuul object: that of `crds/`, as it is installed. A test compares it with
/// [`definition`], which takes ten times as long.
#[must_use]
pub fn schema() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/schema.json")))
            .expect("the build wrote JSON")
    })
}

/// Compares the object with the schema, its rules aside.
#[must_use]
pub fn structure(zuul: &Value) -> Structure {
    let mut structure = Structure::default();
    structure.check(schema(), zuul, &FieldPath::root());
    structure
}

/// The object without what is left out, defaults in its place. `None` when it cannot be without it.
#[must_use]
pub fn repair(zuul: &Value, left_out: &mut LeftOut) -> Option<Value> {
    if left_out.is_empty() {
        return Some(zuul.clone());
    }
    structural::without(schema(), zuul, &FieldPath::root(), left_out).map(|zuul| complete(&zuul))
}

/// Drops nulls as the API server does, and fills in the schema's defaults. An empty section (`launcher:`) is
/// a section with all defaults.
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
        // Only a file can lack it, or have nothing in it; what has no name is told by its name.
        let metadata = fields.entry("metadata").or_insert(Value::Null);
        if metadata.is_null() {
            *metadata = Value::Object(Map::new());
        }
    }
    nulls::drop_nulls(schema(), &mut zuul);
    apply_defaults(schema(), &zuul)
}

/// The rules that the object breaks. `zuul` is what [`repair`] gave: rules speak of what is there, and of
/// defaults; one that speaks of what was left out is not asked.
#[must_use]
pub fn rules(zuul: &Value, left_out: &LeftOut) -> Vec<Finding> {
    let Err(errors) = Validator::new().validate(schema(), &nulls::without_nulls(zuul), None) else {
        return Vec::new();
    };
    errors
        .into_vec()
        .into_iter()
        .map(|error| (parse_path(&error.field_path, zuul), error))
        .filter(|(path, error)| !left_out.below(path).any(|field| speaks_of(&error.rule, &field)))
        .map(|(path, error)| {
            Finding::error("Rule", path, error.message)
                .cure("change the field as the message says; the API server refuses the object otherwise")
        })
        .collect()
}

/// Whether a rule reads the field, which is `self.FIELD` there.
fn speaks_of(rule: &str, field: &FieldPath) -> bool {
    matches!(field.0.first(), Some(Step::Key(name)) if rule.contains(&format!("self.{name}")))
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
    fn empty_metadata_is_told_by_the_name() {
        let bare = |metadata: Value| json!({"apiVersion": super::super::API_VERSION, "kind": "Zuul", "metadata": metadata, "spec": {}});
        assert_eq!(complete(&bare(Value::Null)), complete(&bare(json!({}))));
    }

    #[test]
    fn an_empty_section_is_there() {
        let completed = complete(&zuul(json!({"launcher": null})));
        assert_eq!(completed["spec"]["launcher"], json!({"type": "nodepool", "shardBy": "provider-region"}));
        assert_eq!(complete(&completed), completed);
    }

    /// The paths of broken structure, what remains, and the paths of broken rules.
    fn said(spec: Value) -> (Vec<String>, Option<Value>, Vec<String>) {
        let zuul = complete(&zuul(spec));
        let Structure { findings, mut left_out } = structure(&zuul);
        let rest = repair(&zuul, &mut left_out);
        let paths = |findings: &[Finding]| findings.iter().map(|finding| finding.path.to_string()).collect();
        let rules = rest.as_ref().map_or_else(Vec::new, |rest| rules(rest, &left_out));
        (paths(&findings.into_vec()), rest.map(|mut rest| rest["spec"].take()), paths(&rules))
    }

    #[test]
    fn count_is_refused_for_nodepool_alone() {
        assert_eq!(said(json!({"launcher": {"count": 2}})).2, ["spec.launcher"]);
        assert!(said(json!({"launcher": {"count": 2, "type": "both"}})).2.is_empty());
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
        assert_eq!(said(json!({"env": [{"name": "ZUUL_DB_PASSWORD", "value": "x"}]})).2, ["spec"]);
    }

    #[test]
    fn what_is_wrong_goes_with_what_cannot_be_without_it() {
        let (wrong, rest, _) = said(json!({
            "web": {"count": "two", "root": "x"},
            "database": {"secretname": "d"},
            "env": [{"name": "A", "value": 1}, {"name": "B"}],
            "executor": {"tolerations": [{"key": "a"}, 5]},
            "connections": {"a": {"drivr": "git"}, "b": {"driver": "git"}},
        }));
        assert_eq!(
            wrong,
            [
                "spec.connections.a.driver",
                "spec.database.secretname",
                "spec.env[0].value",
                "spec.executor.tolerations[1]",
                "spec.web.count",
            ]
        );
        let rest = rest.expect("it can be without all of it");
        assert_eq!(rest["web"], json!({"root": "x"}));
        assert_eq!(rest["env"], json!([{"name": "A"}, {"name": "B"}]));
        assert_eq!(rest["connections"], json!({"b": {"driver": "git"}}));
        assert_eq!((rest.get("database"), rest["executor"].get("tolerations")), (None, None));
    }

    #[test]
    fn rules_do_not_speak_of_what_was_left_out() {
        let (wrong, _, rules) = said(json!({
            "launcher": {"count": 2, "type": "bohth"},
            "env": [{"name": "ZUUL_X", "value": "x"}],
        }));
        assert_eq!((wrong, rules), (vec!["spec.launcher.type".to_owned()], vec!["spec".to_owned()]));
    }

    #[test]
    fn nothing_is_left_without_a_spec() {
        assert_eq!(said(json!("text")).1, None);
    }
}
