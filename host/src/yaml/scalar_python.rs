//! What a plain scalar means to PyYAML's safe loader, by which Zuul and Nodepool read their files (`yaml/resolver.py`
//! and `yaml/constructor.py`). The table in the tests was made with PyYAML.

use serde_json::Number;

use super::scalar::Plain;

/// Understands a plain scalar. Dates, and numbers that JSON cannot hold, stay text.
#[must_use]
pub fn resolve(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Plain::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Plain::Bool(false),
        _ => integer(text).or_else(|| float(text)).map_or(Plain::Text, Plain::Number),
    }
}

fn sign(text: &str) -> (bool, &str) {
    match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    }
}

fn integer(text: &str) -> Option<Number> {
    let (is_negative, digits) = sign(text);
    let magnitude = match digits.as_bytes() {
        [b'0'] => 0,
        [b'0', b'b', ..] => radix(&digits[2..], 2)?,
        [b'0', b'x', ..] => radix(&digits[2..], 16)?,
        [b'0', ..] => radix(&digits[1..], 8)?,
        [b'1'..=b'9', ..] if digits.contains(':') => sexagesimal(digits)?,
        [b'1'..=b'9', ..] => radix(digits, 10)?,
        _ => return None,
    };
    let value = i128::from(magnitude) * if is_negative { -1 } else { 1 };
    Number::from_i128(value)
}

/// Underscores stand anywhere between digits.
fn radix(digits: &str, radix: u32) -> Option<u64> {
    let is_digit = |c: char| c == '_' || c.is_digit(radix);
    digits.chars().all(is_digit).then(|| u64::from_str_radix(&digits.replace('_', ""), radix).ok())?
}

/// `1:30` is 90: digits, then groups of one or two below 60.
fn sexagesimal(digits: &str) -> Option<u64> {
    let mut groups = digits.split(':');
    let first = radix(groups.next()?, 10)?;
    groups.try_fold(first, |sum, group| sum.checked_mul(60)?.checked_add(minutes(group)?))
}

fn minutes(group: &str) -> Option<u64> {
    let is_group = matches!(group.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
    is_group.then(|| group.parse().ok())?
}

fn float(text: &str) -> Option<Number> {
    let (is_negative, number) = sign(text);
    let (whole, rest) = number.split_once('.')?;
    if whole.contains(':') {
        let sum: f64 = sexagesimal(whole)? as f64;
        let fraction: f64 = format!("0.{}", decimal(rest, true)?).parse().ok()?;
        return Number::from_f64(if is_negative { -sum - fraction } else { sum + fraction });
    }
    let (fraction, exponent) = match rest.split_once(['e', 'E']) {
        Some((fraction, exponent)) => (fraction, exponent_of(exponent)?),
        None => (rest, ""),
    };
    // Without a digit before the dot there is no sign, and one behind it.
    if whole.is_empty() && (number != text || !fraction.starts_with(|c: char| c.is_ascii_digit())) {
        return None;
    }
    let whole = if whole.is_empty() { "0".to_owned() } else { decimal(whole, false)? };
    let fraction = decimal(fraction, true)?;
    let value: f64 =
        format!("{whole}.{fraction}{}{exponent}", if exponent.is_empty() { "" } else { "e" }).parse().ok()?;
    Number::from_f64(if is_negative { -value } else { value })
}

/// Without its sign `1.0e3` is text.
fn exponent_of(exponent: &str) -> Option<&str> {
    let digits = exponent.strip_prefix(['+', '-'])?;
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(exponent)
}

/// Digits without their underscores, `0` if nothing is left of them.
fn decimal(digits: &str, may_begin_otherwise: bool) -> Option<String> {
    let begins = may_begin_otherwise || digits.starts_with(|c: char| c.is_ascii_digit());
    let fits = begins && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let bare = digits.replace('_', "");
    fits.then(|| if bare.is_empty() { "0".to_owned() } else { bare })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn scalars_mean_what_they_mean_to_pyyaml() {
        let table = [
            ("y n Y N yes No on OFF yEs", "\"y\" \"n\" \"Y\" \"N\" true false true false \"yEs\""),
            ("~ null nULL = <<", "null null \"nULL\" \"=\" \"<<\""),
            ("0 -0 +1 017 08 0o17 0x1F 0X1F 0b11 0b2", "0 0 1 15 \"08\" \"0o17\" 31 \"0X1F\" 3 \"0b2\""),
            ("1_000 _1 0_7 1:30 190:20:30 1:60 01:30", "1000 \"_1\" 7 90 685230 \"1:60\" \"01:30\""),
            ("1.5 1. .5 -.5 1e3 1.0e3 1.0e+3 1.5E-2", "1.5 1.0 0.5 \"-.5\" \"1e3\" \"1.0e3\" 1000.0 0.015"),
            ("1:30.5 -1:30.5 1_0.5 1.2.3 2026-07-01", "90.5 -90.5 10.5 \"1.2.3\" \"2026-07-01\""),
            ("12345e67 .inf . - + -1 --1", "\"12345e67\" \".inf\" \".\" \"-\" \"+\" -1 \"--1\""),
            ("18446744073709551615 99999999999999999999", "18446744073709551615 \"99999999999999999999\""),
        ];
        for (texts, values) in table {
            assert_eq!(texts.split(' ').count(), values.split(' ').count(), "{texts}");
            for (text, value) in texts.split(' ').zip(values.split(' ')) {
                let value: Value = serde_json::from_str(value).expect("JSON");
                assert_eq!(resolve(text).value(text), value, "{text}");
            }
        }
    }
}
