//! The patch of a pod template.

use serde_json::Value;

use super::{Report, syntax};
use crate::diagnostic::{FieldPath, Finding};

/// What it may be merged with is not known here; that is looked at in the finished pods.
pub fn check(patch: &Value, path: &FieldPath, report: &mut Report) {
    nulls(patch, path, report);
    let metadata = |field: &str| patch["metadata"][field].as_object().into_iter().flatten();
    for (key, value) in metadata("labels") {
        let path = path.key("metadata").key("labels").key(key);
        report.text(path.clone(), key, syntax::qualified_name);
        report.text(path, value.as_str().unwrap_or_default(), syntax::label_value);
    }
    for (key, _) in metadata("annotations") {
        let path = path.key("metadata").key("annotations").key(key);
        report.text(path, &key.to_lowercase(), syntax::qualified_name);
    }
    if patch["spec"]["restartPolicy"].as_str().is_some_and(|policy| policy != "Always") {
        let path = path.key("spec").key("restartPolicy");
        report.refused(path, "these pods are always started again", "Always, or nothing");
    }
}

/// It is merged, so `null` in it removes nothing, although with `kubectl patch` it would.
fn nulls(value: &Value, path: &FieldPath, report: &mut Report) {
    match value {
        Value::Null => report.0.push(
            Finding::error(
                "PatchRemoves",
                path.clone(),
                "a patch cannot remove anything: null does nothing here",
            )
            .expected("what is to be there instead")
            .cure("remove the line, or write another value"),
        ),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| nulls(item, &path.index(index), report));
        }
        Value::Object(fields) => fields.iter().for_each(|(key, value)| nulls(value, &path.key(key), report)),
        _ => {}
    }
}
