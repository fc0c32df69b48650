//! What single drivers want of providers and pools beyond their schema.

use crate::findings::{Findings, shortened};
use crate::names::Names;
use crate::node::Node;
use crate::nodepool_yaml::{Named, Pool, Provider};
use crate::scalar::{Type, is_placeholder};

/// The drivers of Nodepool 11.
const DRIVERS: [&str; 13] = [
    "aws",
    "azure",
    "example",
    "fake",
    "gce",
    "ibmvpc",
    "kubernetes",
    "metastatic",
    "openshift",
    "openshiftpods",
    "openstack",
    "static",
    "test",
];

/// One provider, with its pools.
/// `served`: the labels of all pools of the file.
pub fn check(provider: &Provider<'_>, served: &Names, findings: &mut Findings) {
    check_name_and_driver(provider, findings);
    check_required(provider, findings);
    let mut pools = Names::default();
    for (place, pool) in provider.pools.iter().enumerate() {
        if !pool.name.is_empty()
            && let Some(before) = pools.insert(pool.name, place).and_then(|before| provider.pools.get(before))
        {
            let message =
                format!("the provider has a pool `{}` already, at `{}`", shortened(pool.name), before.path);
            let path = format!("{}.name", pool.path);
            findings.error("NodepoolDuplicatePool", &path, &message, "rename one of them");
        }
        check_pool(pool, provider.driver, findings);
    }
    check_images(provider, findings);
    if provider.driver == "metastatic" {
        check_backing(provider, served, findings);
    }
}

fn check_name_and_driver(provider: &Provider<'_>, findings: &mut Findings) {
    let own = &provider.own;
    if own.name.is_empty() {
        let path = format!("{}.name", own.path);
        findings.error("NodepoolEmptyName", &path, "the provider's name is empty", "write a name");
    }
    if !DRIVERS.contains(&provider.driver) && !is_filled_in_later(provider.driver) {
        let message = format!("Nodepool 11 has no driver `{}`", shortened(provider.driver));
        let cure = format!("use one of: {}", DRIVERS.join(", "));
        findings.error("NodepoolUnknownDriver", &format!("{}.driver", own.path), &message, &cure);
    }
    for key in ["cloud", "region-name", "region", "location"] {
        if let Some(value) = own.node.get(key) {
            findings.expect(value, &[Type::Str], &format!("{}.{key}", own.path));
        }
    }
}

/// What only Nodepool or the operator knows; empty where it has a finding already.
fn is_filled_in_later(text: &str) -> bool {
    text.is_empty() || text.contains("%(NODEPOOL_") || is_placeholder(text)
}

/// Keys that the loader takes for granted. The schema has some of them as optional.
fn check_required(provider: &Provider<'_>, findings: &mut Findings) {
    let (of_provider, of_pool): (&[&str], &[&str]) = match provider.driver {
        "azure" => (&["location", "resource-group", "resource-group-location"], &["max-servers"]),
        "ibmvpc" => (&["vpc", "region"], &["max-servers"]),
        "openshift" | "openshiftpods" => (&["context"], &[]),
        _ => (&[], &[]),
    };
    require(provider.own.node, of_provider, &provider.own.path, findings);
    if matches!(provider.driver, "aws" | "azure" | "ibmvpc") {
        require_in_list(provider, "cloud-images", "username", findings);
    }
    if provider.driver == "ibmvpc" {
        require_in_list(provider, "diskimages", "operating-system", findings);
    }
    for pool in &provider.pools {
        require(pool.node, of_pool, &pool.path, findings);
        for key in ["zone", "subnet"] {
            let here = |node: &Node<'_>| node.get(key).is_some();
            if provider.driver == "ibmvpc" && !here(provider.own.node) && !here(pool.node) {
                findings.missing(key, &pool.path);
            }
        }
    }
}

fn require_in_list(provider: &Provider<'_>, list: &str, key: &str, findings: &mut Findings) {
    let items = provider.own.node.get(list).map(|list| list.items()).unwrap_or_default();
    for (at, item) in items.iter().enumerate() {
        require(item, &[key], &format!("{}.{list}[{at}]", provider.own.path), findings);
    }
}

fn require(node: &Node<'_>, keys: &[&str], path: &str, findings: &mut Findings) {
    for key in keys.iter().filter(|key| node.find(key).is_none()) {
        findings.missing(key, path);
    }
}

