//! What a plugin says beside its answer, and why it may give none.

use std::fmt;

use serde::Serialize;

use crate::diagnostic::Severity;

/// A finding as a plugin gives it: its path is below what the plugin was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PluginFinding {
    /// How bad it is.
    pub severity: Severity,
    /// Relative to what was passed in.
    pub path: String,
    /// Stable name.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What was expected; may be empty.
    pub expected: String,
    /// What to do.
    pub cure: String,
}

/// What a code of findings means, whatever the case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CodeInfo {
    /// In UpperCamelCase.
    pub code: String,
    /// One sentence.
    pub summary: String,
}

/// Why a plugin gave no answer. The name is stable: it stands in findings, status and metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum FailureReason {
    /// No plugin serves this.
    Missing,
    /// Not a component, or a damaged one.
    NotAComponent,
    /// It exports none of the known worlds.
    WrongWorld,
    /// A known world in a version that this operator does not speak.
    WrongVersion,
    /// It imports something other than `log`.
    ForeignImport,
    /// Larger than a component may be.
    TooLarge,
    /// It could not be compiled within the limits.
    CompileFailed,
    /// The request is larger than a plugin may be given.
    InputTooLarge,
    /// It used up its instructions.
    OutOfFuel,
    /// It ran longer than its deadline.
    DeadlineExceeded,
    /// It wanted more memory than it may have.
    OutOfMemory,
    /// It wanted a larger table than it may have.
    TableTooLarge,
    /// It recursed too deeply.
    StackOverflow,
    /// It answered more than it may.
    OutputTooLarge,
    /// It panicked; the detail is its own message.
    Panicked,
    /// It trapped for another reason.
    Trapped,
    /// It placed a secret that it was not given.
    ForgedReference,
    /// Its answer breaks a rule of its world.
    BadAnswer,
    /// Too many calls were waiting already, or this one waited too long.
    Busy,
    /// It was stopped too often of late, and is not called for a while.
    Suspended,
}

impl FailureReason {
    /// Those that another try may not meet: the machine was busy.
    pub const PASSING: [Self; 4] = [Self::CompileFailed, Self::DeadlineExceeded, Self::Busy, Self::Suspended];

    /// Whether findings of this code may not stand the next time, with the same inputs.
    #[must_use]
    pub fn is_passing(code: &str) -> bool {
        Self::PASSING.iter().any(|reason| reason.code() == code)
    }

    /// The code of findings that say it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "PluginMissing",
            Self::NotAComponent => "PluginNotAComponent",
            Self::WrongWorld => "PluginWrongWorld",
            Self::WrongVersion => "PluginWrongVersion",
            Self::ForeignImport => "PluginForeignImport",
            Self::TooLarge => "PluginTooLarge",
            Self::CompileFailed => "PluginCompileFailed",
            Self::InputTooLarge => "PluginInputTooLarge",
            Self::OutOfFuel => "PluginOutOfFuel",
            Self::DeadlineExceeded => "PluginDeadlineExceeded",
            Self::OutOfMemory => "PluginOutOfMemory",
            Self::TableTooLarge => "PluginTableTooLarge",
            Self::StackOverflow => "PluginStackOverflow",
            Self::OutputTooLarge => "PluginOutputTooLarge",
            Self::Panicked => "PluginPanicked",
            Self::Trapped => "PluginTrapped",
            Self::ForgedReference => "PluginForgedReference",
            Self::BadAnswer => "PluginBadAnswer",
            Self::Busy => "PluginBusy",
            Self::Suspended => "PluginSuspended",
        }
    }
}

/// A call of a plugin that gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PluginFailure {
    /// The plugin's name.
    pub plugin: String,
    /// Why.
    pub reason: FailureReason,
    /// More about it, in one sentence, for people.
    pub detail: String,
}

impl fmt::Display for PluginFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "plugin {}: {:?}: {}", self.plugin, self.reason, self.detail)
    }
}

impl std::error::Error for PluginFailure {}
