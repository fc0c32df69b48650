//! nodepool-launcher: a configuration and a Deployment of one pod a shard. Two launchers of one provider
//! would race for its quota, so the old pod goes before the new one comes.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{ConfigMap, ExecAction, Lifecycle, LifecycleHandler};

use super::config;
use super::context::Context;
use super::files::Files;
use super::object::{Content, DesiredSecret, Object};
use super::pod::Pod;
use super::workload::deployment;
use crate::api::CloudUser;
use crate::names::Component;
use crate::render::NODEPOOL_FOLDER;
use crate::secret::Value;
use crate::validate::ConfigFile;

/// The objects of all shards.
pub fn objects(context: &Context<'_>) -> Vec<Object> {
    let (Some(launcher), Some(source)) =
        (&context.instance.spec.launcher, &context.instance.nodepool.launcher)
    else {
        return Vec::new();
    };
    let mut objects = Vec::new();
    for (shard, content) in &context.rendered.shards.launchers {
        let what = format!("nodepool-launcher-{shard}");
        objects.push(file(context, &what, Component::NodepoolLauncher, Some(shard), source, content));
        let mut files = Files::default();
        let own = ConfigFile {
            is_secret: source.is_secret,
            name: context.name(&what),
            key: "nodepool.yaml".to_owned(),
        };
        // Nodepool reads its file again and again.
        files.live(&own, "nodepool.yaml");
        config::zookeeper(context, &mut files);
        let env = config::external(context, CloudUser::Launcher, &mut files);
        let pod = Pod {
            shard: Some(shard),
            command: command(context, "nodepool-launcher", &mut files),
            folder: NODEPOOL_FOLDER,
            files,
            env,
            lifecycle: Some(interrupt()),
            ..Pod::new(Component::NodepoolLauncher, &launcher.component.pod)
        };
        objects.push(deployment(context, &what, pod, Some(1), true));
    }
    objects
}

/// The image's own command is a shell, which keeps signals for itself.
pub fn command(context: &Context<'_>, daemon: &str, files: &mut Files) -> Vec<String> {
    let mut command = vec![format!("/usr/local/bin/{daemon}"), "-f".to_owned()];
    if let Some(logging) = &context.instance.logging {
        files.file(context, logging, &format!("logging/{}", logging.key));
        command.extend(["-l".to_owned(), format!("{NODEPOOL_FOLDER}/logging/{}", logging.key)]);
    } else if context.instance.spec.logging.as_ref().is_some_and(|logging| logging.debug) {
        command.push("-d".to_owned());
    }
    command
}

/// SIGINT stops Nodepool cleanly; SIGTERM ends the launcher at once and the builder never.
pub fn interrupt() -> Lifecycle {
    let command = ["kill", "-INT", "1"].map(str::to_owned).to_vec();
    Lifecycle {
        pre_stop: Some(LifecycleHandler {
            exec: Some(ExecAction { command: Some(command) }),
            ..LifecycleHandler::default()
        }),
        ..Lifecycle::default()
    }
}

/// A nodepool.yaml: a ConfigMap, or a Secret where its source is one.
pub fn file(
    context: &Context<'_>,
    what: &str,
    component: Component,
    shard: Option<&str>,
    source: &ConfigFile,
    content: &Value,
) -> Object {
    let metadata = context.metadata(what, component, shard);
    let key = "nodepool.yaml".to_owned();
    if source.is_secret {
        let files = BTreeMap::from([(key, Content::Text(content.clone()))]);
        return Object::Secret(Box::new(DesiredSecret { metadata, files }));
    }
    let data = Some(BTreeMap::from([(key, content.plain_text())]));
    Object::ConfigMap(Box::new(ConfigMap { metadata, data, ..ConfigMap::default() }))
}
