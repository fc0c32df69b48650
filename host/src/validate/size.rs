//! How large a Zuul may be.

use serde_json::Value;

use crate::diagnostic::{FieldPath, Finding};

/// So many values a Zuul may hold: more than 500 connections with every option have. Each is copied by those who
/// check it, so that one absurd object would take the memory of all others.
pub const MOST_VALUES: usize = 15_000;

/// A finding if the object holds more.
pub fn check(zuul: &Value) -> Option<Finding> {
    let mut left = MOST_VALUES;
    fits(&zuul["spec"], &mut left).is_none().then(|| {
        Finding::error("TooLarge", FieldPath::spec(), "the object holds too much to be looked at".to_owned())
            .expected(format!("at most {MOST_VALUES} values in a Zuul"))
            .cure("make it smaller: share it out among several Zuuls")
    })
}

/// Takes what a value holds, itself included, from what is left.
fn fits(value: &Value, left: &mut usize) -> Option<()> {
    *left = left.checked_sub(1)?;
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| fits(item, left)),
        Value::Object(fields) => fields.values().try_for_each(|field| fits(field, left)),
        _ => Some(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_limit_is_the_last_that_passes() {
        let of = |values: usize| json!({"spec": {"a": vec![1; values - 2]}});
        assert_eq!(check(&of(MOST_VALUES)), None);
        assert!(check(&of(MOST_VALUES + 1)).is_some());
    }
}
