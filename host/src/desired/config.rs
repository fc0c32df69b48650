//! Configuration as objects: a Secret a component with its zuul.conf, and identities.

use std::collections::BTreeMap;

use super::context::Context;
use super::files::{Files, ZUUL_CONF};
use super::object::{Content, DesiredSecret, Object};
use super::workload::service_account;
use crate::api::CloudUser;
use crate::inputs::{CLOUDS, CLOUDS_KEY, OPENSTACK};
use crate::names::Component;
use crate::validate::FOLDER;

/// All identities and zuul.conf Secrets.
pub fn objects(context: &Context<'_>) -> Vec<Object> {
    let mut objects: Vec<Object> =
        components(context).into_iter().map(|component| service_account(context, component)).collect();
    for (component, sections) in &context.rendered.zuul_conf {
        let secret = DesiredSecret {
            metadata: context.metadata(&secret_name(*component), *component, None),
            files: BTreeMap::from([("zuul.conf".to_owned(), Content::Ini(sections.clone()))]),
        };
        objects.push(Object::Secret(Box::new(secret)));
    }
    objects.extend(context.rendered.clouds.iter().map(|clouds| {
        let secret = DesiredSecret {
            // Web's as well, but a label holds one.
            metadata: context.metadata(CLOUDS, Component::Scheduler, None),
            files: BTreeMap::from([(CLOUDS_KEY.to_owned(), Content::Text(clouds.clone()))]),
        };
        Object::Secret(Box::new(secret))
    }));
    objects
}

/// All components that have pods.
fn components(context: &Context<'_>) -> Vec<Component> {
    let spec = &context.instance.spec;
    let mut all: Vec<Component> = context.instance.components().into_iter().collect();
    let others = [
        (Component::NodepoolLauncher, context.instance.nodepool.launcher.is_some()),
        (Component::NodepoolBuilder, spec.builder.is_some()),
        (Component::Preview, spec.preview.is_some()),
        (Component::Registry, spec.registry.is_some()),
    ];
    all.extend(others.into_iter().filter(|(_, is_there)| *is_there).map(|(component, _)| component));
    all
}

/// The files of a component that has a zuul.conf: that, ZooKeeper's certificate, the secrets of its
/// connections and sections, a logging configuration.
pub fn zuul_files(context: &Context<'_>, component: Component) -> Files {
    let mut files = Files::default();
    let conf = context.rendered.zuul_conf.get(&component);
    files.live(&own_secret(context, &secret_name(component), "zuul.conf"), "zuul.conf");
    files.input(ZUUL_CONF, serde_json::json!(conf));
    // What is written into zuul.conf restarts the pod as well: hash the versions of its sources.
    for secret in
        conf.into_iter().flatten().flat_map(|section| &section.lines).flat_map(|(_, value)| value.secrets())
    {
        files.uses(context, true, &secret.secret);
    }
    zookeeper(context, &mut files);
    for file in context.rendered.files.iter().filter(|file| file.readers.contains(&component)) {
        let path = file.path.strip_prefix(FOLDER).unwrap_or(&file.path).trim_start_matches('/');
        files.secret(context, &file.content.secret, &file.content.key, path);
    }
    if let Some(logging) = &context.instance.logging {
        files.file(context, logging, &format!("logging/{}", logging.key));
    }
    files
}

/// ZooKeeper's client certificate below `zookeeper/`.
pub fn zookeeper(context: &Context<'_>, files: &mut Files) {
    for key in ["ca.crt", "tls.crt", "tls.key"] {
        files.secret(context, &context.instance.zookeeper.secret, key, &format!("zookeeper/{key}"));
    }
}

/// The folders of `externalConfig` that a component has, with the variables that point to them; for scheduler
/// and web clouds.yaml without credentials, where they look clouds up.
pub fn external(
    context: &Context<'_>,
    user: CloudUser,
    files: &mut Files,
) -> Vec<k8s_openapi::api::core::v1::EnvVar> {
    let mut env = Vec::new();
    for (name, config) in &context.instance.spec.external_config {
        let is_cloud = matches!(user, CloudUser::Launcher | CloudUser::Builder);
        let has_it = if config.components.is_empty() { is_cloud } else { config.components.contains(&user) };
        let is_redacted = name == OPENSTACK && context.instance.clouds.is_some();
        if !has_it && is_redacted && matches!(user, CloudUser::Scheduler | CloudUser::Web) {
            files.secret_folder(context, &context.name(CLOUDS), &format!("/etc/{name}"));
            files.uses(context, true, &config.secret_name);
            files.input(CLOUDS, serde_json::json!(context.rendered.clouds));
        }
        if !has_it {
            continue;
        }
        files.secret_folder(context, &config.secret_name, &format!("/etc/{name}"));
        // openstacksdk looks into /etc/openstack by itself; the other two do not.
        match name.as_str() {
            "kubernetes" => env.push(super::pod::variable("KUBECONFIG", "/etc/kubernetes/config")),
            "amazon" => {
                env.push(super::pod::variable("AWS_SHARED_CREDENTIALS_FILE", "/etc/amazon/credentials"));
            }
            _ => {}
        }
    }
    env
}

/// The command of a Zuul daemon. A logging configuration wins over `-d`, as Zuul itself has it.
pub fn command(context: &Context<'_>, component: Component) -> Vec<String> {
    let mut command = vec![format!("/usr/local/bin/zuul-{component}"), "-f".to_owned()];
    if context.instance.spec.logging.as_ref().is_some_and(|logging| logging.debug && logging.config.is_none())
    {
        command.push("-d".to_owned());
    }
    command
}

fn secret_name(component: Component) -> String {
    format!("{component}-config")
}

/// A file in a Secret that the operator writes itself.
fn own_secret(context: &Context<'_>, what: &str, key: &str) -> crate::validate::ConfigFile {
    crate::validate::ConfigFile { is_secret: true, name: context.name(what), key: key.to_owned() }
}
