//! The driver static: `nodepool/driver/static/config.py`, `zuul/driver/static/staticprovider.py`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::cloud::connection_type;
use super::findings::Findings;
use super::kubernetes::attach;
use super::objects::Settings;
use super::part::{Part, Pool, Site, Use};
use super::read::At;
use super::table::{self, Fate, Place, Row, Shape, lost, row, same};
use crate::diagnostic::Finding;

const POOL: &[Row] = &[table::MAX_SERVERS, row("nodes", Shape::List, Fate::Read)];

const NODE: &[Row] = &[
    row("name", Shape::Text, Fate::Read),
    row("labels", Shape::TextOrTexts, Fate::Read),
    same("username", Shape::Text),
    same("connection-port", Shape::Integer),
    row("ssh-port", Shape::Integer, Fate::Read),
    row("connection-type", Shape::Text, Fate::Read),
    row("python-path", Shape::Text, Fate::Read),
    row("shell-type", Shape::Text, Fate::Read),
    row("host-key", Shape::TextOrTexts, Fate::Read),
    row("host-key-checking", Shape::Flag, Fate::Read),
    row("max-parallel-jobs", Shape::Integer, Fate::Read),
    lost(
        "timeout",
        "zuul-launcher has one for a label",
        "set `boot-timeout` of the label, if its 300 seconds do not do",
    ),
];

pub(super) fn provider<'a>(site: &mut Site<'a>, at: &At<'a>) {
    site.findings.carry(at, &[table::PROVIDER]);
    let Some(name) = site.findings.name(at) else { return };
    let connection = site.connections.name(&mut site.findings, at, "static", "static", Settings::default());
    let mut part = Part { name: name.to_owned(), connection, ..Part::default() };
    let mut images = BTreeSet::new();
    for pool_at in site.findings.mappings(at, "pools") {
        let pool = pool(site, &pool_at, &mut images, &mut part);
        part.pools.extend(pool);
    }
    site.parts.push(part);
}

fn pool<'a>(
    site: &mut Site<'a>,
    at: &At<'a>,
    images: &mut BTreeSet<String>,
    part: &mut Part,
) -> Option<Pool> {
    let mut carried = site.findings.carry(at, &[table::POOL, POOL]);
    let name = site.findings.name(at)?;
    let mut pool = Pool { name: name.to_owned(), limits: carried.take(Place::Limits), ..Pool::default() };
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let mut nodes: Vec<Value> = Vec::new();
    for node_at in site.findings.mappings(at, "nodes") {
        let Some((node, labels, image, settings)) = node(&mut site.findings, &node_at) else { continue };
        nodes.push(Value::Object(node));
        let image = attach(site, "static", image, images, part);
        for (position, label) in labels.into_iter().enumerate() {
            let used = Use {
                label: label.to_owned(),
                path: node_at.at("labels"),
                image: image.clone(),
                flavor_name: "static".to_owned(),
                flavor: Settings::default(),
                settings: settings.clone(),
            };
            match known.get(label).and_then(|index| pool.labels.get(*index)) {
                // Zuul describes a node by its first label only.
                Some(first) if position == 0 && (&first.image, &first.settings) != (&image, &settings) => {
                    site.findings.push(differs(&node_at, label));
                }
                Some(_) => {}
                None => {
                    known.insert(label, pool.labels.len());
                    pool.labels.push(used);
                }
            }
        }
    }
    pool.settings.set("nodes", nodes);
    Some(pool)
}

fn differs(at: &At<'_>, label: &str) -> Finding {
    let message = format!(
        "Zuul takes connection-type, python-path, shell-type, max-parallel-jobs and host-key-checking of a node from \
         its first label, and an earlier node with the label {label:?} has others"
    );
    Finding::warning("NodeDiffers", at.path.clone(), message)
        .cure("give this node a label of its own, with the other label as an alias")
}

/// The node, its labels, and what its first label has to say of it: an image, and settings.
type Node<'a> = (Map<String, Value>, Vec<&'a str>, Settings, Settings);

fn node<'a>(findings: &mut Findings, at: &At<'a>) -> Option<Node<'a>> {
    let mut carried = findings.carry(at, &[NODE]);
    let name = findings.name(at)?;
    let labels: Vec<&str> = match at.value("labels") {
        Some(Value::String(labels)) => labels.split_whitespace().collect(),
        Some(Value::Array(labels)) => labels.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let Some((first, others)) = labels.split_first() else {
        match at.value("labels") {
            None => findings.missing(at.at("labels"), "the label"),
            Some(Value::String(_) | Value::Array(_)) => {
                let what = format!("the node {name:?}");
                findings.not_carried(at.path.clone(), &what, "it has no label", "give it one");
            }
            Some(_) => {}
        }
        return None;
    };
    let mut here = carried.take(Place::Here);
    if let Some(port) = at.integer("ssh-port") {
        here.set_default("connection-port", port);
    }
    let mut node = Map::new();
    node.insert("name".to_owned(), name.into());
    node.insert("label".to_owned(), (*first).into());
    if !others.is_empty() {
        node.insert("aliases".to_owned(), others.into());
    }
    for key in ["username", "connection-port"] {
        node.extend(here.remove(key).map(|value| (key.to_owned(), value)));
    }
    node.extend(host_key(findings, at).map(|key| ("host-key".to_owned(), key.into())));
    let (image, settings) = label_of(findings, at);
    Some((node, labels, image, settings))
}

fn host_key<'a>(findings: &mut Findings, at: &At<'a>) -> Option<&'a str> {
    match at.value("host-key")? {
        Value::String(key) => Some(key),
        Value::Array(keys) => {
            if keys.len() > 1 {
                let why = "zuul-launcher takes one key of a node, here the first";
                findings.not_carried(
                    at.at("host-key"),
                    "a second `host-key`",
                    why,
                    "leave the one that SSH will use",
                );
            }
            keys.first()?.as_str()
        }
        _ => None,
    }
}

fn label_of(findings: &mut Findings, at: &At<'_>) -> (Settings, Settings) {
    let (mut image, mut settings) = (Settings::default(), Settings::default());
    connection_type(findings, at, &mut image);
    // Nodepool's port of a static node is 22 whatever its type is; the node itself has it.
    image.remove("connection-port");
    image.set("python-path", at.text("python-path").unwrap_or("auto"));
    if let Some(shell) = at.text("shell-type") {
        image.set("shell-type", shell);
    }
    if let Some(jobs) = at.integer("max-parallel-jobs").filter(|jobs| *jobs > 1) {
        settings.set("slots", jobs);
    }
    if at.flag("host-key-checking") == Some(false) {
        settings.set("host-key-checking", false);
    }
    (image, settings)
}
