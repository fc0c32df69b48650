//! World `config-renderer`.

use std::sync::Arc;

use serde::Serialize;

use super::{CodeInfo, Entry, Line, OptionInfo, PluginFinding, Readers};
use crate::names::Component;
use crate::secret::Value;

/// What a config-renderer plugin says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct RendererInfo {
    /// The sections of zuul.conf.
    pub sections: Arc<[SectionInfo]>,
    /// The codes of the findings that it may make.
    pub codes: Vec<CodeInfo>,
}

/// What is known of one section of zuul.conf.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SectionInfo {
    /// The first word of its header.
    pub name: String,
    /// Whether a second word follows, as in `[auth NAME]`.
    pub named: bool,
    /// Whether options that are not described are taken as well.
    pub open: bool,
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
