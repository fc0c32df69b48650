//! Sections that components share.

use zuul_plugin_sdk::{Components, Kind, SectionRow, option, readers, section};

use super::port;

/// They have a project's keys.
const KEYS: Components = readers::REPORTER.union(Components::EXECUTOR);
/// They write and read build results.
const RESULTS: Components = readers::REPORTER;
/// They send statistics.
const STATISTICS: Components = KEYS.union(Components::LAUNCHER);
/// They trace.
const TRACES: Components = STATISTICS.union(Components::MERGER);

/// `[zookeeper]`
pub const ZOOKEEPER: SectionRow = section(
    "zookeeper",
    "Where Zuul keeps its state; TLS with a client certificate is a must.",
    &[
        option(
            "hosts",
            Kind::Text,
            readers::ALL,
            "Servers, HOST:PORT separated by commas, with an optional /CHROOT at the end.",
        )
        .required(),
        option("tls_cert", Kind::Path, readers::ALL, "Client certificate.").required(),
        option("tls_key", Kind::SecretFile, readers::ALL, "Client key.").required(),
        option("tls_ca", Kind::Path, readers::ALL, "CA certificates that the servers are verified with.")
            .required(),
        option(
            "session_timeout",
            Kind::Number,
            readers::ALL,
            "Seconds after which a silent component counts as gone.",
        )
        .default("120.0"),
    ],
);

/// `[keystore]`
pub const KEYSTORE: SectionRow = section(
    "keystore",
    "How the projects' private keys are encrypted in ZooKeeper.",
    &[option(
        "password",
        Kind::Secret,
        KEYS,
        "Password; the same in all of them; without it the keys are lost.",
    )
    .required()],
);

/// `[database]`
pub const DATABASE: SectionRow = section(
    "database",
    "Where build results are kept.",
    &[
        option(
            "dburi",
            Kind::SecretUri,
            RESULTS,
            "URI of the database, like mariadb+pymysql:// or postgresql://.",
        )
        .required(),
        option("table_prefix", Kind::Text, RESULTS, "Prefix of all table names."),
        option(
            "pool_recycle",
            Kind::Integer,
            Components::empty(),
            "Seconds after which a connection is made anew.",
        )
        .deprecated("nothing: Zuul 14.3 stops with a TypeError when it is set"),
    ],
);

/// `[zuul]`
pub const ZUUL: SectionRow = section(
    "zuul",
    "Zuul as a whole.",
    &[option("report_times", Kind::Boolean, readers::SCHEDULER, "Report how long each job took.")
        .default("true")],
);

/// `[oidc]`
pub const OIDC: SectionRow = section(
    "oidc",
    "Zuul as an issuer of OIDC tokens for jobs.",
    &[
        option(
            "signing_key_rotation_interval",
            Kind::Integer,
            readers::SCHEDULER,
            "Seconds between two signing keys.",
        )
        .default("604800"),
        option(
            "supported_signing_algorithms",
            Kind::Text,
            readers::SCHEDULER,
            "Algorithms, separated by commas.",
        )
        .default("RS256"),
        option(
            "default_signing_algorithm",
            Kind::Text,
            readers::SCHEDULER,
            "Algorithm where a job names none.",
        )
        .default("RS256"),
    ],
);

/// `[statsd]`
pub const STATSD: SectionRow = section(
    "statsd",
    "Where statistics are sent.",
    &[
        option("server", Kind::Text, STATISTICS, "Host name of the statsd server; nothing is sent without."),
        port("port", STATISTICS, "Port of the statsd server.").default("8125"),
        option("prefix", Kind::Text, STATISTICS, "Prefix of all names."),
    ],
);

/// `[tracing]`
pub const TRACING: SectionRow = section(
    "tracing",
    "Where OpenTelemetry traces are sent.",
    &[
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
        option(
            "compression",
            Kind::Text,
            TRACES,
            "Number of gRPC's compression of exports, 2 for gzip; Zuul does not start with any other text.",
        ),
    ],
);

/// `[webclient]`
pub const WEBCLIENT: SectionRow = section(
    "webclient",
    "How old zuul-admin commands reach the web server; no component reads it.",
    &[
        option("url", Kind::Text, Components::empty(), "URL of the web server."),
        option("verify_ssl", Kind::Boolean, Components::empty(), "Verify its certificate.").default("true"),
    ],
);
