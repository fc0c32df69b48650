//! The description: every section of zuul.conf in Zuul 14.3, with who reads which option.
//!
//! The options are those that Zuul's source reads (`get_default`, `has_option`); who reads them was
//! found by booting each component with and without the section.

mod access;
mod daemons;
mod executor;
mod shared;

use zuul_plugin_sdk::renderer::SectionInfo;
use zuul_plugin_sdk::{Components, Kind, OptionInfo, option};

/// All sections, in the order of `explain`: what all need first.
pub fn all() -> Vec<SectionInfo> {
    let mut all = shared::needed();
    all.extend(daemons::all());
    all.push(executor::section_of_executor());
    all.extend(shared::optional());
    all.extend(access::all());
    all
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

/// Those that read anything of the section.
pub fn readers(section: &SectionInfo) -> Components {
    section.options.iter().fold(Components::empty(), |all, option| all | option.readers)
}

fn section(name: &str, summary: &str, options: Vec<OptionInfo>) -> SectionInfo {
    SectionInfo {
        name: name.to_owned(),
        named: false,
        open: false,
        options,
        summary: summary.to_owned(),
        extra: Vec::new(),
    }
}

/// The options that every daemon reads in its own section.
fn daemon(name: &str, reader: Components) -> Vec<OptionInfo> {
    vec![
        option(
            "log_config",
            Kind::Path,
            reader,
            "Logging configuration: YAML or JSON by its extension, else INI.",
        ),
        option("pidfile", Kind::Path, reader, "File of the process id; not used in the foreground.")
            .default(&format!("/var/run/zuul/{name}.pid")),
        option("command_socket", Kind::Path, reader, "Socket that `zuul-…` commands in the pod speak to.")
            .default(&format!("/var/lib/zuul/{name}.socket")),
        port("prometheus_port", reader, "Port of metrics and health; absent means that there is none."),
        option("prometheus_addr", Kind::Text, reader, "Address that metrics and health listen at.")
            .default("0.0.0.0"),
    ]
}

fn port(name: &str, readers: Components, summary: &str) -> OptionInfo {
    option(name, Kind::Integer, readers, summary).range(1.0, 65535.0)
}
