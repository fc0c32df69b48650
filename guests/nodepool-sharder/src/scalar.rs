//! What PyYAML makes of a plain scalar: YAML 1.1's implicit types, as its resolver has them.

/// What a node is for PyYAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "PyYAML's own words")]
pub enum Type {
    Null,
    Bool,
    Int,
    Float,
    Timestamp,
    /// `<<`
    Merge,
    /// `=`
    Value,
    Str,
    Binary,
    Seq,
    Map,
    /// A tag for which PyYAML's safe loader has no constructor.
    Unknown,
}

impl Type {
    /// By the part of a tag that follows `!!`.
    #[must_use]
    pub fn of_tag(core: &str) -> Self {
        match core {
            "null" => Self::Null,
            "bool" => Self::Bool,
            "int" => Self::Int,
            "float" => Self::Float,
            "timestamp" => Self::Timestamp,
            "merge" => Self::Merge,
            "value" => Self::Value,
            "str" => Self::Str,
            "binary" => Self::Binary,
            "seq" | "omap" | "pairs" => Self::Seq,
            "map" | "set" => Self::Map,
            _ => Self::Unknown,
        }
    }

    /// As a message names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Int => "an integer",
            Self::Float => "a float",
            Self::Timestamp => "a date",
            Self::Merge => "a merge key",
            Self::Value => "a value key",
            Self::Str => "a string",
            Self::Binary => "bytes",
            Self::Seq => "a list",
            Self::Map => "a mapping",
            Self::Unknown => "of an unknown tag",
        }
    }
}

/// What PyYAML makes of a plain scalar without a tag.
#[must_use]
pub fn resolve(text: &str) -> Type {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Type::Null,
        "<<" => return Type::Merge,
        "=" => return Type::Value,
        _ => {}
    }
    // By the first character, as PyYAML: most scalars are words, and done here.
    match text.bytes().next().unwrap_or_default() {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' if is_bool(text) => Type::Bool,
        b'-' | b'+' | b'.' | b'0'..=b'9' => number(text),
        _ => Type::Str,
    }
}

fn number(text: &str) -> Type {
    // PyYAML asks for floats before integers; the two never both match.
    if is_float(text) {
        Type::Float
    } else if is_int(text) {
        Type::Int
    } else if is_timestamp(text) {
        Type::Timestamp
    } else {
        Type::Str
    }
}

fn is_bool(text: &str) -> bool {
    // `yes`, `Yes` and `YES`, but not `yEs`.
    let capitals = text.bytes().filter(u8::is_ascii_uppercase).count();
    let is_usual = capitals == 0 || capitals == text.len() || (capitals == 1 && !is_lower(text));
    is_usual && ["yes", "no", "true", "false", "on", "off"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn is_lower(text: &str) -> bool {
    starts_with(text, |byte| byte.is_ascii_lowercase())
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

fn all(text: &str, of: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(of)
}

fn digit_or_underscore(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'_'
}

fn is_int(text: &str) -> bool {
    let text = unsigned(text);
    if let Some(binary) = text.strip_prefix("0b") {
        return all(binary, |byte| matches!(byte, b'0' | b'1' | b'_'));
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return all(hex, |byte| byte.is_ascii_hexdigit() || byte == b'_');
    }
    if let Some(octal) = text.strip_prefix('0') {
        return octal.bytes().all(|byte| matches!(byte, b'0'..=b'7' | b'_'));
    }
    let mut parts = text.split(':');
    let first = parts.next().unwrap_or_default();
    starts_with(first, |byte| matches!(byte, b'1'..=b'9'))
        && all(first, digit_or_underscore)
        && parts.all(is_sexagesimal)
}

fn is_sexagesimal(part: &str) -> bool {
    match part.as_bytes() {
        [ones] => ones.is_ascii_digit(),
        [b'0'..=b'5', ones] => ones.is_ascii_digit(),
        _ => false,
    }
}

fn starts_with(text: &str, of: impl Fn(u8) -> bool) -> bool {
    text.bytes().next().is_some_and(of)
}

fn is_float(text: &str) -> bool {
    let number = unsigned(text);
    if matches!(number, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let Some((whole, rest)) = number.split_once('.') else { return false };
    if whole.contains(':') {
        let mut parts = whole.split(':');
        let first = parts.next().unwrap_or_default();
        return starts_with(first, |byte| byte.is_ascii_digit())
            && all(first, digit_or_underscore)
            && parts.all(is_sexagesimal)
            && rest.bytes().all(digit_or_underscore);
    }
    let (fraction, exponent) = match rest.split_once(['e', 'E']) {
        Some((fraction, exponent)) => (fraction, Some(exponent)),
        None => (rest, None),
    };
    // Without a sign in the exponent, `1.0e3` is a string.
    let exponent_fits = exponent.is_none_or(|exponent| {
        exponent.strip_prefix(['-', '+']).is_some_and(|digits| all(digits, |byte| byte.is_ascii_digit()))
    });
    let fraction_fits = fraction.bytes().all(digit_or_underscore);
    if whole.is_empty() {
        // With a sign, `-.5` is a string.
        let digit_first = starts_with(fraction, |byte| byte.is_ascii_digit());
        return text == number && exponent_fits && fraction_fits && digit_first;
    }
    exponent_fits
        && fraction_fits
        && starts_with(whole, |byte| byte.is_ascii_digit())
        && all(whole, digit_or_underscore)
}

/// `2026-07-01`, or with a time: near enough to PyYAML's rule to say that it is no string.
fn is_timestamp(text: &str) -> bool {
    let (date, time) = match text.find(['T', 't', ' ', '\t']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let mut parts = date.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let digits = |part: &str, most| all(part, |byte| byte.is_ascii_digit()) && part.len() <= most;
    let dated = year.len() == 4 && digits(year, 4) && digits(month, 2) && digits(day, 2);
    if time.is_empty() {
        return dated && month.len() == 2 && day.len() == 2;
    }
    let clock = time.trim_start_matches(['T', 't', ' ', '\t']);
    let mut colons = clock.splitn(3, ':');
    dated
        && colons.next().is_some_and(|hour| digits(hour, 2))
        && colons.next().is_some_and(|minute| minute.len() == 2 && digits(minute, 2))
        && colons.next().and_then(|rest| rest.get(..2)).is_some_and(|second| digits(second, 2))
}

/// Whether it may stand for a secret, which may be anything: `zuul-secret-3-placeholder`.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    text.strip_prefix("zuul-secret-")
        .and_then(|rest| rest.strip_suffix("-placeholder"))
        .is_some_and(|number| all(number, |byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_what_pyyaml_makes_of_them() {
        let cases = [
            (Type::Null, "~ null NULL Null"),
            (Type::Bool, "yes No TRUE off On"),
            (Type::Int, "0 0777 -1 1_000 0x1F 0b101 1:30 190:20:30 +12 00"),
            (Type::Float, "1.0 1. .5 -1.5 1.0e+3 1.5E-2 .inf -.INF .nan 1:30.5 1_0.0 1.5_0"),
            (Type::Timestamp, "2026-07-01 2026-7-1T1:02:03"),
            (Type::Str, "1e3 1.0e3 -.5 08 yEs y n 1:60 0o7 -.nan .e+3 1.2.3 a 2026-7-1 - _1 nULL"),
        ];
        for (expected, texts) in cases {
            for text in texts.split(' ') {
                assert_eq!(resolve(text), expected, "{text}");
            }
        }
    }
}
