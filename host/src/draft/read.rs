//! Reads mappings of a nodepool.yaml by their tables.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::findings::Findings;
use super::objects::Settings;
use super::shape::{is_from_environment, is_idle, shaped, tags};
use super::table::{Fate, Place, Row, Shape};
use super::templates::translated;
use crate::diagnostic::{FieldPath, Finding, did_you_mean};

/// A mapping, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct At<'a> {
    pub(super) fields: &'a Map<String, Value>,
    pub(super) path: FieldPath,
}

impl<'a> At<'a> {
    /// A value that is given.
    pub(super) fn value(&self, key: &str) -> Option<&'a Value> {
        self.fields.get(key).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.value(key)?.as_str()
    }

    pub(super) fn integer(&self, key: &str) -> Option<i64> {
        self.value(key)?.as_i64()
    }

    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        self.value(key)?.as_bool()
    }

    pub(super) fn at(&self, key: &str) -> FieldPath {
        self.path.key(key)
    }
}

/// What was carried out of a mapping, by where it goes.
#[derive(Clone, Debug, Default)]
pub(super) struct Carried(BTreeMap<Place, Settings>);

impl Carried {
    pub(super) fn at(&mut self, place: Place) -> &mut Settings {
        self.0.entry(place).or_default()
    }

    pub(super) fn take(&mut self, place: Place) -> Settings {
        self.0.remove(&place).unwrap_or_default()
    }
}

impl Findings {
    /// A value as a mapping.
    pub(super) fn mapping<'a>(&mut self, value: &'a Value, path: FieldPath) -> Option<At<'a>> {
        let Value::Object(fields) = value else {
            self.wrong_type(path, "a mapping");
            return None;
        };
        Some(At { fields, path })
    }

    /// The mappings of a list.
    pub(super) fn mappings<'a>(&mut self, at: &At<'a>, key: &str) -> Vec<At<'a>> {
        let items = at.value(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let path = at.at(key);
        items.iter().enumerate().filter_map(|(index, item)| self.mapping(item, path.index(index))).collect()
    }

    /// The name of what a mapping describes.
    pub(super) fn name<'a>(&mut self, at: &At<'a>) -> Option<&'a str> {
        match at.value("name") {
            None => self.missing(at.at("name"), "the name"),
            // A wrong type is told by the table.
            Some(name) => match name.as_str() {
                Some("") => self.missing(at.at("name"), "the name"),
                name => return name,
            },
        }
        None
    }

    pub(super) fn wrong_type(&mut self, path: FieldPath, expected: &str) {
        let message = "a value of a type that Nodepool does not take";
        self.push(Finding::error("WrongType", path, message).expected(expected).cure("correct the value"));
    }

    /// Reads every option of a mapping as the tables say.
    pub(super) fn carry(&mut self, at: &At<'_>, tables: &[&[Row]]) -> Carried {
        let mut carried = Carried::default();
        for (key, value) in at.fields.iter().filter(|(_, value)| !value.is_null()) {
            match tables.iter().flat_map(|table| table.iter()).find(|row| row.key == key) {
                Some(row) => self.carry_one(at, row, value, &mut carried),
                None => self.unknown(at, key, tables),
            }
        }
        carried
    }

    fn carry_one(&mut self, at: &At<'_>, row: &Row, value: &Value, carried: &mut Carried) {
        let path = at.at(row.key);
        match row.fate {
            Fate::Dropped => return,
            Fate::Lost(_, _) if is_idle(value) => return,
            Fate::Lost(why, cure) => return self.not_carried(path, &format!("`{}`", row.key), why, cure),
            Fate::Read | Fate::To(..) | Fate::Open(..) | Fate::Template(..) => {}
        }
        let from_environment = !value.is_array() && !value.is_object() && is_from_environment(value);
        match shaped(value, row.shape) {
            Err(_) if from_environment => self.unfilled(path, row.key, "left out"),
            Err(expected) => self.wrong_type(path, expected),
            Ok(mut shaped) => {
                if let (Shape::Tags | Shape::NodeTags, Value::Object(fields)) = (row.shape, value) {
                    let (texts, others) = tags(fields, row.shape);
                    for key in others {
                        let why = "zuul-launcher wants a text";
                        self.not_carried(
                            path.key(key),
                            &format!("the tag {key:?}"),
                            why,
                            "write it as a text",
                        );
                    }
                    shaped = Value::Object(texts);
                }
                let goes = match row.fate {
                    Fate::To(place, name) | Fate::Open(place, name) => Some((place, name)),
                    Fate::Template(place, name) => {
                        self.translate(&path, &mut shaped);
                        Some((place, name))
                    }
                    _ => None,
                };
                if goes.map_or(from_environment, |_| is_from_environment(value)) {
                    self.unfilled(path.clone(), row.key, "copied as it stands");
                }
                if matches!(row.fate, Fate::Open(..)) {
                    self.open(path, row.key);
                }
                let is_empty = shaped.as_object().is_some_and(Map::is_empty);
                if let Some((place, name)) = goes.filter(|_| !is_empty) {
                    // Keys come sorted, `dynamic-tags` before `tags`; and the dynamic ones win, as for Nodepool.
                    carried.at(place).add(name, shaped);
                }
            }
        }
    }

    /// Makes Zuul's templates of Nodepool's, and drops what cannot be one.
    fn translate(&mut self, path: &FieldPath, tags: &mut Value) {
        let Value::Object(fields) = tags else { return };
        fields.retain(|key, value| {
            let template = value.as_str().and_then(translated);
            if template.is_none() {
                let why = "zuul-launcher cannot fill in all that it asks for";
                let cure = "it knows tenant_name, pipeline_name, job_name, job_uuid, buildset_uuid, request_id, labels \
                            and zuul_event_id, each in braces";
                self.not_carried(path.key(key), &format!("the template of the tag {key:?}"), why, cure);
            }
            template.is_some_and(|template| {
                *value = Value::String(template);
                true
            })
        });
    }

    pub(super) fn unfilled(&mut self, path: FieldPath, key: &str, how: &str) {
        let message =
            format!("`{key}` comes from Nodepool's environment, which Zuul has nothing like; it is {how}");
        self.push(
            Finding::warning("FromEnvironment", path, message).cure("write the value itself into the draft"),
        );
    }

    /// A text that people put secrets into.
    pub(super) fn open(&mut self, path: FieldPath, key: &str) {
        let message =
            format!("`{key}` is copied into the draft, which is for a repository that others may read");
        let cure = "look for secrets in it before you commit the draft";
        self.push(Finding::warning("LookForSecrets", path, message).cure(cure));
    }

    fn unknown(&mut self, at: &At<'_>, key: &str, tables: &[&[Row]]) {
        if !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) {
            // In `{password:hunter2}` it is a secret.
            let why = "it is no option of Nodepool";
            return self.not_carried(
                at.path.clone(),
                "a key",
                why,
                "put a blank behind the colon, or remove it",
            );
        }
        let known = tables.iter().flat_map(|table| table.iter()).map(|row| row.key);
        let cure = match did_you_mean(key, known) {
            Some(near) => format!("did you mean {near}?"),
            None => "look up in the documentation of zuul-launcher's driver what does the same".to_owned(),
        };
        self.not_carried(
            at.at(key),
            &format!("{key:?}"),
            "Nodepool 11 has no option of this name here",
            &cure,
        );
    }
}
