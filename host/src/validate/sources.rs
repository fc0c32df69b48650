//! Configuration files that come from ConfigMaps and Secrets.

use super::references::Facts;
use super::{ConfigFile, Instance, logging};
use crate::api::{ConfigSource, LauncherType, SecretKey};
use crate::diagnostic::{FieldPath, Finding};
use crate::inputs::REGISTRY_SECRET;
use crate::names;
use crate::secret::SecretRef;

/// What is below /etc already, by the image, the container runtime or the operator.
const TAKEN: [&str; 15] = [
    "zuul",
    "zuul-tenants",
    "nodepool",
    "passwd",
    "group",
    "shadow",
    "hosts",
    "hostname",
    "resolv.conf",
    "ssl",
    "ssh",
    "alternatives",
    "apt",
    "python3",
    "mtab",
];

pub fn check(instance: &mut Instance, facts: &mut Facts<'_>) {
    let spec = instance.spec.clone();
    let root = FieldPath::spec();
    if let Some(scheduler) = &spec.scheduler {
        instance.tenants =
            file(scheduler.config.as_ref(), "main.yaml", &root.key("scheduler").key("config"), facts);
        if instance.tenants.is_none() {
            facts.lacks(
                Finding::warning(
                    "NoTenantConfig",
                    root.key("scheduler").key("config"),
                    "there is no tenant configuration",
                )
                .cure(
                    "name a ConfigMap with main.yaml in scheduler.config; until then no scheduler is started",
                ),
            );
        }
    } else {
        facts.lacks(
            Finding::warning("NoScheduler", root.key("scheduler"), "a Zuul without a scheduler does nothing")
                .cure("add a section scheduler"),
        );
    }
    if spec.preview.is_some() && spec.web.is_none() {
        facts.lacks(
            Finding::warning(
                "NoWeb",
                root.key("web"),
                "the preview asks zuul-web where a site is, and there is none",
            )
            .cure("add a section web"),
        );
    }
    if let Some(executor) = &spec.executor {
        let path = root.key("executor").key("sshkey");
        match &executor.sshkey {
            Some(source) => secret(source, "sshkey", &path, facts),
            None => facts.lacks(
                Finding::warning(
                    "NoExecutorKey",
                    path,
                    "the executor has no private key: every job will fail",
                )
                .cure("put an SSH key into a Secret and name it in executor.sshkey"),
            ),
        }
    }
    if let Some(logging) = &spec.logging {
        let path = root.key("logging").key("config");
        instance.logging = file(logging.config.as_ref(), "logging.yaml", &path, facts);
        if let Some(file) = &instance.logging {
            logging::check(file, path, facts);
        }
    }
    let path = root.key("siteVariables");
    instance.site_variables = file(spec.site_variables.as_ref(), "variables.yaml", &path, facts);
    others(instance, facts);
    nodepool(instance, facts);
}

/// Secrets that are mounted as they are.
fn others(instance: &Instance, facts: &mut Facts<'_>) {
    let root = FieldPath::spec();
    let spec = &instance.spec;
    match &spec.database {
        Some(database) => {
            facts.secret(&root.key("database").key("secretName"), &database.secret_name, &database.key);
        }
        None => facts.provided(true, &instance.database.uri.secret),
    }
    match &spec.keystore {
        Some(keystore) => secret(keystore, "password", &root.key("keystore"), facts),
        None => facts.provided(true, &instance.keystore.secret),
    }
    for (name, config) in &spec.external_config {
        let path = root.key("externalConfig").key(name);
        if !names::is_connection(name) || TAKEN.contains(&name.as_str()) {
            facts.wrong(
                Finding::error(
                    "IllegalName",
                    path.clone(),
                    "this cannot be the name of a new folder below /etc",
                )
                .expected("letters, digits, '.', '_' and '-'; none that the image or the operator has there")
                .cure("rename it"),
            );
        }
        facts.mounted(&path.key("secretName"), &config.secret_name);
    }
    if let Some(registry) = &spec.registry {
        let path = root.key("registry");
        facts.provided(true, &names::object(&instance.name, REGISTRY_SECRET));
        match &registry.config {
            Some(source) => secret(source, "registry.yaml", &path.key("config"), facts),
            None => facts.lacks(
                Finding::warning(
                    "NoRegistryUsers",
                    path.key("config"),
                    "the registry has no users: no job can push to it",
                )
                .cure("put a registry.yaml with users into a Secret and name it in registry.config"),
            ),
        }
        if registry.pod.count.is_some_and(|count| count > 1) {
            facts.findings.push(
                Finding::warning(
                    "RegistryDisks",
                    path.key("count"),
                    "each pod of the registry has a disk of its own, and other images",
                )
                .cure("use one pod; or a registry.yaml whose storage they share"),
            );
        }
        if let Some(tls) = &registry.tls {
            let path = path.key("tls").key("secretName");
            facts.secret_keys(&path, &tls.secret_name, &["tls.crt", "tls.key"]);
        }
    }
    if let Some(source) = spec.builder.as_ref().and_then(|builder| builder.secure_config.as_ref()) {
        secret(source, "secure.conf", &root.key("builder").key("secureConfig"), facts);
    }
}

