//! A plugin that gave no answer, as a finding.

use crate::contract::{FailureReason, PluginFailure};
use crate::diagnostic::{FieldPath, Finding};

/// The reasons that may be the input's as well as the plugin's, each with the limit of which more could be
/// allowed.
const LIMITS: [(FailureReason, &str); 5] = [
    (FailureReason::InputTooLarge, "input-bytes"),
    (FailureReason::OutOfFuel, "fuel-render"),
    (FailureReason::DeadlineExceeded, "deadline-millis"),
    (FailureReason::OutOfMemory, "memory-bytes"),
    (FailureReason::OutputTooLarge, "output-bytes"),
];

/// The call for the field at `path` failed.
pub fn failed(failure: &PluginFailure, path: FieldPath) -> Finding {
    let limit = LIMITS.iter().find(|(reason, _)| *reason == failure.reason).map(|(_, limit)| limit);
    let cure = match (failure.reason, limit) {
        (FailureReason::InputTooLarge, Some(limit)) => {
            format!("make smaller what stands here or is named here, or allow more: --limit {limit}=VALUE")
        }
        (_, Some(limit)) => format!(
            "if much stands here or is named here, make it smaller, or allow more: --limit {limit}=VALUE; \
             else use another version of the plugin"
        ),
        (_, None) => "use another version of the plugin; nothing is changed until it answers".to_owned(),
    };
    let code = format!("Plugin{:?}", failure.reason);
    Finding::error(&code, path, format!("plugin {}: {}", failure.plugin, failure.detail)).cure(cure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plugin::Limit;

    #[test]
    fn the_limits_are_there() {
        for (_, name) in LIMITS {
            assert!(name.parse::<Limit>().is_ok(), "{name}");
        }
    }
}
