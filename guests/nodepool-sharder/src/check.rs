//! What Nodepool's own `config-validate` lets through, and what a launcher then dies of.

use zuul_plugin_sdk::sharder::Request;

use crate::check_driver;
use crate::findings::{Findings, shortened};
use crate::names::Names;
use crate::node::Node;
use crate::nodepool_yaml::{Named, NodepoolYaml, Provider, Reference};
use crate::scalar::Type;

/// All keys that Nodepool 11 reads at the top.
const TOP_KEYS: [&str; 13] = [
    "webapp",
    "elements-dir",
    "images-dir",
    "build-log-dir",
    "build-log-retention",
    "zookeeper-servers",
    "zookeeper-tls",
    "zookeeper-timeout",
    "providers",
    "labels",
    "diskimages",
    "max-hold-age",
    "tenant-resource-limits",
];

/// So many generations of diskimages are followed.
pub const MOST_PARENTS: usize = 64;

/// Everything that can be said without a launcher.
pub fn check(file: &NodepoolYaml<'_>, request: &Request, findings: &mut Findings) {
    check_top(file.root, request, findings);
    check_tenant_limits(file.root, findings);
    check_labels(file, findings);
    check_diskimages(file, findings);
    check_providers(file, findings);
    let served = Names::of(file.providers.iter().flat_map(Provider::labels));
    for provider in &file.providers {
        check_driver::check(provider, &served, findings);
    }
}

fn check_top(root: &Node<'_>, request: &Request, findings: &mut Findings) {
    for (key, _) in root.entries() {
        let name = key.text().unwrap_or_default();
        if !TOP_KEYS.iter().any(|known| key.is_key(known)) {
            findings.warning(
                "NodepoolUnknownKey",
                &shortened(name),
                "Nodepool 11 knows no such key; it is copied to every launcher",
                "remove it, or correct its name",
            );
        }
    }
    if request.zookeeper_servers.is_empty() {
        findings.error("NodepoolNoZooKeeper", "zookeeper-servers", "no ZooKeeper server is known", "");
    }
    let mut overwritten = |key: &str, by: &str| {
        if root.find(key).is_some() {
            let message = format!("`{key}` is overwritten by the operator, with {by}");
            findings.note("NodepoolOverwritten", key, &message, &format!("remove `{key}`"));
        }
    };
    overwritten("zookeeper-servers", "the servers of this Zuul");
    overwritten("zookeeper-tls", "the certificates of this Zuul");
    if request.images_dir.is_some() {
        overwritten("images-dir", "the folder of the builders' volume");
    }
}

/// `config-validate` takes limits without a tenant; the loader does not.
fn check_tenant_limits(root: &Node<'_>, findings: &mut Findings) {
    let key = "tenant-resource-limits";
    let Some(limits) = root.get(key) else { return };
    if !findings.expect(limits, &[Type::Seq], key) {
        return;
    }
    let mut seen = Names::default();
    for (at, limit) in limits.items().iter().enumerate() {
        let path = format!("{key}[{at}]");
        if findings.expect(limit, &[Type::Map], &path)
            && let Some(tenant) = findings.string(limit, "tenant-name", &path)
            && seen.insert(tenant, at).is_some()
        {
            let message =
                format!("tenant `{}` has limits above already; Nodepool takes the last", shortened(tenant));
            findings.warning("NodepoolDuplicateTenant", &path, &message, "write each tenant once");
        }
    }
}

fn check_labels(file: &NodepoolYaml<'_>, findings: &mut Findings) {
    duplicates(&file.labels.iter().collect::<Vec<_>>(), "NodepoolDuplicateLabel", "label", findings);
    let served = Names::of(file.providers.iter().flat_map(Provider::labels));
    for label in &file.labels {
        for key in ["min-ready", "max-ready-age"] {
            if let Some(value) = label.node.find(key) {
                check_count(value, &format!("{}.{key}", label.path), findings);
            }
        }
        if !served.has(label.name) {
            let message =
                format!("no pool serves label `{}`: no node will ever have it", shortened(label.name));
            findings.warning(
                "NodepoolUnservedLabel",
                &format!("{}.name", label.path),
                &message,
                "add the label to a pool, or remove it",
            );
        }
    }
}

fn check_count(value: &Node<'_>, path: &str, findings: &mut Findings) {
    if findings.expect(value, &[Type::Int], path)
        && let Some(text) = value.text()
        && text.starts_with('-')
    {
        let message = format!("`{text}` is negative");
        findings.error("NodepoolNegative", path, &message, "write 0 or more");
    }
}

