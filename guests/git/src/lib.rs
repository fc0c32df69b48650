//! The git driver: repositories without code review, polled.
#![forbid(unstable_features)]

use zuul_plugin_sdk::check::{URL, clone_url};
use zuul_plugin_sdk::{
    Connection, Driver, DriverTable, Finding, Kind, Roles, driver, export_driver, option, readers,
};

/// Zuul's `git` driver.
pub struct Git;

impl Driver for Git {
    const TABLE: DriverTable =
        driver(&["git"], Roles::SOURCE, "Repositories without code review, polled for changes.")
            .options(&[
                option("baseurl", Kind::Text, readers::SOURCE, "URL below which the repositories are.")
                    .required(),
                option(
                    "poll_delay",
                    Kind::Number,
                    readers::SCHEDULER,
                    "Seconds between two looks for changes.",
                )
                .default("7200")
                // At 0 or less Zuul looks without a rest (`driver/git/gitwatcher.py`).
                .at_least(0.1),
                option(
                    "canonical_hostname",
                    Kind::Text,
                    readers::SOURCE,
                    "Host name in canonical project names.",
                ),
                option("sshkey", Kind::SecretFile, readers::GIT, "Private key for SSH clones."),
            ])
            .codes(&[URL]);

    fn findings(connection: &Connection) -> Vec<Finding> {
        clone_url(connection, "baseurl").into_iter().collect()
    }
}

export_driver!(Git);

#[cfg(test)]
mod tests {
    use super::*;
    use zuul_plugin_sdk::testing::{codes, connection, shown_to, text};
    use zuul_plugin_sdk::{Components, Setting};

    #[test]
    fn only_those_that_clone_have_the_key() {
        let request = connection(
            "git",
            &[("baseurl", text("https://git.example.com")), ("sshkey", Setting::Secret(0))],
        );
        let rendering = Git::render(request);
        assert_eq!(
            shown_to(&rendering, Components::MERGER),
            "baseurl=https://git.example.com\n\
             sshkey=/etc/zuul/connections/test/sshkey\n\
             file /etc/zuul/connections/test/sshkey <0>\n"
        );
        assert_eq!(shown_to(&rendering, Components::WEB), "baseurl=https://git.example.com\n");
    }

    #[test]
    fn a_url_without_a_scheme_is_found() {
        for (url, expected) in
            [("opendev.org", &["UrlWithoutScheme"][..]), ("https://opendev.org", &[]), ("/srv/git", &[])]
        {
            let rendering = Git::render(connection("git", &[("baseurl", text(url))]));
            assert_eq!(codes(&rendering.findings), expected, "{url}");
        }
    }
}
