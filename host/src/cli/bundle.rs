//! Everything that the given files hold, sorted into Zuuls, Secrets and ConfigMaps.

use std::collections::BTreeMap;

use serde_json::Value;

use super::gather::{ZuulInputs, gather};
use super::hide::Hidden;
use super::inner::Blocks;
use super::object::{self, Kind, Located, Sight, partial_identity, sight};
use super::source::Source;
use crate::api::API_VERSION;
use crate::diagnostic::{FieldPath, Finding, ObjectRef, Severity, Step};
use crate::yaml::place::{Children, Node, Place, Remark};
use crate::yaml::remarks::Remarks;
use crate::yaml::{self, Limits, Reading};

/// All objects of all files.
#[derive(Debug, Default)]
pub struct Bundle {
    /// The files.
    pub sources: Vec<Source>,
    /// What is wrong with them.
    pub remarks: Remarks,
    objects: Vec<(Located, Kind)>,
    blocks: Blocks,
    /// Where each object is among them, by kind, name and namespace, the first of its name.
    known: BTreeMap<(String, String, String), usize>,
}

impl Bundle {
    /// Reads the objects of all files.
    #[must_use]
    pub fn read(mut sources: Vec<Source>, remarks: Vec<Remark>) -> Self {
        let mut bundle = Self::default();
        bundle.remarks.extend(remarks);
        for (file, source) in sources.iter_mut().enumerate() {
            let mut hidden = Hidden::default();
            for reading in yaml::read(file, source.text(), Limits::default()) {
                bundle.take(file, reading, &mut hidden);
            }
            source.hidden = hidden;
        }
        bundle.sources = sources;
        if bundle.zuul_objects().next().is_none() && bundle.remarks.is_empty() {
            let finding = Finding::error("NoZuul", FieldPath::root(), "no Zuul object is in the given files");
            let finding = finding.expected(format!("apiVersion: {API_VERSION}, kind: Zuul"));
            bundle.remarks.push(Remark::nowhere(finding.cure("name the file that holds it with -f")));
        }
        bundle
    }

    fn take(&mut self, file: usize, reading: Reading<'_>, hidden: &mut Hidden) {
        let shown = hidden.add(&reading);
        let Reading { documents, remarks, .. } = reading;
        let about = documents.first().map(|document| partial_identity(&document.value)).unwrap_or_default();
        self.remarks.append(remarks, |mut remark| {
            // Warnings about documents that are not looked at are noise; in a Secret, `data: {a: yes}` is
            // an error already, and its value is not to be shown.
            let is_noise = !shown && remark.finding.severity > Severity::Error;
            // What the reader found belongs to the object that it was found in.
            remark.finding.object.clone_from(&about);
            if !shown {
                // A key of what nobody knows may be a part of a secret.
                remark.finding.path = FieldPath::root();
            }
            (!is_noise).then_some(remark)
        });
        for document in documents {
            self.add(file, document.value, document.node);
        }
    }

