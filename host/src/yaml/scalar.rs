//! What a plain scalar means, as kubectl and the API server see it.
//!
//! They read YAML with go-yaml v2, which follows YAML 1.1 with some freedom, and then pass through
//! JSON, where a whole float is an integer. The table in the tests was made with kubectl.

use serde_json::{Number, Value};

use super::scalar_python;

/// A plain scalar, understood.
#[derive(Clone, Debug, PartialEq)]
pub enum Plain {
    /// `~`, `null` and nothing at all.
    Null,
    /// `true` and `false`.
    Bool(bool),
    /// `yes`, `off`, `n` …: booleans to YAML 1.1 only.
    OldBool(bool),
    /// Any number.
    Number(Number),
    /// `.inf` and `.nan`, which JSON cannot say.
    NotFinite,
    /// Everything else.
    Text,
}

impl Plain {
    /// The JSON value of `text`, which was understood as this.
    #[must_use]
    pub fn value(self, text: &str) -> Value {
        match self {
            Self::Null | Self::NotFinite => Value::Null,
            Self::Bool(value) | Self::OldBool(value) => Value::Bool(value),
            Self::Number(number) => Value::Number(number),
            Self::Text => Value::String(text.to_owned()),
        }
    }
}

/// Whose YAML it is: one reader takes for a number what another takes for text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Objects: kubectl and the API server read them.
    Kubernetes,
    /// Files of Zuul and Nodepool: PyYAML's safe loader reads them.
    Python,
}

impl Dialect {
    /// Understands a plain scalar.
    #[must_use]
    pub fn resolve(self, text: &str) -> Plain {
        match self {
            Self::Kubernetes => resolve(text),
            Self::Python => scalar_python::resolve(text),
        }
    }
}

/// Understands a plain scalar.
#[must_use]
pub fn resolve(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" => Plain::Bool(true),
        "false" | "False" | "FALSE" => Plain::Bool(false),
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Plain::OldBool(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Plain::OldBool(false),
        _ if is_not_finite(text) => Plain::NotFinite,
        _ => number(text).map_or(Plain::Text, Plain::Number),
    }
}

fn is_not_finite(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

/// The number that `text` is, if it is one.
fn number(text: &str) -> Option<Number> {
    match text.as_bytes().first()? {
        b'0'..=b'9' | b'+' | b'-' => {
            let digits = text.replace('_', "");
            integer(&digits).or_else(|| float(&digits))
        }
        b'.' => float(text),
        _ => None,
    }
}

fn integer(text: &str) -> Option<Number> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = radix(digits);
    // Larger than any integer of JSON: decimal digits go on as a float, others stay text.
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    let value = if negative { -i128::from(magnitude) } else { i128::from(magnitude) };
    match i64::try_from(value) {
        Ok(value) => Some(Number::from(value)),
        Err(_) => Number::from_i128(value).and_then(|n| n.as_f64()).and_then(Number::from_f64),
    }
}

fn radix(digits: &str) -> (u32, &str) {
    match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    }
}

fn float(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let some = !whole.is_empty() || !fraction.is_empty();
    if !some || exponent.is_empty() || !digits(whole) || !digits(fraction) || !digits(exponent) {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    whole_number(value).or_else(|| Number::from_f64(value))
}

/// `1e3` is the integer 1000 once it went through JSON.
#[allow(clippy::cast_possible_truncation)]
fn whole_number(value: f64) -> Option<Number> {
    let limit = 9_223_372_036_854_775_808.0_f64;
    (value.fract() == 0.0 && value.abs() < limit).then(|| Number::from(value as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `kubectl annotate --local -o json` (1.32) makes of each.
    #[test]
    fn scalars_mean_what_they_mean_to_kubectl() {
        let table = [
            ("y n Y N yes No ON off", "true false true false true false true false"),
            ("true True TRUE false", "true true true false"),
            ("yEs tRUE nULL oN", "\"yEs\" \"tRUE\" \"nULL\" \"oN\""),
            ("~ null Null NULL", "null null null null"),
            ("0 -0 +0 +1 017 -017 00", "0 0 0 1 15 -15 0"),
            ("0o17 0O17 -0o17 08 089", "15 15 -15 8 89"),
            ("0x1F 0X1F -0x1F 0x_1F 0x", "31 31 -31 31 \"0x\""),
            ("0b11 -0b11 0b2 0o", "3 -3 \"0b2\" \"0o\""),
            ("1_000 1__000 _1 1_ 0777_7", "1000 1000 \"_1\" 1 4095"),
            ("1e3 1E3 1e+3 1.5 1. .5 -.5 1.0", "1000 1000 1000 1.5 1 0.5 -0.5 1"),
            (".5. 1e 1e400 . .. + -.", "\".5.\" \"1e\" \"1e400\" \".\" \"..\" \"+\" \"-.\""),
            ("1:30 2024-01-01 = <<", "\"1:30\" \"2024-01-01\" \"=\" \"<<\""),
            ("9223372036854775807 -9223372036854775808", "9223372036854775807 -9223372036854775808"),
            ("9223372036854775808 1e21", "9.223372036854776e18 1e21"),
            ("0x7FFFFFFFFFFFFFFFF 1_0.5", "\"0x7FFFFFFFFFFFFFFFF\" 10.5"),
        ];
        for (texts, values) in table {
            for (text, value) in texts.split(' ').zip(values.split(' ')) {
                let value: Value = serde_json::from_str(value).expect("JSON");
                assert_eq!(resolve(text).value(text), value, "{text}");
            }
        }
        assert_eq!(resolve("-.inf"), Plain::NotFinite);
    }
}
