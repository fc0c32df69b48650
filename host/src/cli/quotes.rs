//! Numbers that were to be texts: `version: 1.10` is 1.1 to Kubernetes, and so to Zuul.
//!
//! Only who sees the file can know. In a cluster the object comes as JSON, and what was written is gone.

use serde_json::{Number, Value};

use super::bundle::Bundle;
use super::gather::ZuulInputs;
use crate::contract::{Kind, OptionInfo, Plugins};
use crate::diagnostic::{FieldPath, Finding, Step};
use crate::yaml::place::Node;
use crate::yaml::scalar::{Plain, resolve};

/// A warning for each option that is a text, has a number, and would get another text than was written.
pub(super) fn check(bundle: &Bundle, zuul: &ZuulInputs, plugins: &dyn Plugins) -> Vec<Finding> {
    let Some((located, _)) = bundle.find_object(&zuul.object) else { return Vec::new() };
    let written = |node: &Node| bundle.sources.get(located.file)?.scalar(node.value);
    let mut numbers = Vec::new();
    collect(&zuul.inputs.zuul["spec"], &FieldPath::spec(), &mut numbers);
    numbers
        .into_iter()
        .filter(|(path, number)| {
            let (node, exact) = located.node.nearest(path);
            let text =
                written(node).filter(|text| exact && resolve(text) == Plain::Number((*number).clone()));
            text.is_some_and(|text| text != shown(number)) && is_text(path, &zuul.inputs.zuul, plugins)
        })
        .map(|(path, _)| lost(path))
        .collect()
}

/// Without the number: it may be a secret.
fn lost(path: FieldPath) -> Finding {
    let message = "without quotes this is a number, which Zuul would get in another form than it is written";
    Finding::warning("UnquotedNumber", path, message).expected("text").cure("put quotes around it")
}

fn collect<'a>(value: &'a Value, path: &FieldPath, numbers: &mut Vec<(FieldPath, &'a Number)>) {
    match value {
        Value::Number(number) => numbers.push((path.clone(), number)),
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| collect(value, &path.key(key), numbers))
        }
        _ => {}
    }
}

/// As an option gets it.
fn shown(number: &Number) -> String {
    let float = || number.as_f64().map(|number| number.to_string());
    number.as_i64().map(|number| number.to_string()).or_else(float).unwrap_or_default()
}

/// Whether a field is an option whose value is a text.
fn is_text(path: &FieldPath, zuul: &Value, plugins: &dyn Plugins) -> bool {
    let keys: Vec<&str> = path.0.iter().filter_map(Step::as_key).collect();
    match keys.as_slice() {
        // Nobody knows what it is, so it is written as it came.
        [.., "unchecked", _] => true,
        ["spec", "connections", name, option] => {
            let driver = zuul["spec"]["connections"][name]["driver"].as_str().unwrap_or_default();
            plugins.driver(driver).is_ok_and(|info| holds_text(&info.options, option).unwrap_or(info.open))
        }
        ["spec", "auth", _, option] => is_text_of("auth", option, plugins),
        ["spec", "ansibleCallback", _, option] => is_text_of("ansible_callback", option, plugins),
        ["spec", section, option] => is_text_of(section, option, plugins),
        _ => false,
    }
}

fn is_text_of(section: &str, option: &str, plugins: &dyn Plugins) -> bool {
    let sections = plugins.sections().unwrap_or_default();
    let info = sections.iter().find(|info| info.name == section);
    info.is_some_and(|info| holds_text(&info.options, option).unwrap_or(info.open))
}

fn holds_text(options: &[OptionInfo], name: &str) -> Option<bool> {
    let info = options.iter().find(|info| info.name == name)?;
    Some(matches!(info.kind, Kind::Text | Kind::Secret | Kind::SecretUri))
}
