//! Everything that was gathered for one Zuul, before [`crate::plan::plan`] looks at it.

use std::collections::{BTreeMap, BTreeSet};

use crate::secret::SecretRef;

/// What is known when the plan is made. Holds no secret bytes.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The Zuul object as it was written, `apiVersion` to `spec`.
    pub zuul: serde_json::Value,
    /// The Secrets that exist, of those that the Zuul refers to.
    pub secrets: BTreeMap<String, SecretFacts>,
    /// The ConfigMaps that exist, of those that the Zuul refers to.
    pub config_maps: BTreeMap<String, ConfigMapFacts>,
    /// YAML documents inside of Secrets that a plugin has to cut: structure without secrets, see
    /// [`crate::mask`].
    pub masked: BTreeMap<SecretRef, String>,
    /// Whether everything that exists was looked at. Offline it is not: a Secret that is not
    /// among the given files may well be in the cluster.
    pub complete: bool,
}

/// What may be known of a Secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretFacts {
    /// Changes whenever its content does; says nothing about the content.
    pub version: String,
    /// The keys of its data.
    pub keys: BTreeSet<String>,
}

/// A ConfigMap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigMapFacts {
    /// Changes whenever its content does.
    pub version: String,
    /// `data`.
    pub data: BTreeMap<String, String>,
    /// The keys of `binaryData`.
    pub binary_keys: BTreeSet<String>,
}