fn check_pool(pool: &Pool<'_>, driver: &str, findings: &mut Findings) {
    let mut seen = Names::default();
    for (place, label) in pool.label_nodes.iter().enumerate() {
        if seen.insert(label.name, place).is_some() {
            let message =
                format!("the pool has label `{}` already; Nodepool takes the last", shortened(label.name));
            let path = format!("{}.name", label.path);
            findings.warning("NodepoolDuplicatePoolLabel", &path, &message, "remove one of them");
        }
        check_label_keys(label, pool, driver, findings);
    }
}

/// A label's image must be one of its own provider's.
fn check_images(provider: &Provider<'_>, findings: &mut Findings) {
    let lists = [
        ("diskimage", &provider.diskimages, "NodepoolDiskimageNotInProvider"),
        ("cloud-image", &provider.cloud_images, "NodepoolCloudImageNotInProvider"),
    ];
    for (key, list, code) in lists {
        let known = Names::of(list.iter().map(|image| image.name));
        for label in provider.pools.iter().flat_map(|pool| &pool.label_nodes) {
            let Some(image) = label.node.get(key) else { continue };
            let path = format!("{}.{key}", label.path);
            if !findings.expect(image, &[Type::Str], &path) {
                continue;
            }
            let name = image.text().unwrap_or_default();
            if !name.is_empty() && !known.has(name) {
                let message =
                    format!("the provider's `{key}s` have no `{}`; the launcher dies of it", shortened(name));
                findings.error(code, &path, &message, &format!("add it to the provider's `{key}s`"));
            }
        }
    }
}

fn check_label_keys(label: &Named<'_>, pool: &Pool<'_>, driver: &str, findings: &mut Findings) {
    let keys: &[&str] = match driver {
        "kubernetes" | "openshift" => &["type"],
        "azure" => &["hardware-profile"],
        "gce" => &["instance-type"],
        "ibmvpc" => &["profile"],
        "metastatic" => &["backing-label"],
        _ => &[],
    };
    require(label.node, keys, &label.path, findings);
    let on = |key| label.node.get(key).is_some_and(|value| value.is_true());
    if driver == "aws" && on("dedicated-host") {
        let path = format!("{}.dedicated-host", label.path);
        let message = if on("use-spot") {
            "a dedicated host cannot be a spot instance; the launcher dies of it"
        } else if pool.node.get("availability-zone").is_none() {
            "a dedicated host needs the pool's `availability-zone`; the launcher dies without"
        } else {
            return;
        };
        findings.error("NodepoolDedicatedHost", &path, message, "correct the label or its pool");
    }
}

/// Metastatic nodes are slices of others: somebody must launch those, in one way only.
fn check_backing(provider: &Provider<'_>, served: &Names, findings: &mut Findings) {
    let (mut first, mut slicings) = (Names::default(), Vec::<Vec<String>>::new());
    for label in provider.pools.iter().flat_map(|pool| &pool.label_nodes) {
        let Some(backing) = label.node.get("backing-label") else { continue };
        let path = format!("{}.backing-label", label.path);
        if !findings.expect(backing, &[Type::Str], &path) {
            continue;
        }
        let name = backing.text().unwrap_or_default();
        if !served.has(name) {
            let message = format!("no pool of this file serves label `{}`", shortened(name));
            let cure = "add the label to a pool of the provider that is to launch the nodes";
            findings.warning("NodepoolUnservedBackingLabel", &path, &message, cure);
        }
        let slicing = slicing(label.node);
        let before = first.insert(name, slicings.len()).and_then(|before| slicings.get(before));
        if before.is_some_and(|before| differ(before, &slicing)) {
            let message = format!(
                "labels on top of `{}` are sliced differently; the launcher dies of it",
                shortened(name)
            );
            let cure = "give them the same max-parallel-jobs, grace-time, min-retention-time and max-age";
            findings.error("NodepoolBackingDiffers", &path, &message, cure);
        }
        slicings.push(slicing);
    }
}

/// Whether two labels with one backing label are sliced differently. Nobody knows what a placeholder stands for.
fn differ(one: &[String], other: &[String]) -> bool {
    let is_known = |text: &String| !is_placeholder(text);
    one.iter().zip(other).any(|(one, other)| one != other && is_known(one) && is_known(other))
}

/// What must be equal for all labels with one backing label, with Nodepool's defaults.
fn slicing(label: &Node<'_>) -> Vec<String> {
    [("max-parallel-jobs", "1"), ("grace-time", "60"), ("min-retention-time", "0"), ("max-age", "")]
        .iter()
        .map(|(key, default)| label.get(key).and_then(|value| value.text()).unwrap_or(default).to_owned())
        .collect()
}
