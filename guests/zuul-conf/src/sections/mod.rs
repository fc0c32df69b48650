//! The description: every section of zuul.conf in Zuul 14.3, with who reads which option.
//!
//! The options are those that Zuul's source reads (`get_default`, `has_option`); who reads them was
//! found by booting each component with and without the section.

mod access;
mod daemons;
mod executor;
mod shared;

use zuul_plugin_sdk::{Components, Kind, OptionRow, SectionRow, option};

/// All sections, in the order of `explain`: what all need first.
pub const ALL: [SectionRow; 16] = [
    shared::ZOOKEEPER,
    shared::KEYSTORE,
    shared::DATABASE,
    daemons::SCHEDULER,
    daemons::WEB,
    daemons::MERGER,
    daemons::FINGERGW,
    daemons::LAUNCHER,
    executor::EXECUTOR,
    shared::ZUUL,
    shared::OIDC,
    shared::STATSD,
    shared::TRACING,
    shared::WEBCLIENT,
    access::AUTH,
    access::ANSIBLE_CALLBACK,
];

/// What is known of a section.
pub fn known(name: &str) -> Option<&'static SectionRow> {
    const { &ALL }.iter().find(|section| section.name == name)
}

/// The one component that a section belongs to; none for those that components share.
pub fn owner(section: &str) -> Option<Components> {
    match section {
        "scheduler" => Some(Components::SCHEDULER),
        "web" => Some(Components::WEB),
        "executor" | "ansible_callback" => Some(Components::EXECUTOR),
        "merger" => Some(Components::MERGER),
        "fingergw" => Some(Components::FINGERGW),
        "launcher" => Some(Components::LAUNCHER),
        _ => None,
    }
}

/// A daemon's own options, and behind them those that every daemon reads in its own section.
macro_rules! daemon {
    ($name:literal, $reader:expr, $($own:expr),* $(,)?) => {
        &[
            $($own,)*
            option(
                "log_config",
                Kind::Path,
                $reader,
                "Logging configuration: YAML or JSON by its extension, else INI.",
            ),
            option("pidfile", Kind::Path, $reader, "File of the process id; not used in the foreground.")
                .default(concat!("/var/run/zuul/", $name, ".pid")),
            option("command_socket", Kind::Path, $reader, "Socket that `zuul-…` commands in the pod speak to.")
                .default(concat!("/var/lib/zuul/", $name, ".socket")),
            port("prometheus_port", $reader, "Port of metrics and health; absent means that there is none."),
            option("prometheus_addr", Kind::Text, $reader, "Address that metrics and health listen at.")
                .default("0.0.0.0"),
        ]
    };
}
use daemon;

const fn port(name: &'static str, readers: Components, summary: &'static str) -> OptionRow {
    option(name, Kind::Integer, readers, summary).range(1.0, 65535.0)
}
