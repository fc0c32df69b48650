//! A JSON Schema of manifests with a Zuul object, for editors.
//!
//! The schema of the CustomResourceDefinition leaves options open, as it must: each API server would have to
//! know every plugin. An editor can know them: options stand beside their fields, and below each connection
//! by its driver.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::fields::has_options;
use crate::api::schema::schema;
use crate::api::{API_VERSION, KIND};
use crate::contract::{DriverInfo, Kind, OptionInfo, PluginFailure, Plugins, SectionInfo};
use crate::validate::is_owned;

/// Draft 7, which `yaml-language-server` reads.
///
/// # Errors
/// A plugin does not describe itself.
pub fn json_schema(plugins: &dyn Plugins) -> Result<Value, PluginFailure> {
    let mut root = schema().clone();
    plain(&mut root);
    root["title"] = json!("Zuul");
    root["required"] = json!(["apiVersion", "kind", "metadata", "spec"]);
    root["properties"]["apiVersion"] = json!({"const": API_VERSION});
    root["properties"]["kind"] = json!({"const": KIND});
    root["properties"]["metadata"] = json!({"type": "object"});
    let sections = plugins.sections()?;
    if let Some(fields) = root["properties"]["spec"]["properties"].as_object_mut() {
        for info in sections.iter().filter(|info| has_options(&info.name)) {
            if let Some(field) = fields.get_mut(&info.name) {
                add_options(field, info);
            }
        }
        if let Some(info) = sections.iter().find(|info| info.name == "auth") {
            add_options(&mut fields["auth"]["additionalProperties"], info);
        }
        let connection = &mut fields["connections"]["additionalProperties"];
        let names = plugins.drivers();
        let infos: Result<Vec<Arc<DriverInfo>>, _> = names.iter().map(|name| plugins.driver(name)).collect();
        connection["properties"]["driver"]["examples"] = json!(names);
        let rules = names.iter().zip(infos?).map(|(name, info)| by_driver(connection, name, &info));
        connection["allOf"] = rules.collect();
    }
    // Files hold Secrets and ConfigMaps as well.
    Ok(json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "if": {"properties": {"kind": {"const": KIND}}, "required": ["kind"]},
        "then": root,
    }))
}

/// What JSON Schema has no words for, and what only Kubernetes understands. Objects without room for others are
/// closed.
fn plain(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            let is_open = fields.remove("x-kubernetes-preserve-unknown-fields").is_some();
            if fields.remove("x-kubernetes-int-or-string").is_some() {
                fields.insert("type".to_owned(), json!(["integer", "string"]));
                fields.remove("anyOf");
            }
            if fields.remove("nullable").is_some()
                && let Some(Value::String(name)) = fields.get("type")
            {
                let types = json!([name, "null"]);
                fields.insert("type".to_owned(), types);
            }
            fields.retain(|name, _| !name.starts_with("x-kubernetes-"));
            if fields.get("properties").is_some_and(Value::is_object)
                && !is_open
                && !fields.contains_key("additionalProperties")
            {
                fields.insert("additionalProperties".to_owned(), json!(false));
            }
            fields.values_mut().for_each(plain);
            let required = fields.get("required").cloned().unwrap_or_default();
            let is_required = |name: &str| required.as_array().is_some_and(|all| all.contains(&json!(name)));
            let properties = fields.get_mut("properties").and_then(Value::as_object_mut);
            for (_, field) in properties.into_iter().flatten().filter(|(name, _)| !is_required(name)) {
                allow_null(field);
            }
            fields.get_mut("additionalProperties").into_iter().for_each(allow_null);
        }
        Value::Array(items) => items.iter_mut().for_each(plain),
        _ => {}
    }
}

/// A field that is null is none at all to the API server: `fingergw:` with nothing behind it is usual.
fn allow_null(schema: &mut Value) {
    match schema.get_mut("type") {
        Some(Value::Array(types)) if !types.contains(&json!("null")) => types.push(json!("null")),
        Some(types @ Value::String(_)) => *types = json!([types, "null"]),
        _ => {}
    }
    if let Some(Value::Array(choices)) = schema.get_mut("enum") {
        choices.push(Value::Null);
    }
}

/// The options of a section of zuul.conf, beside the fields.
fn add_options(field: &mut Value, info: &SectionInfo) {
    if !field["properties"].is_object() {
        field["properties"] = json!({});
    }
    if let Some(properties) = field["properties"].as_object_mut() {
        for option in info.options.iter().filter(|option| !is_owned(&info.name, &option.name)) {
            properties.entry(option.name.clone()).or_insert_with(|| option_schema(option));
        }
    }
    if !info.open {
        field["additionalProperties"] = json!(false);
    }
}

/// What holds for connections of one driver. All properties stand here once more: a closed schema knows only
/// those beside it.
fn by_driver(connection: &Value, name: &str, info: &DriverInfo) -> Value {
    let fields = connection["properties"].as_object().cloned().unwrap_or_default();
    let mut properties: Map<String, Value> = fields.keys().map(|field| (field.clone(), json!({}))).collect();
    properties.extend(info.options.iter().map(|option| (option.name.clone(), option_schema(option))));
    let mut then = json!({"properties": properties});
    if !info.open {
        then["additionalProperties"] = json!(false);
    }
    json!({"if": {"properties": {"driver": {"const": name}}, "required": ["driver"]}, "then": then})
}

fn option_schema(option: &OptionInfo) -> Value {
    let reference = json!({
        "type": "object",
        "properties": {"secretName": {"type": "string"}, "key": {"type": "string"}},
        "required": ["secretName"],
        "additionalProperties": false,
    });
    let mut value = match option.kind {
        // In quotes they are taken as well.
        Kind::Integer => json!({"type": ["integer", "string"], "pattern": "^-?[0-9]+$"}),
        Kind::Number => json!({"type": ["number", "string"], "pattern": "^-?[0-9]+(\\.[0-9]+)?$"}),
        Kind::Boolean => json!({"enum": [true, false, "true", "false"]}),
        Kind::OneOf => {
            // A choice of digits may be written as a number.
            let numbers = option.choices.iter().filter_map(|choice| choice.parse::<i64>().ok());
            let numbers: Vec<Value> = numbers.map(Value::from).collect();
            let texts = option.choices.iter().cloned().map(Value::from);
            json!({"enum": texts.chain(numbers).collect::<Vec<_>>()})
        }
        Kind::Path | Kind::SecretFile => json!({"type": "string", "pattern": "^(/|~/)"}),
        Kind::Text | Kind::Secret | Kind::SecretUri => json!({"type": ["string", "number"]}),
    };
    for (bound, limit) in [("minimum", option.minimum), ("maximum", option.maximum)] {
        if let Some(limit) = limit {
            value[bound] = json!(limit);
        }
    }
    let mut schema = json!({"description": option.summary, "anyOf": [value, reference, {"type": "null"}]});
    if let Some(default) = &option.default {
        schema["description"] = json!(format!("{} Default: {default}.", option.summary));
    }
    if option.deprecated.is_some() {
        schema["deprecated"] = json!(true);
    }
    schema
}
