//! Sections of single daemons, all but the executor's.

use zuul_plugin_sdk::{Components, Kind, SectionRow, option, readers, section};

use super::{daemon, port};

/// Web is a client of gateways in other zones.
const GATEWAYS: Components = Components::FINGERGW.union(readers::WEB);

/// `[scheduler]`
pub const SCHEDULER: SectionRow = section(
    "scheduler",
    "The scheduler.",
    daemon!(
        "scheduler",
        Components::SCHEDULER,
        option("tenant_config", Kind::Path, readers::SCHEDULER, "The tenants' file, main.yaml.")
            .required_when("`tenant_config_script` is absent"),
        option(
            "tenant_config_script",
            Kind::Path,
            readers::SCHEDULER,
            "A program that prints the tenants' file; if it fails, all tenants are deleted.",
        ),
        option(
            "default_ansible_version",
            Kind::OneOf,
            readers::SCHEDULER,
            "Ansible version of jobs that name none; 9 is deprecated.",
        )
        .choices(&["9", "11"])
        .default("11"),
        option(
            "relative_priority",
            Kind::Boolean,
            readers::SCHEDULER,
            "Share nodes fairly between projects."
        )
        .default("false"),
        option(
            "max_hold_expiration",
            Kind::Integer,
            readers::SCHEDULER,
            "Seconds that a node may be held at most; 0 for no limit.",
        )
        .default("0"),
        option(
            "default_hold_expiration",
            Kind::Integer,
            readers::SCHEDULER,
            "Seconds that a node is held; `max_hold_expiration` if absent.",
        )
    ),
);

/// `[web]`. What the scheduler reads of it goes into links and, through ZooKeeper, into tokens.
pub const WEB: SectionRow = section(
    "web",
    "The web server.",
    daemon!(
        "web",
        Components::WEB,
        option("listen_address", Kind::Text, readers::WEB, "Address to listen at; 0.0.0.0 or :: in a pod.")
            .default("127.0.0.1"),
        port("port", readers::WEB, "Port to listen at.").default("9000"),
        option(
            "root",
            Kind::Text,
            readers::REPORTER,
            "URL at which users see the web server; reports have no links without.",
        ),
        option(
            "websocket_url",
            Kind::Text,
            readers::REPORTER,
            "URL of the console's web socket, where it is not below `root`.",
        ),
        option("status_url", Kind::Text, readers::REPORTER, "URL at which users see the web server.")
            .deprecated("replaced by `root`"),
        option("static_path", Kind::Path, readers::WEB, "Folder of the web interface's files."),
        option(
            "static_cache_expiry",
            Kind::Integer,
            readers::WEB,
            "Seconds that browsers may keep those files."
        )
        .default("3600"),
        option("stats_type", Kind::Text, readers::WEB, "Kind of server that keeps the statistics.")
            .default("graphite"),
        option("stats_url", Kind::Text, readers::WEB, "URL of the server that keeps the statistics."),
        option(
            "zone",
            Kind::Text,
            readers::WEB,
            "Zone of the web server; logs of other zones come through their gateways.",
        ),
        option(
            "auth_log_file_requests",
            Kind::Boolean,
            readers::WEB,
            "Send the login along when the browser fetches logs.",
        )
        .default("false")
    ),
);

/// `[merger]`
pub const MERGER: SectionRow = section(
    "merger",
    "Mergers; executors merge too.",
    daemon!(
        "merger",
        Components::MERGER,
        option("git_dir", Kind::Path, Components::MERGER, "Folder of the merger's repositories.")
            .default("/var/lib/zuul/merger-git"),
        option(
            "git_http_low_speed_limit",
            Kind::Integer,
            readers::GIT,
            "Bytes a second below which a transfer counts as slow.",
        )
        .default("1000"),
        option(
            "git_http_low_speed_time",
            Kind::Integer,
            readers::GIT,
            "Seconds after which a slow transfer is ended.",
        )
        .default("30"),
        option(
            "git_timeout",
            Kind::Integer,
            readers::GIT.union(readers::SCHEDULER),
            "Seconds that a git command may take.",
        )
        .default("300"),
        option("git_user_email", Kind::Text, readers::GIT, "Committer's address in merges.")
            .default("zuul.merger.default@example.com"),
        option("git_user_name", Kind::Text, readers::GIT, "Committer's name in merges.")
            .default("Zuul Merger Default")
    ),
);

/// `[fingergw]`
pub const FINGERGW: SectionRow = section(
    "fingergw",
    "The finger gateway.",
    daemon!(
        "fingergw",
        Components::FINGERGW,
        option("listen_address", Kind::Text, Components::FINGERGW, "Address to listen at.").default("::"),
        port("port", Components::FINGERGW, "Port to listen at; below 1024 it needs root.").default("79"),
        port("public_port", Components::FINGERGW, "Port that others see; `port` if absent."),
        option(
            "user",
            Kind::Text,
            Components::FINGERGW,
            "User to become after the port is open; needs root."
        ),
        option("hostname", Kind::Text, Components::FINGERGW, "Host name that others reach the gateway at."),
        option("zone", Kind::Text, Components::FINGERGW, "Zone of the executors behind the gateway."),
        option("tls_cert", Kind::Path, GATEWAYS, "Certificate for streams between gateways."),
        option("tls_key", Kind::SecretFile, GATEWAYS, "Key for streams between gateways."),
        option("tls_ca", Kind::Path, GATEWAYS, "CA certificates of the other gateways."),
        option("tls_verify_hostnames", Kind::Boolean, GATEWAYS, "Verify the host names of other gateways.")
            .default("true"),
        option(
            "tls_client_only",
            Kind::Boolean,
            Components::FINGERGW,
            "Use TLS towards others, but listen without."
        )
        .default("false")
    ),
);

/// `[launcher]`
pub const LAUNCHER: SectionRow = section(
    "launcher",
    "zuul-launcher.",
    daemon!(
        "launcher",
        Components::LAUNCHER,
        option("temp_dir", Kind::Path, readers::LAUNCHER, "Folder for images on their way.").default("/tmp"),
        option(
            "connection_filter",
            Kind::Text,
            readers::LAUNCHER,
            "Connections that this launcher serves, separated by commas; all if absent.",
        )
    ),
);
