//! nodepool.yaml as Nodepool's loader sees it: providers, their pools, and what these name.

use std::rc::Rc;

use crate::findings::Findings;
use crate::node::Node;
use crate::scalar::Type;

/// The parts by which the file is cut; everything else stays in `root`.
#[derive(Debug)]
pub struct NodepoolYaml<'t> {
    /// The whole file.
    pub root: &'t Node<'t>,
    /// Those that have a name, in the file's order.
    pub providers: Vec<Provider<'t>>,
    /// The top-level labels that have a name.
    pub labels: Vec<Named<'t>>,
    /// The diskimages that have a name, abstract ones too.
    pub diskimages: Vec<Named<'t>>,
}

/// A mapping with a name.
#[derive(Debug)]
pub struct Named<'t> {
    /// Its `name`.
    pub name: &'t str,
    /// Where it stands: `labels[2]`.
    pub path: String,
    /// The whole of it.
    pub node: &'t Rc<Node<'t>>,
}

/// The name of something that is defined elsewhere.
#[derive(Debug)]
pub struct Reference<'t> {
    /// The name.
    pub name: &'t str,
    /// Where it stands: `providers[0].pools[0].labels[1].name`.
    pub path: String,
}

/// A provider.
#[derive(Debug)]
pub struct Provider<'t> {
    /// Its name, path and node.
    pub own: Named<'t>,
    /// As Nodepool takes it: openstack unless written.
    pub driver: &'t str,
    /// Its pools, those without a name too.
    pub pools: Vec<Pool<'t>>,
    /// Its own list of diskimages.
    pub diskimages: Vec<Reference<'t>>,
    /// Its own list of cloud images.
    pub cloud_images: Vec<Reference<'t>>,
}

/// A provider's pool.
#[derive(Debug)]
pub struct Pool<'t> {
    /// Where it stands.
    pub path: String,
    /// The whole of it.
    pub node: &'t Node<'t>,
    /// Its name; empty where it has none.
    pub name: &'t str,
    /// The labels that it serves.
    pub labels: Vec<Reference<'t>>,
    /// The mappings below `labels`, for drivers that have such.
    pub label_nodes: Vec<Named<'t>>,
}

impl<'t> NodepoolYaml<'t> {
    /// Takes the file apart. What Nodepool could not load is found on the way.
    pub fn new(root: &'t Node<'t>, findings: &mut Findings) -> Self {
        let providers = named(top_list(root, "providers", findings), "providers", findings);
        Self {
            root,
            providers: providers.into_iter().map(|own| Provider::new(own, findings)).collect(),
            labels: named(top_list(root, "labels", findings), "labels", findings),
            diskimages: named(top_list(root, "diskimages", findings), "diskimages", findings),
        }
    }
}

impl<'t> Provider<'t> {
    fn new(own: Named<'t>, findings: &mut Findings) -> Self {
        let node: &'t Node<'t> = own.node;
        let driver = driver_of(&own, findings);
        let pools = findings.list(node, "pools", &own.path);
        let pools = pools
            .iter()
            .enumerate()
            .map(|(at, pool)| Pool::new(pool, format!("{}.pools[{at}]", own.path), driver, findings))
            .collect();
        let diskimages = references(node, "diskimages", &own.path, findings);
        let cloud_images = references(node, "cloud-images", &own.path, findings);
        Self { own, driver, pools, diskimages, cloud_images }
    }

    /// Every diskimage that it names: its own list, and its pools' labels.
    pub fn images(&self) -> impl Iterator<Item = &str> {
        let labels = self.pools.iter().flat_map(|pool| &pool.label_nodes);
        let of_labels = labels.filter_map(|label| label.node.get("diskimage")?.text());
        self.diskimages.iter().map(|image| image.name).chain(of_labels)
    }

    /// Every label that its pools serve.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.pools.iter().flat_map(|pool| pool.labels.iter().map(|label| label.name))
    }

    /// The region, by the word that the driver has for it.
    #[must_use]
    pub fn region(&self) -> &str {
        self.any_of(&["region-name", "region", "location"])
    }

    /// The cloud; empty for drivers without.
    #[must_use]
    pub fn cloud(&self) -> &str {
        self.any_of(&["cloud"])
    }

    fn any_of(&self, keys: &[&str]) -> &str {
        keys.iter().find_map(|key| self.own.node.get(key)?.text()).unwrap_or_default()
    }
}

