//! Rules that are about one field alone, as tables: which field, and what Kubernetes takes there
//! (`pkg/apis/core/validation/validation.go`). What is new in one of its releases is taken.

use serde::Serialize;
use serde_json::Value;

use super::{Report, syntax};
use crate::diagnostic::FieldPath;

/// What is taken.
pub enum Rule {
    /// One of these texts; empty text is as no text.
    OneOf(&'static [&'static str]),
    Text(syntax::Check),
    /// A whole number from here to there.
    Range(i64, i64),
    /// An object has one of these fields, and no second.
    OneField(&'static [&'static str]),
    /// An object has at most one field.
    Fields,
    /// An object has a field, which is not empty.
    Needs(&'static str),
}

/// `a.b[].c`: in each item of the list; `[]` at its start: in each item of the whole.
pub type Row = (&'static str, Rule);

/// Checks an object of Kubernetes' own by a table.
pub fn check<T: Serialize>(object: &T, table: &[Row], path: &FieldPath, report: &mut Report) {
    let Ok(value) = serde_json::to_value(object) else { return };
    for (pattern, rule) in table {
        at(&value, pattern, path.clone(), &mut |value, path| apply(rule, value, path, report));
    }
}

/// Calls it with each value that the pattern leads to.
fn at(value: &Value, pattern: &str, path: FieldPath, then: &mut dyn FnMut(&Value, FieldPath)) {
    if pattern.is_empty() {
        if !value.is_null() {
            then(value, path);
        }
        return;
    }
    if let Some(rest) = pattern.strip_prefix("[]") {
        let rest = rest.strip_prefix('.').unwrap_or(rest);
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            at(item, rest, path.index(index), then);
        }
        return;
    }
    let end = pattern.find(['.', '[']).unwrap_or(pattern.len());
    let (key, rest) = pattern.split_at(end);
    at(&value[key], rest.strip_prefix('.').unwrap_or(rest), path.key(key), then);
}

fn apply(rule: &Rule, value: &Value, path: FieldPath, report: &mut Report) {
    let text = value.as_str().unwrap_or_default();
    match rule {
        Rule::OneOf(texts) if !text.is_empty() && !texts.contains(&text) => {
            report.refused(path, format!("Kubernetes does not take {text:?} here"), one_of(texts));
        }
        Rule::Text(check) => report.text(path, text, *check),
        Rule::Range(least, most) => {
            if let Some(number) = value.as_i64().filter(|number| !(least..=most).contains(&number)) {
                let expected = format!("a number from {least} to {most}");
                report.refused(path, format!("Kubernetes does not take {number} here"), expected);
            }
        }
        Rule::OneField(fields) => match fields.iter().filter(|field| !value[**field].is_null()).count() {
            0 => report.lacks(path, "there is no source", one_of(fields)),
            1 => {}
            _ => report.refused(path, "there are several sources", one_of(fields)),
        },
        Rule::Fields if value.as_object().is_some_and(|fields| fields.len() > 1) => {
            report.refused(path, "there are several sources", "one source");
        }
        Rule::Needs(field) if value[*field].is_null() || value[*field] == "" => {
            report.lacks(path.key(*field), format!("{field} is missing"), format!("a {field}"));
        }
        Rule::OneOf(_) | Rule::Fields | Rule::Needs(_) => {}
    }
}

fn one_of(texts: &[&str]) -> String {
    match texts {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => texts.concat(),
    }
}
