//! The sections that a config renderer knows, and those that it is given.

use crate::option::infos;
use crate::renderer::{Section, SectionInfo};
use crate::{Components, OptionRow, Setting, value};

/// One section of zuul.conf, as a constant; [`section`] begins one.
#[derive(Clone, Copy, Debug)]
pub struct SectionRow {
    /// The header's first word.
    pub name: &'static str,
    /// Whether a name follows it: `[auth keycloak]`.
    pub named: bool,
    /// Its options.
    pub options: &'static [OptionRow],
    open: bool,
    summary: &'static str,
}

/// A section that is there once: the word in its header, one sentence, its options.
#[must_use]
pub const fn section(name: &'static str, summary: &'static str, options: &'static [OptionRow]) -> SectionRow {
    SectionRow { name, named: false, options, open: false, summary }
}

impl SectionRow {
    /// There may be several, each with a name.
    #[must_use]
    pub const fn named(mut self) -> Self {
        self.named = true;
        self
    }

    /// Takes options that are not described as well.
    #[must_use]
    pub const fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// Those that read anything of the section.
    #[must_use]
    pub fn readers(&self) -> Components {
        self.options.iter().fold(Components::empty(), |all, option| all | option.readers)
    }

    /// As the host is told.
    #[must_use]
    pub fn info(&self) -> SectionInfo {
        SectionInfo {
            name: self.name.to_owned(),
            named: self.named,
            open: self.open,
            options: infos(self.options),
            summary: self.summary.to_owned(),
            extra: Vec::new(),
        }
    }
}

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
