//! The rules of the schema in CEL, each with a message that says what to do. The API server enforces
//! them, and the offline tools run the same ones.

use kube::core::Rule;

/// Nodepool's launchers are counted by the shards.
pub fn nodepool_has_no_count() -> Rule {
    Rule::new("!has(self.count) || self.type != 'nodepool'").message(
        "count is not for Nodepool's launcher, which has one pod a shard: remove it, or set type to zuul-launcher or both",
    )
}

/// Names of connections stand in URLs and paths.
pub fn short_connection_names() -> Rule {
    Rule::new("!has(self.connections) || self.connections.all(name, size(name) <= 63)")
        .message("a connection's name stands in URLs and paths: use at most 63 characters")
}

/// Zuul makes every `ZUUL_` variable a key of every section of its configuration.
pub fn no_zuul_variables() -> Rule {
    Rule::new("!has(self.env) || self.env.all(variable, !variable.name.startsWith('ZUUL_'))").message(
        "Zuul copies variables that start with ZUUL_ into every section of its configuration: use the option itself",
    )
}
