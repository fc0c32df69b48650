//! The gitlab driver: merge requests on a GitLab server.
//!
//! Web has the webhook's token and nothing else that is secret. Clones use the API token only together
//! with its name, and only over HTTP(S); else the SSH key, or nothing (`GitlabConnection.getGitUrl` in
//! Zuul 14.3, which mergers and executors alone call).
#![forbid(unstable_features)]

use zuul_plugin_sdk::check::{HOST_NAME, NEEDS, URL};
use zuul_plugin_sdk::{
    CodeRow, Components, Connection, Driver, DriverTable, Kind, OptionRow, Rendering, Roles, driver,
    export_driver, option, readers,
};

mod findings;

/// Zuul's `gitlab` driver.
pub struct Gitlab;

/// They call GitLab's API, or clone with its token.
const TOKEN: Components = readers::SCHEDULER.union(readers::GIT);

impl Driver for Gitlab {
    const TABLE: DriverTable = driver(
        &["gitlab"],
        Roles::SOURCE.union(Roles::REPORTER),
        "Merge requests on gitlab.com or a GitLab server.",
    )
    .options(OPTIONS)
    .codes(CODES);

    fn render(connection: Connection) -> Rendering {
        let mut rendering = Self::TABLE.render(&connection);
        let clones = Clones::of(&connection);
        if !connection.is_set("api_token_name") || matches!(clones, Clones::Ssh) {
            rendering.give("api_token", readers::SCHEDULER);
        }
        rendering.findings.extend(findings::all(&connection, clones));
        rendering
    }
}

export_driver!(Gitlab);

/// How repositories are cloned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clones {
    /// `http://` or `https://`, with the name and the token in the URL where there is a name.
    Http,
    /// Over SSH, or whatever else git takes.
    Ssh,
    /// `cloneurl` is in a Secret, which a plugin does not see.
    Unknown,
}

impl Clones {
    fn of(connection: &Connection) -> Self {
        match connection.text("cloneurl") {
            Some(url) if !url.is_empty() && !url.starts_with("http") => Self::Ssh,
            None if connection.is_set("cloneurl") => Self::Unknown,
            _ => Self::Http,
        }
    }
}

/// The codes of its findings.
const CODES: &[CodeRow] = &[
    NEEDS,
    HOST_NAME,
    URL,
    ("GitlabAnonymousClone", "Repositories are cloned without a login: only public ones can be."),
    ("GitlabCannotClone", "Mergers and executors have nothing to clone with, or a URL that cannot work."),
    ("GitlabKeyUnused", "`sshkey` is set, but clones do not go over SSH."),
    ("GitlabNoApiToken", "`api_token` is missing: Zuul can neither report nor see private projects."),
    ("GitlabNoWebhookToken", "`webhook_token` is missing, without which web takes anybody's webhooks."),
    ("GitlabNotQuoted", "Zuul puts this text into a URL as it is, which a character in it breaks."),
    ("GitlabTokenNameUnused", "`api_token_name` is set, but clones do not use it."),
];

const OPTIONS: &[OptionRow] = {
    let (scheduler, source, git) = (readers::SCHEDULER, readers::SOURCE, readers::GIT);
    &[
        option(
            "api_token",
            Kind::Secret,
            TOKEN,
            "Token for GitLab's API; with `api_token_name` also for clones, where it must need no quoting in \
             a URL.",
        )
        .required_when("`api_token_name` is set"),
        option(
            "api_token_name",
            Kind::Text,
            git,
            "Name of the API token, to clone over HTTPS with; without it only public repositories are cloned.",
        ),
        option("webhook_token", Kind::Secret, readers::WEB, "Secret that GitLab sends with its webhooks.")
            .required_when("there is a web server: it would take webhooks from anybody"),
        option("server", Kind::Text, source, "Host name of GitLab.").default("gitlab.com"),
        option("baseurl", Kind::Text, source, "URL of GitLab and its API; https://SERVER if absent."),
        option(
            "cloneurl",
            Kind::SecretUri,
            git,
            "URL that repositories are cloned from; `baseurl` if absent.",
        ),
        option(
            "canonical_hostname",
            Kind::Text,
            source,
            "Host name in canonical project names; `server` if absent.",
        ),
        option(
            "keepalive",
            Kind::Integer,
            scheduler,
            "Seconds between TCP keepalives of API calls; 0 for none.",
        )
        .default("60")
        .range(0.0, 32767.0),
        option(
            "disable_connection_pool",
            Kind::Boolean,
            scheduler,
            "Open a connection for each API call, for servers or proxies that close idle ones.",
        )
        .default("false"),
        option("sshkey", Kind::SecretFile, git, "Private key for clones over SSH.")
            .required_when("`cloneurl` starts with ssh://"),
    ]
};

#[cfg(test)]
mod tests;
