//! What must not reach a file is taken out here, each with a finding that says why.

use std::collections::{BTreeMap, BTreeSet};

use zuul_plugin_sdk::renderer::{Connection, Section};
use zuul_plugin_sdk::{Components, Entry, Finding, Kind, SectionRow, Setting, error, warning};

use crate::sections::known;

/// The sections that can be written: each header once, each key once.
pub fn clean(sections: Vec<Section>) -> (Vec<Section>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut out: Vec<Section> = Vec::new();
    for section in sections {
        let info = known(&section.name);
        if let Some(finding) = refusal(info, &section) {
            findings.push(finding);
            continue;
        }
        // The INI parser stops at a second section of one name.
        match out.iter_mut().find(|other| other.header() == section.header()) {
            Some(other) => other.entries.extend(section.entries),
            None => out.push(section),
        }
    }
    for section in &mut out {
        let info = known(&section.name);
        keep_first(section, &mut findings);
        keep_writable(info, section, &mut findings);
        replace_status_url(section, &mut findings);
    }
    (out, findings)
}

/// The connections that can be written: each name once, each key once a component, `driver` from the host.
pub fn connections(connections: Vec<Connection>) -> (Vec<Connection>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut out: Vec<Connection> = Vec::new();
    for mut connection in connections {
        let header = format!("connection {}", connection.name);
        if !is_plain(&connection.name) {
            findings.push(bad_name(&header));
        } else if out.iter().any(|other| other.name == connection.name) {
            findings.push(duplicate(&header));
        } else {
            // A driver may give components different values of one key.
            let mut seen = BTreeMap::from([("driver".to_owned(), Components::all())]);
            connection.lines.retain(|line| {
                let before = seen.entry(line.key.to_ascii_lowercase()).or_insert(Components::empty());
                let first = !before.intersects(line.readers);
                *before |= line.readers;
                if !first {
                    findings.push(duplicate(&format!("{header}.{}", line.key)));
                }
                first
            });
            out.push(connection);
        }
    }
    (out, findings)
}

fn refusal(info: Option<&SectionRow>, section: &Section) -> Option<Finding> {
    let header = section.header();
    if !is_plain(&section.name) || section.instance.as_deref().is_some_and(|name| !is_plain(name)) {
        return Some(bad_name(&header));
    }
    let named = info.map(|info| info.named)?;
    (named != section.instance.is_some()).then(|| {
        let expected = if named { "a name: `[auth keycloak]`" } else { "no name: there is one such section" };
        error("SectionName", &header, "the section's header is not as Zuul reads it")
            .expected(expected)
            .cure("add or remove the name")
    })
}

/// Quotes, brackets and blanks have a meaning in headers; `[A-Za-z0-9._-]` has none.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

fn bad_name(header: &str) -> Finding {
    error("SectionName", header, "the name has characters that a header cannot hold")
        .expected("letters, digits, dots, underscores and dashes")
        .cure("choose another name")
}

fn duplicate(path: &str) -> Finding {
    error(
        "WrittenTwice",
        path,
        "it would stand in zuul.conf twice, where upper and lower case are the same; Zuul would not start",
    )
    .cure("remove one of the two")
}

/// Keys are compared in lower case, as the INI parser does.
fn keep_first(section: &mut Section, findings: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    let header = section.header();
    section.entries.retain(|entry| {
        let first = seen.insert(entry.name.to_ascii_lowercase());
        if !first {
            findings.push(duplicate(&format!("{header}.{}", entry.name)));
        }
        first
    });
}

fn keep_writable(info: Option<&SectionRow>, section: &mut Section, findings: &mut Vec<Finding>) {
    let header = section.header();
    let name = section.name.clone();
    section.entries.retain(|entry| {
        let path = format!("{header}.{}", entry.name);
        let found = broken(&name, info, entry, &path);
        let keep = found.is_none();
        findings.extend(found);
        keep
    });
}

fn broken(section: &str, info: Option<&SectionRow>, entry: &Entry, path: &str) -> Option<Finding> {
    let is_secret = matches!(entry.setting, Setting::Secret(_));
    if section == "ansible_callback" && is_secret {
        return Some(
            error(
                "AnsibleCallbackSecret",
                path,
                "Zuul copies it into every job's ansible.cfg: any job can read it",
            )
            .expected("a value that is no secret")
            .cure("give the callback its secret in another way, like a file that only trusted playbooks see"),
        );
    }
    let option = info?.options.iter().find(|option| option.name == entry.name)?;
    if is_secret && matches!(option.kind, Kind::Path | Kind::SecretFile) && !option.readers.is_empty() {
        return Some(
            error(
                "SecretNotMounted",
                path,
                "Zuul reads a file here; the Secret's content must not stand in its place",
            )
            .expected("the path of a mounted file")
            .cure("mount the Secret, and write its path"),
        );
    }
    option.readers.is_empty().then(|| {
        warning("OptionNotRead", path, "no component reads it: it is not written")
            .cure("remove it; zuul-admin takes it from a zuul.conf of your own")
    })
}

/// Old configurations have `status_url`; Zuul 14.3 reads `root` alone. That it is deprecated is in its
/// description.
fn replace_status_url(section: &mut Section, findings: &mut Vec<Finding>) {
    if section.name != "web" || section.get("status_url").is_none() {
        return;
    }
    let path = section.path("status_url");
    if section.is_set("root") {
        section.entries.retain(|entry| entry.name != "status_url");
        let message = "`root` is set, so `status_url`, its old name, is ignored";
        findings.push(warning("WebStatusUrl", &path, message).cure("remove `status_url`"));
        return;
    }
    section.entries.retain(|entry| entry.name != "root");
    for entry in section.entries.iter_mut().filter(|entry| entry.name == "status_url") {
        "root".clone_into(&mut entry.name);
    }
}
