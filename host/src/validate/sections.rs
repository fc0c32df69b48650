//! Connections, and every other section of zuul.conf that the user may write.

use std::collections::BTreeMap;

use super::options::{self, Scope};
use super::references::Facts;
use super::{Instance, driver, failed, owned};
use crate::api::{Connection, LauncherType, Options, schema};
use crate::contract::{ConnectionRequest, Entry, Kind, MountedFile, Plugins, Section, SectionInfo, Setting};
use crate::diagnostic::{FieldPath, Finding, did_you_mean};
use crate::names;

/// The folder of all configuration files of a pod.
pub const FOLDER: &str = "/etc/zuul";

pub fn connections(instance: &mut Instance, plugins: &dyn Plugins, facts: &mut Facts<'_>) {
    for (name, connection) in &instance.spec.connections {
        let path = FieldPath::spec().key("connections").key(name);
        // `database` is made of spec.database, before all others (`ConnectionRegistry.configure`).
        if matches!(name.as_str(), "zuul" | "timer" | "database") {
            facts.wrong(
                Finding::error(
                    "IllegalName",
                    path,
                    format!("Zuul has a connection {name} of its own: one of the two would be missing"),
                )
                .cure("rename the connection"),
            );
            continue;
        }
        // That it is too long is said by a rule of the schema.
        if name.chars().count() > 63 {
            continue;
        }
        if !names::is_connection(name) {
            facts.wrong(
                Finding::error("IllegalName", path.clone(), "this cannot be the name of a connection")
                    .expected("letters, digits, '.', '_' and '-': it stands in URLs and paths")
                    .cure("rename the connection"),
            );
            continue;
        }
        let info = match plugins.driver(&connection.driver) {
            Ok(info) => info,
            Err(failure) => {
                facts.findings.push(failed(&failure, path.key("driver")));
                continue;
            }
        };
        if let Some(finding) = driver::unknown(&connection.driver, &info, plugins, path.key("driver")) {
            facts.wrong(finding);
        }
        let scope = Scope {
            what: format!("driver {}", connection.driver),
            known: &info.options,
            fields: vec!["driver", "secretName", "unchecked"],
            is_open: info.open,
            can_force: true,
            needs_all: knows_all(connection, &path, facts),
            path,
        };
        let written = with_secret(connection, &scope.path, facts);
        let options = options::check(&written, &connection.unchecked, &scope, facts);
        instance.connections.push(ConnectionRequest {
            name: name.clone(),
            driver: connection.driver.clone(),
            options,
            mount: format!("{FOLDER}/connections/{name}"),
            components: instance.components(),
        });
    }
}

/// Whether a missing option is really missing: the keys of a Secret that was not given are not known.
fn knows_all(connection: &Connection, path: &FieldPath, facts: &Facts<'_>) -> bool {
    !facts.left_out.covers(&path.key("secretName"))
        && connection.secret_name.as_ref().is_none_or(|secret| facts.inputs.secrets.contains_key(secret))
}

/// The options, and a reference for each other key of the connection's own Secret.
fn with_secret(connection: &Connection, path: &FieldPath, facts: &mut Facts<'_>) -> Options {
    let mut options = connection.options.clone();
    let Some(secret) = &connection.secret_name else { return options };
    facts.mounted(&path.key("secretName"), secret);
    let keys = facts.inputs.secrets.get(secret).map(|facts| facts.keys.clone()).unwrap_or_default();
    for key in keys {
        // They stand beside the options: as an option of its own each would be the host's to write.
        if ["driver", "secretName", "unchecked"].contains(&key.as_str()) {
            facts.findings.push(
                Finding::warning(
                    "SecretKeyIgnored",
                    path.key("secretName"),
                    format!("the Secret {secret} has a key {key}, which is no option"),
                )
                .cure(format!("remove it from the Secret; {key} stands in the object itself")),
            );
            continue;
        }
        options.entry(key).or_insert_with(|| serde_json::json!({"secretName": secret}));
    }
    options
}

pub fn sections(instance: &mut Instance, plugins: &dyn Plugins, facts: &mut Facts<'_>) {
    let known = match plugins.sections() {
        Ok(known) => known,
        Err(failure) => return facts.findings.push(failed(&failure, FieldPath::spec())),
    };
    let infos: BTreeMap<&str, &SectionInfo> = known.iter().map(|info| (info.name.as_str(), info)).collect();
    for mut written in written(instance, facts) {
        let info = infos.get(written.section).copied();
        let scope = Scope {
            what: format!("section [{}]", written.section),
            known: info.map_or(&[], |info| &info.options),
            fields: fields(written.section),
            is_open: info.is_some_and(|info| info.open),
            // What is missing here may be the operator's own; the renderer says what is needed.
            // Sections that are nothing but options have no room for another field.
            can_force: fields(written.section).contains(&"unchecked") || written.section == "auth",
            needs_all: false,
            path: written.path,
        };
        let unchecked = scope.path.key("unchecked");
        for (options, path) in [(&mut written.options, &scope.path), (&mut written.unchecked, &unchecked)] {
            options.retain(|option, _| match owned::check(written.section, option, &path.key(option)) {
                Some(finding) => {
                    facts.wrong(finding);
                    false
                }
                None => true,
            });
        }
        let entries = options::check(&written.options, &written.unchecked, &scope, facts);
        let mut section = Section { name: written.section.to_owned(), instance: written.instance, entries };
        mount(&mut section, info, &mut instance.files);
        instance.sections.push(section);
    }
}