impl<'t> Pool<'t> {
    fn new(node: &'t Rc<Node<'t>>, path: String, driver: &str, findings: &mut Findings) -> Self {
        let mut pool = Self { path, node, name: "", labels: Vec::new(), label_nodes: Vec::new() };
        if !findings.expect(node, &[Type::Map], &pool.path) {
            return pool;
        }
        pool.name = findings.string(node, "name", &pool.path).unwrap_or_default();
        match driver {
            "static" => pool.read_nodes(findings),
            "test" => pool.read_strings(findings),
            _ => pool.read_labels(findings),
        }
        pool
    }

    fn read_labels(&mut self, findings: &mut Findings) {
        let path = format!("{}.labels", self.path);
        self.label_nodes = named(findings.list(self.node, "labels", &self.path), &path, findings);
        let reference =
            |label: &Named<'t>| Reference { name: label.name, path: format!("{}.name", label.path) };
        self.labels = self.label_nodes.iter().map(reference).collect();
    }

    /// Static nodes have a list of labels, or a string with spaces between them.
    fn read_nodes(&mut self, findings: &mut Findings) {
        let path = format!("{}.nodes", self.path);
        for node in named(findings.list(self.node, "nodes", &self.path), &path, findings) {
            let Some(labels) = node.node.find("labels") else {
                findings.missing("labels", &node.path);
                continue;
            };
            let path = format!("{}.labels", node.path);
            if !findings.expect(labels, &[Type::Str, Type::Seq], &path) {
                continue;
            }
            let words = labels.text().unwrap_or_default().split_whitespace();
            self.labels.extend(words.map(|name| Reference { name, path: path.clone() }));
            self.labels.extend(strings(labels, &path, findings));
        }
    }

    /// Nodepool's own test driver has a list of names.
    fn read_strings(&mut self, findings: &mut Findings) {
        let path = format!("{}.labels", self.path);
        if let Some(labels) = self.node.get("labels") {
            self.labels = strings(labels, &path, findings);
        }
    }
}

/// A list at the top. Null is as good as nothing there.
fn top_list<'t>(root: &'t Node<'t>, key: &str, findings: &mut Findings) -> &'t [Rc<Node<'t>>] {
    match root.get(key) {
        Some(value) if findings.expect(value, &[Type::Seq], key) => value.items(),
        _ => &[],
    }
}

/// The mappings of a list that have a name.
fn named<'t>(items: &'t [Rc<Node<'t>>], path: &str, findings: &mut Findings) -> Vec<Named<'t>> {
    let mut all = Vec::with_capacity(items.len());
    for (at, node) in items.iter().enumerate() {
        let path = format!("{path}[{at}]");
        if findings.expect(node, &[Type::Map], &path)
            && let Some(name) = findings.string(node, "name", &path)
        {
            all.push(Named { name, path, node });
        }
    }
    all
}

fn references<'t>(node: &'t Node<'t>, key: &str, path: &str, findings: &mut Findings) -> Vec<Reference<'t>> {
    let items = named(findings.list(node, key, path), &format!("{path}.{key}"), findings);
    items.into_iter().map(|item| Reference { name: item.name, path: format!("{}.name", item.path) }).collect()
}

fn strings<'t>(list: &'t Node<'t>, path: &str, findings: &mut Findings) -> Vec<Reference<'t>> {
    let mut all = Vec::new();
    for (at, item) in list.items().iter().enumerate() {
        let path = format!("{path}[{at}]");
        if findings.expect(item, &[Type::Str], &path)
            && let Some(name) = item.text()
        {
            all.push(Reference { name, path });
        }
    }
    all
}

/// Nodepool's rules: openstack unless written, and fake for every provider named so.
fn driver_of<'t>(provider: &Named<'t>, findings: &mut Findings) -> &'t str {
    let node: &'t Node<'t> = provider.node;
    if provider.name.starts_with("fake") {
        return "fake";
    }
    if node.find("driver").is_some() {
        return findings.string(node, "driver", &provider.path).unwrap_or_default();
    }
    findings.note(
        "NodepoolDriverMissing",
        &format!("{}.driver", provider.path),
        "without `driver` Nodepool takes openstack",
        "write `driver: openstack`",
    );
    "openstack"
}
