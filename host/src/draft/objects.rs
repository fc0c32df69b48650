//! Objects of Zuul's configuration language, in the fields' order of its documentation.
//!
//! Which fields there are is Zuul 14.3's `zuul/configloader.py` (`ImageParser`, `FlavorParser`, `LabelParser`,
//! `SectionParser`, `ProviderParser`); what a section or provider may hold besides is its driver's schema.

use std::collections::BTreeMap;

use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::render::yaml::Readable;

/// One object: `- image: …`.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Object {
    /// What a node is booted from.
    Image(Image),
    /// How large a node is.
    Flavor(Flavor),
    /// What a job asks for.
    Label(Label),
    /// What the providers of one cloud or region share.
    Section(Section),
    /// What nodes come from.
    Provider(Provider),
}

/// An `image`.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Image {
    /// Its name.
    pub name: String,
    /// Who makes it.
    #[serde(rename = "type")]
    pub kind: ImageKind,
}

/// Who makes an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageKind {
    /// It is in the cloud already.
    Cloud,
    /// A job of Zuul's builds it.
    Zuul,
}

/// A `flavor`.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Flavor {
    /// Its name.
    pub name: String,
}

/// A `label`.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Label {
    /// Its name, which jobs use.
    pub name: String,
    /// Its image.
    pub image: String,
    /// Its flavor.
    pub flavor: String,
    /// How many nodes wait for a job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_ready: Option<i64>,
    /// For how many seconds a node waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_ready_age: Option<i64>,
}

/// A `section`.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Section {
    /// Its name.
    pub name: String,
    /// The connection in zuul.conf.
    pub connection: String,
    /// What its driver knows.
    #[serde(flatten)]
    pub settings: Settings,
    /// What its labels have unless they say something else.
    #[serde(skip_serializing_if = "Settings::is_empty")]
    pub label_defaults: Settings,
    /// What its images have unless they say something else.
    #[serde(skip_serializing_if = "Settings::is_empty")]
    pub image_defaults: Settings,
    /// Images, as they are in this cloud.
    pub images: Vec<Entry>,
    /// Flavors, as they are in this cloud.
    pub flavors: Vec<Entry>,
}

/// A `provider`.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Provider {
    /// Its name.
    pub name: String,
    /// Its section.
    pub section: String,
    /// How much it may use.
    #[serde(skip_serializing_if = "Settings::is_empty")]
    pub resource_limits: Settings,
    /// What its labels have unless they say something else.
    #[serde(skip_serializing_if = "Settings::is_empty")]
    pub label_defaults: Settings,
    /// The labels that it serves.
    pub labels: Vec<Entry>,
    /// What its driver knows besides.
    #[serde(flatten)]
    pub settings: Settings,
}

/// An image, flavor or label in a section or provider.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Entry {
    /// The name of the object that this is about.
    pub name: String,
    /// What its driver knows.
    #[serde(flatten)]
    pub settings: Settings,
}

/// Options by their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings(BTreeMap<String, Value>);

impl Settings {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    pub(super) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.to_owned(), value.into());
    }

    pub(super) fn set_default(&mut self, key: &str, value: impl Into<Value>) {
        self.0.entry(key.to_owned()).or_insert_with(|| value.into());
    }

    /// Adds a value; a mapping that is there already only gets what it does not have.
    pub(super) fn add(&mut self, key: &str, value: Value) {
        match (self.0.get_mut(key), value) {
            (Some(Value::Object(before)), Value::Object(more)) => {
                more.into_iter().for_each(|(key, value)| {
                    before.entry(key).or_insert(value);
                });
            }
            (_, value) => self.set(key, value),
        }
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<Value> {
        self.0.remove(key)
    }

    /// These, with others on top.
    pub(super) fn overlaid(&self, others: &Self) -> Self {
        let mut all = self.clone();
        all.0.extend(others.0.iter().map(|(key, value)| (key.clone(), value.clone())));
        all
    }

    /// To compare them by.
    pub(super) fn key(&self) -> String {
        self.0.iter().map(|(key, value)| format!("{key:?}={value}\n")).collect()
    }
}

impl Serialize for Settings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, Readable(value))))
    }
}
