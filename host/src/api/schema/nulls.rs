//! What the API server makes of `null`. The rules are those that kube-apiserver 1.36 was seen to follow when
//! each field of the schema was null, once.

use serde_json::Value;

/// Drops a field that is null where the schema does not allow it, before defaults are filled in: an empty
/// `connections:` is none at all. An item of a list stays, and is of a wrong type.
pub fn drop_nulls(schema: &Value, value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let others = &schema["additionalProperties"];
            let known = |name: &str| schema["properties"].get(name).unwrap_or(others);
            let stays = |schema: &Value| !schema.is_object() || schema["nullable"] == true;
            fields.retain(|name, value| !value.is_null() || stays(known(name)));
            fields.iter_mut().for_each(|(name, value)| drop_nulls(known(name), value));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| drop_nulls(&schema["items"], item)),
        _ => {}
    }
}

/// Whether null is a value. A list of choices without it refuses it, whatever else allows it.
pub fn is_allowed(schema: &Value) -> bool {
    let is_choice = schema["enum"].as_array().is_none_or(|choices| choices.contains(&Value::Null));
    is_choice && (schema["nullable"] == true || schema.get("type").is_none())
}

/// The value as rules see it: to `has` a field that is null is not there.
pub fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), without_nulls(value)))
            .collect(),
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        value => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Structure, complete, repair, rules, structure};

    /// The answers are those of kube-apiserver.
    #[test]
    fn nulls_are_what_the_api_server_makes_of_them() {
        let answer = |spec: serde_json::Value| {
            let zuul = json!({"apiVersion": "zuul-ci.org/v1alpha1", "kind": "Zuul", "metadata": {"name": "z"}, "spec": spec});
            let completed = complete(&zuul);
            let Structure { mut findings, mut left_out } = structure(&completed);
            let repaired = repair(&completed, &mut left_out).expect("it can be without the rest");
            findings.extend(rules(&repaired, &left_out));
            let findings = findings.into_vec().into_iter();
            let paths: Vec<_> = findings.map(|it| format!("{} {}", it.code, it.path)).collect();
            if paths.is_empty() { completed["spec"].to_string() } else { paths.join(", ") }
        };
        let defaults = answer(json!({}));
        // Dropped: a field that is not nullable, with and without a default, and an entry of a map.
        assert_eq!(answer(json!({"connections": null, "imagePrefix": null})), defaults);
        assert_eq!(answer(json!({"connections": {"a": null}})), answer(json!({"connections": {}})));
        let database = json!({"database": {"secretName": "a", "key": null}});
        assert_eq!(answer(database), answer(json!({"database": {"secretName": "a"}})));
        // And then missing, where it is required.
        assert!(answer(json!({"connections": {"a": {"driver": null}}})).starts_with("RequiredField"));
        // An option, whatever it is, stays.
        assert!(answer(json!({"connections": {"a": {"driver": "git", "b": null}}})).contains("\"b\":null"));
        // Nullable: it stays, and rules do not see it.
        assert!(answer(json!({"database": null})).contains("\"database\":null"));
        assert!(answer(json!({"launcher": {"count": null}})).contains("\"count\":null"));
        // Refused: an item of a list, a choice that does not have it, an unknown field.
        assert_eq!(answer(json!({"env": [null]})), "WrongType spec.env[0]");
        assert_eq!(answer(json!({"web": {"serviceType": null}})), "WrongType spec.web.serviceType");
        let unknown = json!({"database": {"secretName": "a", "unknown": null}});
        assert_eq!(answer(unknown), "UnknownField spec.database.unknown");
    }
}
