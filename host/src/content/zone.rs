//! Executors of a zone take jobs of nodes in this zone alone: with no such nodes, and for jobs without nodes, nobody
//! does the work (`zuul/executor/server.py`, `allow_unzoned`).

use serde_json::Value;

use super::text::list;
use crate::diagnostic::{FieldPath, Finding};

/// A warning if no pool gives its nodes the zone.
pub(super) fn check(nodepool_yaml: &Value, zone: &str, path: &FieldPath) -> Option<Finding> {
    let pools = list(&nodepool_yaml["providers"]).flat_map(|provider| list(&provider["pools"]));
    let mut zones = pools.map(|pool| &pool["node-attributes"]["executor-zone"]);
    if !nodepool_yaml.is_object() || zones.any(|found| found == zone) {
        return None;
    }
    let message = format!("no pool has nodes in the zone {zone:?}, and the executors take jobs of no others");
    Some(
        Finding::warning("ZoneWithoutNodes", path.key("providers"), message)
            .expected("`node-attributes: {executor-zone: …}` in the pools of the zone")
            .cure("add it to a pool; or set executor.allow_unzoned to true; or remove executor.zone"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_zone_has_nodes() {
        let file = |pool: Value| json!({"providers": [{"name": "a", "pools": [{"name": "b"}, pool]}]});
        let said = |file: &Value| check(file, "eu", &FieldPath::root()).is_some();
        assert!(said(&file(json!({"name": "c"}))) && said(&json!({})));
        assert!(said(&file(json!({"node-attributes": {"executor-zone": "us"}}))));
        assert!(!said(&file(json!({"node-attributes": {"executor-zone": "eu"}}))));
        assert!(!said(&Value::Null), "what is no YAML is told elsewhere");
    }
}
