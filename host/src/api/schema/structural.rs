//! Kubernetes' structural schemas: types, bounds, required and unknown fields.

use serde_json::{Map, Value};

use super::nulls;
use crate::diagnostic::{FieldPath, Finding, did_you_mean};

/// Compares `value` with `schema`, all findings at once.
pub fn check(schema: &Value, value: &Value, path: &FieldPath, findings: &mut Vec<Finding>) {
    if value.is_null() && nulls::is_allowed(schema) {
        return;
    }
    if let Some(expected) = wrong_type(schema, value) {
        findings.push(
            Finding::error("WrongType", path.clone(), format!("this is {}", kind_of(value)))
                .expected(expected)
                .cure("write a value of the expected type"),
        );
        return;
    }
    if let Some(finding) = out_of_bounds(schema, value, path) {
        findings.push(finding);
    }
    match value {
        Value::Object(fields) => check_fields(schema, fields, path, findings),
        Value::Array(items) => {
            if let Some(schema) = schema.get("items") {
                for (index, item) in items.iter().enumerate() {
                    check(schema, item, &path.index(index), findings);
                }
            }
        }
        _ => {}
    }
}

fn check_fields(schema: &Value, fields: &Map<String, Value>, path: &FieldPath, findings: &mut Vec<Finding>) {
    let known = schema.get("properties").and_then(Value::as_object);
    let others = schema.get("additionalProperties").filter(|others| others.is_object());
    // The API server knows these three of every object without a schema.
    let is_root = path.0.is_empty();
    for (name, value) in fields {
        let path = path.key(name);
        if let Some(schema) = known.and_then(|known| known.get(name)).or(others) {
            check(schema, value, &path, findings);
        } else if !(flag(schema, "x-kubernetes-preserve-unknown-fields")
            || known.is_none()
            || is_root && matches!(name.as_str(), "apiVersion" | "kind" | "metadata"))
        {
            findings.push(unknown(name, known, path));
        }
    }
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    for name in required.filter_map(Value::as_str).filter(|name| !fields.contains_key(*name)) {
        findings.push(
            Finding::error("RequiredField", path.clone(), format!("{name} is missing"))
                .expected(description(schema, name))
                .cure(format!("add {name}")),
        );
    }
}

fn unknown(name: &str, known: Option<&Map<String, Value>>, path: FieldPath) -> Finding {
    let names = known.into_iter().flat_map(Map::keys).map(String::as_str);
    let cure = match did_you_mean(name, names) {
        Some(guess) => format!("did you mean {guess}?"),
        None => "remove it; see `kubectl explain zuul.spec` for the fields there are".to_owned(),
    };
    Finding::error("UnknownField", path, format!("there is no field {name} here")).cure(cure)
}

/// What was expected, when the type is another one.
fn wrong_type(schema: &Value, value: &Value) -> Option<String> {
    if flag(schema, "x-kubernetes-int-or-string") {
        let fits = value.is_string() || value.is_i64() || value.is_u64();
        return (!fits).then(|| "a whole number or text".to_owned());
    }
    let expected = schema.get("type")?.as_str()?;
    let fits = match expected {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0),
        "number" => value.is_number(),
        _ => true,
    };
    (!fits).then(|| {
        match expected {
            "object" => "fields",
            "array" => "a list",
            "string" => "text; put quotes around it",
            "boolean" => "true or false",
            "integer" => "a whole number",
            _ => "a number",
        }
        .to_owned()
    })
}

fn out_of_bounds(schema: &Value, value: &Value, path: &FieldPath) -> Option<Finding> {
    let number = |key| schema.get(key).and_then(Value::as_f64);
    let limit = |key| schema.get(key).and_then(Value::as_u64);
    let expected = if let Some(choices) = schema.get("enum").and_then(Value::as_array)
        && !choices.contains(value)
    {
        let choices: Vec<&str> = choices.iter().filter_map(Value::as_str).collect();
        format!("one of {}", choices.join(", "))
    } else if let (Some(value), Some(least)) = (value.as_f64(), number("minimum"))
        && value < least
    {
        format!("{least} or more")
    } else if let (Some(value), Some(most)) = (value.as_f64(), number("maximum"))
        && value > most
    {
        format!("{most} or less")
    } else if let (Some(text), Some(least)) = (value.as_str(), limit("minLength"))
        && (text.chars().count() as u64) < least
    {
        "text that is not empty".to_owned()
    } else if let (Some(text), Some(pattern)) =
        (value.as_str(), schema.get("pattern").and_then(Value::as_str))
        && !regex::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text))
    {
        format!("text that matches {pattern}")
    } else if let (Some(fields), Some(most)) = (value.as_object(), limit("maxProperties"))
        && fields.len() as u64 > most
    {
        format!("at most {most} entries")
    } else if let (Some(items), Some(most)) = (value.as_array(), limit("maxItems"))
        && items.len() as u64 > most
    {
        format!("at most {most} items")
    } else {
        return None;
    };
    Some(
        Finding::error("OutOfBounds", path.clone(), "the API server refuses this value")
            .expected(expected)
            .cure("write a value within the bounds"),
    )
}

fn description(schema: &Value, name: &str) -> String {
    let text = schema["properties"][name]["description"].as_str().unwrap_or_default();
    text.split_once(". ").map_or(text, |(first, _)| first).trim_end_matches('.').to_owned()
}

fn flag(schema: &Value, key: &str) -> bool {
    schema.get(key).and_then(Value::as_bool) == Some(true)
}

/// What a value is, in words.
pub fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "empty",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a group of fields",
    }
}
