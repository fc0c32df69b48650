//! The pagure driver: pull requests on a Pagure server.
//!
//! Web needs the API token too: it fetches each project's webhook secret with it.
#![forbid(unstable_features)]

use zuul_plugin_sdk::check::{HOST_NAME, URL, clone_url, forge};
use zuul_plugin_sdk::{
    CodeRow, Connection, Driver, DriverTable, Finding, Kind, OptionRow, Roles, driver, export_driver, option,
    readers, warning,
};

/// Zuul's `pagure` driver.
pub struct Pagure;

impl Driver for Pagure {
    const TABLE: DriverTable =
        driver(&["pagure"], Roles::SOURCE.union(Roles::REPORTER), "Pull requests on a Pagure server.")
            .options(OPTIONS)
            .codes(CODES);

    fn findings(connection: &Connection) -> Vec<Finding> {
        findings(connection)
    }
}

export_driver!(Pagure);

/// The codes of its findings.
const CODES: &[CodeRow] = &[
    HOST_NAME,
    URL,
    ("PagureCannotClone", "Mergers and executors have nothing to clone over SSH with."),
    ("PagureKeyUnused", "`sshkey` is set, but clones do not go over SSH."),
    ("PagureNoApiToken", "`api_token` is missing: Zuul can neither report nor verify webhooks."),
    ("PagureWebhookUnsigned", "Webhooks would be taken without a signature."),
];

const OPTIONS: &[OptionRow] = {
    let text = Kind::Text;
    &[
        option(
            "api_token",
            Kind::Secret,
            readers::REPORTER,
            "Token for Pagure's API; web fetches the webhooks' secrets with it.",
        ),
        option("server", text, readers::SOURCE, "Host name of the Pagure server.").default("pagure.io"),
        option(
            "canonical_hostname",
            text,
            readers::SOURCE,
            "Host name in canonical project names; `server` if absent.",
        ),
        option("baseurl", text, readers::SOURCE, "URL of Pagure's web interface; https://SERVER if absent."),
        option("cloneurl", text, readers::GIT, "URL that repositories are cloned from; `baseurl` if absent."),
        option("sshkey", Kind::SecretFile, readers::GIT, "Private key for clones over SSH.")
            .required_when("`cloneurl` starts with ssh://"),
        option("app_name", text, readers::SCHEDULER, "Name that Zuul reports under.").default("Zuul"),
        option(
            "source_whitelist",
            text,
            readers::WEB,
            "Addresses, separated by commas, from which webhooks are taken without a signature.",
        ),
    ]
};

fn findings(connection: &Connection) -> Vec<Finding> {
    let mut findings = forge(connection);
    let has_scheme = clone_url(connection, "cloneurl").is_none();
    if !connection.is_set("api_token") {
        findings.push(
            warning(
                "PagureNoApiToken",
                "api_token",
                "without a token Zuul cannot verify webhooks, nor report",
            )
            .expected("a Secret with a token for Pagure's API")
            .cure("set `api_token`"),
        );
    }
    if connection.is_set("source_whitelist") {
        findings.push(
            warning(
                "PagureWebhookUnsigned",
                "source_whitelist",
                "Zuul believes the header X-Forwarded-For here: who can reach web can claim such an address",
            )
            .expected("no `source_whitelist`: webhooks are then verified by their signature")
            .cure("remove `source_whitelist`"),
        );
    }
    // A Secret's text cannot be seen; nothing is said of it.
    let over_ssh = connection.text("cloneurl").map(|url| url.starts_with("ssh://") || url.contains('@'));
    match (over_ssh.or((!connection.is_set("cloneurl")).then_some(false)), connection.is_set("sshkey")) {
        _ if !has_scheme => {}
        (Some(true), false) => findings.push(
            warning("PagureCannotClone", "sshkey", "repositories are cloned over SSH, and there is no key")
                .expected("`sshkey`, or a `cloneurl` that starts with https://")
                .cure("set `sshkey` to a Secret with a private key"),
        ),
        (Some(false), true) => findings.push(
            warning("PagureKeyUnused", "sshkey", "repositories are not cloned over SSH: the key is not used")
                .expected("a `cloneurl` that starts with ssh:// with it")
                .cure("set `cloneurl` to ssh://git@HOST, or remove `sshkey`"),
        ),
        _ => {}
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use zuul_plugin_sdk::testing::{codes, connection, everything, keys, text};
    use zuul_plugin_sdk::{Components, Setting};

    #[test]
    fn with_everything_set_each_component_has_its_keys() {
        let options = everything(&Pagure::TABLE);
        let rendering = Pagure::render(connection("pagure", &options));
        let shown = |component| keys(&rendering, component);
        assert_eq!(shown(Components::SCHEDULER), "api_token app_name baseurl canonical_hostname server");
        assert_eq!(shown(Components::WEB), "api_token baseurl canonical_hostname server source_whitelist");
        assert_eq!(shown(Components::MERGER), "baseurl canonical_hostname cloneurl server sshkey");
        assert_eq!(shown(Components::EXECUTOR), shown(Components::MERGER));
        assert_eq!(shown(Components::LAUNCHER | Components::FINGERGW), "");
    }

    #[test]
    fn combinations_that_cannot_work_are_found() {
        let token = ("api_token", Setting::Secret(0));
        let key = ("sshkey", Setting::Secret(1));
        let ssh = ("cloneurl", text("ssh://git@pagure.io"));
        for (options, expected) in [
            (vec![token.clone()], vec![]),
            (vec![], vec!["PagureNoApiToken"]),
            (vec![token.clone(), ssh.clone()], vec!["PagureCannotClone"]),
            (vec![token.clone(), ssh, key.clone()], vec![]),
            (vec![token.clone(), key.clone()], vec!["PagureKeyUnused"]),
            (vec![token.clone(), key, ("cloneurl", Setting::Secret(2))], vec![]),
            (vec![token.clone(), ("source_whitelist", text("192.0.2.1"))], vec!["PagureWebhookUnsigned"]),
            (vec![token.clone(), ("baseurl", text("pagure.io"))], vec!["UrlWithoutScheme"]),
            (vec![token.clone(), ("cloneurl", text("git@pagure.io"))], vec!["UrlWithoutScheme"]),
            (vec![token, ("server", text("https://pagure.io"))], vec!["HostNameIsUrl"]),
        ] {
            assert_eq!(
                codes(&Pagure::render(connection("pagure", &options)).findings),
                expected,
                "{options:?}"
            );
        }
    }
}
