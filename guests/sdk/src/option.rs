//! Options as constants: a table that costs a call nothing.

use crate::{Components, Kind, OptionInfo};

/// One option of a driver or a section; [`option`] begins one.
#[derive(Clone, Copy, Debug)]
pub struct OptionRow {
    /// As in zuul.conf.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Who is given it.
    pub readers: Components,
    /// One sentence.
    pub summary: &'static str,
    /// What Zuul takes without it.
    pub default: Option<&'static str>,
    /// All values that it may have.
    pub choices: &'static [&'static str],
    required: bool,
    required_when: Option<&'static str>,
    deprecated: Option<&'static str>,
    minimum: Option<f64>,
    maximum: Option<f64>,
}

/// An option that may be absent: its name in zuul.conf, what it holds, who reads it, one sentence.
#[must_use]
pub const fn option(name: &'static str, kind: Kind, readers: Components, summary: &'static str) -> OptionRow {
    OptionRow {
        name,
        kind,
        readers,
        summary,
        default: None,
        choices: &[],
        required: false,
        required_when: None,
        deprecated: None,
        minimum: None,
        maximum: None,
    }
}

impl OptionRow {
    /// Zuul cannot use the section without it.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// A sentence that says when it is required. The plugin itself makes the finding.
    #[must_use]
    pub const fn required_when(mut self, sentence: &'static str) -> Self {
        self.required_when = Some(sentence);
        self
    }

    /// What Zuul takes without it. A boolean that equals its default is left out of zuul.conf:
    /// several drivers read their own default wrongly.
    #[must_use]
    pub const fn default(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }

    /// All values that it may have; for [`Kind::OneOf`].
    #[must_use]
    pub const fn choices(mut self, choices: &'static [&'static str]) -> Self {
        self.choices = choices;
        self
    }

    /// A sentence: what replaces it.
    #[must_use]
    pub const fn deprecated(mut self, sentence: &'static str) -> Self {
        self.deprecated = Some(sentence);
        self
    }

    /// The smallest and the largest value that Zuul takes, for integers and numbers.
    #[must_use]
    pub const fn range(self, minimum: f64, maximum: f64) -> Self {
        self.at_least(minimum).at_most(maximum)
    }

    /// The smallest value that Zuul takes, for integers and numbers.
    #[must_use]
    pub const fn at_least(mut self, minimum: f64) -> Self {
        self.minimum = Some(minimum);
        self
    }

    /// The largest value that Zuul takes, for integers and numbers.
    #[must_use]
    pub const fn at_most(mut self, maximum: f64) -> Self {
        self.maximum = Some(maximum);
        self
    }

    /// As the host is told.
    #[must_use]
    pub fn info(&self) -> OptionInfo {
        OptionInfo {
            name: self.name.to_owned(),
            kind: self.kind,
            choices: owned(self.choices),
            default: self.default.map(str::to_owned),
            required: self.required,
            required_when: self.required_when.map(str::to_owned),
            deprecated: self.deprecated.map(str::to_owned),
            minimum: self.minimum,
            maximum: self.maximum,
            readers: self.readers,
            summary: self.summary.to_owned(),
            extra: Vec::new(),
        }
    }
}

pub(crate) fn infos<'a>(options: impl IntoIterator<Item = &'a OptionRow>) -> Vec<OptionInfo> {
    options.into_iter().map(OptionRow::info).collect()
}

pub(crate) fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}
