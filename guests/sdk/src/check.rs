//! Checks that several drivers share. Each answers with a finding, or with none.

use crate::{CodeRow, Connection, Finding, error};

/// What the code of [`needs`] means; for the driver's own codes.
pub const NEEDS: CodeRow =
    ("OptionNeedsAnother", "An option is of no use, or an error, without another one that is not set.");

/// What the code of [`host_name`] means; for the driver's own codes.
pub const HOST_NAME: CodeRow = ("HostNameIsUrl", "A URL stands where Zuul wants a bare host name.");

/// `option` is of no use without `other`, and Zuul fails with the one alone.
#[must_use]
pub fn needs(connection: &Connection, option: &str, other: &str) -> Option<Finding> {
    (connection.is_set(option) && !connection.is_set(other)).then(|| {
        error("OptionNeedsAnother", option, &format!("`{option}` is set, but not `{other}`"))
            .expected(&format!("both `{option}` and `{other}`, or neither"))
            .cure(&format!("set `{other}`, or remove `{option}`"))
    })
}

/// Zuul puts `https://` or `ssh://` before this option's text: it must be a bare host name.
#[must_use]
pub fn host_name(connection: &Connection, option: &str) -> Option<Finding> {
    let text = connection.text(option)?;
    text.contains('/').then(|| {
        error("HostNameIsUrl", option, &format!("`{option}` is a URL or has a path"))
            .expected("a host name, like review.example.com")
            .cure("leave only the host name; a URL that differs from https://HOST goes into `baseurl`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
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
        for (server, passes) in
            [("review.example.com", true), ("https://review.example.com", false), ("example.com/r", false)]
        {
            let request = connection("x", &[("server", text(server))]);
            assert_eq!(host_name(&request, "server").is_none(), passes, "{server}");
        }
    }
}
