//! The one door: what the operator, the command line and every golden test come through.

use crate::desired::object::Object;
use crate::diagnostic::Finding;
use crate::inputs::Inputs;
use crate::render::contract::{PluginInfo, Plugins};
use crate::secret::SecretRef;

/// What should be, for one Zuul.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The objects that should exist, in the order in which they are applied.
    pub objects: Vec<Object>,
    /// What is to be done besides.
    pub actions: Vec<Action>,
    /// All that is to be said about it.
    pub findings: Vec<Finding>,
    /// The plugins that took part.
    pub plugins: Vec<PluginInfo>,
}

/// Something to be done that is no desired object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Make a Secret with a random value if it is not there; never change it.
    CreateOnce {
        /// The Secret and the key that get the value.
        secret: SecretRef,
        /// How many random bytes it is made of; written in hex.
        bytes: usize,
    },
}

impl Plan {
    /// Whether nothing of it may be applied.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == crate::diagnostic::Severity::Error)
    }
}

/// Decides what should be. Pure: the same inputs and plugins give the same plan.
#[must_use]
pub fn plan(_inputs: &Inputs, _plugins: &dyn Plugins) -> Plan {
    Plan::default()
}
