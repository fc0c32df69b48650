//! The github driver: pull requests, by a GitHub App or a user's token.
//!
//! Web has the webhook's token and nothing else that is secret: with an App's key it would need
//! GitHub's API to boot. Clones use the SSH key if there is one, else the App, else nothing; the
//! user's token is never used for them (`GithubConnection.getGitUrl` in Zuul 14.3).
#![forbid(unstable_features)]

use zuul_plugin_sdk::check::{HOST_NAME, NEEDS, host_name, needs};
use zuul_plugin_sdk::{
    CodeRow, Components, Connection, Driver, DriverTable, Finding, Kind, OptionRow, Rendering, Roles, driver,
    error, export_driver, option, readers, warning,
};

/// Zuul's `github` driver.
pub struct Github;

/// They call GitHub's API.
const API: Components = readers::SCHEDULER.union(readers::GIT);

impl Driver for Github {
    const TABLE: DriverTable = driver(
        &["github"],
        Roles::SOURCE.union(Roles::REPORTER),
        "Pull requests on GitHub or GitHub Enterprise.",
    )
    .options(OPTIONS)
    .codes(CODES);

    fn render(connection: Connection) -> Rendering {
        let mut rendering = Self::TABLE.render(&connection);
        if connection.is_set("sshkey") {
            rendering.give("app_id", readers::SCHEDULER);
            rendering.give("app_key", readers::SCHEDULER);
        }
        rendering.findings.extend(findings(&connection));
        rendering
    }
}

export_driver!(Github);

/// The codes of its findings.
const CODES: &[CodeRow] = &[
    NEEDS,
    HOST_NAME,
    (
        "GithubAnonymous",
        "There is neither an App nor a token: Zuul reads GitHub anonymously, and reports nothing.",
    ),
    ("GithubNoWebhookToken", "`webhook_token` is missing, without which zuul-web does not start."),
    ("GithubOptionIgnored", "An option has no effect beside the others."),
];

const OPTIONS: &[OptionRow] = {
    let scheduler = readers::SCHEDULER;
    &[
        option("app_id", Kind::Integer, API, "Number of the GitHub App that Zuul acts as.")
            .required_when("`app_key` is set"),
        option("app_key", Kind::SecretFile, API, "Private key of the GitHub App.")
            .required_when("`app_id` is set"),
        option(
            "api_token",
            Kind::Secret,
            scheduler,
            "Token of a user, for repositories without the App; never used for clones.",
        ),
        option("webhook_token", Kind::Secret, readers::WEB, "Secret that GitHub signs its webhooks with.")
            .required_when("there is a web server: it does not start without"),
        option(
            "sshkey",
            Kind::SecretFile,
            readers::GIT,
            "Private key for clones over SSH; without it they use HTTPS.",
        ),
        option("server", Kind::Text, readers::SOURCE, "Host name of GitHub.").default("github.com"),
        option(
            "canonical_hostname",
            Kind::Text,
            readers::SOURCE,
            "Host name in canonical project names; `server` if absent.",
        ),
        option("verify_ssl", Kind::Boolean, API, "Verify the certificate of a GitHub Enterprise server.")
            .default("true"),
        option(
            "rate_limit_logging",
            Kind::Boolean,
            scheduler,
            "Log how much of the API's rate limit is left.",
        )
        .default("true"),
        option("repo_cache", Kind::Text, readers::GIT, "Host name of a cache that HTTPS clones go to."),
        option(
            "repo_retry_timeout",
            Kind::Integer,
            readers::GIT,
            "Seconds to retry a clone until the cache has the commit.",
        ),
        option(
            "max_threads_per_installation",
            Kind::Integer,
            scheduler,
            "Events of one installation of the App that are looked into at one time; with 0 all would wait for ever.",
        )
        .default("1")
        .at_least(1.0),
    ]
};

fn findings(connection: &Connection) -> Vec<Finding> {
    let set = |option: &str| connection.is_set(option);
    let mut findings: Vec<Finding> = [("app_id", "app_key"), ("app_key", "app_id")]
        .into_iter()
        .filter_map(|(option, other)| needs(connection, option, other))
        .collect();
    findings.extend(
        ["server", "canonical_hostname", "repo_cache"]
            .into_iter()
            // A cache below a path works (`GithubConnection.getGitUrl`).
            .filter(|name| {
                *name != "repo_cache" || connection.text(name).is_some_and(|it| it.contains("://"))
            })
            .filter_map(|name| host_name(connection, name, None)),
    );
    if !set("webhook_token") && connection.components.contains(Components::WEB) {
        findings.push(
            error(
                "GithubNoWebhookToken",
                "webhook_token",
                "`webhook_token` is missing: zuul-web does not start",
            )
            .expected("a Secret with the token that is also set in GitHub's webhook")
            .cure("set `webhook_token`"),
        );
    }
    if !set("app_id") && !set("app_key") && !set("api_token") {
        findings.push(
            warning(
                "GithubAnonymous",
                "",
                "there is neither an App nor a token: Zuul reads GitHub anonymously",
            )
            .expected("`app_id` and `app_key`, or `api_token`")
            .cure("make a GitHub App, and set `app_id` and `app_key`"),
        );
    }
    let ignored =
        |option: &str, message: &str, cure: &str| warning("GithubOptionIgnored", option, message).cure(cure);
    if set("repo_cache") && set("sshkey") {
        findings.push(ignored(
            "repo_cache",
            "clones over SSH do not use `repo_cache`",
            "remove `sshkey` or `repo_cache`",
        ));
    } else if set("repo_retry_timeout") && !set("repo_cache") {
        findings.push(ignored(
            "repo_retry_timeout",
            "it is used with `repo_cache` only",
            "set `repo_cache`, or remove it",
        ));
    }
    findings
}

#[cfg(test)]
mod tests;
