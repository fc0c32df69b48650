//! One file a launcher, and one for the builders.

use std::rc::Rc;

use zuul_plugin_sdk::sharder::{Request, Shard, ShardBy, ZookeeperServer, ZookeeperTls};

use crate::check::MOST_PARENTS;
use crate::findings::{Findings, shortened};
use crate::names::Names;
use crate::node::{Entry, Node};
use crate::nodepool_yaml::{Named, NodepoolYaml, Provider};
use crate::scalar::Type;
use crate::write::write;

/// Settings that only builders read.
const OF_BUILDERS: [&str; 4] = ["images-dir", "elements-dir", "build-log-dir", "build-log-retention"];
/// What a launcher reads of a diskimage. `shell-type` too: Windows nodes need it.
const OF_LAUNCHED_IMAGES: [&str; 4] = ["username", "python-path", "formats", "shell-type"];
/// Bytes of all files together.
const MOST_OUTPUT: usize = 16 << 20;

/// The launchers' files, in the order of the providers.
pub fn shards(file: &NodepoolYaml<'_>, request: &Request, findings: &mut Findings) -> Vec<Shard> {
    let mut cutter = Cutter {
        file,
        request,
        labels: Names::of(file.labels.iter().map(|label| label.name)),
        images: Names::of(file.diskimages.iter().map(|image| image.name)),
        ready_given: Names::default(),
    };
    let mut room = MOST_OUTPUT;
    let mut shards = Vec::new();
    for (key, providers) in groups(file, request.by) {
        let shard = cutter.shard(key, &providers);
        let Some(left) = room.checked_sub(shard.nodepool_yaml.len()) else {
            findings.error(
                "NodepoolTooLarge",
                "",
                &format!("the launchers' files are larger than {} MiB together", MOST_OUTPUT >> 20),
                "make what is shared by all launchers smaller",
            );
            return Vec::new();
        };
        room = left;
        shards.push(shard);
    }
    shards
}

/// The builders' file, which has every diskimage: one that is missing would be deleted.
#[must_use]
pub fn builder(file: &NodepoolYaml<'_>, request: &Request) -> Option<String> {
    if file.diskimages.is_empty() {
        return None;
    }
    let mut entries = zookeeper(request);
    if let Some(images_dir) = &request.images_dir {
        entries.push((Node::plain("images-dir"), Node::string(images_dir.as_str())));
    }
    for (key, value) in file.root.entries() {
        let replaced = key.is_key("images-dir") && request.images_dir.is_some();
        if !replaced && !is_zookeeper(key) {
            entries.push((Rc::clone(key), shared(key, value)));
        }
    }
    Some(write(&Node::mapping(entries)))
}

/// Says that the timeout is written otherwise than by the user.
pub fn note_timeout(root: &Node<'_>, findings: &mut Findings) {
    const KEY: &str = "zookeeper-timeout";
    let Some(value) = root.find(KEY) else { return };
    if findings.expect(value, &[Type::Float, Type::Int], KEY)
        && value.type_of == Type::Int
        && let Some(text) = value.text()
    {
        let text = shortened(text);
        if as_float(value).is_some() {
            let message = format!("Nodepool wants a float: `{text}` is written as `{text}.0`");
            findings.note("NodepoolTimeout", KEY, &message, &format!("write `{text}.0`"));
        } else {
            let message = format!("Nodepool wants a float, not `{text}`");
            findings.error("NodepoolTimeout", KEY, &message, "write seconds, such as `10.0`");
        }
    }
}

