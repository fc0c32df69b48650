//! Tables that say what becomes of each option of a nodepool.yaml.

/// What a value has to look like, as Nodepool's own schemas (`nodepool/driver/*/config.py`) have it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Text,
    Integer,
    /// With or without a fraction.
    Number,
    Flag,
    /// A list of texts.
    Texts,
    /// A text, or a list of them.
    TextOrTexts,
    OneOf(&'static [&'static str]),
    /// A mapping of texts: the keys that it must have, and those that it may have.
    Record(&'static [&'static str], &'static [&'static str]),
    /// A mapping of one text, under one of these keys.
    OneField(&'static [&'static str]),
    /// A mapping of scalars, which Zuul wants to be texts.
    Tags,
    /// The same for nodes, where Zuul takes them for templates.
    NodeTags,
    /// Any mapping.
    Map,
    /// Any list.
    List,
    Any,
}

/// Where in the draft a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Into the object that is being made of the mapping.
    Here,
    /// Into the flavors of the labels at and below the mapping.
    Flavor,
    /// `label-defaults`.
    LabelDefaults,
    /// `image-defaults`.
    ImageDefaults,
    /// `resource-limits`.
    Limits,
    /// The connection in zuul.conf.
    Connection,
}

/// What becomes of an option.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate {
    /// It goes there, under this name.
    To(Place, &'static str),
    /// The same; its text may have secrets in it, and the draft is for a repository.
    Open(Place, &'static str),
    /// Its texts are templates, and what Zuul can fill in goes there.
    Template(Place, &'static str),
    /// Other code looks at it.
    Read,
    /// It is of no concern to provider configuration.
    Dropped,
    /// It cannot be carried: why, and what to do.
    Lost(&'static str, &'static str),
}

/// One option.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) key: &'static str,
    pub(super) shape: Shape,
    pub(super) fate: Fate,
}

/// One option.
pub(super) const fn row(key: &'static str, shape: Shape, fate: Fate) -> Row {
    Row { key, shape, fate }
}

/// An option that is lost. Nobody looks at its shape.
pub(super) const fn lost(key: &'static str, why: &'static str, cure: &'static str) -> Row {
    row(key, Shape::Any, Fate::Lost(why, cure))
}

/// An option that stands on its own in the object, under its own name.
pub(super) const fn same(key: &'static str, shape: Shape) -> Row {
    row(key, shape, Fate::To(Place::Here, key))
}

const BY_HAND: &str = "nothing has to be done, unless you relied on it";

const PRIORITY: Row = lost(
    "priority",
    "zuul-launcher takes the provider that has most of its quota left",
    "steer it by resource-limits",
);

/// What every provider may have (`ProviderConfig.getCommonSchemaDict`).
pub(super) const PROVIDER: &[Row] = &[
    row("name", Shape::Text, Fate::Read),
    row("driver", Shape::Text, Fate::Dropped),
    row("pools", Shape::List, Fate::Read),
    lost("max-concurrency", "zuul-launcher has no limit of its own on launches at a time", BY_HAND),
    PRIORITY,
];

/// What every pool may have (`ConfigPool.getCommonSchemaDict`), but its limits.
pub(super) const POOL: &[Row] = &[
    row("name", Shape::Text, Fate::Read),
    row("labels", Shape::List, Fate::Read),
    lost(
        "node-attributes",
        "nodes of zuul-launcher have no attributes",
        "use `tags` of the labels, if a cloud has to see them",
    ),
    PRIORITY,
];

/// What drivers of clouds have at their providers.
pub(super) const CLOUD_PROVIDER: &[Row] = &[
    row("rate", Shape::Number, Fate::To(Place::Connection, "rate")),
    row("boot-timeout", Shape::Integer, Fate::To(Place::LabelDefaults, "boot-timeout")),
    row("launch-timeout", Shape::Integer, Fate::To(Place::Here, "launch-timeout")),
    row("launch-retries", Shape::Integer, Fate::To(Place::Here, "launch-attempts")),
    row("diskimages", Shape::List, Fate::Read),
    row("cloud-images", Shape::List, Fate::Read),
    lost("post-upload-hook", "zuul-launcher runs no hook", "do its work in the job that builds the image"),
];

/// What images of all clouds have.
pub(super) const IMAGE: &[Row] = &[
    row("name", Shape::Text, Fate::Read),
    row("connection-type", Shape::Text, Fate::Read),
    same("connection-port", Shape::Integer),
    same("python-path", Shape::Text),
    same("shell-type", Shape::Text),
    same("username", Shape::Text),
    lost(
        "pause",
        "zuul-launcher cannot pause an image",
        "leave the image out of the section for as long as it is to be paused",
    ),
];

/// What labels of all clouds have.
pub(super) const LABEL: &[Row] = &[
    row("name", Shape::Text, Fate::Read),
    row("diskimage", Shape::Text, Fate::Read),
    row("cloud-image", Shape::Text, Fate::Read),
];

/// Tags of nodes, under the names that each driver has for the two kinds.
pub(super) const fn tags(key: &'static str) -> Row {
    row(key, Shape::NodeTags, Fate::To(Place::Here, "tags"))
}

/// Tags that are filled in for each request.
pub(super) const fn dynamic_tags(key: &'static str) -> Row {
    row(key, Shape::Tags, Fate::Template(Place::Here, "tags"))
}

/// How many nodes at most.
pub(super) const MAX_SERVERS: Row = row("max-servers", Shape::Integer, Fate::To(Place::Limits, "instances"));
/// How many cores at most.
pub(super) const MAX_CORES: Row = row("max-cores", Shape::Integer, Fate::To(Place::Limits, "cores"));
/// How much memory at most.
pub(super) const MAX_RAM: Row = row("max-ram", Shape::Integer, Fate::To(Place::Limits, "ram"));

/// Which address jobs connect to.
pub(super) const INTERNAL_IP: Row = lost(
    "use-internal-ip",
    "zuul-launcher takes a node's public address if it has one",
    "give the nodes no public address",
);
