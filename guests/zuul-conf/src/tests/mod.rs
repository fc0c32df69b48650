//! The table of least privilege, and what is refused.

mod findings;
mod table;

use zuul_plugin_sdk::renderer::{Answer, Connection, Request, Section, ZuulConf as File};
use zuul_plugin_sdk::testing::{codes, section, text};
use zuul_plugin_sdk::{Components, ConfigRenderer, Line, Segment, Setting, readers};

use crate::{ZuulConf, sections};

fn render(sections: Vec<Section>, connections: Vec<Connection>) -> Answer {
    ZuulConf::render(Request { components: readers::ALL, sections, connections, extra: Vec::new() })
}

fn connection(name: &str, readers: Components, lines: &[(&str, Components)]) -> Connection {
    let lines = lines
        .iter()
        .map(|(key, readers)| Line {
            key: (*key).to_owned(),
            value: vec![Segment::Text("x".to_owned())],
            readers: *readers,
            extra: Vec::new(),
        })
        .collect();
    Connection { name: name.to_owned(), driver: "gerrit".to_owned(), readers, lines, extra: Vec::new() }
}

/// One component's file as text; `<0>` for the secret with handle 0.
fn shown(answer: &Answer, component: Components) -> String {
    let file: Option<&File> = answer.files.iter().find(|file| file.component == component);
    let mut shown = String::new();
    for section in file.iter().flat_map(|file| &file.sections) {
        shown.push_str(&format!("[{}]\n", section.header));
        for line in &section.lines {
            let value: String = line
                .value
                .iter()
                .map(|segment| match segment {
                    Segment::Text(text) => text.clone(),
                    Segment::Secret(handle) => format!("<{handle}>"),
                })
                .collect();
            shown.push_str(&format!("{}={value}\n", line.key));
        }
    }
    shown
}

/// A tenants' file, so that its absence is not found in every test.
fn with_tenants(mut sections: Vec<Section>) -> Vec<Section> {
    sections.push(section("scheduler", None, &[("tenant_config", text("/main.yaml"))]));
    sections
}
