//! Sections that components share.

use zuul_plugin_sdk::renderer::SectionInfo;
use zuul_plugin_sdk::{Components, Kind, OptionInfo, option, readers};

use super::{port, section};

/// They have a project's keys.
const KEYS: Components = readers::REPORTER.union(Components::EXECUTOR);
/// They send statistics.
const STATISTICS: Components = KEYS.union(Components::LAUNCHER);
/// They trace.
const TRACES: Components = STATISTICS.union(Components::MERGER);

/// ZooKeeper, keys, database.
pub fn needed() -> Vec<SectionInfo> {
    let all = readers::ALL;
    let database = readers::REPORTER;
    vec![
        section(
            "zookeeper",
            "Where Zuul keeps its state; TLS with a client certificate is a must.",
            vec![
                option(
                    "hosts",
                    Kind::Text,
                    all,
                    "Servers, HOST:PORT separated by commas, with an optional /CHROOT at the end.",
                )
                .required(),
                option("tls_cert", Kind::Path, all, "Client certificate.").required(),
                option("tls_key", Kind::SecretFile, all, "Client key.").required(),
                option("tls_ca", Kind::Path, all, "CA certificates that the servers are verified with.")
                    .required(),
                option(
                    "session_timeout",
                    Kind::Number,
                    all,
                    "Seconds after which a silent component counts as gone.",
                )
                .default("120.0"),
            ],
        ),
        section(
            "keystore",
            "How the projects' private keys are encrypted in ZooKeeper.",
            vec![
                option(
                    "password",
                    Kind::Secret,
                    KEYS,
                    "Password; the same in all, and lost keys are lost without it.",
                )
                .required(),
            ],
        ),
        section(
            "database",
            "Where build results are kept.",
            vec![
                option(
                    "dburi",
                    Kind::SecretUri,
                    database,
                    "URI of the database, like mariadb+pymysql:// or postgresql://.",
                )
                .required(),
                option("table_prefix", Kind::Text, database, "Prefix of all table names."),
                option(
                    "pool_recycle",
                    Kind::Integer,
                    Components::empty(),
                    "Seconds after which a connection is made anew.",
                )
                .deprecated("nothing: Zuul 14.3 stops with a TypeError when it is set"),
            ],
        ),
    ]
}

/// What a Zuul may do without.
pub fn optional() -> Vec<SectionInfo> {
    let scheduler = readers::SCHEDULER;
    vec![
        section(
            "zuul",
            "Zuul as a whole.",
            vec![
                option("report_times", Kind::Boolean, scheduler, "Report how long each job took.")
                    .default("true"),
            ],
        ),
        section(
            "oidc",
            "Zuul as an issuer of OIDC tokens for jobs.",
            vec![
                option(
                    "signing_key_rotation_interval",
                    Kind::Integer,
                    scheduler,
                    "Seconds between two signing keys.",
                )
                .default("604800"),
                option(
                    "supported_signing_algorithms",
                    Kind::Text,
                    scheduler,
                    "Algorithms, separated by commas.",
                )
                .default("RS256"),
                option(
                    "default_signing_algorithm",
                    Kind::Text,
                    scheduler,
                    "Algorithm where a job names none.",
                )
                .default("RS256"),
            ],
        ),
        section(
            "statsd",
            "Where statistics are sent.",
            vec![
                option(
                    "server",
                    Kind::Text,
                    STATISTICS,
                    "Host name of the statsd server; nothing is sent without.",
                ),
                port("port", STATISTICS, "Port of the statsd server.").default("8125"),
                option("prefix", Kind::Text, STATISTICS, "Prefix of all names."),
            ],
        ),
        section("tracing", "Where OpenTelemetry traces are sent.", tracing()),
        section(
            "webclient",
            "How old zuul-admin commands reach the web server; no component reads it.",
            vec![
                option("url", Kind::Text, Components::empty(), "URL of the web server."),
                option("verify_ssl", Kind::Boolean, Components::empty(), "Verify its certificate.")
                    .default("true"),
            ],
        ),
    ]
}

fn tracing() -> Vec<OptionInfo> {
    vec![
        option("enabled", Kind::Boolean, TRACES, "Send traces.").default("false"),
        option("protocol", Kind::OneOf, TRACES, "Protocol of the collector.")
            .choices(&["grpc", "http/protobuf"])
            .default("grpc"),
        option("endpoint", Kind::Text, TRACES, "URL of the collector."),
        option("service_name", Kind::Text, TRACES, "Name that the traces carry.").default("zuul"),
        option("tls_cert", Kind::Path, TRACES, "Client certificate; with grpc only."),
        option("tls_key", Kind::SecretFile, TRACES, "Client key; with grpc only."),
        option("tls_ca", Kind::Path, TRACES, "CA certificates of the collector; with grpc only."),
        option(
            "certificate_file",
            Kind::Path,
            TRACES,
            "CA certificates of the collector; with http/protobuf only.",
        ),
        option("insecure", Kind::Boolean, TRACES, "Without TLS; with grpc only."),
        option("timeout", Kind::Integer, TRACES, "Seconds that one export may take."),
        option("compression", Kind::Text, TRACES, "Compression of exports, like gzip."),
    ]
}
