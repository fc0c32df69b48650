//! Who gets what of zuul.conf: the table of least privilege.
//!
//! Each component's file has only the sections and keys that it reads ([`sections`]), in a fixed
//! order, so that a change of one input changes one place:
//!
//! 1. `zookeeper`, `keystore`, `database`;
//! 2. the component's own section, then those of other daemons that it reads something of;
//! 3. `zuul`, `oidc`, `statsd`, `tracing`, `ansible_callback …`, `auth …`;
//! 4. sections that are not known, in the order of the request;
//! 5. the connections, in the order of the request: Zuul takes the first for a server.
//!
//! The host gives what it knows (ZooKeeper, keystore, database, ports, paths of mounted files) as
//! entries like those of the user. A Secret for an option that Zuul reads as a file must have become
//! the path of its mount before: a renderer cannot mount. Nothing is checked that the host alone writes: that
//! servers of ZooKeeper have a port, or that a section is one that Zuul has.
#![forbid(unstable_features)]

mod check;
mod clean;
mod codes;
mod conf;
pub mod sections;
mod telemetry;
#[cfg(test)]
mod tests;

use zuul_plugin_sdk::renderer::{Answer, Description, Request};
use zuul_plugin_sdk::{ConfigRenderer, SectionRow, code_infos, export_config_renderer};

/// The built-in config renderer.
pub struct ZuulConf;

impl ConfigRenderer for ZuulConf {
    fn describe() -> Description {
        Description {
            sections: sections::ALL.iter().map(SectionRow::info).collect(),
            codes: code_infos(codes::ALL),
            extra: Vec::new(),
        }
    }

    fn render(request: Request) -> Answer {
        let (sections, mut findings) = clean::clean(request.sections);
        findings.extend(check::check(request.components, &sections));
        let (connections, refused) = clean::connections(request.connections);
        findings.extend(refused);
        let files =
            request.components.iter().map(|component| conf::of(component, &sections, &connections)).collect();
        Answer { files, findings, extra: Vec::new() }
    }
}

export_config_renderer!(ZuulConf);
