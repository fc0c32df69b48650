//! Fields of the Zuul object, as the schema describes them.

use serde_json::Value;

use super::{Kind, Topic};
use crate::api::schema::schema;
use crate::validate::is_owned;

/// `spec`. Components and other sections have their options of zuul.conf as well.
pub fn spec(sections: &Topic) -> Topic {
    let mut spec = field("spec", &schema()["properties"]["spec"], false);
    for topic in &mut spec.topics {
        let section = sections.topics.iter().find(|section| section.name == topic.name);
        if let Some(section) = section.filter(|_| has_options(&topic.name)) {
            let own = section.topics.iter().filter(|option| !is_owned(&section.name, &option.name));
            topic.topics.extend(own.cloned());
        }
    }
    spec
}

/// Whether the options of a section stand beside the fields of `spec` of the same name. Where they do not, they
/// are fields of ours, zookeeper's host list or the database's Secret; or they stand below a name.
pub fn has_options(section: &str) -> bool {
    !matches!(section, "zookeeper" | "database" | "keystore" | "connections" | "auth")
}

/// `status`.
pub fn status() -> Topic {
    field("status", &schema()["properties"]["status"], false)
}

fn field(name: &str, schema: &Value, is_required: bool) -> Topic {
    let text = |key: &str| schema[key].as_str().unwrap_or_default();
    let mut topic = Topic::new(name, Kind::Field, text("description"));
    topic.fact("type", type_name(schema));
    topic.fact("required", if is_required { "always" } else { "" });
    topic.fact("default", shown(&schema["default"]));
    topic.fact("pattern", text("pattern"));
    topic.fact("minimum", shown(&schema["minimum"]));
    topic.fact("maximum", shown(&schema["maximum"]));
    let choices = schema["enum"].as_array().into_iter().flatten().map(shown);
    topic.fact("choices", choices.filter(|choice| !choice.is_empty()).collect::<Vec<_>>().join(", "));
    let inner = [schema, &schema["items"], &schema["additionalProperties"]];
    for schema in inner {
        let required = schema["required"].as_array();
        let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|it| it == name));
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            topic.topics.push(field(name, schema, is_required(name)));
        }
    }
    topic
}

fn type_name(schema: &Value) -> String {
    if schema["x-kubernetes-int-or-string"] == true {
        return "integer or string".to_owned();
    }
    match schema["type"].as_str() {
        Some("array") => format!("list of {}", type_name(&schema["items"])),
        Some("object") if schema["additionalProperties"].is_object() => {
            format!("map of {}", type_name(&schema["additionalProperties"]))
        }
        Some(name) => name.to_owned(),
        None => "any".to_owned(),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        // The schema writes bounds as floats.
        Value::Number(number) if number.is_f64() => number.as_f64().unwrap_or_default().to_string(),
        value => value.to_string(),
    }
}
