//! Kubernetes' structural schemas: types, bounds, required and unknown fields.

use serde_json::{Map, Value};

use super::nulls;
use crate::api::LeftOut;
use crate::diagnostic::{FieldPath, Finding, Findings, did_you_mean};

/// What was found, and where.
#[derive(Debug, Default)]
pub struct Structure {
    /// Everything that the API server would refuse or silently drop.
    pub findings: Findings,
    /// The fields that are wrong, and those that unknown ones were probably meant to be.
    pub left_out: LeftOut,
}

impl Structure {
    fn wrong(&mut self, finding: Finding) {
        self.left_out.insert(finding.path.clone());
        self.findings.push(finding);
    }

    /// Compares `value` with `schema`, all findings at once.
    pub fn check(&mut self, schema: &Value, value: &Value, path: &FieldPath) {
        if value.is_null() && nulls::is_allowed(schema) {
            return;
        }
        if let Some(expected) = wrong_type(schema, value) {
            return self.wrong(
                Finding::error("WrongType", path.clone(), format!("this is {}", kind_of(value)))
                    .expected(expected)
                    .cure("write a value of the expected type"),
            );
        }
        if let Some(finding) = out_of_bounds(schema, value, path) {
            self.wrong(finding);
        }
        match value {
            Value::Object(fields) => self.check_fields(schema, fields, path),
            Value::Array(items) => {
                if let Some(schema) = schema.get("items") {
                    for (index, item) in items.iter().enumerate() {
                        self.check(schema, item, &path.index(index));
                    }
                }
            }
            _ => {}
        }
    }

    fn check_fields(&mut self, schema: &Value, fields: &Map<String, Value>, path: &FieldPath) {
        let known = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties").filter(|others| others.is_object());
        // The API server knows these three of every object without a schema.
        let is_root = path.0.is_empty();
        for (name, value) in fields {
            if let Some(schema) = known.and_then(|known| known.get(name)).or(others) {
                self.check(schema, value, &path.key(name));
            } else if !(flag(schema, "x-kubernetes-preserve-unknown-fields")
                || known.is_none()
                || is_root && matches!(name.as_str(), "apiVersion" | "kind" | "metadata"))
            {
                self.unknown(name, known, path);
            }
        }
        for name in required(schema).filter(|name| !fields.contains_key(*name)) {
            let path = path.key(name);
            if !self.left_out.covers(&path) {
                self.wrong(
                    Finding::error("RequiredField", path, format!("{name} is missing"))
                        .expected(description(schema, name))
                        .cure(format!("add {name}")),
                );
            }
        }
    }

    fn unknown(&mut self, name: &str, known: Option<&Map<String, Value>>, parent: &FieldPath) {
        let names = known.into_iter().flat_map(Map::keys).map(String::as_str);
        let guess = did_you_mean(name, names);
        let cure = match guess {
            Some(guess) => format!("did you mean {guess}?"),
            None => "remove it; see `kubectl explain zuul.spec` for the fields there are".to_owned(),
        };
        let message = format!("there is no field {name} here");
        self.wrong(Finding::error("UnknownField", parent.key(name), message).cure(cure));
        // That it is missing would be told a second time.
        if let Some(guess) = guess {
            self.left_out.insert(parent.key(guess));
        }
    }
}

/// The value without what is left out. What cannot be without it goes, too, and is left out as well: a group
/// of fields without a required one, and a list, whose items would get other numbers. `None` when nothing
/// is left.
pub fn without(schema: &Value, value: &Value, path: &FieldPath, left_out: &mut LeftOut) -> Option<Value> {
    let rest = match value {
        _ if left_out.covers(path) => None,
        Value::Object(fields) => {
            let schema_of =
                |name: &str| schema["properties"].get(name).unwrap_or(&schema["additionalProperties"]);
            let rest: Map<String, Value> = fields
                .iter()
                .filter_map(|(name, value)| {
                    Some((name.clone(), without(schema_of(name), value, &path.key(name), left_out)?))
                })
                .collect();
            required(schema).all(|name| rest.contains_key(name)).then_some(Value::Object(rest))
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| without(&schema["items"], item, &path.index(index), left_out))
            .collect::<Option<Vec<Value>>>()
            .map(Value::Array),
        other => Some(other.clone()),
    };
    if rest.is_none() {
        left_out.insert(path.clone());
    }
    rest
}

fn required(schema: &Value) -> impl Iterator<Item = &str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
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
