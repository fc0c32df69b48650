//! Options of zuul.conf as they stand in the object.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// Options by their names in zuul.conf. Each value is text, a number, `true` or `false`, or
/// `{secretName: …, key: …}`; what else stands there is a finding, not an error of decoding.
pub type Options = BTreeMap<String, serde_json::Value>;

/// A connection, or an authenticator: options beside a driver.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("x-kubernetes-preserve-unknown-fields" = true))]
pub struct Connection {
    /// Zuul's driver: `gerrit`, `github`, `git`, `smtp` … for a connection, `HS256`, `RS256`,
    /// `OpenIDConnect` … for an authenticator.
    #[schemars(length(min = 1))]
    pub driver: String,

    /// A Secret of which every key is an option, unless the option stands here itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_name: Option<String>,

    /// Options that are written into zuul.conf although the driver does not know them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "self::schema")]
    pub unchecked: Options,

    /// All other options. Any may be `{secretName: …, key: …}`, `key` defaulting to the option's name.
    #[serde(flatten)]
    #[schemars(skip)]
    pub options: Options,
}

/// The schema of [`Options`].
pub fn schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "object", "x-kubernetes-preserve-unknown-fields": true})
}

/// The schema of [`Options`] by name.
pub fn map_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "additionalProperties": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}
    })
}
