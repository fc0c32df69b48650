//! Checks that several drivers share. Each answers with a finding, or with none.

use crate::{CodeRow, Connection, Finding, error};

/// What the code of [`needs`] means; for the driver's own codes.
pub const NEEDS: CodeRow =
    ("OptionNeedsAnother", "An option is of no use, or an error, without another one that is not set.");

/// What the code of [`host_name`] and [`host_alone`] means; for the driver's own codes.
pub const HOST_NAME: CodeRow =
    ("HostNameIsUrl", "A URL, or a host name with its port, stands where Zuul wants a bare host name.");

/// What the code of [`web_url`] and [`clone_url`] means; for the driver's own codes.
pub const URL: CodeRow = ("UrlWithoutScheme", "A URL has no scheme, or none that Zuul can use there.");

/// `option` is of no use without `other`, and Zuul fails with the one alone.
#[must_use]
pub fn needs(connection: &Connection, option: &str, other: &str) -> Option<Finding> {
    (connection.is_set(option) && !connection.is_set(other)).then(|| {
        error("OptionNeedsAnother", option, &format!("`{option}` is set, but not `{other}`"))
            .expected(&format!("both `{option}` and `{other}`, or neither"))
            .cure(&format!("set `{other}`, or remove `{option}`"))
    })
}

/// Zuul puts `https://` or `ssh://` before this option's text: it must be a host name. `url` is the option
/// of this driver, if it has one, that takes a whole URL instead.
#[must_use]
pub fn host_name(connection: &Connection, option: &str, url: Option<&str>) -> Option<Finding> {
    let elsewhere = url
        .map(|url| format!("; a URL that differs from https://HOST goes into `{url}`"))
        .unwrap_or_default();
    one_line(connection, option)?.contains('/').then(|| {
        error("HostNameIsUrl", option, &format!("`{option}` is a URL or has a path"))
            .expected("a host name, like review.example.com")
            .cure(&format!("leave only the host name{elsewhere}"))
    })
}

/// Zuul asks for the address of this option's text as it is; the port is the option `port`.
#[must_use]
pub fn host_alone(connection: &Connection, option: &str) -> Option<Finding> {
    let text = one_line(connection, option)?;
    // With more colons it is an IPv6 address.
    let has_port = text.contains("]:") || text.matches(':').count() == 1;
    let fault = match text.contains('/') {
        true => "is a URL or has a path",
        false if has_port => "has a port in it",
        false => return None,
    };
    Some(
        error("HostNameIsUrl", option, &format!("`{option}` {fault}: no host has such a name"))
            .expected("a host name, like review.example.com")
            .cure("leave only the host name; the port goes into `port`"),
    )
}

/// Zuul makes requests and links with this URL.
#[must_use]
pub fn web_url(connection: &Connection, option: &str) -> Option<Finding> {
    let url = one_line(connection, option)?.to_ascii_lowercase();
    let is_web = ["http://", "https://"].iter().any(|scheme| url.starts_with(scheme));
    (!is_web).then(|| {
        let message = format!("`{option}` does not start with https:// or http://: no request would work");
        without_scheme(option, &message)
    })
}

/// Git clones from below this URL. What has no colon is a path to it; one that starts with `/` is meant as one.
#[must_use]
pub fn clone_url(connection: &Connection, option: &str) -> Option<Finding> {
    let url = one_line(connection, option)?;
    (!url.starts_with('/') && !url.contains(':')).then(|| {
        without_scheme(option, &format!("`{option}` has no scheme: git takes it for a path in the pod"))
    })
}

/// Where a forge is: its options `server`, `canonical_hostname`, `baseurl` and `cloneurl`.
#[must_use]
pub fn forge(connection: &Connection) -> Vec<Finding> {
    let places = [
        host_name(connection, "server", Some("baseurl")),
        host_name(connection, "canonical_hostname", None),
        web_url(connection, "baseurl"),
        clone_url(connection, "cloneurl"),
    ];
    places.into_iter().flatten().collect()
}

/// The option's text, if there is any; not with a line break, which the host refuses itself.
fn one_line<'a>(connection: &'a Connection, option: &str) -> Option<&'a str> {
    let text = connection.text(option)?.trim();
    (!text.is_empty() && !text.contains(['\n', '\r'])).then_some(text)
}

fn without_scheme(option: &str, message: &str) -> Finding {
    error("UrlWithoutScheme", option, message)
        .expected("a URL with its scheme, like https://review.example.com")
        .cure("write the scheme before it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Setting;
    use crate::testing::{connection, text};

    #[test]
    fn an_option_that_stands_alone_is_found() {
        assert!(needs(&connection("x", &[("a", text("1"))]), "a", "b").is_some());
        assert!(needs(&connection("x", &[("a", text("1")), ("b", text(""))]), "a", "b").is_some());
        assert!(needs(&connection("x", &[("a", text("1")), ("b", text("2"))]), "a", "b").is_none());
        assert!(needs(&connection("x", &[("b", text("2"))]), "a", "b").is_none());
    }

    #[test]
    fn only_a_bare_host_name_passes() {
        for (server, passes, passes_alone) in [
            ("review.example.com", true, true),
            ("https://review.example.com", false, false),
            ("example.com/r", false, false),
            ("review.example.com:8443", true, false),
            ("[2001:db8::1]:8443", true, false),
            ("2001:db8::1", true, true),
            ("[2001:db8::1]", true, true),
            ("example.com\n[scheduler]\nx=/y", true, true),
        ] {
            let request = connection("x", &[("server", text(server))]);
            assert_eq!(host_name(&request, "server", None).is_none(), passes, "{server}");
            assert_eq!(host_alone(&request, "server").is_none(), passes_alone, "{server}");
        }
    }

    #[test]
    fn only_an_option_that_the_driver_has_is_named() {
        let request = connection("x", &[("server", text("https://review.example.com"))]);
        let cure = |url| host_name(&request, "server", url).unwrap().cure;
        assert_eq!(cure(None), "leave only the host name");
        assert!(cure(Some("baseurl")).ends_with("goes into `baseurl`"));
    }

    #[test]
    fn a_url_has_the_scheme_that_is_needed() {
        for (url, is_web, is_cloned) in [
            ("https://example.com/r", true, true),
            ("HTTP://example.com", true, true),
            ("example.com/r", false, false),
            ("localhost:8080", false, true),
            ("git@example.com:", false, true),
            ("ssh://git@example.com", false, true),
            ("/srv/git", false, true),
            ("", true, true),
        ] {
            let request = connection("x", &[("baseurl", text(url))]);
            assert_eq!(web_url(&request, "baseurl").is_none(), is_web, "{url}");
            assert_eq!(clone_url(&request, "baseurl").is_none(), is_cloned, "{url}");
        }
        let secret = connection("x", &[("baseurl", Setting::Secret(0))]);
        assert!(web_url(&secret, "baseurl").is_none() && clone_url(&secret, "baseurl").is_none());
    }
}
