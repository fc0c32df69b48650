//! The sections of a Zuul object.

use std::collections::BTreeMap;

use kube::KubeSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ConfigSource, Options, PodSettings, SecretKey, ZuulSpec, option, rules, source};

/// A component that has nothing but pods and options.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("x-kubernetes-preserve-unknown-fields" = true))]
pub struct Component {
    /// How its pods run.
    #[serde(flatten)]
    pub pod: PodSettings,

    /// Options that are written into zuul.conf although the operator does not know them.
    #[serde(default, skip_serializing_if = "Options::is_empty")]
    #[schemars(schema_with = "option::schema")]
    pub unchecked: Options,

    /// All other fields: options of the component's section of zuul.conf, by their own names.
    #[serde(flatten)]
    #[schemars(skip)]
    pub options: Options,
}

impl ZuulSpec {
    /// How the pods of each section run that is there, by its name.
    #[must_use]
    pub fn pods(&self) -> BTreeMap<&'static str, &PodSettings> {
        let Self { scheduler, executor, merger, web, fingergw, launcher, builder, preview, registry, .. } =
            self;
        let all = [
            ("scheduler", scheduler.as_ref().map(|it| &it.component.pod)),
            ("executor", executor.as_ref().map(|it| &it.component.pod)),
            ("merger", merger.as_ref().map(|it| &it.pod)),
            ("web", web.as_ref().map(|it| &it.pod)),
            ("fingergw", fingergw.as_ref().map(|it| &it.pod)),
            ("launcher", launcher.as_ref().map(|it| &it.component.pod)),
            ("builder", builder.as_ref().map(|it| &it.pod)),
            ("preview", preview.as_ref().map(|it| &it.pod)),
            ("registry", registry.as_ref().map(|it| &it.pod)),
        ];
        all.into_iter().filter_map(|(section, settings)| Some((section, settings?))).collect()
    }
}

/// zuul-scheduler.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("x-kubernetes-preserve-unknown-fields" = true))]
pub struct Scheduler {
    /// The tenant configuration: the name of a ConfigMap, `{configMapName, key}` or `{secretName, key}`;
    /// `key` defaults to `main.yaml`. All keys are mounted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "source::schema")]
    pub config: Option<ConfigSource>,

    /// What every component has.
    #[serde(flatten)]
    pub component: Component,
}

/// How an executor may make its sandbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ExecutorMode {
    /// A privileged container: works on every node.
    #[default]
    Privileged,
    /// A user namespace and an unmasked /proc, without any privilege: needs a node whose container
    /// runtime supports user namespaces.
    UserNamespace,
}

/// zuul-executor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("x-kubernetes-preserve-unknown-fields" = true))]
pub struct Executor {
    /// The private key with which jobs log in to nodes; `key` defaults to `sshkey`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sshkey: Option<SecretKey>,

    /// How the sandbox of jobs is made: `Privileged` works everywhere, `UserNamespace` needs no privilege.
    #[serde(default)]
    pub mode: ExecutorMode,

    /// What every component has.
    #[serde(flatten)]
    pub component: Component,
}

/// Which launchers there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LauncherType {
    /// Nodepool's, one a shard.
    #[default]
    Nodepool,
    /// Zuul's own.
    ZuulLauncher,
    /// Both, side by side.
    Both,
}

/// By what nodepool.yaml is cut into shards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ShardKey {
    /// One launcher a provider.
    Provider,
    /// One launcher for the providers of one driver, cloud and region.
    #[default]
    ProviderRegion,
}

/// Where nodes come from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("x-kubernetes-preserve-unknown-fields" = true))]
#[x_kube(validation = rules::nodepool_has_no_count())]
pub struct Launcher {
    /// `nodepool`, `zuul-launcher` or `both`.
    #[serde(default, rename = "type")]
    pub type_: LauncherType,

    /// nodepool.yaml: the name of a ConfigMap, `{configMapName, key}` or `{secretName, key}`; `key`
    /// defaults to `nodepool.yaml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "source::schema")]
    pub config: Option<ConfigSource>,

    /// Whether each provider has a launcher of its own, or each region of a cloud.
    #[serde(default)]
    pub shard_by: ShardKey,

    /// What every component has.
    #[serde(flatten)]
    pub component: Component,
}

/// nodepool-builder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Builder {
    /// nodepool.yaml, as for the launcher. Default: the launcher's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "source::schema")]
    pub config: Option<ConfigSource>,

    /// A Secret with `secure.conf`: environment variables of image builds that are secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secure_config: Option<SecretKey>,

    /// Whether the container is privileged, as diskimage-builder needs for most elements.
    #[serde(default)]
    pub privileged: bool,

    /// A disk for diskimage-builder's caches: packages, git repositories, base images. It outlives the pod.
    /// Default: none, and each new pod fetches all of it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<Disk>,

    /// A disk for /tmp, where an image is put together before it is converted; it is gone with the pod. Default:
    /// the node's own disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temporary: Option<Disk>,

    /// How its pods run.
    #[serde(flatten)]
    pub pod: PodSettings,
}

/// A disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Disk {
    /// Its size, such as `20Gi`.
    #[schemars(regex(pattern = r"^[0-9]+(\.[0-9]+)?(m|[kMGTPE]|[KMGTPE]i|e[0-9]+)?$"))]
    pub size: String,

    /// Its storage class. Default: the cluster's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_class_name: Option<String>,
}

/// zuul-preview.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// How its pods run.
    #[serde(flatten)]
    pub pod: PodSettings,
}

/// zuul-registry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Registry {
    /// Size of the volume for images, unless `storageSize` says it. Default: `80Gi`.
    #[serde(default = "Registry::volume_size")]
    #[schemars(regex(pattern = r"^[0-9]+(\.[0-9]+)?(m|[kMGTPE]|[KMGTPE]i|e[0-9]+)?$"))]
    pub volume_size: String,

    /// The server's certificate. It is mounted at `/conf/tls/tls.crt` and `/conf/tls/tls.key`, which is what a
    /// `registry.yaml` of your own names as `tls-cert` and `tls-key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<RegistryTls>,

    /// A Secret with `registry.yaml`: users and passwords.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<SecretKey>,

    /// How its pods run.
    #[serde(flatten)]
    pub pod: PodSettings,
}

impl Registry {
    fn volume_size() -> String {
        "80Gi".to_owned()
    }
}

/// A server certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegistryTls {
    /// A Secret with `tls.crt` and `tls.key`.
    pub secret_name: String,
}
