//! A plugin that gave no answer, as a finding.

use crate::contract::{FailureReason, PluginFailure};
use crate::diagnostic::{FieldPath, Finding};

/// The call for the field at `path` failed. Where a limit was met the failure names it.
pub fn failed(failure: &PluginFailure, path: FieldPath) -> Finding {
    use FailureReason as Reason;
    let cure = match failure.reason {
        Reason::Missing => "add a plugin that serves it",
        Reason::Busy => "try again; if it stays so, raise the limit that is named",
        Reason::Suspended => {
            "change what stands here or is named here, or use another version of the plugin; else it is tried \
             again after ten minutes"
        }
        Reason::InputTooLarge => {
            "make smaller what stands here or is named here, or raise the limit that is named"
        }
        Reason::OutOfFuel
        | Reason::DeadlineExceeded
        | Reason::OutOfMemory
        | Reason::TableTooLarge
        | Reason::StackOverflow
        | Reason::OutputTooLarge => {
            "if much stands here or is named here, make it smaller, or raise the limit that is named; else use \
             another version of the plugin"
        }
        Reason::NotAComponent
        | Reason::WrongWorld
        | Reason::WrongVersion
        | Reason::ForeignImport
        | Reason::TooLarge
        | Reason::CompileFailed
        | Reason::Panicked
        | Reason::Trapped
        | Reason::ForgedReference
        | Reason::BadAnswer => "use another version of the plugin; nothing is changed until it answers",
    };
    Finding::error(failure.reason.code(), path, format!("plugin {}: {}", failure.plugin, failure.detail))
        .cure(cure)
}
