//! The types that all worlds share.

use std::collections::BTreeMap;

use super::bindings::shared::zuul_operator::plugin::types as wit;
use crate::contract::{
    CodeInfo, Entry, FailureReason, Kind, Line, OptionInfo, PluginFinding, Readers, Setting,
};
use crate::diagnostic::Severity;
use crate::names::Component;
use crate::plugin::component::Refusal;
use crate::secret::{SecretRef, Segment, Value};

/// The secrets of one call, numbered from zero in the order in which the request names them.
/// A plugin sees the numbers alone: neither names of Secrets, nor bytes.
#[derive(Default)]
pub(super) struct Handles<'a> {
    secrets: Vec<&'a SecretRef>,
    numbers: BTreeMap<&'a SecretRef, u32>,
}

impl<'a> Handles<'a> {
    /// The number of `secret`; the same secret has one number.
    pub(super) fn number(&mut self, secret: &'a SecretRef) -> u32 {
        if let Some(number) = self.numbers.get(secret) {
            return *number;
        }
        // The input limit keeps requests far below 2^32 secrets.
        let number = u32::try_from(self.secrets.len()).unwrap_or(u32::MAX);
        self.secrets.push(secret);
        self.numbers.insert(secret, number);
        number
    }

    /// The secret with this number.
    ///
    /// # Errors
    /// [`FailureReason::ForgedReference`]: the plugin was not given this number.
    pub(super) fn secret(&self, number: u32) -> Result<SecretRef, Refusal> {
        let found = usize::try_from(number).ok().and_then(|index| self.secrets.get(index));
        found.map(|secret| (*secret).clone()).ok_or_else(|| {
            let given = self.secrets.len();
            (
                FailureReason::ForgedReference,
                format!("it placed secret number {number}, but was given {given} secrets"),
            )
        })
    }

    pub(super) fn entry(&mut self, entry: &'a Entry) -> wit::Entry {
        let setting = match &entry.setting {
            Setting::Text(text) => wit::Setting::Text(text.clone()),
            Setting::Integer(number) => wit::Setting::Integer(*number),
            Setting::Number(number) => wit::Setting::Number(*number),
            Setting::Boolean(value) => wit::Setting::Boolean(*value),
            Setting::Secret(secret) => wit::Setting::Secret(self.number(secret)),
        };
        wit::Entry { name: entry.name.clone(), setting, extra: Vec::new() }
    }

    pub(super) fn line(&mut self, line: &'a Line) -> wit::Line {
        let value = line.value.0.iter().map(|segment| match segment {
            Segment::Text(text) => wit::Segment::Text(text.clone()),
            Segment::Secret(secret) => wit::Segment::Secret(self.number(secret)),
        });
        wit::Line {
            key: line.key.clone(),
            value: value.collect(),
            readers: components(&line.readers),
            extra: Vec::new(),
        }
    }

    pub(super) fn value(&self, value: Vec<wit::Segment>) -> Result<Value, Refusal> {
        let segments = value.into_iter().map(|segment| match segment {
            wit::Segment::Text(text) => Ok(Segment::Text(text)),
            wit::Segment::Secret(number) => self.secret(number).map(Segment::Secret),
        });
        segments.collect::<Result<_, _>>().map(Value)
    }

    pub(super) fn lines(&self, lines: Vec<wit::Line>) -> Result<Vec<Line>, Refusal> {
        let lines = lines.into_iter().map(|wit::Line { key, value, readers, extra: _ }| {
            Ok(Line { key, value: self.value(value)?, readers: self::readers(readers) })
        });
        lines.collect()
    }
}

const COMPONENTS: [(Component, wit::Components); 6] = [
    (Component::Scheduler, wit::Components::SCHEDULER),
    (Component::Web, wit::Components::WEB),
    (Component::Executor, wit::Components::EXECUTOR),
    (Component::Merger, wit::Components::MERGER),
    (Component::Fingergw, wit::Components::FINGERGW),
    (Component::Launcher, wit::Components::LAUNCHER),
];

/// Components that read no zuul.conf are none of a plugin's business and are left out.
pub(super) fn components(readers: &Readers) -> wit::Components {
    COMPONENTS
        .iter()
        .filter(|(component, _)| readers.contains(component))
        .fold(wit::Components::empty(), |flags, (_, flag)| flags | *flag)
}

pub(super) fn readers(flags: wit::Components) -> Readers {
    COMPONENTS.iter().filter(|(_, flag)| flags.contains(*flag)).map(|(component, _)| *component).collect()
}

pub(super) fn options(options: Vec<wit::OptionInfo>) -> Vec<OptionInfo> {
    options.into_iter().map(option).collect()
}

fn option(info: wit::OptionInfo) -> OptionInfo {
    let wit::OptionInfo {
        name,
        kind,
        choices,
        default,
        required,
        required_when,
        deprecated,
        minimum,
        maximum,
        readers,
        summary,
        extra: _,
    } = info;
    let kind = match kind {
        wit::Kind::Text => Kind::Text,
        wit::Kind::Integer => Kind::Integer,
        wit::Kind::Number => Kind::Number,
        wit::Kind::Boolean => Kind::Boolean,
        wit::Kind::OneOf => Kind::OneOf,
        wit::Kind::Path => Kind::Path,
        wit::Kind::Secret => Kind::Secret,
        wit::Kind::SecretFile => Kind::SecretFile,
        wit::Kind::SecretUri => Kind::SecretUri,
    };
    let readers = self::readers(readers);
    OptionInfo {
        name,
        kind,
        choices,
        default,
        required,
        required_when,
        deprecated,
        minimum,
        maximum,
        readers,
        summary,
    }
}

pub(super) fn codes(codes: Vec<wit::CodeInfo>) -> Vec<CodeInfo> {
    codes.into_iter().map(|wit::CodeInfo { code, summary, extra: _ }| CodeInfo { code, summary }).collect()
}

pub(super) fn findings(findings: Vec<wit::Finding>) -> Vec<PluginFinding> {
    let convert = |wit::Finding { severity, path, code, message, expected, cure, extra: _ }| {
        let severity = match severity {
            wit::Severity::Error => Severity::Error,
            wit::Severity::Warning => Severity::Warning,
            wit::Severity::Note => Severity::Note,
        };
        PluginFinding { severity, path, code, message, expected, cure }
    };
    findings.into_iter().map(convert).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_component_with_a_zuul_conf_goes_there_and_back() {
        let all: Readers = Component::WITH_ZUUL_CONF.into_iter().collect();
        assert_eq!(readers(components(&all)), all);
        assert_eq!(components(&Readers::from([Component::NodepoolLauncher])), wit::Components::empty());
    }

    #[test]
    fn the_same_secret_has_one_number_and_others_are_forged() {
        let (a, b) = (SecretRef::new("s", "a"), SecretRef::new("s", "b"));
        let mut handles = Handles::default();
        assert_eq!([handles.number(&a), handles.number(&b), handles.number(&a)], [0, 1, 0]);
        assert_eq!(handles.secret(1), Ok(b.clone()));
        assert_eq!(handles.secret(2).map_err(|(reason, _)| reason), Err(FailureReason::ForgedReference));
    }
}
