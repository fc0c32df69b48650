//! The `Zuul` object: what an administrator writes, and what the operator says about it.
//!
//! The CustomResourceDefinition in `crds/` is generated from these types. Kubernetes' own fields
//! are written in camelCase; options of zuul.conf keep their own names.

mod age;
pub mod component;
pub mod dependency;
pub mod jobs;
pub mod left_out;
pub mod option;
pub mod reasons;
pub mod rules;
pub mod schema;
pub mod sections;
pub mod source;
pub mod status;
pub mod upgrade;

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{EnvVar, LocalObjectReference};
use kube::{CustomResource, KubeSchema};
use serde::{Deserialize, Serialize};

pub use age::age;
pub use component::PodSettings;
pub use dependency::{CloudUser, Database, ExternalConfig, Zookeeper};
pub use jobs::{JobAccess, JobContext, JobVolume, Logging};
pub use left_out::LeftOut;
pub use option::{Connection, Options};
pub use sections::{
    Builder, Component, Disk, Executor, ExecutorMode, Launcher, LauncherType, Preview, Registry, Scheduler,
    ShardKey,
};
pub use source::{ConfigSource, SecretKey};
pub use status::ZuulStatus;
pub use upgrade::UpgradePolicy;

/// The `apiVersion` of a Zuul object.
pub const API_VERSION: &str = "zuul-ci.org/v1alpha1";
/// The `kind` of a Zuul object.
pub const KIND: &str = "Zuul";

/// The sections of `spec` that describe components. One may be empty (`launcher:`) and is there all the same.
pub const SECTIONS: [&str; 9] =
    ["scheduler", "executor", "merger", "web", "fingergw", "launcher", "builder", "preview", "registry"];

/// A Zuul: its components, connections and dependencies. A component is deployed if it has a section.
#[derive(CustomResource, KubeSchema, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[kube(
    group = "zuul-ci.org",
    version = "v1alpha1",
    kind = "Zuul",
    plural = "zuuls",
    namespaced,
    status = "ZuulStatus",
    derive = "Default",
    derive = "PartialEq",
    doc = "A Zuul project gating system: everything of it is deployed and kept as this object says.",
    printcolumn = r#"{"name":"Ready","type":"string","jsonPath":".status.conditions[?(@.type==\"Ready\")].status"}"#,
    printcolumn = r#"{"name":"Reason","type":"string","jsonPath":".status.conditions[?(@.type==\"Ready\")].reason"}"#,
    printcolumn = r#"{"name":"Since","type":"date","jsonPath":".status.conditions[?(@.type==\"Ready\")].lastTransitionTime"}"#,
    printcolumn = r#"{"name":"Doing","type":"string","jsonPath":".status.conditions[?(@.type==\"Progressing\")].reason"}"#,
    printcolumn = r#"{"name":"Version","type":"string","jsonPath":".status.version"}"#,
    printcolumn = r#"{"name":"Age","type":"date","jsonPath":".metadata.creationTimestamp"}"#
)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = rules::short_connection_names(), validation = rules::no_zuul_variables())]
pub struct ZuulSpec {
    /// Registry and folder of all images that are not named one by one. Default: `quay.io/zuul-ci`.
    #[serde(default = "defaults::image_prefix")]
    pub image_prefix: String,

    /// Secrets for pulling images, as in a Pod: a list of `{name: …}`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub image_pull_secrets: Vec<LocalObjectReference>,

    /// Tag of Zuul's images. Default: the release that this operator was tested with.
    #[serde(default = "defaults::zuul_version")]
    pub zuul_image_version: String,

    /// Which version of Zuul may follow the one that runs: a newer one that skips no major version (`Stepwise`), or
    /// any (`Any`). Tags that are no numbers are not compared.
    #[serde(default)]
    pub upgrade_policy: UpgradePolicy,

    /// Tag of Nodepool's images. Default: the release that this operator was tested with.
    #[serde(default = "defaults::nodepool_version")]
    pub nodepool_image_version: String,

