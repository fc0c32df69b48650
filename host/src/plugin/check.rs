//! An answer is a proposal: what a plugin may say, and where it may place what it was given.
//!
//! Text inside of values is not looked at here; the INI writer refuses what it cannot represent.

use std::collections::{BTreeMap, BTreeSet};

use super::component::Refusal;
use super::limits::{Limit, Limits};
use crate::contract::{
    CodeInfo, ConnectionRequest, DriverInfo, FailureReason, IniSection, Line, MountedFile, OptionInfo,
    Readers, RendererInfo, Rendering, Role, Setting, ShardAnswer, ZuulConfAnswer, ZuulConfRequest,
};
use crate::names::{self, Component};
use crate::secret::SecretRef;

/// The components that load a tenant's sources.
const SOURCE: [Component; 4] = [Component::Scheduler, Component::Web, Component::Executor, Component::Merger];

/// What a ConfigMap can hold.
const FILE_BYTES: usize = 1024 * 1024;

/// A driver's description: its driver names and its options are legal and unique.
pub(super) fn driver_info(info: &DriverInfo, limits: &Limits) -> Result<(), Refusal> {
    let DriverInfo { drivers, roles: _, open: _, options, codes, summary: _ } = info;
    items("drivers", drivers.len(), limits)?;
    if drivers.is_empty() {
        return bad("it serves no driver");
    }
    for driver in drivers {
        if driver.is_empty() || driver.contains(|c: char| c.is_control() || c.is_whitespace()) {
            return bad(format!("{driver:?} is no name of a driver"));
        }
    }
    unique("driver", drivers.iter().map(String::as_str))?;
    option_names(options, limits)?;
    self::codes(codes, limits)
}

/// A renderer's description: its sections and their options are legal and unique.
pub(super) fn renderer_info(info: &RendererInfo, limits: &Limits) -> Result<(), Refusal> {
    let RendererInfo { sections, codes } = info;
    items("sections", sections.len(), limits)?;
    unique("section", sections.iter().map(|section| section.name.as_str()))?;
    for section in sections.iter() {
        header(&section.name)?;
        option_names(&section.options, limits)?;
    }
    self::codes(codes, limits)
}

/// Codes of findings: each is described once.
pub(super) fn codes(codes: &[CodeInfo], limits: &Limits) -> Result<(), Refusal> {
    items("codes", codes.len(), limits)?;
    for CodeInfo { code, summary: _ } in codes {
        if !code.starts_with(|c: char| c.is_ascii_uppercase())
            || !code.chars().all(|c| c.is_ascii_alphanumeric())
        {
            return bad(format!("{code:?} is no code of findings"));
        }
    }
    unique("code", codes.iter().map(|info| info.code.as_str()))
}

/// A driver's rendering of `request`: legal keys, each once a component, and files below the
/// connection's mount alone. A source is there for all that load sources: an executor or a merger without it
/// fails every job, and looks healthy.
///
/// # Errors
/// It breaks one of these rules.
pub fn rendering(
    info: &DriverInfo,
    request: &ConnectionRequest,
    answer: &Rendering,
    limits: &Limits,
) -> Result<(), Refusal> {
    let Rendering { readers, lines, files, findings } = answer;
    if let Some(component) = SOURCE.iter().find(|it| !readers.contains(it))
        && info.roles.contains(&Role::Source)
    {
        return bad(format!("it is a source, and wrote no section for {component}"));
    }
    items("lines", lines.len(), limits)?;
    items("files", files.len(), limits)?;
    items("findings", findings.len(), limits)?;
    let mut given: BTreeMap<&str, Readers> = BTreeMap::new();
    for Line { key, value: _, readers } in lines {
        self::key(key)?;
        if key == "driver" {
            return bad("it wrote the key driver, which the host writes");
        }
        let before = given.entry(key).or_default();
        if let Some(twice) = before.intersection(readers).next() {
            return bad(format!("it wrote the key {key:?} twice for {twice}"));
        }
        before.extend(readers);
    }
    for MountedFile { path, .. } in files {
        below(&request.mount, path)?;
    }
    unique("file", files.iter().map(|file| file.path.as_str()))
}

fn below(mount: &str, path: &str) -> Result<(), Refusal> {
    let inner = path.strip_prefix(mount).and_then(|rest| rest.strip_prefix('/'));
    let is_plain = |step: &str| !matches!(step, "" | "." | "..") && !step.contains(char::is_control);
    match inner {
        Some(inner) if inner.split('/').all(is_plain) => Ok(()),
        _ => bad(format!("it mounted the file {path:?}, which is not a plain path below {mount:?}")),
    }
}

/// A renderer's answer to `request`: one file for each component, legal headers and keys, and no
/// secret of a connection where its driver did not want it.
///
/// # Errors
/// It breaks one of these rules.
pub fn zuul_conf(request: &ZuulConfRequest, answer: &ZuulConfAnswer, limits: &Limits) -> Result<(), Refusal> {
    items("findings", answer.findings.len(), limits)?;
    let wanted: Readers = request.components.iter().copied().filter(|c| has_zuul_conf(*c)).collect();
    let mut written = Readers::new();
    for file in &answer.files {
        if !written.insert(file.component) {
            return bad(format!("it wrote two files for {}", file.component));
        }
    }
    if let Some(component) = written.symmetric_difference(&wanted).next() {
        let verb = if wanted.contains(component) { "wrote no file" } else { "wrote a file unasked" };
        return bad(format!("it {verb} for {component}"));
    }
    let homes = homes(request);
    for file in &answer.files {
        items("sections", file.sections.len(), limits)?;
        unique("section", file.sections.iter().map(|section| section.header.as_str()))?;
        for section in &file.sections {
            self::section(request, section, limits)?;
            for secret in section.lines.iter().flat_map(|(_, value)| value.secrets()) {
                let (header, component) = (&section.header, file.component);
                if !is_home(&homes, secret, header, component) {
                    return bad(format!(
                        "it gave {component} a secret in [{header}] that did not come with this section for it"
                    ));
                }
            }
        }
    }
    Ok(())
}