fn secret(source: &SecretKey, default: &str, path: &FieldPath, facts: &mut Facts<'_>) {
    facts.secret(path, &source.secret_name, source.key.as_deref().unwrap_or(default));
}

/// A file, whether it is there or not: pods wait for what is not there yet.
fn file(
    source: Option<&ConfigSource>,
    default: &str,
    path: &FieldPath,
    facts: &mut Facts<'_>,
) -> Option<ConfigFile> {
    let source = source?;
    let key = source.key(default).to_owned();
    let (is_secret, name) = match (source.config_map(), source.secret()) {
        (Some(name), _) => {
            facts.config_map(path, name, &key);
            (false, name)
        }
        (_, Some(name)) => {
            facts.secret(path, name, &key);
            (true, name)
        }
        (None, None) => return None,
    };
    Some(ConfigFile { is_secret, name: name.to_owned(), key })
}

fn nodepool(instance: &mut Instance, facts: &mut Facts<'_>) {
    let (spec, root) = (instance.spec.clone(), FieldPath::spec());
    let launcher = spec.launcher.as_ref();
    let uses_nodepool = launcher.is_some_and(|launcher| launcher.type_ != LauncherType::ZuulLauncher);
    let config = launcher.and_then(|launcher| launcher.config.as_ref());
    if uses_nodepool {
        let path = root.key("launcher").key("config");
        (instance.nodepool.launcher, instance.nodepool.launcher_yaml) = yaml(config, &path, facts);
        let builds = spec.builder.as_ref().is_some_and(|builder| builder.config.is_none());
        let more = if builds { ", and nothing is built" } else { "" };
        if config.is_none() && !facts.left_out.covers(&root.key("launcher").key("type")) {
            facts.lacks(
                Finding::warning(
                    "NoNodepoolConfig",
                    root.key("launcher").key("config"),
                    format!("there is no nodepool.yaml, so no launcher{more}"),
                )
                .cure("name a ConfigMap with nodepool.yaml in launcher.config"),
            );
        }
    }
    if let Some(builder) = &spec.builder {
        let path = match builder.config {
            Some(_) => root.key("builder").key("config"),
            None => root.key("launcher").key("config"),
        };
        let source = builder.config.as_ref().or(config);
        if builder.config.is_none() && uses_nodepool {
            instance.nodepool.builder = instance.nodepool.launcher.clone();
            instance.nodepool.builder_yaml = instance.nodepool.launcher_yaml.clone();
        } else {
            (instance.nodepool.builder, instance.nodepool.builder_yaml) = yaml(source, &path, facts);
        }
        // Where there is a launcher of Nodepool's, it was said of that.
        let is_said = uses_nodepool || facts.left_out.covers(&root.key("launcher").key("config"));
        if source.is_none() && !is_said {
            facts.lacks(
                Finding::warning(
                    "NoNodepoolConfig",
                    root.key("builder").key("config"),
                    "there is no nodepool.yaml: nothing is built",
                )
                .cure("name a ConfigMap with nodepool.yaml in builder.config or launcher.config"),
            );
        }
    }
}

/// A nodepool.yaml with its content, as far as it is there.
fn yaml(
    source: Option<&ConfigSource>,
    path: &FieldPath,
    facts: &mut Facts<'_>,
) -> (Option<ConfigFile>, Option<String>) {
    // A nodepool.yaml that is gone for a moment freezes the shards; it is no error.
    for (kind, name) in [
        ("ConfigMap", source.and_then(ConfigSource::config_map)),
        ("Secret", source.and_then(ConfigSource::secret)),
    ] {
        if let Some(name) = name {
            facts.expect(kind, name);
        }
    }
    let Some(found) = file(source, "nodepool.yaml", path, facts) else { return (None, None) };
    let content = if found.is_secret {
        match facts.inputs.masked.get(&SecretRef::new(&found.name, &found.key)) {
            Some(Err(refused)) => {
                facts.findings.push(refused.clone());
                // It is there: that there is nothing to cut must not be told, too.
                facts.left_out.insert(path.clone());
                None
            }
            Some(Ok(masked)) => Some(masked.clone()),
            None => None,
        }
    } else {
        let data = facts.inputs.config_maps.get(&found.name);
        data.and_then(|facts| facts.data.get(&found.key)).cloned()
    };
    (Some(found), content)
}
