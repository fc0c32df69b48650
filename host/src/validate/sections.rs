//! Connections, and every other section of zuul.conf that the user may write.

use std::collections::BTreeMap;

use super::options::{self, Scope};
use super::references::Facts;
use super::{Instance, driver, failed, own_secret, owned};
use crate::api::{Connection, LauncherType, Options, ZuulSpec, schema};
use crate::contract::{ConnectionRequest, Entry, Kind, MountedFile, Plugins, Section, SectionInfo, Setting};
use crate::diagnostic::{FieldPath, Finding, did_you_mean};
use crate::names;

/// The fields beside which the options of a connection or an authenticator stand.
pub const BESIDE: [&str; 3] = ["driver", "secretName", "unchecked"];

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
            fields: BESIDE.to_vec(),
            is_open: info.open,
            can_force: true,
            needs_all: knows_all(connection, &path, facts),
            path,
        };
        let written = own_secret::options(connection, &scope, facts);
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

pub fn sections(instance: &mut Instance, plugins: &dyn Plugins, facts: &mut Facts<'_>) {
    let known = match plugins.sections() {
        Ok(known) => known,
        Err(failure) => return facts.findings.push(failed(&failure, FieldPath::spec())),
    };
    let infos: BTreeMap<&str, &SectionInfo> = known.iter().map(|info| (info.name.as_str(), info)).collect();
    let spec = instance.spec.clone();
    for mut written in written(&spec, facts) {
        let info = infos.get(written.section).copied();
        let scope = Scope {
            what: format!("section [{}]", written.section),
            known: info.map_or(&[], |info| &info.options),
            fields: if written.own.is_some() { BESIDE.to_vec() } else { fields(written.section) },
            is_open: info.is_some_and(|info| info.open),
            // What is missing here may be the operator's own; the renderer says what is needed.
            // Sections that are nothing but options have no room for another field.
            can_force: fields(written.section).contains(&"unchecked") || written.section == "auth",
            needs_all: false,
            path: written.path,
        };
        if let Some(auth) = written.own {
            written.options = own_secret::options(auth, &scope, facts);
            written.options.insert("driver".to_owned(), auth.driver.clone().into());
        }
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
struct Written<'a> {
    section: &'static str,
    instance: Option<String>,
    path: FieldPath,
    options: Options,
    unchecked: Options,
    /// An authenticator, whose options may be in a Secret of its own.
    own: Option<&'a Connection>,
}

/// All sections that the object may hold options of.
fn written<'a>(spec: &'a ZuulSpec, facts: &mut Facts<'_>) -> Vec<Written<'a>> {
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
        all.push(Written { section, instance: None, path, options, unchecked, own: None });
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
            all.push(Written { section, instance: None, path, options, unchecked, own: None });
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
            own: None,
        });
    }
    all.extend(spec.auth.iter().map(|(name, auth)| authenticator(name, auth)));
    all
}

fn authenticator<'a>(name: &str, auth: &'a Connection) -> Written<'a> {
    Written {
        section: "auth",
        instance: Some(name.to_owned()),
        path: FieldPath::spec().key("auth").key(name),
        options: Options::new(),
        unchecked: auth.unchecked.clone(),
        own: Some(auth),
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