fn has_zuul_conf(component: Component) -> bool {
    Component::WITH_ZUUL_CONF.contains(&component)
}

/// Where each secret may stand: the header that it came with, and for a connection's line the components
/// that its driver named. Who reads an option of another section is the renderer's to decide.
type Homes<'a> = BTreeMap<&'a SecretRef, Vec<(String, Option<&'a Readers>)>>;

fn homes(request: &ZuulConfRequest) -> Homes<'_> {
    let mut homes = Homes::new();
    for connection in &request.connections {
        let header = format!("connection {}", connection.name);
        for line in &connection.lines {
            for secret in line.value.secrets() {
                homes.entry(secret).or_default().push((header.clone(), Some(&line.readers)));
            }
        }
    }
    for section in &request.sections {
        let header = match &section.instance {
            Some(instance) => format!("{} {instance}", section.name),
            None => section.name.clone(),
        };
        for entry in &section.entries {
            if let Setting::Secret(secret) = &entry.setting {
                homes.entry(secret).or_default().push((header.clone(), None));
            }
        }
    }
    homes
}

fn is_home(homes: &Homes<'_>, secret: &SecretRef, header: &str, component: Component) -> bool {
    let homes = homes.get(secret).map_or(&[][..], Vec::as_slice);
    homes
        .iter()
        .any(|(home, readers)| home == header && readers.is_none_or(|readers| readers.contains(&component)))
}

fn section(request: &ZuulConfRequest, section: &IniSection, limits: &Limits) -> Result<(), Refusal> {
    items("lines", section.lines.len(), limits)?;
    header(&section.header)?;
    let mut words = section.header.split_whitespace();
    if words.next() == Some("connection") {
        let name = section.header.strip_prefix("connection ").unwrap_or_default();
        if !request.connections.iter().any(|connection| connection.name == name) {
            return bad(format!("it wrote the section [{}] of no connection", section.header));
        }
    }
    for (key, _) in &section.lines {
        self::key(key)?;
    }
    unique("key", section.lines.iter().map(|(key, _)| key.as_str()))
}

/// A sharder's answer: each shard once, with a key, and every file small enough for a ConfigMap.
///
/// # Errors
/// It breaks one of these rules.
pub fn shards(answer: &ShardAnswer, limits: &Limits) -> Result<(), Refusal> {
    let ShardAnswer { shards, builder_yaml, findings } = answer;
    items("shards", shards.len(), limits)?;
    items("findings", findings.len(), limits)?;
    unique("shard", shards.iter().map(|shard| shard.key.as_str()))?;
    // Two launchers of one provider would race for its quota.
    unique("provider", shards.iter().flat_map(|shard| &shard.providers).map(String::as_str))?;
    for shard in shards {
        if shard.key.is_empty() {
            return bad("a shard has an empty key");
        }
        if shard.nodepool_yaml.is_empty() || shard.providers.is_empty() {
            return bad(format!("the shard {:?} is empty", shard.key));
        }
        file_size(&format!("the shard {:?}", shard.key), &shard.nodepool_yaml)?;
    }
    file_size("the builders' file", builder_yaml.as_deref().unwrap_or_default())
}

fn file_size(what: &str, content: &str) -> Result<(), Refusal> {
    if content.len() > FILE_BYTES {
        return bad(format!("{what} has {} bytes, more than {FILE_BYTES}", content.len()));
    }
    Ok(())
}

fn option_names(options: &[OptionInfo], limits: &Limits) -> Result<(), Refusal> {
    items("options", options.len(), limits)?;
    for option in options {
        key(&option.name)?;
    }
    unique("option", options.iter().map(|option| option.name.as_str()))
}

fn key(key: &str) -> Result<(), Refusal> {
    if names::is_option(key) { Ok(()) } else { bad(format!("{key:?} is no legal key")) }
}

fn header(header: &str) -> Result<(), Refusal> {
    let is_odd = |c: char| c.is_control() || matches!(c, '[' | ']');
    if header.is_empty() || header != header.trim() || header == "DEFAULT" || header.contains(is_odd) {
        return bad(format!("{header:?} is no legal header"));
    }
    Ok(())
}

fn items(what: &str, count: usize, limits: &Limits) -> Result<(), Refusal> {
    let most = limits.size(Limit::OutputItems);
    if count > most {
        let most = limits.shown(Limit::OutputItems);
        return Err((FailureReason::OutputTooLarge, format!("it answered {count} {what}, more than {most}")));
    }
    Ok(())
}

fn unique<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return bad(format!("it has the {what} {name:?} twice"));
        }
    }
    Ok(())
}

fn bad<T>(sentence: impl Into<String>) -> Result<T, Refusal> {
    Err((FailureReason::BadAnswer, sentence.into()))
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
