//! One component's zuul.conf, from sections that are clean.

use zuul_plugin_sdk::renderer::{Connection, OutLine, OutSection, Section, ZuulConf};
use zuul_plugin_sdk::{Components, Entry, Kind, SectionRow, Segment, Value, value};

use crate::sections::{known, owner};

/// The order of sections; the component's own comes after the first three.
const ORDER: [&str; 15] = [
    "zookeeper",
    "keystore",
    "database",
    "scheduler",
    "web",
    "executor",
    "merger",
    "fingergw",
    "launcher",
    "zuul",
    "oidc",
    "statsd",
    "tracing",
    "ansible_callback",
    "auth",
];

/// The file of one component.
pub fn of(component: Components, sections: &[Section], connections: &[Connection]) -> ZuulConf {
    let mut ordered: Vec<&Section> = sections.iter().collect();
    ordered.sort_by_key(|section| rank(component, &section.name));
    let mut out: Vec<OutSection> = Vec::new();
    for section in ordered {
        let info = known(&section.name);
        let lines: Vec<OutLine> =
            section.entries.iter().filter_map(|entry| line(component, info, entry)).collect();
        if !lines.is_empty() {
            out.push(OutSection { header: section.header(), lines, extra: Vec::new() });
        }
    }
    let mine = connections.iter().filter(|connection| connection.readers.contains(component));
    out.extend(mine.map(|connection| section_of(component, connection)));
    ZuulConf { component, sections: out, extra: Vec::new() }
}

/// Sorting is stable: sections of one name keep the request's order.
fn rank(component: Components, name: &str) -> usize {
    let place = ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len());
    // Doubled, to leave a place between `database` and the first of the daemons.
    if place > 2 && owner(name) == Some(component) && name != "ansible_callback" { 5 } else { place * 2 }
}

/// A section that is not known is for all: the user forced it, and nobody knows who reads it. An
/// option that is not known is for the section's owner, or for all that read the section.
fn line(component: Components, info: Option<&SectionRow>, entry: &Entry) -> Option<OutLine> {
    let option = info.and_then(|info| info.options.iter().find(|option| option.name == entry.name));
    let to = match (option, info) {
        (Some(option), _) => option.readers,
        (None, Some(info)) => owner(info.name).unwrap_or_else(|| info.readers()),
        (None, None) => Components::all(),
    };
    let kind = option.map_or(Kind::Text, |option| option.kind);
    let value = to.contains(component).then(|| value(&entry.setting, kind))??;
    Some(out(entry.name.clone(), value))
}

/// A connection's section, `driver` first; it is there even if the component reads nothing else.
fn section_of(component: Components, connection: &Connection) -> OutSection {
    let driver = vec![Segment::Text(connection.driver.clone())];
    let mut lines = vec![out("driver".to_owned(), driver)];
    let mine = connection.lines.iter().filter(|line| line.readers.contains(component));
    lines.extend(mine.map(|line| out(line.key.clone(), line.value.clone())));
    OutSection { header: format!("connection {}", connection.name), lines, extra: Vec::new() }
}

fn out(key: String, value: Value) -> OutLine {
    OutLine { key, value, extra: Vec::new() }
}
