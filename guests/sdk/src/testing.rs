//! For native tests of plugins: shorthands for requests, and an answer as text.

use std::fmt::Write;

use crate::{
    Components, Connection, DriverTable, Entry, Finding, Rendering, Segment, Setting, readers, renderer,
};

/// A connection named `test` with these options, as the host would pass it (sorted by name).
#[must_use]
pub fn connection(driver: &str, options: &[(&str, Setting)]) -> Connection {
    let mut options = entries(options);
    options.sort_by(|a, b| a.name.cmp(&b.name));
    Connection {
        name: "test".to_owned(),
        driver: driver.to_owned(),
        options,
        mount: "/etc/zuul/connections/test".to_owned(),
        components: readers::ALL,
        extra: Vec::new(),
    }
}

/// Every option of a driver, each from the secret with handle 0: whoever must have nothing is seen to have nothing.
#[must_use]
pub fn everything(table: &DriverTable) -> Vec<(&'static str, Setting)> {
    table.names().map(|name| (name, Setting::Secret(0))).collect()
}

/// A section of zuul.conf with these options, for a config renderer.
#[must_use]
pub fn section(name: &str, instance: Option<&str>, options: &[(&str, Setting)]) -> renderer::Section {
    renderer::Section {
        name: name.to_owned(),
        instance: instance.map(str::to_owned),
        entries: entries(options),
        extra: Vec::new(),
    }
}

fn entries(options: &[(&str, Setting)]) -> Vec<Entry> {
    let named = |(name, setting): &(&str, Setting)| Entry {
        name: (*name).to_owned(),
        setting: setting.clone(),
        extra: Vec::new(),
    };
    options.iter().map(named).collect()
}

/// A text setting.
#[must_use]
pub fn text(text: &str) -> Setting {
    Setting::Text(text.to_owned())
}

/// The codes of findings, in order.
#[must_use]
pub fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

/// The keys that `component` is given, in order, with a blank between.
#[must_use]
pub fn keys(rendering: &Rendering, component: Components) -> String {
    let lines = rendering.lines.iter().filter(|line| line.readers.contains(component));
    lines.map(|line| line.key.as_str()).collect::<Vec<_>>().join(" ")
}

/// What `component` is given, a line each: `key=value`, `<0>` for the secret with handle 0, then
/// `file path <0>`.
#[must_use]
pub fn shown_to(rendering: &Rendering, component: Components) -> String {
    let mut shown = String::new();
    for line in rendering.lines.iter().filter(|line| line.readers.contains(component)) {
        let value: String = line.value.iter().map(segment).collect();
        let _ = writeln!(shown, "{}={value}", line.key);
    }
    for file in rendering.files.iter().filter(|file| file.readers.contains(component)) {
        let _ = writeln!(shown, "file {} <{}>", file.path, file.content);
    }
    shown
}

fn segment(segment: &Segment) -> String {
    match segment {
        Segment::Text(text) => text.clone(),
        Segment::Secret(handle) => format!("<{handle}>"),
    }
}
