//! Why an object was not applied.

use crate::api::reasons::{self, Reason};
use crate::diagnostic::Finding;

/// Why an object was not applied.
#[derive(Clone, Debug, PartialEq)]
pub enum Obstacle {
    /// Another one controls it, or nobody: it is not ours to touch.
    Foreign {
        /// Its kind.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// A Secret that was made with a random value is gone.
    Lost {
        /// Its name.
        name: String,
    },
    /// Its secrets cannot be filled in.
    Refused(Finding),
    /// The API server said no, or nothing.
    Request {
        /// Its kind.
        kind: &'static str,
        /// Its name.
        name: String,
        /// The HTTP status; 0 if there was none.
        code: u16,
        /// What the API server said.
        message: String,
    },
}

impl Obstacle {
    /// The reason, and what exactly stands in the way.
    #[must_use]
    pub fn told(&self) -> (Reason, String) {
        match self {
            Self::Foreign { kind, name } => (reasons::FOREIGN_OBJECT, format!("{kind}/{name}")),
            Self::Lost { name } => (reasons::GENERATED_SECRET_LOST, format!("Secret/{name}")),
            Self::Refused(finding) => (
                reasons::SECRET_REFUSED,
                format!("{}/{}: {}", finding.object.kind, finding.object.name, finding.message),
            ),
            Self::Request { kind, name, code, message } => {
                let reason = match code {
                    403 => reasons::FORBIDDEN,
                    400 | 404 | 409 | 413 | 415 | 422 => reasons::REFUSED,
                    _ => reasons::REQUEST_FAILED,
                };
                (reason, format!("{kind}/{name}: {message}"))
            }
        }
    }

    /// Whether the API server has trouble, whatever is asked of it: the next request would fare no better.
    #[must_use]
    pub fn is_trouble(&self) -> bool {
        matches!(self, Self::Request { code, .. } if matches!(code, 0 | 429 | 500..))
    }

    /// Whether it may go away by itself, without any object of ours or of the user's changing.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Request { .. })
    }
}
