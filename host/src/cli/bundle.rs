//! Everything that the given files hold, sorted into Zuuls, Secrets and ConfigMaps.

use std::collections::BTreeMap;

use serde_json::Value;

use super::files::Source;
use super::hide;
use super::object::{self, Kind, Located, Sight, sight};
use super::place::{Children, Document, Node, Remark};
use super::secrets::SecretStore;
use super::yaml::{self, Limits};
use crate::api::API_VERSION;
use crate::diagnostic::{FieldPath, Finding, ObjectRef};
use crate::inputs::{Inputs, SecretFacts, to_mask};
use crate::mask::mask;

/// All objects of all files.
#[derive(Debug, Default)]
pub struct Bundle {
    /// The files.
    pub sources: Vec<Source>,
    /// What is wrong with them.
    pub remarks: Vec<Remark>,
    objects: Vec<(Located, Kind)>,
    /// Where each object is among them, the first of its name.
    known: BTreeMap<ObjectRef, usize>,
}

impl Bundle {
    /// Reads the objects of all files.
    #[must_use]
    pub fn read(sources: Vec<Source>, remarks: Vec<Remark>) -> Self {
        let mut bundle = Self { sources, remarks, ..Self::default() };
        for file in 0..bundle.sources.len() {
            let reading = yaml::read(file, bundle.sources[file].text(), Limits::default());
            hide::unread(&mut bundle.sources[file], &reading.unread);
            bundle.remarks.extend(reading.remarks);
            for document in reading.documents {
                hide::document(&mut bundle.sources[file], &document);
                bundle.attribute(file, &document);
                bundle.quieten(file, &document);
                bundle.add(file, document.value, document.node);
            }
        }
        if bundle.zuuls().next().is_none() && bundle.remarks.is_empty() {
            let finding = Finding::error("NoZuul", FieldPath::root(), "no Zuul object is in the given files");
            let finding = finding.expected(format!("apiVersion: {API_VERSION}, kind: Zuul"));
            bundle.remarks.push(Remark::nowhere(finding.cure("name the file that holds it with -f")));
        }
        bundle
    }

    /// What the reader found belongs to the object that it was found in.
    fn attribute(&mut self, file: usize, document: &Document) {
        let (first, last) = document.lines;
        for remark in self.remarks.iter_mut().filter(|remark| remark.file == Some(file)) {
            let inside = remark.place.is_some_and(|place| (first..=last).contains(&place.line));
            if inside && remark.finding.object == ObjectRef::default() {
                remark.finding.object = partial_identity(&document.value);
            }
        }
    }

    /// Warnings about documents that are not looked at are noise; in a Secret, `data: {a: yes}` is an
    /// error already, and its value is not to be shown.
    fn quieten(&mut self, file: usize, document: &Document) {
        if matches!(sight(&document.value), Sight::Zuul | Sight::ConfigMap) {
            return;
        }
        let (first, last) = document.lines;
        self.remarks.retain(|remark| {
            let inside = remark.place.is_some_and(|place| (first..=last).contains(&place.line));
            !(remark.file == Some(file) && inside && remark.finding.code == "Yaml11Boolean")
        });
    }

    fn add(&mut self, file: usize, value: Value, node: Node) {
        let mut findings = Vec::new();
        let kind = match sight(&value) {
            Sight::List => return self.add_list(file, value, node),
            Sight::None => return self.remark(file, &node, not_an_object(&value)),
            Sight::Other => return self.remark(file, &node, ignored(&value)),
            Sight::Zuul => {
                findings.extend(foreign_zuul(&value));
                None
            }
            Sight::Secret => Some(object::secret(&value, &mut findings)),
            Sight::ConfigMap => Some(object::config_map(&value, &mut findings)),
        };
        let foreign = kind.is_none() && !findings.is_empty();
        let identity = if foreign { None } else { object::identity(&value, &mut findings) };
        let about = identity.clone().unwrap_or_else(|| partial_identity(&value));
        for mut finding in findings {
            finding.object = about.clone();
            self.remark(file, &node, finding);
        }
        let Some(object) = identity else { return };
        let located = Located { object, file, node };
        self.check_duplicate(&located);
        self.objects.push((located, kind.unwrap_or(Kind::Zuul(value))));
    }

    fn add_list(&mut self, file: usize, mut value: Value, node: Node) {
        let (Some(Value::Array(items)), Children::Map(mut fields)) =
            (value.get_mut("items").map(Value::take), node.children)
        else {
            return;
        };
        if let Some(Node { children: Children::List(nodes), .. }) = fields.remove("items") {
            for (item, node) in items.into_iter().zip(nodes) {
                // A list in a list is no Kubernetes object, and would recurse.
                match sight(&item) {
                    Sight::List => self.remark(file, &node, not_an_object(&item)),
                    _ => self.add(file, item, node),
                }
            }
        }
    }

    fn remark(&mut self, file: usize, node: &Node, finding: Finding) {
        let place = node.nearest(&finding.path).0.mark();
        self.remarks.push(Remark::at(file, place, finding));
    }

    fn check_duplicate(&mut self, located: &Located) {
        let Some((first, _)) = self.known.get(&located.object).map(|index| &self.objects[*index]) else {
            self.known.insert(located.object.clone(), self.objects.len());
            return;
        };
        let path = FieldPath::root().key("metadata").key("name");
        let place = |located: &Located| located.node.nearest(&path).0.mark();
        let ObjectRef { kind, name, .. } = &located.object;
        let mut finding = Finding::error("DuplicateObject", path.clone(), format!("a second {kind} {name}"))
            .cure("remove or rename one of the two");
        finding.object = located.object.clone();
        let remark = Remark::at(located.file, place(located), finding);
        let remark = remark.also(first.file, place(first), "first here");
        self.remarks.push(remark);
    }

