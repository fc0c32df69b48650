//! References to Secrets and ConfigMaps.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A key of a Secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecretKey {
    /// The Secret's name.
    pub secret_name: String,
    /// The key in it; its default is said where it is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// Where a configuration file comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ConfigSource {
    /// The name of a ConfigMap.
    Name(String),
    /// A ConfigMap, with the key of the file in it.
    ConfigMap(ConfigMapKey),
    /// A Secret, with the key of the file in it.
    Secret(SecretKey),
}

/// A key of a ConfigMap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConfigMapKey {
    /// The ConfigMap's name.
    pub config_map_name: String,
    /// The key in it; its default is said where it is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl ConfigSource {
    /// The ConfigMap's name, if it is one.
    #[must_use]
    pub fn config_map(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::ConfigMap(source) => Some(&source.config_map_name),
            Self::Secret(_) => None,
        }
    }

    /// The Secret's name, if it is one.
    #[must_use]
    pub fn secret(&self) -> Option<&str> {
        match self {
            Self::Secret(source) => Some(&source.secret_name),
            Self::Name(_) | Self::ConfigMap(_) => None,
        }
    }

    /// The key of the file.
    #[must_use]
    pub fn key<'a>(&'a self, default: &'a str) -> &'a str {
        let key = match self {
            Self::Name(_) => None,
            Self::ConfigMap(source) => source.key.as_deref(),
            Self::Secret(source) => source.key.as_deref(),
        };
        key.unwrap_or(default)
    }
}

/// Text or an object: a structural schema cannot say "one of", so the operator checks it.
pub fn schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"x-kubernetes-preserve-unknown-fields": true})
}
