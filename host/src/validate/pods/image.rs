//! References to images, by the grammar of <https://github.com/distribution/reference> (`reference.go`), which
//! container runtimes read them with:
//!
//! ```text
//! reference := [ domain "/" ] path-component { "/" path-component } [ ":" tag ] [ "@" digest ]
//! domain := host [ ":" port ]                 a host name, an IPv4 address, or an IPv6 address in brackets
//! path-component := alpha-numeric { separator alpha-numeric }            alpha-numeric := /[a-z0-9]+/
//! separator := /[_.]|__|[-]+/      tag := /[\w][\w.-]{0,127}/      digest := /algorithm:[0-9a-fA-F]{32,}/
//! ```
//!
//! The first part is a domain if it has a dot, a colon or a capital letter, or is `localhost`.

/// A whole reference. Only the registry knows whether there is such an image.
pub fn reference(text: &str) -> Result<(), &'static str> {
    let (name, digest) = split(text);
    let (name, tag) = match name.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')) {
        Some((name, tag)) => (name, Some(tag)),
        None => (name, None),
    };
    let is_right = is_name(name) && tag.is_none_or(is_tag) && digest.is_none_or(is_digest);
    is_right.then_some(()).ok_or("REGISTRY/NAME:TAG, the name in lower case and without a scheme")
}

/// What stands behind the colon: a tag, which a digest may follow.
pub fn tag(text: &str) -> Result<(), &'static str> {
    let (tag, digest) = split(text);
    let is_right = is_tag(tag) && digest.is_none_or(is_digest);
    is_right
        .then_some(())
        .ok_or("letters, digits, '.', '_' and '-', at most 128, not beginning with '.' or '-'")
}

fn split(text: &str) -> (&str, Option<&str>) {
    text.split_once('@').map_or((text, None), |(head, digest)| (head, Some(digest)))
}

fn is_name(name: &str) -> bool {
    let is_domain = |part: &str| {
        part == "localhost" || part.contains(['.', ':']) || part.contains(|c: char| c.is_ascii_uppercase())
    };
    let path = match name.split_once('/') {
        Some((first, path)) if is_domain(first) => host(first).then_some(path),
        _ => Some(name),
    };
    name.len() <= 255 && path.is_some_and(|path| path.split('/').all(is_component))
}

fn host(domain: &str) -> bool {
    let (host, port) = match domain.rsplit_once(':').filter(|(_, port)| !port.contains(']')) {
        Some((host, port)) => (host, Some(port)),
        None => (domain, None),
    };
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let is_label = |label: &str| {
        let is_end = |end: Option<char>| end.is_some_and(|c| c.is_ascii_alphanumeric());
        is_end(label.chars().next())
            && is_end(label.chars().next_back())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_host = match address {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => host.split('.').all(is_label),
    };
    is_host && port.is_none_or(is_port)
}

fn is_component(component: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_separator = |text: &str| matches!(text, "" | "." | "_" | "__") || text.chars().all(|c| c == '-');
    component.starts_with(is_word)
        && component.ends_with(is_word)
        && component.split(is_word).all(is_separator)
}

fn is_tag(tag: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    tag.len() <= 128 && tag.starts_with(is_word) && tag.chars().all(|c| is_word(c) || matches!(c, '.' | '-'))
}

fn is_digest(digest: &str) -> bool {
    digest.split_once(':').is_some_and(|(algorithm, hex)| {
        algorithm.starts_with(|c: char| c.is_ascii_alphabetic())
            && algorithm.chars().all(|c| c.is_ascii_alphanumeric() || "+._-".contains(c))
            && hex.len() >= 32
            && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_those_of_container_runtimes() {
        let digest = format!("sha256:{}", "0a".repeat(32));
        for text in
            ["a", "a:1", "a/b", "quay.io/zuul-ci/zuul-web:14.3.0", "localhost/a", "r:5000/a__b/c--d.e:V_1"]
        {
            assert_eq!(reference(text), Ok(()), "{text}");
            assert_eq!(reference(&format!("{text}@{digest}")), Ok(()), "{text}");
        }
        assert_eq!(reference("[2001:db8::1]:5000/a"), Ok(()));
        for text in [
            "",
            " a",
            "a b",
            "A",
            "Foo/Bar:latest:1",
            "https://r.io/a",
            "a/",
            "/a",
            "a//b",
            "a_",
            "a..b",
            "a:",
            "a:-1",
            "a@sha256:0",
            "r.io:x/a",
            "-r.io/a",
            "a:1:2",
            "quay.io/zuul-ci/:1",
            "ä",
        ] {
            assert!(reference(text).is_err(), "{text}");
        }
    }

    #[test]
    fn tags_have_no_name() {
        for text in ["latest", "14.3.0", "_", &format!("1@sha256:{}", "0a".repeat(32))] {
            assert_eq!(tag(text), Ok(()), "{text}");
        }
        for text in ["", "a/b", "a:b", "14 3", ".1", "-1", &"x".repeat(129), "1@"] {
            assert!(tag(text).is_err(), "{text}");
        }
    }
}
