//! Values as Zuul wants them.

use serde_json::{Map, Value};

use super::table::Shape;
use super::templates::literal;

/// How Nodepool marks what it takes from its environment (`nodepool.config.substitute_env_vars`).
const FROM_ENVIRONMENT: &str = "%(NODEPOOL_";

/// The value in the form that the draft has it.
///
/// # Errors
/// What was expected instead.
pub(super) fn shaped(value: &Value, shape: Shape) -> Result<Value, &'static str> {
    let fits = |fits: bool, expected| if fits { Ok(value.clone()) } else { Err(expected) };
    match shape {
        Shape::Text => fits(value.is_string(), "a text"),
        Shape::Integer => fits(value.is_i64() || value.is_u64(), "a whole number"),
        Shape::Number => fits(value.is_number(), "a number"),
        Shape::Flag => fits(value.is_boolean(), "true or false"),
        Shape::Texts => fits(is_texts(value), "a list of texts"),
        Shape::TextOrTexts => fits(value.is_string() || is_texts(value), "a text or a list of texts"),
        Shape::OneOf(words) => fits(
            value.as_str().is_some_and(|word| words.contains(&word)),
            "one of the words that Nodepool knows",
        ),
        Shape::Record(must, may) => {
            let whole = must.iter().all(|key| value.get(key).is_some());
            fits(whole && is_record(value, &[must, may]), "a mapping of the texts that Nodepool asks for")
        }
        Shape::OneField(keys) => {
            let one = value.as_object().is_some_and(|fields| fields.len() == 1);
            fits(one && is_record(value, &[keys]), "a mapping with one of the texts that Nodepool asks for")
        }
        Shape::Tags => tags(value, str::to_owned).map(Value::Object).ok_or("a mapping of texts"),
        Shape::NodeTags => tags(value, literal).map(Value::Object).ok_or("a mapping of texts"),
        Shape::Map => fits(value.is_object(), "a mapping"),
        Shape::List => fits(value.is_array(), "a list"),
        Shape::Any => Ok(value.clone()),
    }
}

/// Whether Nodepool would fill something into a value, or into something in it.
pub(super) fn is_from_environment(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(FROM_ENVIRONMENT),
        Value::Array(items) => items.iter().any(is_from_environment),
        Value::Object(fields) => fields.values().any(is_from_environment),
        _ => false,
    }
}

/// Whether an option that is lost was without effect anyhow.
pub(super) fn is_idle(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

fn is_texts(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(Value::is_string))
}

/// Whether a mapping has these keys only, and texts.
pub(super) fn is_record(value: &Value, keys: &[&[&str]]) -> bool {
    let known = |key: &String| keys.iter().any(|keys| keys.contains(&key.as_str()));
    value.as_object().is_some_and(|fields| fields.iter().all(|(key, value)| known(key) && value.is_string()))
}

/// Nodepool takes any mapping and the cloud's library makes texts of it; Zuul wants texts.
fn tags(value: &Value, written: fn(&str) -> String) -> Option<Map<String, Value>> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(written(text)),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(true) => Some("True".to_owned()),
        Value::Bool(false) => Some("False".to_owned()),
        _ => None,
    };
    let tag = |(key, value): (&String, &Value)| Some((key.clone(), Value::String(text(value)?)));
    value.as_object()?.iter().map(tag).collect()
}