    fn add(&mut self, file: usize, value: Value, node: Node) {
        let mut findings = Vec::new();
        let kind = match sight(&value) {
            Sight::List => return self.add_list(file, value, node),
            Sight::None => return self.remark(file, &node, object::not_an_object(&value)),
            Sight::Other => return self.remark(file, &node, object::ignored(&value)),
            Sight::Zuul => {
                findings.extend(object::foreign_zuul(&value));
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
        let (Some(Value::Array(items)), Children::Map(fields)) =
            (value.get_mut("items").map(Value::take), node.children)
        else {
            return;
        };
        let nodes = fields.into_iter().find(|(key, _)| key.as_ref() == "items").map(|(_, node)| node);
        if let Some(Node { children: Children::List(nodes), .. }) = nodes {
            for (item, node) in items.into_iter().zip(nodes) {
                // A list in a list is no Kubernetes object, and would recurse.
                match sight(&item) {
                    Sight::List => self.remark(file, &node, object::not_an_object(&item)),
                    _ => self.add(file, item, node),
                }
            }
        }
    }

    fn remark(&mut self, file: usize, node: &Node, mut finding: Finding) {
        let place = node.nearest(&finding.path).0.mark();
        if let Some(illegal) = finding.path.0.iter().position(|step| !object::is_legal(step)) {
            // In `{password:hunter2}` it is a secret.
            finding.path.0.truncate(illegal);
        }
        self.remarks.push(Remark::at(file, place, finding));
    }

    fn check_duplicate(&mut self, located: &Located) {
        let ObjectRef { kind, namespace, name } = &located.object;
        let known = self.known.entry((kind.clone(), name.clone(), namespace.clone()));
        let first = *known.or_insert(self.objects.len());
        let Some((first, _)) = self.objects.get(first) else { return };
        let place = |located: &Located| located.node.nearest(&name_path()).0.mark();
        let mut finding = Finding::error("DuplicateObject", name_path(), format!("a second {kind} {name}"))
            .cure("remove or rename one of the two");
        finding.object = located.object.clone();
        let remark = Remark::at(located.file, place(located), finding);
        self.remarks.push(remark.also(first.file, place(first), "first here"));
    }

    fn zuul_objects(&self) -> impl Iterator<Item = (&Located, &Value)> {
        self.objects.iter().filter_map(|(located, kind)| match kind {
            Kind::Zuul(value) => Some((located, value)),
            _ => None,
        })
    }

    /// The Zuul objects with what was found for each.
    pub fn zuuls(&self) -> impl Iterator<Item = ZuulInputs> {
        self.zuul_objects().map(|(located, zuul)| gather(self, &located.object, zuul))
    }

    /// The object of a name that is seen from a namespace. One without a namespace is in every
    /// namespace, unless there is another of its name that says so; and from no namespace all are seen.
    pub(super) fn find(&self, kind: &str, namespace: &str, name: &str) -> Option<&(Located, Kind)> {
        let key = |namespace: &str| (kind.to_owned(), name.to_owned(), namespace.to_owned());
        let anywhere = || {
            // One without a namespace comes first.
            let (known, index) = self.known.range(key("")..).next()?;
            let fits = (known.0.as_str(), known.1.as_str()) == (kind, name);
            (fits && (known.2.is_empty() || namespace.is_empty())).then_some(index)
        };
        let index = self.known.get(&key(namespace)).or_else(anywhere)?;
        self.objects.get(*index)
    }

    /// The object itself.
    pub(super) fn find_object(&self, object: &ObjectRef) -> Option<&(Located, Kind)> {
        self.find(&object.kind, &object.namespace, &object.name)
    }

    /// The place of a field of a YAML file that a Secret or a ConfigMap holds.
    fn inside(&self, located: &Located, path: &FieldPath) -> Option<Place> {
        let (outer, inner) = path.0.split_at_checked(2).filter(|(_, inner)| !inner.is_empty())?;
        let is_held = ["Secret", "ConfigMap"].contains(&located.object.kind.as_str());
        let (block, true) = located.node.nearest(&FieldPath(outer.to_vec())) else { return None };
        let source = self.sources.get(located.file).filter(|_| is_held)?;
        self.blocks.place((located.file, source), block, &FieldPath(inner.to_vec()))
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
        let found = self.find_object(&finding.object);
        // What is not in the files is missing from the Zuul that refers to it.
        let Some((located, _)) = found.or_else(|| self.find_object(zuul)) else {
            return Remark::nowhere(finding);
        };
        if found.is_some() && finding.object.kind == "Secret" {
            finding.path = as_written(&located.node, finding.path);
        }
        let path = if found.is_some() { finding.path.clone() } else { FieldPath::root() };
        if let Some(place) = self.inside(located, &path) {
            return Remark::at(located.file, place, finding);
        }
        let (node, exact) = located.node.nearest(&path);
        // An unknown key is wrong itself, not its value.
        let key = node.key.filter(|_| exact && finding.code.starts_with("Unknown"));
        let place = match key {
            Some(key) => key,
            None if std::ptr::eq(node, &located.node) => located.node.nearest(&name_path()).0.mark(),
            None => node.mark(),
        };
        Remark::at(located.file, place, finding)
    }
}

/// Whoever reads a Secret sees `data`; a file may say `stringData`, which wins.
fn as_written(secret: &Node, path: FieldPath) -> FieldPath {
    let mut steps = path.0.iter();
    let (Some(Step::Key(field)), Some(key)) = (steps.next(), steps.next()) else { return path };
    let plain = Step::Key("stringData".to_owned());
    let has = |field: &Step| secret.child(field).is_some_and(|texts| texts.child(key).is_some());
    let only_plain =
        || secret.child(&plain).is_some() && secret.child(&Step::Key("data".to_owned())).is_none();
    if field != "data" || !(has(&plain) || only_plain()) {
        return path;
    }
    FieldPath(std::iter::once(plain).chain(path.0.into_iter().skip(1)).collect())
}

fn name_path() -> FieldPath {
    FieldPath::root().key("metadata").key("name")
}
