//! What the core asks of plugins, and what they answer: the trait [`Plugins`].
//!
//! These are the host's own types. [`crate::plugin`] converts them at its edge from and to each
//! released version of the WIT, and refuses answers that place what was not given to the plugin.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use crate::diagnostic::Severity;
use crate::names::Component;
use crate::secret::{SecretRef, Value};

/// The components that read something.
pub type Readers = BTreeSet<Component>;

/// What the user wrote for one option.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Setting {
    /// A string.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Number(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A reference to a key of a Secret.
    Secret(SecretRef),
}

/// One option with what the user wrote for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// The option's name as in zuul.conf.
    pub name: String,
    /// Its value.
    pub setting: Setting,
}

/// What an option holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// One of the choices.
    OneOf,
    /// A path in the pod; a reference to a Secret is mounted.
    Path,
    /// A secret string.
    Secret,
    /// A file with secret content, always mounted.
    SecretFile,
    /// A URI that may hold credentials.
    SecretUri,
}

/// What is known of one option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OptionInfo {
    /// The option's name as in zuul.conf.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// All values, for [`Kind::OneOf`].
    pub choices: Vec<String>,
    /// What Zuul takes when it is absent.
    pub default: Option<String>,
    /// Zuul cannot use the section without it.
    pub required: bool,
    /// When it is required although `required` is false, as a sentence.
    pub required_when: Option<String>,
    /// What replaces it, as a sentence.
    pub deprecated: Option<String>,
    /// The components that read it.
    pub readers: Readers,
    /// One sentence.
    pub summary: String,
}

/// What Zuul uses a connection for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Changes and repositories come from it.
    Source,
    /// Results are reported to it.
    Reporter,
    /// Nodes come from it.
    Provider,
}

/// What a connection-driver plugin says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DriverInfo {
    /// The driver names that it serves; `*` serves the rest.
    pub drivers: Vec<String>,
    /// What its connections are for.
    pub roles: BTreeSet<Role>,
    /// Its options.
    pub options: Vec<OptionInfo>,
    /// One sentence.
    pub summary: String,
}

/// One connection of the Zuul object, for its driver.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConnectionRequest {
    /// The key below `spec.connections`.
    pub name: String,
    /// `driver`.
    pub driver: String,
    /// All other options, sorted by name.
    pub options: Vec<Entry>,
    /// The folder of its files, without a slash at the end.
    pub mount: String,
}

/// A line that a driver wants in its connection's section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The key.
    pub key: String,
    /// Its value.
    pub value: Value,
    /// The components whose zuul.conf has it.
    pub readers: Readers,
}

/// A secret that is mounted as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MountedFile {
    /// The absolute path in the pod.
    pub path: String,
    /// What it holds.
    pub content: SecretRef,
    /// The components whose pods have it.
    pub readers: Readers,
}

/// A connection as its driver rendered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rendering {
    /// The components that have the section at all.
    pub readers: Readers,
    /// Its lines, without `driver`.
    pub lines: Vec<Line>,
    /// Its files.
    pub files: Vec<MountedFile>,
    /// What the driver has to say.
    pub findings: Vec<PluginFinding>,
}

/// What is known of one section of zuul.conf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SectionInfo {
    /// The first word of its header.
    pub name: String,
    /// Whether a second word follows, as in `[auth NAME]`.
    pub named: bool,
    /// Its options.
    pub options: Vec<OptionInfo>,
    /// One sentence.
    pub summary: String,
}

/// What the user wrote, or the host knows, for one section of zuul.conf.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Section {
    /// The first word of its header.
    pub name: String,
    /// The second word, for named sections.
    pub instance: Option<String>,
    /// Its options.
    pub entries: Vec<Entry>,
}

/// A rendered connection, for the config renderer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RenderedConnection {
    /// The key below `spec.connections`.
    pub name: String,
    /// `driver`.
    pub driver: String,
    /// The components that have the section.
    pub readers: Readers,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// Everything that goes into the zuul.conf of all components.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ZuulConfRequest {
    /// The components that this Zuul has.
    pub components: Readers,
    /// All sections but the connections.
    pub sections: Vec<Section>,
    /// The connections, in order.
    pub connections: Vec<RenderedConnection>,
}

/// One section of a zuul.conf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IniSection {
    /// The header without brackets.
    pub header: String,
    /// Keys and values.
    pub lines: Vec<(String, Value)>,
}

/// One component's zuul.conf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ZuulConf {
    /// Whose it is.
    pub component: Component,
    /// Its sections.
    pub sections: Vec<IniSection>,
}

/// The zuul.conf of every component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ZuulConfAnswer {
    /// One a component.
    pub files: Vec<ZuulConf>,
    /// What the renderer has to say.
    pub findings: Vec<PluginFinding>,
}

/// By what a nodepool.yaml is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShardBy {
    /// One launcher a provider.
    Provider,
    /// One launcher a driver, cloud and region.
    ProviderRegion,
}

/// One ZooKeeper server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ZookeeperServer {
    /// Name or address; an IPv6 address without brackets.
    pub host: String,
    /// TLS port.
    pub port: u16,
    /// With its leading slash.
    pub chroot: Option<String>,
}

