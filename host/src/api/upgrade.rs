//! Which versions of Zuul may follow which.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which version may follow the one that runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum UpgradePolicy {
    /// A newer one, without leaving out a major version: what Zuul supports while it runs.
    #[default]
    Stepwise,
    /// Any: for who has stopped Zuul and deleted its state, as a skipped version or a downgrade wants it.
    Any,
}