    /// Tag of zuul-preview's image.
    #[serde(default = "defaults::latest")]
    pub zuul_preview_image_version: String,

    /// Tag of zuul-registry's image.
    #[serde(default = "defaults::latest")]
    pub zuul_registry_image_version: String,

    /// Environment variables for all components but the executor, as in a Pod. Names that start
    /// with `ZUUL_` are refused: Zuul would copy them into every section of its configuration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100))]
    pub env: Vec<EnvVar>,

    /// zuul-scheduler: decides what is tested and merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduler: Option<Scheduler>,

    /// zuul-executor: runs the jobs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executor: Option<Executor>,

    /// zuul-merger: merges changes speculatively, to relieve the executors. Executors merge as well, and read
    /// these options, too; `count: 0` is for options without mergers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merger: Option<Component>,

    /// zuul-web: the web interface, the API, and the receiver of webhooks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web: Option<Component>,

    /// zuul-fingergw: job logs over the finger protocol.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingergw: Option<Component>,

    /// Where nodes come from: Nodepool (one launcher a shard), zuul-launcher, or both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launcher: Option<Launcher>,

    /// nodepool-builder: builds and uploads images.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub builder: Option<Builder>,

    /// zuul-preview: shows websites that jobs have built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<Preview>,

    /// zuul-registry: passes container images from job to job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<Registry>,

    /// The SQL database. Without this section the operator asks another operator for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<Database>,

    /// ZooKeeper. Without this section the operator asks another operator for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zookeeper: Option<Zookeeper>,

    /// Where the password of the key store is. Default: a Secret that is made once and kept. Whoever
    /// loses it loses the keys of every project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keystore: Option<SecretKey>,

    /// Code review systems, reporters and providers, by name. Options are those of zuul.conf; any may
    /// be `{secretName: …, key: …}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = 500))]
    pub connections: BTreeMap<String, Connection>,

    /// Authenticators for the web API, by name: sections `[auth NAME]` of zuul.conf.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub auth: BTreeMap<String, Connection>,

    /// Files that clouds need, by name: `openstack` (clouds.yaml), `kubernetes` (kube config), `amazon`
    /// (credentials), or a name of your own. Each Secret is mounted at `/etc/NAME`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub external_config: BTreeMap<String, ExternalConfig>,

    /// Volumes that jobs see, in the executor's sandbox.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200))]
    pub job_volumes: Vec<JobVolume>,

    /// How much is logged, and how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logging: Option<Logging>,

    /// Variables for all jobs: a ConfigMap or a Secret with `variables.yaml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "source::schema")]
    pub site_variables: Option<ConfigSource>,

    /// Section `[statsd]` of zuul.conf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "option::schema")]
    pub statsd: Option<Options>,

    /// Section `[tracing]` of zuul.conf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "option::schema")]
    pub tracing: Option<Options>,

    /// Section `[oidc]` of zuul.conf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "option::schema")]
    pub oidc: Option<Options>,

    /// Section `[webclient]` of zuul.conf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "option::schema")]
    pub webclient: Option<Options>,

    /// Section `[zuul]` of zuul.conf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "option::schema")]
    pub zuul: Option<Options>,

    /// Sections `[ansible_callback "NAME"]` of zuul.conf, by name. Zuul copies them into every job: they
    /// may not hold a secret.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "option::map_schema")]
    pub ansible_callback: BTreeMap<String, Options>,
}

/// Defaults that stand in the schema, so that the API server and the offline tools apply the same.
mod defaults {
    pub fn image_prefix() -> String {
        "quay.io/zuul-ci".to_owned()
    }

    pub fn zuul_version() -> String {
        "14.3.0".to_owned()
    }

    pub fn nodepool_version() -> String {
        "11.0.0".to_owned()
    }

    pub fn latest() -> String {
        "latest".to_owned()
    }
}
