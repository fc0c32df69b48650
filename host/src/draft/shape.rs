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
        Shape::Map | Shape::Tags | Shape::NodeTags => fits(value.is_object(), "a mapping"),
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

/// One tag. Nodepool takes anything and the cloud's library makes a text of it; Zuul wants a text.
fn tag(value: &Value, written: fn(&str) -> String) -> Option<Value> {
    let text = match value {
        Value::String(text) => written(text),
        Value::Number(number) => number.to_string(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        _ => return None,
    };
    Some(Value::String(text))
}

/// The tags that can be texts, and the names of the others.
pub(super) fn tags(fields: &Map<String, Value>, shape: Shape) -> (Map<String, Value>, Vec<&String>) {
    let written = if matches!(shape, Shape::NodeTags) { literal } else { str::to_owned };
    let (mut texts, mut others) = (Map::new(), Vec::new());
    for (key, value) in fields {
        match tag(value, written) {
            Some(text) => {
                texts.insert(key.clone(), text);
            }
            None => others.push(key),
        }
    }
    (texts, others)
}
