//! The gerrit driver: code review, events by SSH or a message bus, clones by HTTPS or SSH.
//!
//! What is more than its table: who is given which credential (see `git_access`), two options
//! that Zuul reads wrongly, and combinations that leave a connection without events or clones.
#![forbid(unstable_features)]

mod options;
mod places;
#[cfg(test)]
mod tests;

use zuul_plugin_sdk::check::{HOST_NAME, NEEDS, URL, needs};
use zuul_plugin_sdk::{
    CodeRow, Connection, Driver, DriverTable, Finding, Rendering, Roles, Setting, driver, error, readers,
    warning,
};

/// Zuul's `gerrit` driver.
pub struct Gerrit;

impl Driver for Gerrit {
    const TABLE: DriverTable = driver(
        &["gerrit"],
        Roles::SOURCE.union(Roles::REPORTER),
        "Changes in Gerrit: events, clones and reviews.",
    )
    .options(options::ALL)
    .codes(CODES);

    fn render(connection: Connection) -> Rendering {
        let mut rendering = Self::TABLE.render(&connection);
        let access = git_access(&connection);
        share_credentials(&mut rendering, access);
        keep_booleans_safe(&mut rendering, &connection);
        rendering.findings.extend(clone_finding(&connection, access));
        rendering.findings.extend(event_findings(&connection));
        rendering.findings.extend(option_findings(&connection));
        rendering.findings.extend(places::findings(&connection, speaks_ssh(&connection, access)));
        rendering
    }
}

#[cfg(feature = "export")]
zuul_plugin_sdk::export_driver!(Gerrit);

/// The codes of its findings.
const CODES: &[CodeRow] = &[
    NEEDS,
    HOST_NAME,
    URL,
    ("GerritAuthTypeUnused", "`auth_type` is set without a `password`: Zuul does not use REST then."),
    (
        "GerritBooleanFromSecret",
        "A boolean comes from a Secret, where nobody can see whether Gerrit's driver would read it rightly.",
    ),
    ("GerritCannotClone", "Mergers and executors would have no credential to clone with."),
    ("GerritEventSourceIgnored", "Several sources of events are set; Zuul takes the first."),
    ("GerritNoEvents", "Zuul would see no event of this Gerrit."),
    (
        "GerritWebUrlTemplate",
        "`gitweb_url_template` has a field that Zuul does not fill, or a brace too many.",
    ),
];

/// How mergers and executors clone: `GerritConnection.getGitUrl` in Zuul.
#[derive(Clone, Copy, PartialEq)]
enum GitAccess {
    /// HTTPS with the password in the URL.
    Https,
    /// HTTPS without credentials, as `auth_type=gcloud_service` does.
    Anonymous,
    /// SSH with the key.
    Ssh,
}

fn git_access(connection: &Connection) -> GitAccess {
    if connection.text("auth_type") == Some("gcloud_service") {
        GitAccess::Anonymous
    } else if connection.is_set("password") && connection.truth("git_over_ssh") != Some(true) {
        GitAccess::Https
    } else {
        GitAccess::Ssh
    }
}

/// The scheduler is given all; mergers and executors the one credential that they clone with.
/// `git_over_ssh` is for the scheduler alone: where the password is absent Zuul clones over SSH anyway.
fn share_credentials(rendering: &mut Rendering, access: GitAccess) {
    let all = readers::SCHEDULER | readers::GIT;
    let only = |given: bool| if given { all } else { readers::SCHEDULER };
    rendering.give("sshkey", only(access == GitAccess::Ssh));
    rendering.give("password", only(access == GitAccess::Https));
    rendering.give("auth_type", only(access != GitAccess::Ssh));
}

/// `verify_ssl=true` would be taken for the path of a CA file, and the text `false` of
/// `git_over_ssh` for true. The SDK leaves out both where it knows the value; a Secret's it cannot.
fn keep_booleans_safe(rendering: &mut Rendering, connection: &Connection) {
    for option in ["verify_ssl", "git_over_ssh", "stream_events"] {
        if matches!(connection.get(option), Some(Setting::Secret(_))) {
            rendering.omit(option);
            rendering.findings.push(
                error("GerritBooleanFromSecret", option, &format!("`{option}` is taken from a Secret"))
                    .expected("true or false")
                    .cure("write the value itself: Gerrit's driver breaks on some ways to write a boolean"),
            );
        }
    }
}

fn clone_finding(connection: &Connection, access: GitAccess) -> Option<Finding> {
    let is_cloned = connection.components.intersects(readers::GIT);
    (is_cloned && access == GitAccess::Ssh && !connection.is_set("sshkey")).then(|| {
        let (path, cure) = if connection.is_set("password") {
            ("git_over_ssh", "set `sshkey`, or remove `git_over_ssh` so that clones use the password")
        } else {
            (
                "sshkey",
                "set `sshkey` to a Secret with the user's private key, or `password` to its HTTP password",
            )
        };
        error("GerritCannotClone", path, "mergers and executors have no credential to clone with")
            .expected("`sshkey` for clones over SSH, or `password` for clones over HTTPS")
            .cure(cure)
    })
}

/// Sources of events in Zuul's order; without any of them events come by stream-events.
const BUSES: [&str; 3] = ["kafka_bootstrap_servers", "aws_kinesis_region", "gcloud_pubsub_project"];

/// Whether Zuul opens SSH connections, for events or for clones and queries.
fn speaks_ssh(connection: &Connection, access: GitAccess) -> bool {
    let has_bus = BUSES.into_iter().any(|bus| connection.is_set(bus));
    access == GitAccess::Ssh || (!has_bus && connection.truth("stream_events") != Some(false))
}

/// Zuul takes the first of Kafka, Kinesis and Pub/Sub that is set, else stream-events.
fn event_findings(connection: &Connection) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut set = BUSES.into_iter().filter(|bus| connection.is_set(bus));
    if let Some(first) = set.next() {
        findings.extend(set.map(|ignored| {
            warning(
                "GerritEventSourceIgnored",
                ignored,
                &format!("events come from `{first}`; this is ignored"),
            )
            .expected("one source of events")
            .cure(&format!("remove either `{first}` or `{ignored}`"))
        }));
    } else if connection.truth("stream_events") != Some(false) && !connection.is_set("sshkey") {
        findings.push(
            warning(
                "GerritNoEvents",
                "sshkey",
                "events come by SSH, and there is no key: Zuul will see none",
            )
            .expected("`sshkey`, or another source of events")
            .cure("set `sshkey`; or set the options of Kafka, Kinesis or Pub/Sub; or `stream_events: false`"),
        );
    }
    findings
}

fn option_findings(connection: &Connection) -> Vec<Finding> {
    let pairs = [
        ("kafka_tls_key", "kafka_tls_cert"),
        ("kafka_tls_key", "kafka_tls_ca"),
        ("kafka_tls_cert", "kafka_tls_key"),
        ("kafka_tls_ca", "kafka_tls_key"),
        ("aws_kinesis_access_key", "aws_kinesis_secret_key"),
        ("aws_kinesis_secret_key", "aws_kinesis_access_key"),
    ];
    let mut findings: Vec<Finding> =
        pairs.into_iter().filter_map(|(option, other)| needs(connection, option, other)).collect();
    let anonymous = git_access(connection) == GitAccess::Anonymous;
    if connection.is_set("auth_type") && !anonymous && !connection.is_set("password") {
        findings.push(
            warning(
                "GerritAuthTypeUnused",
                "auth_type",
                "`auth_type` is set, but no `password`: REST is not used",
            )
            .expected("`password` with it")
            .cure("set `password`, or remove `auth_type`"),
        );
    }
    findings
}
