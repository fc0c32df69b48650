//! What Zuul's gitlab driver fails with, or takes without a word.

use zuul_plugin_sdk::check::{clone_url, forge, needs};
use zuul_plugin_sdk::{Components, Connection, Finding, error, note, warning};

use crate::Clones;

/// Everything that is to be said of a connection.
pub fn all(connection: &Connection, clones: Clones) -> Vec<Finding> {
    let mut findings = forge(connection);
    let has_scheme = clone_url(connection, "cloneurl").is_none();
    findings.extend(tokens(connection));
    findings.extend(match clones {
        _ if !has_scheme => None,
        Clones::Http => over_http(connection),
        Clones::Ssh => over_ssh(connection),
        Clones::Unknown => None,
    });
    findings
        .extend(["api_token_name", "api_token"].into_iter().filter_map(|name| not_quoted(connection, name)));
    findings
}

fn tokens(connection: &Connection) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !connection.is_set("webhook_token") && connection.components.contains(Components::WEB) {
        findings.push(
            error(
                "GitlabNoWebhookToken",
                "webhook_token",
                "`webhook_token` is missing: zuul-web takes webhooks from anybody who sends an empty token",
            )
            .expected("a Secret with the token that is also set in GitLab's webhook")
            .cure("set `webhook_token`"),
        );
    }
    if connection.is_set("api_token") {
        return findings;
    }
    findings.push(match needs(connection, "api_token_name", "api_token") {
        Some(finding) => finding,
        None => {
            warning("GitlabNoApiToken", "api_token", "without a token Zuul cannot report on merge requests")
                .expected("a Secret with a token for GitLab's API")
                .cure("set `api_token`")
        }
    });
    findings
}

/// Zuul looks for credentials that stand in the URL already, but with `http?://`, which `https://` is
/// not.
fn over_http(connection: &Connection) -> Option<Finding> {
    let url = connection.text("cloneurl").unwrap_or_default();
    let has_login = url.contains('@');
    if connection.is_set("api_token_name") && has_login {
        return Some(if url.starts_with("https") {
            error(
                "GitlabCannotClone",
                "cloneurl",
                "Zuul puts the token before the login that stands in this URL: no clone works",
            )
            .expected("a URL without a login, or no `api_token_name`")
            .cure("remove the login from the URL, or remove `api_token_name`")
        } else {
            warning(
                "GitlabTokenNameUnused",
                "api_token_name",
                "clones use the login that stands in `cloneurl`, not the token",
            )
            .expected("one login for clones")
            .cure("remove the login from `cloneurl`, or remove `api_token_name`")
        });
    }
    if connection.is_set("sshkey") {
        return Some(
            warning("GitlabKeyUnused", "sshkey", "repositories are not cloned over SSH: the key is not used")
                .expected("a `cloneurl` that starts with ssh:// with it")
                .cure("set `cloneurl` to ssh://git@HOST, or remove `sshkey`"),
        );
    }
    // Without a token at all that is said already.
    let is_anonymous = !connection.is_set("api_token_name") && !has_login && connection.is_set("api_token");
    is_anonymous.then(|| {
        note(
            "GitlabAnonymousClone",
            "api_token_name",
            "repositories are cloned without a login: only public ones can be",
        )
        .expected("`api_token_name`, for private repositories")
        .cure("set `api_token_name` to the name of the token")
    })
}

fn over_ssh(connection: &Connection) -> Option<Finding> {
    let url = connection.text("cloneurl").unwrap_or_default();
    // Neither file:// and git:// nor a path need a key.
    let needs_key = url.starts_with("ssh://") || (!url.contains("://") && url.contains(':'));
    if !connection.is_set("sshkey") {
        return needs_key.then(|| {
            warning("GitlabCannotClone", "sshkey", "repositories are cloned over SSH, and there is no key")
                .expected("`sshkey`, or a `cloneurl` that starts with https://")
                .cure("set `sshkey` to a Secret with a private key")
        });
    }
    connection.is_set("api_token_name").then(|| {
        warning(
            "GitlabTokenNameUnused",
            "api_token_name",
            "repositories are cloned over SSH, without the token",
        )
        .expected("a `cloneurl` that starts with https:// with it")
        .cure("remove `api_token_name`, or `cloneurl` and `sshkey`")
    })
}

/// Zuul writes `https://NAME:TOKEN@HOST` without quoting either. A token from a Secret is not seen here.
fn not_quoted(connection: &Connection, option: &str) -> Option<Finding> {
    let breaks =
        |c: char| "/?#@%".contains(c) || c.is_whitespace() || (c == ':' && option == "api_token_name");
    let text = connection.text(option)?;
    (connection.is_set("api_token_name") && text.contains(breaks)).then(|| {
        error(
            "GitlabNotQuoted",
            option,
            &format!(
                "Zuul puts `{option}` into the URL of clones as it is, and a character in it breaks that"
            ),
        )
        .expected("no '/', '?', '#', '@', '%', ':' or blank")
        .cure("make a token whose name and text are letters, digits, '-', '_' and '.'")
    })
}