fn check_diskimages(file: &NodepoolYaml<'_>, findings: &mut Findings) {
    duplicates(
        &file.diskimages.iter().collect::<Vec<_>>(),
        "NodepoolDuplicateDiskimage",
        "diskimage",
        findings,
    );
    let all = Names::of(file.diskimages.iter().map(|image| image.name));
    let used = Names::of(file.providers.iter().flat_map(Provider::images));
    for image in &file.diskimages {
        check_parents(image, &file.diskimages, &all, findings);
        if let Some(value) = image.node.find("abstract") {
            findings.expect(value, &[Type::Bool], &format!("{}.abstract", image.path));
        }
        if !used.has(image.name) && !is_abstract(image.node) {
            let message =
                format!("no provider names diskimage `{}`: it is built in vain", shortened(image.name));
            findings.warning(
                "NodepoolUnusedDiskimage",
                &format!("{}.name", image.path),
                &message,
                "add it to a provider, or write `abstract: true` if others only inherit from it",
            );
        }
    }
}

/// Follows the parents: one that is not there kills Nodepool, and so does a circle.
fn check_parents(image: &Named<'_>, images: &[Named<'_>], all: &Names, findings: &mut Findings) {
    let path = format!("{}.parent", image.path);
    let Some(parent) = image.node.get("parent") else { return };
    if !findings.expect(parent, &[Type::Str], &path) {
        return;
    }
    let Some(name) = parent.text().filter(|name| !name.is_empty()) else { return };
    if !all.has(name) {
        let message = format!("no diskimage `{}` is defined", shortened(name));
        findings.error("NodepoolUnknownParent", &path, &message, "define it, or correct the name");
        return;
    }
    let defined = |name: &str| all.get(name).and_then(|place| images.get(place));
    let mut next = defined(name);
    for _ in 0..MOST_PARENTS {
        let Some(ancestor) = next else { return };
        next = ancestor.node.get("parent").and_then(|parent| defined(parent.text()?));
    }
    let message = format!(
        "the parents of diskimage `{}` go in a circle, or are more than {MOST_PARENTS}",
        shortened(image.name)
    );
    findings.error("NodepoolParentCircle", &path, &message, "break the circle of parents");
}

/// Whether only other diskimages use it: launchers do not know of it.
#[must_use]
pub fn is_abstract(image: &Node<'_>) -> bool {
    image.get("abstract").is_some_and(|value| value.is_true())
}

fn check_providers(file: &NodepoolYaml<'_>, findings: &mut Findings) {
    // A provider that is there without a name has its own finding.
    if file.root.get("providers").is_none_or(|list| list.items().is_empty()) {
        findings.warning(
            "NodepoolNoProviders",
            "providers",
            "no provider is defined, so there is nothing to launch nodes with; the launchers stay as they are",
            "add a provider, or remove Nodepool from the Zuul object",
        );
    }
    let own: Vec<&Named<'_>> = file.providers.iter().map(|provider| &provider.own).collect();
    duplicates(&own, "NodepoolDuplicateProvider", "provider", findings);
    let labels = Names::of(file.labels.iter().map(|label| label.name));
    let images = Names::of(file.diskimages.iter().map(|image| image.name));
    for provider in &file.providers {
        for reference in provider.pools.iter().flat_map(|pool| &pool.labels) {
            if !labels.has(reference.name) {
                let message = format!(
                    "no top-level label `{}` is defined; the launcher dies of it",
                    shortened(reference.name)
                );
                let cure = "add it to the top-level `labels`, or correct the name";
                findings.error("NodepoolUnknownLabel", &reference.path, &message, cure);
            }
        }
        for image in &provider.diskimages {
            check_image(image, images.get(image.name).and_then(|place| file.diskimages.get(place)), findings);
        }
    }
}

fn check_image(image: &Reference<'_>, defined: Option<&Named<'_>>, findings: &mut Findings) {
    let name = shortened(image.name);
    match defined {
        None => findings.error(
            "NodepoolUnknownDiskimage",
            &image.path,
            &format!("no diskimage `{name}` is defined; the launcher dies of it"),
            "add it to the top-level `diskimages`, or correct the name",
        ),
        Some(defined) if is_abstract(defined.node) => findings.error(
            "NodepoolAbstractDiskimage",
            &image.path,
            &format!("diskimage `{name}` is abstract: it is never built, and the launcher dies of it"),
            "name one that inherits from it",
        ),
        Some(_) => {}
    }
}

/// An error for each that has the name of one before it.
fn duplicates(all: &[&Named<'_>], code: &str, what: &str, findings: &mut Findings) {
    let mut seen = Names::default();
    for (place, one) in all.iter().enumerate() {
        if let Some(before) = seen.insert(one.name, place).and_then(|before| all.get(before)) {
            let message =
                format!("there is a {what} `{}` already, at `{}`", shortened(one.name), before.path);
            findings.error(code, &format!("{}.name", one.path), &message, "rename or remove one of them");
        }
    }
}
