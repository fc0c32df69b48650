//! Puts together what was read: the objects of the draft.

use std::collections::{BTreeMap, BTreeSet};

use super::flavors::Flavors;
use super::labels::TopLabel;
use super::names::Names;
use super::objects::{Entry, Flavor, Label, Object, Provider, Section};
use super::part::{Part, Pool, Site, Use};
use crate::diagnostic::Finding;

/// Images, flavors, labels, sections, providers.
pub(super) fn objects(site: &mut Site<'_>, top: &[TopLabel<'_>]) -> Vec<Object> {
    let parts = std::mem::take(&mut site.parts);
    let flavors = Flavors::of(&parts);
    let labels = labels(site, &parts, top, &flavors);
    let mut sections = Vec::new();
    let mut providers = Vec::new();
    let (mut section_names, mut provider_names) = (Names::default(), Names::default());
    let known: BTreeMap<&str, &Label> = labels.iter().map(|label| (label.name.as_str(), label)).collect();
    for (index, part) in parts.into_iter().enumerate() {
        let name = section_names.unique(&part.name);
        for pool in part.pools {
            let wanted = format!("{}-{}", part.name, pool.name);
            let provider = provider_names.unique(&wanted);
            providers
                .push(Object::Provider(self::provider(site, provider, &name, index, pool, &known, &flavors)));
        }
        sections.push(Object::Section(Section {
            name,
            connection: part.connection,
            settings: part.settings,
            label_defaults: part.label_defaults,
            image_defaults: part.image_defaults,
            images: part.images,
            flavors: flavors.of_section(index),
        }));
    }
    let images = std::mem::take(&mut site.images.all).into_iter().map(Object::Image);
    let flavors = flavors.names().map(|name| Object::Flavor(Flavor { name: name.to_owned() }));
    let labels = labels.into_iter().map(Object::Label);
    images.chain(flavors).chain(labels).chain(sections).chain(providers).collect()
}

/// The labels that a provider of the draft serves.
fn labels(site: &mut Site<'_>, parts: &[Part], top: &[TopLabel<'_>], flavors: &Flavors) -> Vec<Label> {
    let mut served: BTreeMap<&str, &Use> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    for label in parts.iter().flat_map(|part| &part.pools).flat_map(|pool| &pool.labels) {
        served.entry(&label.label).or_insert_with(|| {
            order.push(&label.label);
            label
        });
    }
    let mut labels = Vec::new();
    let mut done = BTreeSet::new();
    for TopLabel { name, path, min_ready, max_ready_age } in top {
        let Some(label) = served.get(name).filter(|_| done.insert(*name)) else {
            if done.insert(name) && !site.told.contains(&format!("label {name}")) {
                let message = format!("the label {name:?} is left out: no provider of the draft serves it");
                let cure = "keep Nodepool for it, or write a provider that serves it";
                site.findings.push(Finding::warning("LabelLeftOut", path.clone(), message).cure(cure));
            }
            continue;
        };
        labels.push(self::label(label, flavors, *min_ready, *max_ready_age));
    }
    for name in order.into_iter().filter(|name| !done.contains(name)) {
        let Some(label) = served.get(name) else { continue };
        let message = format!(
            "the label {name:?} is not among the labels at the top; nodepool-launcher does not start"
        );
        let finding = Finding::warning("UnlistedLabel", label.path.clone(), message);
        site.findings
            .push(finding.cure("the draft has it all the same; remove it there, if nobody asks for it"));
        labels.push(self::label(label, flavors, None, None));
    }
    labels
}

fn label(label: &Use, flavors: &Flavors, min_ready: Option<i64>, max_ready_age: Option<i64>) -> Label {
    Label {
        name: label.label.clone(),
        image: label.image.clone(),
        flavor: flavors.of_label(&label.label).to_owned(),
        min_ready,
        max_ready_age,
    }
}

fn provider(
    site: &mut Site<'_>,
    name: String,
    section: &str,
    index: usize,
    pool: Pool,
    known: &BTreeMap<&str, &Label>,
    flavors: &Flavors,
) -> Provider {
    let mut labels: BTreeMap<String, usize> = BTreeMap::new();
    let mut entries: Vec<Entry> = Vec::new();
    for used in pool.labels {
        let flavor = flavors.of_use(index, &used);
        let Use { label, path, image, mut settings, .. } = used;
        if let Some(top) = known.get(label.as_str()) {
            if top.image != image {
                settings.set("image", image);
            }
            if top.flavor != flavor {
                settings.set("flavor", flavor);
            }
            if settings.get("image").is_some() || settings.get("flavor").is_some() {
                let message = format!("the label {label:?} has another image or flavor here than elsewhere");
                let cure = "Zuul 14.3 takes that, but its documentation does not say so: give both the same name, or two labels";
                site.findings.push(Finding::note("LabelDiffers", path, message).cure(cure));
            }
        }
        let entry = Entry { name: label.clone(), settings };
        // The last one of a name counts, as for Nodepool.
        match labels.get(&label).and_then(|at| entries.get_mut(*at)) {
            Some(before) => *before = entry,
            None => {
                labels.insert(label, entries.len());
                entries.push(entry);
            }
        }
    }
    Provider {
        name,
        section: section.to_owned(),
        resource_limits: pool.limits,
        label_defaults: pool.label_defaults,
        labels: entries,
        settings: pool.settings,
    }
}
