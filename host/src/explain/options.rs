//! Drivers and sections, as their plugins describe them.

use super::{Kind, Topic};
use crate::contract::{self, OptionInfo, PluginFailure, Plugins, Readers, Role};

/// All drivers.
pub fn drivers(plugins: &dyn Plugins) -> Result<Topic, PluginFailure> {
    let summary = "Drivers of connections. Their options stand below spec.connections.NAME, beside `driver`; \
                   each may be {secretName, key}.";
    let mut group = Topic::new("drivers", Kind::Group, summary);
    for name in plugins.drivers() {
        let info = plugins.driver(&name)?;
        let mut topic = Topic::new(&name, Kind::Driver, &info.summary);
        let roles = info.roles.iter().map(|role| match role {
            Role::Source => "source",
            Role::Reporter => "reporter",
            Role::Provider => "provider",
        });
        topic.fact("roles", roles.collect::<Vec<_>>().join(", "));
        topic.topics = info.options.iter().map(option).collect();
        group.topics.push(topic);
    }
    Ok(group)
}

/// All sections of zuul.conf.
pub fn sections(plugins: &dyn Plugins) -> Result<Topic, PluginFailure> {
    let summary = "Sections of zuul.conf. Those of components, and statsd, tracing, oidc, webclient and zuul, \
                   are fields of spec of the same name; auth and ansibleCallback have a name each.";
    let mut group = Topic::new("sections", Kind::Group, summary);
    for info in plugins.sections()?.iter() {
        let mut topic = Topic::new(&info.name, Kind::Section, &info.summary);
        topic.topics = info.options.iter().map(option).collect();
        group.topics.push(topic);
    }
    Ok(group)
}

fn option(info: &OptionInfo) -> Topic {
    let OptionInfo {
        name,
        kind,
        choices,
        default,
        required,
        required_when,
        deprecated,
        minimum,
        maximum,
        readers,
        summary,
    } = info;
    let mut topic = Topic::new(name, Kind::Option, summary);
    topic.fact("type", type_name(*kind));
    topic.fact("choices", choices.join(", "));
    topic.fact("default", default.clone().unwrap_or_default());
    topic.fact("required", if *required { "always" } else { "" });
    topic.fact("requiredWhen", required_when.clone().unwrap_or_default());
    topic.fact("deprecated", deprecated.clone().unwrap_or_default());
    topic.fact("minimum", minimum.map(|bound| bound.to_string()).unwrap_or_default());
    topic.fact("maximum", maximum.map(|bound| bound.to_string()).unwrap_or_default());
    topic.fact("readBy", reader_names(readers));
    topic
}

fn type_name(kind: contract::Kind) -> &'static str {
    match kind {
        contract::Kind::Text => "text",
        contract::Kind::Integer => "integer",
        contract::Kind::Number => "number",
        contract::Kind::Boolean => "boolean",
        contract::Kind::OneOf => "choice",
        contract::Kind::Path => "path, or Secret that is mounted",
        contract::Kind::Secret => "secret",
        contract::Kind::SecretFile => "secret file",
        contract::Kind::SecretUri => "URI, or Secret if it has credentials",
    }
}

fn reader_names(readers: &Readers) -> String {
    let names: Vec<String> = readers.iter().map(ToString::to_string).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