    /// The Zuul objects with what was found for each.
    pub fn zuuls(&self) -> impl Iterator<Item = ZuulInputs> {
        self.objects.iter().filter_map(|(located, kind)| match kind {
            Kind::Zuul(value) => Some(self.inputs(&located.object, value)),
            _ => None,
        })
    }

    fn inputs(&self, object: &ObjectRef, value: &Value) -> ZuulInputs {
        let mut inputs = Inputs { zuul: value.clone(), complete: false, ..Inputs::default() };
        let mut secrets = SecretStore::default();
        for (located, kind) in self.visible(&object.namespace) {
            let name = located.object.name.clone();
            match kind {
                Kind::Secret(version, bytes) => {
                    let keys = bytes.keys().cloned().collect();
                    inputs.secrets.insert(name.clone(), SecretFacts { version: version.clone(), keys });
                    secrets.0.insert(name, bytes.clone());
                }
                Kind::ConfigMap(facts) => {
                    inputs.config_maps.insert(name, facts.clone());
                }
                Kind::Zuul(_) => {}
            }
        }
        let mut findings = Vec::new();
        for secret in to_mask(value) {
            let Some(bytes) = secrets.get(&secret) else { continue };
            match mask(&String::from_utf8_lossy(bytes.expose()), &secret) {
                Ok(masked) => {
                    inputs.masked.insert(secret, masked);
                }
                Err(finding) => findings.push(finding),
            }
        }
        ZuulInputs { object: object.clone(), inputs, secrets, findings }
    }

    /// The objects in a namespace. One without a namespace is in every namespace, unless there is
    /// another of its name that says so.
    fn visible(&self, namespace: &str) -> impl Iterator<Item = &(Located, Kind)> {
        let mut chosen = BTreeMap::new();
        for pair in &self.objects {
            let object = &pair.0.object;
            let exact = object.namespace == namespace;
            if !(exact || object.namespace.is_empty() || namespace.is_empty()) {
                continue;
            }
            let key = (object.kind.as_str(), object.name.as_str());
            if exact || !chosen.contains_key(&key) {
                chosen.insert(key, pair);
            }
        }
        chosen.into_values()
    }

    /// A finding of the plan for `zuul`, with its place.
    #[must_use]
    pub fn locate(&self, zuul: &ObjectRef, mut finding: Finding) -> Remark {
        if finding.object == ObjectRef::default() {
            finding.object = zuul.clone();
        }
        if finding.object.namespace.is_empty() {
            finding.object.namespace.clone_from(&zuul.namespace);
        }
        let object = &finding.object;
        let found = self
            .visible(&object.namespace)
            .find(|(located, _)| located.object.kind == object.kind && located.object.name == object.name);
        // What is not in the files is missing from the Zuul that refers to it.
        let Some((located, _)) = found.or_else(|| self.objects.iter().find(|(l, _)| l.object == *zuul))
        else {
            return Remark::nowhere(finding);
        };
        let path = if found.is_some() { finding.path.clone() } else { FieldPath::root() };
        let (node, exact) = located.node.nearest(&path);
        // An unknown key is wrong itself, not its value.
        let key = node.key.filter(|_| exact && finding.code.starts_with("Unknown"));
        let place = match key {
            Some(key) => key,
            None if path.0.is_empty() => located.node.nearest(&name_path()).0.mark(),
            None => node.mark(),
        };
        Remark::at(located.file, place, finding)
    }
}

/// One Zuul with everything that the files hold for it.
#[derive(Debug)]
pub struct ZuulInputs {
    /// Which Zuul.
    pub object: ObjectRef,
    /// What the plan may see.
    pub inputs: Inputs,
    /// What is filled into objects at the very end.
    pub secrets: SecretStore,
    /// What was found while gathering.
    pub findings: Vec<Finding>,
}

fn name_path() -> FieldPath {
    FieldPath::root().key("metadata").key("name")
}

fn partial_identity(value: &Value) -> ObjectRef {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    ObjectRef { kind: text("/kind"), namespace: text("/metadata/namespace"), name: text("/metadata/name") }
}

fn not_an_object(value: &Value) -> Finding {
    let missing = ["apiVersion", "kind"]
        .into_iter()
        .find(|key| value.is_object() && value.get(key).and_then(Value::as_str).is_none_or(str::is_empty));
    let message = match missing {
        Some(key) => format!("no Kubernetes object: it has no {key}"),
        None => "no Kubernetes object".to_owned(),
    };
    Finding::error("NotAnObject", FieldPath::root(), message)
        .expected("a mapping with apiVersion, kind and metadata")
        .cure("complete the object, or leave this file out")
}

fn ignored(value: &Value) -> Finding {
    let about = partial_identity(value);
    let message = format!("the {} {} is not looked at", about.kind, about.name);
    let mut finding = Finding::note("IgnoredObject", FieldPath::root().key("kind"), message)
        .cure("nothing to do; only Zuul, Secret and ConfigMap objects are read");
    finding.object = about;
    finding
}

fn foreign_zuul(value: &Value) -> Option<Finding> {
    let found = value.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
    (found != API_VERSION).then(|| {
        let message = format!("the API version {found} of this Zuul is not one of this operator");
        Finding::error("UnsupportedVersion", FieldPath::root().key("apiVersion"), message)
            .expected(API_VERSION)
            .cure("rewrite the object for this operator")
    })
}
