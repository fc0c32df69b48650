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
    /// It is being deleted, and not gone yet.
    Ending {
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

/// Whether a 403 is about a right that nobody gave. A quota, a policy and a namespace that ends are the same code, and
/// no Role would help.
fn is_right(message: &str) -> bool {
    message.contains(": User \"") && message.contains("\" cannot ")
        || message.contains("cannot set blockOwnerDeletion")
}

impl Obstacle {
    /// The reason, and what exactly stands in the way.
    #[must_use]
    pub fn told(&self) -> (Reason, String) {
        match self {
            Self::Foreign { kind, name } => (reasons::FOREIGN_OBJECT, format!("{kind}/{name}")),
            Self::Ending { kind, name } => (reasons::OBJECT_ENDING, format!("{kind}/{name}")),
            Self::Lost { name } => (reasons::GENERATED_SECRET_LOST, format!("Secret/{name}")),
            Self::Refused(finding) => (
                reasons::SECRET_REFUSED,
                format!("{}/{}: {}", finding.object.kind, finding.object.name, finding.message),
            ),
            Self::Request { kind, name, code, message } => {
                let reason = match code {
                    403 if is_right(message) => reasons::FORBIDDEN,
                    400 | 403 | 404 | 409 | 413 | 415 | 422 => reasons::REFUSED,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(message: &str) -> Reason {
        let (kind, name, message) = ("Secret", "zuul-config".to_owned(), message.to_owned());
        Obstacle::Request { kind, name, code: 403, message }.told().0
    }

    #[test]
    fn only_a_right_that_lacks_is_called_so() {
        let right = "secrets \"zuul-config\" is forbidden: User \"system:serviceaccount:zuul:operator\" cannot patch \
                     resource \"secrets\" in API group \"\" in the namespace \"ci\" (403)";
        assert_eq!(refused(right), reasons::FORBIDDEN);
        let owner = "services \"zuul-web\" is forbidden: cannot set blockOwnerDeletion if an ownerReference refers to \
                     a resource you can't set finalizers on: , <nil> (403)";
        assert_eq!(refused(owner), reasons::FORBIDDEN);
        for other in [
            "secrets \"zuul-config\" is forbidden: exceeded quota: few, requested: secrets=1, used: secrets=4 (403)",
            "secrets \"zuul-config\" is forbidden: unable to create new content in namespace ci because it is being \
             terminated (403)",
            "deployments \"zuul-web\" is forbidden: ValidatingAdmissionPolicy 'a' with binding 'b' denied request: \
             web cannot run as root (403)",
        ] {
            assert_eq!(refused(other), reasons::REFUSED, "{other}");
        }
    }
}
