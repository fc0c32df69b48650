//! Why a plugin does not serve.

use crate::contract::FailureReason;

/// Why a plugin does not serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The ConfigMap is not as it must be; the sentence says in what.
    Form(String),
    /// The component has another digest than the annotation says.
    Digest(String),
    /// Several ConfigMaps of the namespace claim the name: these.
    Claimed(Vec<String>),
    /// It cannot be used.
    Refused(FailureReason, String),
    /// It is good, and does not serve these, which the one in its place serves.
    Lacks(Vec<String>),
    /// It is being compiled.
    Compiling,
    /// It is good, and the copy of it could not be written.
    NotKept(String),
    /// The ConfigMap is gone, and what it wanted serves on.
    Deleted,
}

impl Why {
    /// The code of the finding that says it; nothing for what passes by itself.
    #[must_use]
    pub const fn code(&self) -> Option<&'static str> {
        Some(match self {
            Self::Form(_) => "PluginForm",
            Self::Digest(_) => "PluginDigest",
            Self::Claimed(_) => "PluginClaimed",
            Self::Refused(..) => "PluginRefused",
            Self::Lacks(_) => "PluginServesLess",
            Self::Compiling => return None,
            Self::NotKept(_) => "PluginNotKept",
            Self::Deleted => "PluginWithdrawn",
        })
    }

    /// One sentence.
    #[must_use]
    pub fn told(&self) -> String {
        match self {
            Self::Form(what) => what.clone(),
            Self::Digest(found) => format!("its sha256 is {found}, and the annotation says another"),
            Self::Claimed(names) => format!("the ConfigMaps {} claim this name", names.join(" and ")),
            Self::Refused(reason, detail) => format!("{reason:?}: {detail}"),
            Self::Lacks(what) => {
                format!("it does not serve {}, as the one in its place does", what.join(" and "))
            }
            Self::Compiling => "it is being compiled".to_owned(),
            Self::NotKept(message) => format!("the copy that would be kept cannot be written: {message}"),
            Self::Deleted => "its ConfigMap was deleted".to_owned(),
        }
    }

    /// What to do.
    #[must_use]
    pub const fn cure(&self) -> &'static str {
        match self {
            Self::Form(_) | Self::Digest(_) => "make the ConfigMap anew with `zuul-operator plugin pack`",
            Self::Claimed(_) => "delete all of them but one, or give them different names in the label",
            Self::Refused(..) => "build it again with the operator's SDK, or delete its ConfigMap",
            Self::Lacks(_) => {
                "apply one that serves the same; if it is meant so, remove the old one first, as \
                 docs/operate/plugins.md says"
            }
            Self::Compiling => "",
            Self::NotKept(_) => "let the operator create ConfigMaps in this namespace",
            Self::Deleted => {
                "if it is to go, delete the accepted copy, too; docs/operate/plugins.md says how"
            }
        }
    }

    /// Whether the same bytes may be found good later.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        use FailureReason as Reason;
        matches!(self, Self::Refused(Reason::CompileFailed | Reason::DeadlineExceeded | Reason::Busy, _))
    }
}
