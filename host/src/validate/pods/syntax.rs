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

/// The name of a port, as of a service of IANA's.
pub fn port_name(text: &str) -> Result<(), &'static str> {
    let is_right = text.len() <= 15
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && text.contains(|c: char| c.is_ascii_lowercase())
        && !(text.starts_with('-') || text.ends_with('-') || text.contains("--"));
    is_right
        .then_some(())
        .ok_or("lower-case letters, digits and single '-', at most 15, with a letter, and no '-' at its ends")
}

/// A path that leads to no folder above.
pub fn without_backsteps(text: &str) -> Result<(), &'static str> {
    let is_right = text.split('/').all(|step| step != "..");
    is_right.then_some(()).ok_or("a path without '..'")
}

/// A path below a folder, or the folder itself.
pub fn below(text: &str) -> Result<(), &'static str> {
    let is_right = !text.starts_with('/') && without_backsteps(text).is_ok();
    is_right.then_some(()).ok_or("a relative path without '..'")
}

/// A path of a file below a folder, in which Kubernetes has `..data` for itself.
pub fn file(text: &str) -> Result<(), &'static str> {
    let is_right = !text.is_empty() && !text.starts_with("..") && below(text).is_ok();
    is_right.then_some(()).ok_or("a relative path without '..'")
}

/// A path from the root.
pub fn absolute(text: &str) -> Result<(), &'static str> {
    text.starts_with('/').then_some(()).ok_or("an absolute path")
}

/// What a folder that lives as long as its pod is on.
pub fn medium(text: &str) -> Result<(), &'static str> {
    let is_right = matches!(text, "" | "Memory" | "HugePages") || text.starts_with("HugePages-");
    is_right.then_some(()).ok_or("Memory, HugePages, HugePages-SIZE, or nothing")
}

/// How large something may become.
pub fn size(text: &str) -> Result<(), &'static str> {
    quantity(text).filter(|size| *size >= 0.0).map(drop).ok_or("a number with a unit, such as 500Mi or 4Gi")
}

/// A field of the pod that a variable may have. `spec.host` is the old name of `spec.nodeName`.
pub fn field_of_variable(text: &str) -> Result<(), &'static str> {
    let fields = [
        "metadata.name",
        "metadata.namespace",
        "metadata.uid",
        "spec.nodeName",
        "spec.host",
        "spec.serviceAccountName",
        "status.hostIP",
        "status.hostIPs",
        "status.podIP",
        "status.podIPs",
    ];
    (fields.contains(&text) || is_entry(text)).then_some(()).ok_or(
        "metadata.name, .namespace, .uid, .labels['KEY'] or .annotations['KEY'], spec.nodeName or \
         .serviceAccountName, status.hostIP, .hostIPs, .podIP or .podIPs",
    )
}

/// A field of the pod that a file may have.
pub fn field_of_volume(text: &str) -> Result<(), &'static str> {
    let fields = ["name", "namespace", "labels", "annotations", "uid"];
    let is_whole = text.strip_prefix("metadata.").is_some_and(|field| fields.contains(&field));
    (is_whole || is_entry(text))
        .then_some(())
        .ok_or("metadata.name, .namespace, .uid, .labels or .annotations")
}

/// One label or annotation.
fn is_entry(text: &str) -> bool {
    let key = |field: &str| text.strip_prefix(field)?.strip_prefix("['")?.strip_suffix("']");
    let label = key("metadata.labels").is_some_and(|key| qualified_name(key).is_ok());
    let annotation = key("metadata.annotations");
    label || annotation.is_some_and(|key| qualified_name(&key.to_lowercase()).is_ok())
}

/// What a container may read of its resources.
pub fn resource_field(text: &str) -> Result<(), &'static str> {
    let name = text.strip_prefix("limits.").or_else(|| text.strip_prefix("requests."));
    let is_known =
        |name: &str| matches!(name, "cpu" | "memory" | "ephemeral-storage") || name.starts_with("hugepages-");
    name.is_some_and(is_known)
        .then_some(())
        .ok_or("limits. or requests. and cpu, memory, ephemeral-storage or hugepages-SIZE")
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
    fn ports_paths_and_fields_are_those_of_the_api() {
        all(port_name, &["http", "a1", "1-a"], &["", "1", "A", "a_b", "-a", "a--b", "abcdefghijklmnop"]);
        all(below, &["", "a/b", "..a", "$(A)"], &["/a", "a/..", "../a"]);
        all(file, &["a", "a/b", "a..b"], &["", "/a", "..", "..data", "a/../b"]);
        all(field_of_variable, &["spec.host", "metadata.labels['a']"], &["metadata.labels", "spec.hostname"]);
        all(
            field_of_volume,
            &["metadata.labels", "metadata.annotations['A/b']"],
            &["status.podIP", "labels"],
        );
        all(resource_field, &["limits.cpu", "requests.hugepages-2Mi"], &["cpu", "limits.nvidia.com/gpu"]);
        all(medium, &["", "Memory", "HugePages-1Gi"], &["memory", "tmpfs"]);
        all(size, &["0", "1Gi"], &["-1", "much"]);
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
