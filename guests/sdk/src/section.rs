//! Reading the sections that a config renderer is given.

use crate::renderer::Section;
use crate::{Setting, value};

impl Section {
    /// The header without brackets: `web`, or `auth keycloak`.
    #[must_use]
    pub fn header(&self) -> String {
        match &self.instance {
            Some(instance) => format!("{} {instance}", self.name),
            None => self.name.clone(),
        }
    }

    /// The path of one of its options in findings.
    #[must_use]
    pub fn path(&self, option: &str) -> String {
        format!("{}.{option}", self.header())
    }

    /// What was written for an option.
    #[must_use]
    pub fn get(&self, option: &str) -> Option<&Setting> {
        self.entries.iter().find(|entry| entry.name == option).map(|entry| &entry.setting)
    }

    /// Whether more than an empty text was written, which counts as absent.
    #[must_use]
    pub fn is_set(&self, option: &str) -> bool {
        self.get(option).is_some_and(value::is_set)
    }

    /// The option's text; `None` where it is absent or not text.
    #[must_use]
    pub fn text(&self, option: &str) -> Option<&str> {
        match self.get(option) {
            Some(Setting::Text(text)) => Some(text),
            _ => None,
        }
    }
}
