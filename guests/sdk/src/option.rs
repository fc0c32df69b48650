//! A builder for [`OptionInfo`].

use crate::{Components, Kind, OptionInfo};

/// An option that may be absent: its name in zuul.conf, what it holds, who reads it, one sentence.
#[must_use]
pub fn option(name: &str, kind: Kind, readers: Components, summary: &str) -> OptionInfo {
    OptionInfo {
        name: name.to_owned(),
        kind,
        choices: Vec::new(),
        default: None,
        required: false,
        required_when: None,
        deprecated: None,
        minimum: None,
        maximum: None,
        readers,
        summary: summary.to_owned(),
        extra: Vec::new(),
    }
}

impl OptionInfo {
    /// Zuul cannot use the section without it.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// A sentence that says when it is required. The plugin itself makes the finding.
    #[must_use]
    pub fn required_when(mut self, sentence: &str) -> Self {
        self.required_when = Some(sentence.to_owned());
        self
    }

    /// What Zuul takes without it. A boolean that equals its default is left out of zuul.conf:
    /// several drivers read their own default wrongly.
    #[must_use]
    pub fn default(mut self, value: &str) -> Self {
        self.default = Some(value.to_owned());
        self
    }

    /// All values that it may have; for [`Kind::OneOf`].
    #[must_use]
    pub fn choices(mut self, choices: &[&str]) -> Self {
        self.choices = choices.iter().map(|&choice| choice.to_owned()).collect();
        self
    }

    /// A sentence: what replaces it.
    #[must_use]
    pub fn deprecated(mut self, sentence: &str) -> Self {
        self.deprecated = Some(sentence.to_owned());
        self
    }

    /// The smallest and the largest value that Zuul takes, for integers and numbers.
    #[must_use]
    pub fn range(mut self, minimum: f64, maximum: f64) -> Self {
        self.minimum = Some(minimum);
        self.maximum = Some(maximum);
        self
    }
}
