//! The driver kubernetes: `nodepool/driver/kubernetes/config.py`, `zuul/driver/kubernetes/kubernetesprovider.py`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::objects::{Entry, ImageKind, Settings};
use super::part::{Part, Pool, Site, Use};
use super::pod;
use super::read::{At, Carried};
use super::table::{self, Fate, Place, Row, Shape, dynamic_tags, lost, row, same, tags};

const CORES: &str = "zuul-launcher limits pods and namespaces only";
const CORES_CURE: &str = "limit the namespaces in the cluster with a ResourceQuota";

const PROVIDER: &[Row] = &[
    row("context", Shape::Text, Fate::To(Place::Connection, "context")),
    row("launch-retries", Shape::Integer, Fate::To(Place::Here, "launch-attempts")),
];

/// At providers, and at pools.
const LIMITS: &[Row] = &[
    row("max-servers", Shape::Integer, Fate::To(Place::Limits, "pods")),
    lost("max-cores", CORES, CORES_CURE),
    lost("max-ram", CORES, CORES_CURE),
    lost("max-resources", CORES, CORES_CURE),
];

const POOL: &[Row] = &[
    row("default-label-cpu", Shape::Integer, Fate::Read),
    row("default-label-memory", Shape::Integer, Fate::Read),
    row("default-label-storage", Shape::Integer, Fate::Read),
    row("default-label-cpu-limit", Shape::Integer, Fate::Read),
    row("default-label-memory-limit", Shape::Integer, Fate::Read),
    row("default-label-storage-limit", Shape::Integer, Fate::Read),
    row("default-label-extra-resources", Shape::Map, Fate::Dropped),
];

const LABEL: &[Row] = &[
    row("name", Shape::Text, Fate::Read),
    row("type", Shape::OneOf(&["pod", "namespace"]), Fate::To(Place::Here, "kind")),
    row("python-path", Shape::Text, Fate::Read),
    row("shell-type", Shape::Text, Fate::Read),
    tags("labels"),
    same("annotations", Shape::Map),
    dynamic_tags("dynamic-labels"),
    lost("extra-resources", CORES, CORES_CURE),
];

pub(super) fn provider<'a>(site: &mut Site<'a>, at: &At<'a>) {
    let mut carried = site.findings.carry(at, &[table::PROVIDER, PROVIDER, LIMITS]);
    let Some(name) = site.findings.name(at) else { return };
    let connection = carried.take(Place::Connection);
    let wanted = at.text("context").unwrap_or("kubernetes");
    let connection = site.connections.name(&mut site.findings, at, "kubernetes", wanted, connection);
    let settings = carried.take(Place::Here);
    let mut part = Part { name: name.to_owned(), connection, settings, ..Part::default() };
    let mut images = BTreeSet::new();
    for pool_at in site.findings.mappings(at, "pools") {
        let pool = pool(site, &pool_at, &mut carried, &mut images, &mut part);
        part.pools.extend(pool);
    }
    site.parts.push(part);
}

fn pool<'a>(
    site: &mut Site<'a>,
    at: &At<'a>,
    above: &mut Carried,
    images: &mut BTreeSet<String>,
    part: &mut Part,
) -> Option<Pool> {
    let mut carried = site.findings.carry(at, &[table::POOL, LIMITS, POOL]);
    let name = site.findings.name(at)?;
    let mut pool = Pool { name: name.to_owned(), ..Pool::default() };
    let mut kinds = BTreeSet::new();
    for label_at in site.findings.mappings(at, "labels") {
        let Some(label) = label(site, at, &label_at, images, part) else { continue };
        kinds.extend(label.settings.get("kind").and_then(Value::as_str).map(str::to_owned));
        pool.labels.push(label);
    }
    let mut limits = above.at(Place::Limits).overlaid(&carried.take(Place::Limits));
    if let Some(most) = limits.remove("pods") {
        // Nodepool counts both together.
        for kind in &kinds {
            limits.set(&format!("{kind}s"), most.clone());
        }
        if kinds.len() > 1 {
            let why = "zuul-launcher counts pods and namespaces apart, so each has this limit";
            let cure = "divide the number between the two";
            site.findings.not_carried(
                at.at("max-servers"),
                "`max-servers` of both kinds together",
                why,
                cure,
            );
        }
    }
    pool.limits = limits;
    Some(pool)
}

fn label<'a>(
    site: &mut Site<'a>,
    pool: &At<'a>,
    at: &At<'a>,
    images: &mut BTreeSet<String>,
    part: &mut Part,
) -> Option<Use> {
    let mut carried = site.findings.carry(at, &[LABEL, pod::ROWS]);
    let name = site.findings.name(at)?;
    if at.value("type").is_none() {
        site.findings.missing(at.at("type"), "the type");
    }
    let mut settings = carried.take(Place::Here);
    if settings.get("kind").and_then(Value::as_str) == Some("pod") {
        pod::spec(&mut site.findings, name, pool, at, &mut settings);
    } else {
        // Zuul refuses them at a namespace.
        settings.remove("annotations");
    }
    let mut image = Settings::default();
    image.set("python-path", at.text("python-path").unwrap_or("auto"));
    if let Some(shell) = at.text("shell-type") {
        image.set("shell-type", shell);
    }
    let image = attach(site, "kubernetes", image, images, part);
    Some(Use {
        label: name.to_owned(),
        path: at.path.clone(),
        image,
        flavor_name: "kubernetes".to_owned(),
        flavor: Settings::default(),
        settings,
    })
}

/// The name of an image that only says how to talk to a node, attached to the section once.
pub(super) fn attach(
    site: &mut Site<'_>,
    driver: &str,
    settings: Settings,
    images: &mut BTreeSet<String>,
    part: &mut Part,
) -> String {
    let key = format!("{driver}\n{}", settings.key());
    let name = site.images.keyed(ImageKind::Cloud, &key, driver);
    if images.insert(name.clone()) {
        part.images.push(Entry { name: name.clone(), settings });
    }
    name
}
