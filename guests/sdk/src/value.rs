//! How a setting stands in zuul.conf.

use crate::{Kind, Segment, Setting, Value};

/// The value of an option of this kind, or nothing where the line must be left out:
///
/// - an empty text: Zuul takes it for a value, and `port=` stops a service;
/// - a boolean that is none (`maybe`): the host reports it, and some drivers would read it as true.
///
/// A boolean, however the user wrote it, becomes exactly `true` or `false`: each driver of Zuul has
/// its own rule for `yes`, `1` or `TRUE`.
#[must_use]
pub fn value(setting: &Setting, kind: Kind) -> Option<Value> {
    let text = match setting {
        Setting::Secret(handle) => return Some(vec![Segment::Secret(*handle)]),
        setting if kind == Kind::Boolean => truth(setting)?.to_string(),
        Setting::Text(text) => text.clone(),
        Setting::Integer(number) => number.to_string(),
        Setting::Number(number) => number.to_string(),
        Setting::Boolean(value) => value.to_string(),
    };
    (!text.is_empty()).then(|| vec![Segment::Text(text)])
}

/// What a setting says as a boolean, by the rule of Python's `getboolean`; `None` where it is none.
#[must_use]
pub fn truth(setting: &Setting) -> Option<bool> {
    match setting {
        Setting::Boolean(value) => Some(*value),
        Setting::Integer(0) => Some(false),
        Setting::Integer(1) => Some(true),
        Setting::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
            "1" | "yes" | "true" | "on" => Some(true),
            "0" | "no" | "false" | "off" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Whether it is more than an empty text.
pub(crate) fn is_set(setting: &Setting) -> bool {
    !matches!(setting, Setting::Text(text) if text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::text;

    #[test]
    fn booleans_are_written_one_way() {
        for (setting, written) in [
            (text("yes"), Some("true")),
            (text(" TRUE "), Some("true")),
            (Setting::Integer(1), Some("true")),
            (text("Off"), Some("false")),
            (Setting::Boolean(false), Some("false")),
            (text("maybe"), None),
            (text(""), None),
            (Setting::Integer(2), None),
        ] {
            let expected = written.map(|text| vec![Segment::Text(text.to_owned())]);
            assert_eq!(value(&setting, Kind::Boolean), expected, "{setting:?}");
        }
    }

    #[test]
    fn other_kinds_are_written_as_they_are_and_empty_ones_not_at_all() {
        assert_eq!(value(&text("yes"), Kind::Text), Some(vec![Segment::Text("yes".to_owned())]));
        assert_eq!(value(&text(""), Kind::Text), None);
        assert_eq!(value(&Setting::Number(2.5), Kind::Number), Some(vec![Segment::Text("2.5".to_owned())]));
        assert_eq!(value(&Setting::Secret(3), Kind::Secret), Some(vec![Segment::Secret(3)]));
    }
}