/// Providers by shard, each shard at the place of its first provider.
fn groups<'f, 't>(file: &'f NodepoolYaml<'t>, by: ShardBy) -> Vec<(String, Vec<&'f Provider<'t>>)> {
    let mut groups: Vec<(String, Vec<&Provider<'_>>)> = Vec::new();
    let mut places = Names::default();
    for provider in &file.providers {
        let key = match by {
            ShardBy::Provider => provider.own.name.to_owned(),
            ShardBy::ProviderRegion => {
                [provider.driver, provider.cloud(), provider.region()].map(escaped).join("/")
            }
        };
        match places.get(&key).and_then(|place| groups.get_mut(place)) {
            Some((_, providers)) => providers.push(provider),
            None => {
                places.insert(&key, groups.len());
                groups.push((key, vec![provider]));
            }
        }
    }
    groups
}

/// A part of a key, so that two keys of different parts are never the same.
fn escaped(part: &str) -> String {
    part.replace('%', "%25").replace('/', "%2F")
}

struct Cutter<'f, 't> {
    file: &'f NodepoolYaml<'t>,
    request: &'f Request,
    labels: Names,
    images: Names,
    /// Labels whose min-ready a shard has already.
    ready_given: Names,
}

impl<'t> Cutter<'_, 't> {
    fn shard(&mut self, key: String, providers: &[&Provider<'t>]) -> Shard {
        let labels = of_places(
            &self.file.labels,
            &self.labels,
            providers.iter().flat_map(|provider| provider.labels()),
        );
        let images = of_places(
            &self.file.diskimages,
            &self.images,
            providers.iter().flat_map(|provider| provider.images()),
        );
        let parts = [
            ("labels", labels.iter().map(|label| self.ready_once(label)).collect::<Vec<_>>()),
            ("diskimages", images.iter().map(|image| self.launched_image(image)).collect()),
            ("providers", providers.iter().map(|provider| Rc::clone(provider.own.node)).collect()),
        ];
        let mut entries = zookeeper(self.request);
        for (key, value) in self.file.root.entries() {
            let cut = parts.iter().map(|(part, _)| part).chain(&OF_BUILDERS).any(|own| key.is_key(own));
            if !cut && !is_zookeeper(key) {
                entries.push((Rc::clone(key), shared(key, value)));
            }
        }
        for (part, items) in parts {
            if !items.is_empty() {
                entries.push((Node::plain(part), Node::sequence(items)));
            }
        }
        Shard {
            key,
            providers: providers.iter().map(|provider| provider.own.name.to_owned()).collect(),
            labels: labels.iter().map(|label| label.name.to_owned()).collect(),
            diskimages: images.iter().map(|image| image.name.to_owned()).collect(),
            nodepool_yaml: write(&Node::mapping(entries)),
            extra: Vec::new(),
        }
    }

    /// Every launcher would start min-ready nodes of its own: the first one alone does.
    fn ready_once(&mut self, label: &Named<'t>) -> Rc<Node<'t>> {
        if self.ready_given.insert(label.name, 0).is_none() || label.node.find("min-ready").is_none() {
            return Rc::clone(label.node);
        }
        let entries = label.node.entries().iter().map(|(key, value)| {
            let value = if key.is_key("min-ready") { Node::plain("0") } else { Rc::clone(value) };
            (Rc::clone(key), value)
        });
        Node::mapping(entries.collect())
    }

    /// What a launcher needs of a diskimage, its parents' share of it written out.
    fn launched_image(&self, image: &Named<'t>) -> Rc<Node<'t>> {
        let name = image.node.find("name").map_or_else(|| Node::string(image.name), Rc::clone);
        let mut entries = vec![(Node::plain("name"), name)];
        for key in OF_LAUNCHED_IMAGES {
            if let Some(value) = self.inherited(image.node, key) {
                entries.push((Node::plain(key), Rc::clone(value)));
            }
        }
        Node::mapping(entries)
    }

    /// An image's setting, or else that of its parent, and so on.
    fn inherited(&self, image: &'t Rc<Node<'t>>, key: &str) -> Option<&'t Rc<Node<'t>>> {
        let mut generation = image;
        for _ in 0..=MOST_PARENTS {
            if let Some(value) = generation.get(key).filter(|value| !is_empty(value)) {
                return Some(value);
            }
            let parent = self.images.get(generation.get("parent")?.text()?)?;
            generation = self.file.diskimages.get(parent)?.node;
        }
        None
    }
}

/// Those of the defined that are named, in the order of their definition.
fn of_places<'f, 't, 'n>(
    defined: &'f [Named<'t>],
    places: &Names,
    names: impl Iterator<Item = &'n str>,
) -> Vec<&'f Named<'t>> {
    let mut places: Vec<usize> = names.filter_map(|name| places.get(name)).collect();
    places.sort_unstable();
    places.dedup();
    places.into_iter().filter_map(|place| defined.get(place)).collect()
}

/// Nodepool goes on to the parent where the value is as good as nothing.
fn is_empty(value: &Node<'_>) -> bool {
    value.text().map_or_else(|| value.items().is_empty(), str::is_empty)
}

fn is_zookeeper(key: &Node<'_>) -> bool {
    key.is_key("zookeeper-servers") || key.is_key("zookeeper-tls")
}

/// A setting that every file has: as the user wrote it, but for an integer as timeout.
fn shared<'t>(key: &Node<'t>, value: &Rc<Node<'t>>) -> Rc<Node<'t>> {
    let float = key.is_key("zookeeper-timeout").then(|| as_float(value)).flatten();
    float.unwrap_or_else(|| Rc::clone(value))
}

/// `10` as `10.0`; other ways to write an integer are none for a float.
fn as_float<'t>(value: &Node<'_>) -> Option<Rc<Node<'t>>> {
    let text = value.text()?;
    let decimal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let octal = text.len() > 1 && text.starts_with('0');
    (value.type_of == Type::Int && decimal && !octal).then(|| Node::plain(format!("{text}.0")))
}

fn zookeeper<'t>(request: &Request) -> Vec<Entry<'t>> {
    let servers = request.zookeeper_servers.iter().map(server).collect();
    let mut entries = vec![(Node::plain("zookeeper-servers"), Node::sequence(servers))];
    if let Some(ZookeeperTls { cert, key, ca, extra: _ }) = &request.zookeeper_tls {
        let files = [("cert", cert), ("key", key), ("ca", ca)];
        let files = files.iter().map(|(name, path)| (Node::plain(*name), Node::string(path.to_string())));
        entries.push((Node::plain("zookeeper-tls"), Node::mapping(files.collect())));
    }
    entries
}

fn server<'t>(server: &ZookeeperServer) -> Rc<Node<'t>> {
    let ZookeeperServer { host, port, chroot, extra: _ } = server;
    let mut entries = vec![
        (Node::plain("host"), Node::string(host.clone())),
        (Node::plain("port"), Node::plain(port.to_string())),
    ];
    if let Some(chroot) = chroot {
        entries.push((Node::plain("chroot"), Node::string(chroot.clone())));
    }
    Node::mapping(entries)
}
