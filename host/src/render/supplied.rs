//! What the operator itself writes into zuul.conf, because its objects depend on it.

use crate::api::{JobAccess, JobContext};
use crate::contract::{Entry, Section, Setting};
use crate::validate::{FOLDER, Instance, hosts_line};

/// Where zuul-web listens.
pub const WEB_PORT: u16 = 9000;
/// Where zuul-fingergw listens; its Service maps the well-known port 79, which needs root.
pub const FINGER_PORT: u16 = 1079;
/// Where executors stream job logs; Zuul binds all addresses.
pub const LOG_STREAM_PORT: u16 = 7900;
/// Metrics and health of every Zuul component; without it there are no probes.
pub const METRICS_PORT: u16 = 9091;
/// Where schedulers have the tenant configuration: all keys of its source, so not below the folder of the
/// other files, in which each key is mounted by itself.
pub const TENANTS: &str = "/etc/zuul-tenants";

/// All sections: what the user wrote, completed by the operator. The user's word wins, where
/// validation lets it stand.
pub fn sections(instance: &Instance) -> Vec<Section> {
    let mut sections = vec![zookeeper(instance), keystore(instance), database(instance)];
    sections.extend(instance.sections.iter().cloned());
    for component in instance.components() {
        add(&mut sections, component.as_str(), "prometheus_port", Setting::Integer(METRICS_PORT.into()));
        add(&mut sections, component.as_str(), "prometheus_addr", Setting::Text("::".to_owned()));
        if let Some(logging) = &instance.logging {
            let path = format!("{FOLDER}/logging/{}", logging.key);
            add(&mut sections, component.as_str(), "log_config", Setting::Text(path));
        }
    }
    for (section, option, setting) in own(instance) {
        add(&mut sections, section, option, setting);
    }
    for (option, paths) in job_paths(instance) {
        join(&mut sections, "executor", option, &paths);
    }
    for section in &mut sections {
        section.entries.sort_by(|a, b| a.name.cmp(&b.name));
    }
    sections
}

fn own(instance: &Instance) -> Vec<(&'static str, &'static str, Setting)> {
    let spec = &instance.spec;
    let mut own = Vec::new();
    if let Some(tenants) = &instance.tenants {
        own.push(("scheduler", "tenant_config", Setting::Text(format!("{TENANTS}/{}", tenants.key))));
    }
    if let Some(executor) = &spec.executor {
        // Zuul would run pip at boot; the image has Ansible.
        own.push(("executor", "manage_ansible", Setting::Boolean(false)));
        if executor.sshkey.is_some() {
            own.push(("executor", "private_key_file", Setting::Text(format!("{FOLDER}/executor/sshkey"))));
        }
        if let Some(variables) = &instance.site_variables {
            let path = format!("{FOLDER}/variables/{}", variables.key);
            own.push(("executor", "variables", Setting::Text(path)));
        }
    }
    if spec.web.is_some() {
        // Zuul's default is 127.0.0.1, which no Service reaches. This takes IPv4 as well.
        own.push(("web", "listen_address", Setting::Text("::".to_owned())));
        own.push(("web", "port", Setting::Integer(WEB_PORT.into())));
    }
    if spec.fingergw.is_some() {
        own.push(("fingergw", "port", Setting::Integer(FINGER_PORT.into())));
    }
    own
}

fn zookeeper(instance: &Instance) -> Section {
    let access = &instance.zookeeper;
    let path = |file: &str| Setting::Text(format!("{FOLDER}/zookeeper/{file}"));
    let mut entries = vec![
        entry("hosts", Setting::Text(hosts_line(&access.servers))),
        entry("tls_cert", path("tls.crt")),
        entry("tls_key", path("tls.key")),
        entry("tls_ca", path("ca.crt")),
    ];
    entries.extend(access.session_timeout.map(|seconds| entry("session_timeout", Setting::Number(seconds))));
    Section { name: "zookeeper".to_owned(), instance: None, entries }
}

fn keystore(instance: &Instance) -> Section {
    let entries = vec![entry("password", Setting::Secret(instance.keystore.clone()))];
    Section { name: "keystore".to_owned(), instance: None, entries }
}

fn database(instance: &Instance) -> Section {
    let mut entries = vec![entry("dburi", Setting::Secret(instance.database.uri.clone()))];
    let prefix = instance.database.table_prefix.clone();
    entries.extend(prefix.map(|prefix| entry("table_prefix", Setting::Text(prefix))));
    Section { name: "database".to_owned(), instance: None, entries }
}

/// `trusted_ro_paths` and its three sisters, from the job volumes.
fn job_paths(instance: &Instance) -> Vec<(&'static str, Vec<String>)> {
    let kinds = [
        ("trusted_ro_paths", JobContext::Trusted, JobAccess::Ro),
        ("trusted_rw_paths", JobContext::Trusted, JobAccess::Rw),
        ("untrusted_ro_paths", JobContext::Untrusted, JobAccess::Ro),
        ("untrusted_rw_paths", JobContext::Untrusted, JobAccess::Rw),
    ];
    let paths = |context, access| {
        let volumes = &instance.spec.job_volumes;
        let of_kind = volumes.iter().filter(|volume| volume.context == context && volume.access == access);
        of_kind.map(|volume| volume.path.clone()).collect()
    };
    kinds.into_iter().map(|(option, context, access)| (option, paths(context, access))).collect()
}

fn entry(name: &str, setting: Setting) -> Entry {
    Entry { name: name.to_owned(), setting }
}

/// Sets an option that the user did not set.
fn add(sections: &mut Vec<Section>, section: &str, option: &str, setting: Setting) {
    let entries = entries_of(sections, section);
    if entries.iter().all(|entry| entry.name != option) {
        entries.push(entry(option, setting));
    }
}

/// Appends paths to a `:`-list.
fn join(sections: &mut Vec<Section>, section: &str, option: &str, paths: &[String]) {
    if paths.is_empty() {
        return;
    }
    let entries = entries_of(sections, section);
    let more = paths.join(":");
    match entries.iter_mut().find(|entry| entry.name == option) {
        Some(Entry { setting: Setting::Text(text), .. }) => *text = format!("{text}:{more}"),
        Some(_) => {}
        None => entries.push(entry(option, Setting::Text(more))),
    }
}

fn entries_of<'a>(sections: &'a mut Vec<Section>, name: &str) -> &'a mut Vec<Entry> {
    let is_it = |section: &Section| section.name == name && section.instance.is_none();
    let index = sections.iter().position(is_it).unwrap_or_else(|| {
        sections.push(Section { name: name.to_owned(), instance: None, entries: Vec::new() });
        sections.len() - 1
    });
    &mut sections[index].entries
}
