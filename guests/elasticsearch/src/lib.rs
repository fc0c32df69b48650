//! The elasticsearch driver: results as documents in Elasticsearch.
//!
//! Web never reports, but makes a client of `uri` when it boots, and dies without one. It is given the
//! user's only where that holds no credentials.
#![forbid(unstable_features)]

use zuul_plugin_sdk::check::{NEEDS, needs};
use zuul_plugin_sdk::{
    CodeRow, Connection, Driver, DriverTable, Finding, Kind, Line, OptionRow, Rendering, Roles, Segment,
    driver, error, export_driver, option, readers, warning,
};

/// Zuul's `elasticsearch` driver.
pub struct Elasticsearch;

/// What web is given for a `uri` with credentials, or for one in a Secret, into which no plugin sees.
/// All that web does with it is to ask for the version once; an answer, an error and nobody who listens are
/// one to it (`ElasticsearchConnection.__init__` in Zuul 14.3). On the pod itself it is refused at once.
const STAND_IN: &str = "http://localhost:9200";

impl Driver for Elasticsearch {
    const TABLE: DriverTable =
        driver(&["elasticsearch"], Roles::REPORTER, "Results as documents in Elasticsearch.")
            .options(OPTIONS)
            .codes(CODES);

    fn render(connection: Connection) -> Rendering {
        let mut rendering = Self::TABLE.render(&connection);
        if connection.is_set("uri") && connection.text("uri").is_none_or(|uri| uri.contains('@')) {
            rendering.give("uri", readers::SCHEDULER);
            rendering.lines.push(Line {
                key: "uri".to_owned(),
                value: vec![Segment::Text(STAND_IN.to_owned())],
                readers: readers::WEB,
                extra: Vec::new(),
            });
        }
        rendering.findings.extend(findings(&connection));
        rendering
    }
}

export_driver!(Elasticsearch);

/// The codes of its findings.
const CODES: &[CodeRow] = &[
    NEEDS,
    (
        "ElasticsearchBadUri",
        "An address in `uri` has no host, no legal port, or a user without a password: Zuul does not start.",
    ),
    ("ElasticsearchOptionIgnored", "An option has no effect beside the others."),
    ("ElasticsearchSpeaksTls", "Zuul speaks TLS to an address that starts with http://."),
];

/// What belongs to the verification of certificates; Zuul passes it on only with `use_ssl`, its client uses it
/// only with `verify_certs`.
const VERIFICATION: [&str; 3] = ["ca_certs", "client_cert", "client_key"];

const OPTIONS: &[OptionRow] = {
    let to = readers::SCHEDULER;
    &[
        option(
            "uri",
            Kind::SecretUri,
            readers::REPORTER,
            "Addresses of Elasticsearch, separated by commas: https://USER:PASSWORD@HOST:PORT. Web is given none \
             with credentials.",
        )
        .required(),
        option("use_ssl", Kind::Boolean, to, "Speak TLS, whatever the addresses start with.").default("true"),
        option("verify_certs", Kind::Boolean, to, "Verify the certificates of the servers.").default("true"),
        option("ca_certs", Kind::Path, to, "CA certificates; those of Python's certifi if absent."),
        option("client_cert", Kind::Path, to, "Client certificate.").required_when("`client_key` is set"),
        option("client_key", Kind::SecretFile, to, "Client key, unless it is in the certificate's file."),
    ]
};

fn findings(connection: &Connection) -> Vec<Finding> {
    let mut findings: Vec<Finding> = needs(connection, "client_key", "client_cert").into_iter().collect();
    let uri = connection.text("uri").unwrap_or_default().trim();
    if !uri.is_empty() && uri.split(',').any(is_bad) {
        findings.push(
            error(
                "ElasticsearchBadUri",
                "uri",
                "an address here has no host, no legal port, or a user without a password",
            )
            .expected("addresses like https://USER:PASSWORD@HOST:PORT, with a comma between two")
            .cure("correct the address: Zuul does not start with it"),
        );
    }
    let is_plain = |address: &str| address.trim().starts_with("http://");
    if !connection.has("use_ssl") && uri.split(',').any(is_plain) {
        findings.push(
            warning(
                "ElasticsearchSpeaksTls",
                "use_ssl",
                "Zuul speaks TLS, to an address with http:// as well",
            )
            .expected("`use_ssl: false`, or an address that starts with https://")
            .cure("set `use_ssl: false` if the server does not speak TLS, else write https://"),
        );
    }
    let off = ["use_ssl", "verify_certs"].into_iter().find(|name| connection.truth(name) == Some(false));
    let ignored = VERIFICATION.into_iter().filter(|name| connection.is_set(name));
    let also = (off == Some("use_ssl") && connection.has("verify_certs")).then_some("verify_certs");
    if let Some(off) = off {
        findings.extend(ignored.chain(also).map(|name| {
            warning("ElasticsearchOptionIgnored", name, &format!("with `{off}: false` it is not used"))
                .expected(&format!("`{off}` without false, or not this option"))
                .cure(&format!("remove it, or `{off}`"))
        }));
    }
    findings
}

/// The client's own parser makes `None` of a host or a password that is missing, and fails on that; Python's
/// raises for the rest.
fn is_bad(address: &str) -> bool {
    let address = address.trim_start();
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (login, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    host.trim_end().is_empty()
        || host.starts_with(':')
        || (!login.is_empty() && !login.contains(':'))
        || authority.contains('[') != authority.contains(']')
        || !has_legal_port(host)
}

/// By `urllib.parse`: what follows the first colon outside of brackets, in ASCII digits; it may be empty.
fn has_legal_port(host: &str) -> bool {
    let end = host.split_once(']').map_or(host, |(_, end)| end);
    let port = end.split_once(':').map_or("", |(_, port)| port);
    port.is_empty() || (port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests;