/// One section as the user wrote it.
struct Written {
    section: &'static str,
    instance: Option<String>,
    path: FieldPath,
    options: Options,
    unchecked: Options,
}

/// All sections that the object may hold options of.
fn written(instance: &Instance, facts: &mut Facts<'_>) -> Vec<Written> {
    let spec = &instance.spec;
    let root = FieldPath::spec();
    let launcher = spec.launcher.as_ref();
    let components = [
        ("scheduler", spec.scheduler.as_ref().map(|scheduler| &scheduler.component)),
        ("executor", spec.executor.as_ref().map(|executor| &executor.component)),
        ("merger", spec.merger.as_ref()),
        ("web", spec.web.as_ref()),
        ("fingergw", spec.fingergw.as_ref()),
        ("launcher", launcher.map(|launcher| &launcher.component)),
    ];
    let mut all = Vec::new();
    for (section, component) in components {
        let Some(component) = component else { continue };
        let path = root.key(section);
        let nodepool_only = launcher.is_some_and(|launcher| launcher.type_ == LauncherType::Nodepool);
        // Without a type it is not known whose options these are.
        if section == "launcher" && facts.left_out.covers(&path.key("type")) {
            continue;
        }
        if section == "launcher" && nodepool_only {
            let options = component.options.keys().chain(component.unchecked.keys());
            options.for_each(|option| not_nodepools(option, &path, facts));
            continue;
        }
        let (options, unchecked) = (component.options.clone(), component.unchecked.clone());
        all.push(Written { section, instance: None, path, options, unchecked });
    }
    let plain = [
        ("statsd", &spec.statsd),
        ("tracing", &spec.tracing),
        ("oidc", &spec.oidc),
        ("webclient", &spec.webclient),
        ("zuul", &spec.zuul),
    ];
    for (section, options) in plain {
        if let Some(options) = options.clone() {
            let (path, unchecked) = (root.key(section), Options::new());
            all.push(Written { section, instance: None, path, options, unchecked });
        }
    }
    for (name, options) in &spec.ansible_callback {
        let path = root.key("ansibleCallback").key(name);
        let (options, unchecked) = (options.clone(), Options::new());
        all.push(Written {
            section: "ansible_callback",
            instance: Some(name.clone()),
            path,
            options,
            unchecked,
        });
    }
    all.extend(spec.auth.iter().map(|(name, auth)| authenticator(name, auth, facts)));
    all
}

fn authenticator(name: &str, auth: &Connection, facts: &mut Facts<'_>) -> Written {
    let path = FieldPath::spec().key("auth").key(name);
    let mut options = with_secret(auth, &path, facts);
    options.insert("driver".to_owned(), auth.driver.clone().into());
    Written {
        section: "auth",
        instance: Some(name.to_owned()),
        path,
        options,
        unchecked: auth.unchecked.clone(),
    }
}

fn not_nodepools(option: &str, path: &FieldPath, facts: &mut Facts<'_>) {
    let guess = did_you_mean(option, fields("launcher"));
    let cure = match guess {
        Some(guess) => format!("did you mean {guess}?"),
        None => "remove it, or set type to zuul-launcher or both".to_owned(),
    };
    let message = format!("Nodepool's launcher has no option {option}");
    facts.wrong(Finding::error("UnknownOption", path.key(option), message).cure(cure));
    if let Some(guess) = guess {
        facts.left_out.insert(path.key(guess));
    }
}

/// The fields beside which the options of a section stand.
fn fields(section: &str) -> Vec<&'static str> {
    let properties = &schema::schema()["properties"]["spec"]["properties"][section]["properties"];
    properties.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect()
}

/// Secrets for paths become files, and the option their path.
fn mount(section: &mut Section, info: Option<&SectionInfo>, files: &mut Vec<MountedFile>) {
    let folder = match &section.instance {
        Some(instance) => format!("{FOLDER}/sections/{}/{instance}", section.name),
        None => format!("{FOLDER}/sections/{}", section.name),
    };
    let options = info.map_or(&[][..], |info| &info.options);
    for Entry { name, setting } in &mut section.entries {
        let Some(info) = options.iter().find(|info| info.name == *name) else { continue };
        if let (Kind::Path | Kind::SecretFile, Setting::Secret(content)) = (info.kind, &*setting) {
            let path = format!("{folder}/{name}");
            files.push(MountedFile {
                path: path.clone(),
                content: content.clone(),
                readers: info.readers.clone(),
            });
            *setting = Setting::Text(path);
        }
    }
}
