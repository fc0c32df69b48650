//! Sections of single daemons, all but the executor's.

use zuul_plugin_sdk::renderer::SectionInfo;
use zuul_plugin_sdk::{Components, Kind, OptionInfo, option, readers};

use super::{daemon, port, section};

/// Scheduler, web, merger, fingergw, launcher.
pub fn all() -> Vec<SectionInfo> {
    let with = |mut options: Vec<OptionInfo>, name: &str, reader: Components| {
        options.extend(daemon(name, reader));
        options
    };
    vec![
        section("scheduler", "The scheduler.", with(scheduler(), "scheduler", Components::SCHEDULER)),
        section("web", "The web server.", with(web(), "web", Components::WEB)),
        section("merger", "Mergers; executors merge too.", with(merger(), "merger", Components::MERGER)),
        section("fingergw", "The finger gateway.", with(fingergw(), "fingergw", Components::FINGERGW)),
        section("launcher", "zuul-launcher.", with(launcher(), "launcher", Components::LAUNCHER)),
    ]
}

fn scheduler() -> Vec<OptionInfo> {
    let to = readers::SCHEDULER;
    vec![
        option("tenant_config", Kind::Path, to, "The tenants' file, main.yaml.")
            .required_when("`tenant_config_script` is absent"),
        option(
            "tenant_config_script",
            Kind::Path,
            to,
            "A program that prints the tenants' file; if it fails, all tenants are deleted.",
        ),
        option(
            "default_ansible_version",
            Kind::OneOf,
            to,
            "Ansible version of jobs that name none; 9 is deprecated.",
        )
        .choices(&["9", "11"])
        .default("11"),
        option("relative_priority", Kind::Boolean, to, "Share nodes fairly between projects.")
            .default("false"),
        option(
            "max_hold_expiration",
            Kind::Integer,
            to,
            "Seconds that a node may be held at most; 0 for no limit.",
        )
        .default("0"),
        option(
            "default_hold_expiration",
            Kind::Integer,
            to,
            "Seconds that a node is held; `max_hold_expiration` if absent.",
        ),
    ]
}

fn web() -> Vec<OptionInfo> {
    let to = readers::WEB;
    // The scheduler puts them into links and, through ZooKeeper, into tokens.
    let both = readers::REPORTER;
    vec![
        option("listen_address", Kind::Text, to, "Address to listen at; 0.0.0.0 or :: in a pod.")
            .default("127.0.0.1"),
        port("port", to, "Port to listen at.").default("9000"),
        option(
            "root",
            Kind::Text,
            both,
            "URL at which users see the web server; reports have no links without.",
        ),
        option(
            "websocket_url",
            Kind::Text,
            both,
            "URL of the console's web socket, where it is not below `root`.",
        ),
        option("status_url", Kind::Text, both, "URL at which users see the web server.")
            .deprecated("replaced by `root`"),
        option("static_path", Kind::Path, to, "Folder of the web interface's files."),
        option("static_cache_expiry", Kind::Integer, to, "Seconds that browsers may keep those files.")
            .default("3600"),
        option("stats_type", Kind::Text, to, "Kind of server that keeps the statistics.").default("graphite"),
        option("stats_url", Kind::Text, to, "URL of the server that keeps the statistics."),
        option(
            "zone",
            Kind::Text,
            to,
            "Zone of the web server; logs of other zones come through their gateways.",
        ),
        option(
            "auth_log_file_requests",
            Kind::Boolean,
            to,
            "Send the login along when the browser fetches logs.",
        )
        .default("false"),
    ]
}

fn merger() -> Vec<OptionInfo> {
    let both = readers::GIT;
    vec![
        option("git_dir", Kind::Path, Components::MERGER, "Folder of the merger's repositories.")
            .default("/var/lib/zuul/merger-git"),
        option(
            "git_http_low_speed_limit",
            Kind::Integer,
            both,
            "Bytes a second below which a transfer counts as slow.",
        )
        .default("1000"),
        option(
            "git_http_low_speed_time",
            Kind::Integer,
            both,
            "Seconds after which a slow transfer is ended.",
        )
        .default("30"),
        option(
            "git_timeout",
            Kind::Integer,
            both | readers::SCHEDULER,
            "Seconds that a git command may take.",
        )
        .default("300"),
        option("git_user_email", Kind::Text, both, "Committer's address in merges.")
            .default("zuul.merger.default@example.com"),
        option("git_user_name", Kind::Text, both, "Committer's name in merges.")
            .default("Zuul Merger Default"),
    ]
}

fn fingergw() -> Vec<OptionInfo> {
    let to = Components::FINGERGW;
    // Web is a client of gateways in other zones.
    let both = to | readers::WEB;
    vec![
        option("listen_address", Kind::Text, to, "Address to listen at.").default("::"),
        port("port", to, "Port to listen at; below 1024 it needs root.").default("79"),
        port("public_port", to, "Port that others see; `port` if absent."),
        option("user", Kind::Text, to, "User to become after the port is open; needs root."),
        option("hostname", Kind::Text, to, "Host name that others reach the gateway at."),
        option("zone", Kind::Text, to, "Zone of the executors behind the gateway."),
        option("tls_cert", Kind::Path, both, "Certificate for streams between gateways."),
        option("tls_key", Kind::SecretFile, both, "Key for streams between gateways."),
        option("tls_ca", Kind::Path, both, "CA certificates of the other gateways."),
        option("tls_verify_hostnames", Kind::Boolean, both, "Verify the host names of other gateways.")
            .default("true"),
        option("tls_client_only", Kind::Boolean, to, "Use TLS towards others, but listen without.")
            .default("false"),
    ]
}

fn launcher() -> Vec<OptionInfo> {
    let to = readers::LAUNCHER;
    vec![
        option("temp_dir", Kind::Path, to, "Folder for images on their way.").default("/tmp"),
        option(
            "connection_filter",
            Kind::Text,
            to,
            "Connections that this launcher serves, separated by commas; all if absent.",
        ),
    ]
}