/// Where the pod has its ZooKeeper certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ZookeeperTls {
    /// Client certificate.
    pub cert: String,
    /// Its key.
    pub key: String,
    /// Certificate authority.
    pub ca: String,
}

/// What the sharder is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShardRequest {
    /// The user's file, secret scalars masked.
    pub nodepool_yaml: String,
    /// By what to cut.
    pub by: ShardBy,
    /// Written over the user's.
    pub zookeeper_servers: Vec<ZookeeperServer>,
    /// Written over the user's.
    pub zookeeper_tls: Option<ZookeeperTls>,
    /// The builders' folder for images; `None` without builders.
    pub images_dir: Option<String>,
}

/// One launcher's part of a nodepool.yaml.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shard {
    /// Unique; not a legal object name.
    pub key: String,
    /// The providers in it.
    pub providers: Vec<String>,
    /// The node labels that it serves.
    pub labels: Vec<String>,
    /// The images that it uses.
    pub diskimages: Vec<String>,
    /// Its file.
    pub nodepool_yaml: String,
}

/// What the sharder answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShardAnswer {
    /// The launchers' files.
    pub shards: Vec<Shard>,
    /// The builders' file; `None` when no diskimage is defined.
    pub builder_yaml: Option<String>,
    /// Paths are those of nodepool.yaml.
    pub findings: Vec<PluginFinding>,
}

/// A finding as a plugin gives it: its path is below what the plugin was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PluginFinding {
    /// How bad it is.
    pub severity: Severity,
    /// Relative to what was passed in.
    pub path: String,
    /// Stable name.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What was expected; may be empty.
    pub expected: String,
    /// What to do.
    pub cure: String,
}

/// Why a plugin gave no answer. The name is stable: it stands in findings, status and metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum FailureReason {
    /// No plugin serves this.
    Missing,
    /// Not a component, or a damaged one.
    NotAComponent,
    /// It exports none of the known worlds.
    WrongWorld,
    /// A known world in a version that this operator does not speak.
    WrongVersion,
    /// It imports something other than `log`.
    ForeignImport,
    /// Larger than a component may be.
    TooLarge,
    /// It could not be compiled within the limits.
    CompileFailed,
    /// The request is larger than a plugin may be given.
    InputTooLarge,
    /// It used up its instructions.
    OutOfFuel,
    /// It ran longer than its deadline.
    DeadlineExceeded,
    /// It wanted more memory than it may have.
    OutOfMemory,
    /// It wanted a larger table than it may have.
    TableTooLarge,
    /// It recursed too deeply.
    StackOverflow,
    /// It answered more than it may.
    OutputTooLarge,
    /// It panicked; the detail is its own message.
    Panicked,
    /// It trapped for another reason.
    Trapped,
    /// It placed a secret that it was not given.
    ForgedReference,
    /// Its answer breaks a rule of its world.
    BadAnswer,
}

/// A call of a plugin that gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PluginFailure {
    /// The plugin's name.
    pub plugin: String,
    /// Why.
    pub reason: FailureReason,
    /// More about it, in one sentence, for people.
    pub detail: String,
}

impl fmt::Display for PluginFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "plugin {}: {:?}: {}", self.plugin, self.reason, self.detail)
    }
}

impl std::error::Error for PluginFailure {}

/// A plugin as it is shown to people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PluginInfo {
    /// Its name.
    pub name: String,
    /// Its world: `connection-driver`, `config-renderer`, `nodepool-sharder`.
    pub world: String,
    /// sha256 of the component, in hex.
    pub digest: String,
    /// Where it comes from: `built-in` or a path.
    pub source: String,
}

/// The plugins that serve one Zuul. All calls are pure: same request, same answer.
pub trait Plugins {
    /// The plugins, sorted.
    fn list(&self) -> Vec<PluginInfo>;

    /// Plugins that were refused or shadowed, and why, for people. The path is empty.
    fn findings(&self) -> Vec<PluginFinding>;

    /// What serves `driver`: its own plugin, else the one for `*`.
    ///
    /// # Errors
    /// [`FailureReason::Missing`] when there is neither.
    fn driver(&self, driver: &str) -> Result<DriverInfo, PluginFailure>;

    /// All driver names that are served by a plugin of their own, sorted.
    fn drivers(&self) -> Vec<String>;

    /// Renders one connection.
    ///
    /// # Errors
    /// The plugin gave no good answer.
    fn connection(&self, request: &ConnectionRequest) -> Result<Rendering, PluginFailure>;

    /// The sections of zuul.conf that the config renderer knows.
    ///
    /// # Errors
    /// The plugin gave no good answer.
    fn sections(&self) -> Result<Vec<SectionInfo>, PluginFailure>;

    /// Renders the zuul.conf of every component.
    ///
    /// # Errors
    /// The plugin gave no good answer.
    fn zuul_conf(&self, request: &ZuulConfRequest) -> Result<ZuulConfAnswer, PluginFailure>;

    /// Cuts a nodepool.yaml.
    ///
    /// # Errors
    /// The plugin gave no good answer.
    fn shard(&self, request: &ShardRequest) -> Result<ShardAnswer, PluginFailure>;
}
