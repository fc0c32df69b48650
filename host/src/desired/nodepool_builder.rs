//! nodepool-builder: a StatefulSet, because a builder is known by the id on its disk.

use super::config;
use super::context::Context;
use super::files::Files;
use super::nodepool_launcher::{command, file, interrupt};
use super::object::Object;
use super::pod::{Pod, writable};
use super::security::Privileges;
use super::workload::{Claim, disruption_budget, stateful_set};
use crate::api::CloudUser;
use crate::names::Component;
use crate::render::{NODEPOOL_FOLDER, NODEPOOL_IMAGES};
use crate::validate::ConfigFile;

/// Below its home, where diskimage-builder looks (`DIB_IMAGE_CACHE` and others of its `~/.cache`).
const CACHE: &str = "/var/lib/nodepool/.cache";

/// Its objects. Without a nodepool.yaml no pod is started; while it is missing, nothing is changed.
pub fn objects(context: &Context<'_>) -> Vec<Object> {
    let Some(builder) = &context.instance.spec.builder else { return Vec::new() };
    if context.rendered.shards.builder_is_frozen {
        return Vec::new();
    }
    let (mut objects, mut files) = (Vec::new(), Files::default());
    let mut replicas = builder.pod.count;
    let what = Component::NodepoolBuilder.as_str();
    match (&context.instance.nodepool.builder, &context.rendered.shards.builder) {
        (Some(source), Some(yaml)) => {
            objects.push(file(context, what, Component::NodepoolBuilder, None, source, yaml));
            let own = ConfigFile {
                is_secret: source.is_secret,
                name: context.name(what),
                key: "nodepool.yaml".to_owned(),
            };
            files.live(&own, "nodepool.yaml");
        }
        _ => replicas = Some(0),
    }
    config::zookeeper(context, &mut files);
    let env = config::external(context, CloudUser::Builder, &mut files);
    let mut command = command(context, what, &mut files);
    if let Some(secure) = &builder.secure_config {
        files.secret(
            context,
            &secure.secret_name,
            secure.key.as_deref().unwrap_or("secure.conf"),
            "secure.conf",
        );
        command.extend(["-s".to_owned(), format!("{NODEPOOL_FOLDER}/secure.conf")]);
    }
    // Always a claim: whoever loses the builder's id, which is beside the images, has uploads that nobody
    // deletes; and a StatefulSet cannot get one later.
    let claim = Claim {
        name: "images",
        class: builder.pod.storage_class_name.clone(),
        size: builder.pod.storage_size.clone().unwrap_or_else(|| "100Gi".to_owned()),
    };
    // The folder must be there when the builder starts.
    let mut volumes = vec![(None, writable("images", NODEPOOL_IMAGES))];
    let mut claims = vec![claim];
    if let Some(disk) = &builder.cache {
        claims.push(Claim::of("cache", disk));
        volumes.push((None, writable("cache", CACHE)));
    }
    let mut pod = Pod {
        command,
        folder: NODEPOOL_FOLDER,
        files,
        env,
        volumes,
        privileges: if builder.privileged { Privileges::Privileged } else { Privileges::Restricted },
        lifecycle: Some(interrupt()),
        ..Pod::new(Component::NodepoolBuilder, &builder.pod)
    };
    if let Some(disk) = &builder.temporary {
        pod.tmp_volume = Claim::of("tmp", disk).ephemeral();
    }
    objects.push(stateful_set(context, pod, replicas, claims));
    objects.push(disruption_budget(context, Component::NodepoolBuilder));
    objects
}
