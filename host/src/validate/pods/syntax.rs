//! What Kubernetes takes as a name, a label or a quantity. `Err` is what was expected.

pub use super::image::{reference as image, tag as image_tag};

/// A predicate on text.
pub type Check = fn(&str) -> Result<(), &'static str>;

/// The key of a label or an annotation, the name of a resource: `PREFIX/NAME`, the prefix being a DNS name.
pub fn qualified_name(text: &str) -> Result<(), &'static str> {
    let (prefix, name) = match text.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, text),
    };
    let is_right = !name.is_empty() && is_label_text(name) && prefix.is_none_or(crate::names::is_subdomain);
    is_right.then_some(()).ok_or(
        "letters, digits, '-', '_' and '.', at most 63, letters or digits at both ends; before them PREFIX/, a DNS name, if need be",
    )
}

/// The value of a label.
pub fn label_value(text: &str) -> Result<(), &'static str> {
    is_label_text(text)
        .then_some(())
        .ok_or("letters, digits, '-', '_' and '.', at most 63, letters or digits at both ends")
}

fn is_label_text(text: &str) -> bool {
    let is_end = |end: Option<char>| end.is_none_or(|c| c.is_ascii_alphanumeric());
    text.len() <= 63
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        && is_end(text.chars().next())
        && is_end(text.chars().next_back())
}

/// A name in DNS: of a namespace, a volume, a container.
pub fn dns_label(text: &str) -> Result<(), &'static str> {
    let is_right = text.len() <= 63 && !text.contains('.') && crate::names::is_subdomain(text);
    is_right.then_some(()).ok_or("lower-case letters, digits and '-', at most 63")
}

/// A name in DNS that may have dots: of most objects.
pub fn subdomain(text: &str) -> Result<(), &'static str> {
    crate::names::is_subdomain(text)
        .then_some(())
        .ok_or("lower-case letters, digits, '-' and '.', at most 253")
}

/// The name of an environment variable.
pub fn variable(text: &str) -> Result<(), &'static str> {
    let is_right = !text.is_empty() && text.chars().all(|c| matches!(c, ' '..='~') && c != '=');
    is_right.then_some(()).ok_or("printable ASCII characters without '='")
}

/// An address.
pub fn address(text: &str) -> Result<(), &'static str> {
    text.parse::<std::net::IpAddr>().map(drop).map_err(|_| "an IPv4 or IPv6 address")
}

/// The name of a resource that a container may ask for.
pub fn resource(text: &str) -> Result<(), &'static str> {
    let is_known = matches!(text, "cpu" | "memory" | "ephemeral-storage") || text.starts_with("hugepages-");
    let is_extended = text.contains('/') && qualified_name(text).is_ok();
    (is_known || is_extended)
        .then_some(())
        .ok_or("cpu, memory, ephemeral-storage, hugepages-SIZE, or DOMAIN/NAME of a device")
}

/// A quantity such as `500m`, `1.5` or `2Gi`.
pub fn quantity(text: &str) -> Option<f64> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || "+-.".contains(c))).unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let number: f64 = number.parse().ok()?;
    let factor = match suffix {
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "" => 1.0,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024.0,
        "Mi" => 1024_f64.powi(2),
        "Gi" => 1024_f64.powi(3),
        "Ti" => 1024_f64.powi(4),
        "Pi" => 1024_f64.powi(5),
        "Ei" => 1024_f64.powi(6),
        exponent => {
            let digits = exponent.strip_prefix(['e', 'E'])?;
            10_f64.powi(digits.parse::<i32>().ok().filter(|exponent| exponent.abs() < 100)?)
        }
    };
    Some(number * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(check: Check, right: &[&str], wrong: &[&str]) {
        right.iter().for_each(|text| assert_eq!(check(text), Ok(()), "{text}"));
        wrong.iter().for_each(|text| assert!(check(text).is_err(), "{text}"));
    }

    /// What a real API server said of each.
    #[test]
    fn kubernetes_takes_what_is_right() {
        all(
            qualified_name,
            &["a", "a.b/c_d", "A-1", "example.com/X"],
            &["", "/a", "a/", "a b", "A.b/c", "a/b/c", "-a"],
        );
        all(label_value, &["", "a", "A_b.c"], &["-a", "a b", "a/b", &"x".repeat(64)]);
        all(dns_label, &["a", "a-1", "9"], &["", "A", "a.b", "-a", &"x".repeat(64)]);
        all(variable, &["A", "a.b-c", "1 x"], &["", "A=B", "ä"]);
        all(address, &["::1", "10.0.0.1"], &["", "10.0.0", "host"]);
        all(resource, &["cpu", "hugepages-2Mi", "example.com/gpu"], &["", "cpus", "a b/c"]);
    }

    #[test]
    fn quantities_are_numbers_with_a_unit() {
        for (text, number) in [
            ("1", 1.0),
            ("500m", 0.5),
            ("1.5Gi", 1_610_612_736.0),
            ("2e3", 2000.0),
            ("1E", 1e18),
            (".5", 0.5),
        ] {
            assert_eq!(quantity(text), Some(number), "{text}");
        }
        for text in ["", "x", "1x", "1 Gi", "1gi", "1.2.3", "lots", "1e", "Gi", "1Gib"] {
            assert_eq!(quantity(text), None, "{text}");
        }
    }
}
