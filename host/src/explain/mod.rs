//! What may be written, and what is said of it: from the plugins' own descriptions, the schema of the Zuul
//! object, and the table of findings. Pure; `zuul-operator explain` and `docs/reference` show it.

mod codes;
mod fields;
mod json_schema;
mod options;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::contract::{PluginFailure, Plugins};
use crate::diagnostic::did_you_mean;

pub use json_schema::json_schema;

/// What a topic is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Topics that belong together.
    Group,
    /// A field of the Zuul object.
    Field,
    /// A connection driver.
    Driver,
    /// A section of zuul.conf.
    Section,
    /// An option of a driver or of a section.
    Option,
    /// A code of findings.
    Finding,
}

/// One thing that can be explained, with what it consists of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Topic {
    /// One step of its path.
    pub name: String,
    /// What it is about.
    pub kind: Kind,
    /// One sentence, or several.
    pub summary: String,
    /// What else is known: `type`, `default`, `required`, `readBy` … Names are stable.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<&'static str, String>,
    /// What it consists of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<Topic>,
}

impl Topic {
    fn new(name: &str, kind: Kind, summary: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            summary: summary.to_owned(),
            facts: BTreeMap::new(),
            topics: Vec::new(),
        }
    }

    fn fact(&mut self, name: &'static str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.facts.insert(name, value);
        }
    }

    /// The topic at a path such as `drivers.gerrit.sshkey`; this one for the empty path.
    ///
    /// # Errors
    /// There is none; the path that was probably meant, if any.
    pub fn find(&self, path: &str) -> Result<&Self, Option<String>> {
        let mut topic = self;
        let mut seen: Vec<&str> = Vec::new();
        for step in path.split('.').filter(|step| !step.is_empty()) {
            let Some(next) = topic.topics.iter().find(|topic| topic.name == step) else {
                // Somebody who reads a manifest leaves `spec` out.
                let below = format!("spec.{path}");
                if seen.is_empty() && step != "spec" && self.find(&below).is_ok() {
                    return Err(Some(below));
                }
                let near = did_you_mean(step, topic.topics.iter().map(|topic| topic.name.as_str()));
                let here = near.map(|near| seen.iter().copied().chain([near]).collect::<Vec<_>>().join("."));
                return Err(here.or_else(|| self.anywhere(step)));
            };
            seen.push(&next.name);
            topic = next;
        }
        Ok(topic)
    }

    /// The path of the topic with this name that is nearest to the root.
    fn anywhere(&self, name: &str) -> Option<String> {
        let paths = self.search(name).into_iter().map(|(path, _)| path);
        paths
            .filter(|path| path.rsplit('.').next() == Some(name))
            .min_by_key(|path| path.matches('.').count())
    }

    /// All topics below this one whose name or summary has this text, with their paths below it, in order. Upper
    /// and lower case are the same.
    #[must_use]
    pub fn search(&self, text: &str) -> Vec<(String, &Self)> {
        let text = text.to_lowercase();
        let mut found = Vec::new();
        self.collect("", &mut |path, topic| {
            if topic.name.to_lowercase().contains(&text) || topic.summary.to_lowercase().contains(&text) {
                found.push((path.to_owned(), topic));
            }
        });
        found
    }

    fn collect<'a>(&'a self, path: &str, visit: &mut dyn FnMut(&str, &'a Self)) {
        for topic in &self.topics {
            let path = if path.is_empty() { topic.name.clone() } else { format!("{path}.{}", topic.name) };
            visit(&path, topic);
            topic.collect(&path, visit);
        }
    }
}

/// Everything that can be explained: `spec`, `status`, `drivers`, `sections`, `findings`.
///
/// # Errors
/// A plugin does not describe itself.
pub fn explain(plugins: &dyn Plugins) -> Result<Topic, PluginFailure> {
    let sections = options::sections(plugins)?;
    let mut root = Topic::new("", Kind::Group, "What a Zuul object may hold, and what is said of it.");
    root.topics = vec![
        fields::spec(&sections),
        fields::status(),
        options::drivers(plugins)?,
        sections,
        codes::findings(plugins)?,
    ];
    Ok(root)
}
