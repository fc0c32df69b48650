//! Providers of clouds: openstack, aws, azure. They differ in their tables, and in a few turns.

use std::collections::BTreeMap;

use serde_json::Value;

use super::findings::Findings;
use super::objects::{Entry, ImageKind, Settings};
use super::part::{Part, Pool, Site, Use};
use super::read::{At, Carried};
use super::table::{self, Place, Row};
use crate::diagnostic::Finding;

/// A driver of Nodepool's that Zuul has, too.
pub(super) struct Cloud {
    pub(super) name: &'static str,
    pub(super) provider: &'static [Row],
    pub(super) pool: &'static [Row],
    pub(super) diskimage: &'static [Row],
    pub(super) cloud_image: &'static [Row],
    pub(super) label: &'static [Row],
    /// What its connection is to be called.
    pub(super) connection: fn(&At<'_>) -> String,
    pub(super) finish_provider: fn(&mut Findings, &At<'_>, &mut Carried),
    pub(super) finish_pool: fn(&mut Findings, &At<'_>, &mut Carried),
    pub(super) finish_image: fn(&mut Findings, &At<'_>, ImageKind, &mut Settings),
    pub(super) finish_label: fn(&mut Findings, &At<'_>, Option<&At<'_>>, &mut Use),
}

/// An image of this provider by its name in Nodepool: its name in Zuul, and where it is described.
type Known<'a> = BTreeMap<(ImageKind, &'a str), (String, At<'a>)>;

/// How long an import may take by default: Zuul's 300 s are too short for what took Nodepool an hour at most.
const IMPORT_TIMEOUT: i64 = 3600;
/// How long Nodepool waits for a node; Zuul waits for ever.
const LAUNCH_TIMEOUT: i64 = 3600;

/// One provider becomes one section.
pub(super) fn provider<'a>(site: &mut Site<'a>, cloud: &Cloud, at: &At<'a>) {
    let mut carried = site.findings.carry(at, &[table::PROVIDER, table::CLOUD_PROVIDER, cloud.provider]);
    let Some(name) = site.findings.name(at) else { return };
    carried.at(Place::Here).set_default("launch-timeout", LAUNCH_TIMEOUT);
    (cloud.finish_provider)(&mut site.findings, at, &mut carried);
    let connection = carried.take(Place::Connection);
    let wanted = (cloud.connection)(at);
    let connection = site.connections.name(&mut site.findings, at, cloud.name, &wanted, connection);
    let mut part = Part { name: name.to_owned(), connection, ..Part::default() };
    let known = images(site, cloud, at, &mut part);
    let has_zuul_images = known.keys().any(|(kind, _)| *kind == ImageKind::Zuul);
    part.image_defaults = carried.take(Place::ImageDefaults);
    // Nodepool's default; without it Zuul would leave the choice to Ansible's own default.
    part.image_defaults.set_default("python-path", "auto");
    if has_zuul_images {
        part.image_defaults.set_default("import-timeout", IMPORT_TIMEOUT);
    }
    part.settings = carried.take(Place::Here);
    part.label_defaults = carried.take(Place::LabelDefaults);
    for pool_at in site.findings.mappings(at, "pools") {
        let pool = pool(site, cloud, &pool_at, &mut carried, &known, &mut part);
        part.pools.extend(pool);
    }
    site.parts.push(part);
}

/// The images that a provider describes.
fn images<'a>(site: &mut Site<'a>, cloud: &Cloud, at: &At<'a>, part: &mut Part) -> Known<'a> {
    let mut known = Known::new();
    for (list, kind, rows) in [
        ("diskimages", ImageKind::Zuul, cloud.diskimage),
        ("cloud-images", ImageKind::Cloud, cloud.cloud_image),
    ] {
        for at in site.findings.mappings(at, list) {
            let mut settings = site.findings.carry(&at, &[table::IMAGE, rows]).take(Place::Here);
            let Some(name) = site.findings.name(&at) else { continue };
            connection_type(&mut site.findings, &at, &mut settings);
            if kind == ImageKind::Zuul && !inherit(site, cloud, &at, name, &mut settings) {
                continue;
            }
            (cloud.finish_image)(&mut site.findings, &at, kind, &mut settings);
            let is_new = !known.contains_key(&(kind, name));
            let zuul_name = site.images.name(kind, name);
            if is_new {
                part.images.push(Entry { name: zuul_name.clone(), settings });
            } else if let Some(entry) = part.images.iter_mut().find(|entry| entry.name == zuul_name) {
                // The last one counts, as for Nodepool.
                entry.settings = settings;
            }
            known.insert((kind, name), (zuul_name, at));
        }
    }
    known
}

/// What a diskimage of a provider has from the one at the top; false if there is none.
fn inherit(site: &mut Site<'_>, cloud: &Cloud, at: &At<'_>, name: &str, settings: &mut Settings) -> bool {
    let Some(image) = site.diskimages.get(name).filter(|image| !image.is_abstract) else {
        site.findings.dangling(at.at("name"), "diskimage", name);
        return false;
    };
    let mut from_top = vec![("username", image.username)];
    if cloud.name == "openstack" {
        // The others have these at the provider only (`AwsProviderDiskImage`, `AzureProviderDiskImage`).
        from_top.extend([("python-path", image.python_path), ("shell-type", image.shell_type)]);
    }
    for (key, value) in from_top {
        if let Some(value) = value {
            settings.set_default(key, value);
        }
    }
    if !site.told.insert(format!("image {name}")) {
        return true;
    }
    let message = format!("Zuul builds images in jobs, and the draft has no job for the image {name:?}");
    let cure = format!(
        "write a job with `image-build-name: {name}` that builds it of the elements, env-vars and release given here"
    );
    site.findings.push(Finding::warning("ImageJobNeeded", image.path.clone(), message).cure(cure));
    true
}

/// Zuul knows two; and where Nodepool knows the port of winrm, Zuul's drivers take that of SSH.
pub(super) fn connection_type(findings: &mut Findings, at: &At<'_>, settings: &mut Settings) {
    match at.text("connection-type") {
        None => {}
        Some("winrm") => {
            settings.set("connection-type", "winrm");
            settings.set_default("connection-port", 5986);
        }
        Some("ssh") => settings.set("connection-type", "ssh"),
        Some(_) => findings.not_carried(
            at.at("connection-type"),
            "`connection-type`",
            "zuul-launcher knows ssh and winrm",
            "set `ansible_connection` in the inventory of the jobs",
        ),
    }
}

fn pool<'a>(
    site: &mut Site<'a>,
    cloud: &Cloud,
    at: &At<'a>,
    above: &mut Carried,
    known: &Known<'a>,
    part: &mut Part,
) -> Option<Pool> {
    let mut carried = site.findings.carry(at, &[table::POOL, cloud.pool]);
    let name = site.findings.name(at)?;
    (cloud.finish_pool)(&mut site.findings, at, &mut carried);
    let limits = above.at(Place::Limits).overlaid(&carried.take(Place::Limits));
    let flavor = above.at(Place::Flavor).overlaid(&carried.take(Place::Flavor));
    let label_defaults = carried.take(Place::LabelDefaults);
    let mut pool = Pool { name: name.to_owned(), limits, label_defaults, ..Pool::default() };
    for at in site.findings.mappings(at, "labels") {
        let label = label(site, cloud, &at, &flavor, known, part);
        pool.labels.extend(label);
    }
    Some(pool)
}

fn label<'a>(
    site: &mut Site<'a>,
    cloud: &Cloud,
    at: &At<'a>,
    above: &Settings,
    known: &Known<'a>,
    part: &mut Part,
) -> Option<Use> {
    let mut carried = site.findings.carry(at, &[table::LABEL, cloud.label]);
    let name = site.findings.name(at)?;
    let (image, image_at) = image_of(site, at, known, part)?;
    let flavor = above.overlaid(&carried.take(Place::Flavor));
    let mut label = Use {
        label: name.to_owned(),
        path: at.path.clone(),
        image,
        flavor_name: String::new(),
        flavor,
        settings: carried.take(Place::Here),
    };
    (cloud.finish_label)(&mut site.findings, at, image_at, &mut label);
    Some(label)
}

fn image_of<'a, 'k>(
    site: &mut Site<'a>,
    at: &At<'a>,
    known: &'k Known<'a>,
    part: &mut Part,
) -> Option<(String, Option<&'k At<'a>>)> {
    let (key, kind, what) = match (at.text("diskimage"), at.text("cloud-image")) {
        (Some(name), _) if !name.is_empty() => (name, ImageKind::Zuul, "diskimage"),
        (_, Some(name)) if !name.is_empty() => (name, ImageKind::Cloud, "cloud-image"),
        _ => {
            let given = |key| at.value(key).is_some_and(|value| !matches!(value, Value::String(_)));
            if !given("diskimage") && !given("cloud-image") {
                let label = at.text("name").unwrap_or_default();
                // One finding will do.
                site.told.insert(format!("label {label}"));
                let why = "it has neither diskimage nor cloud-image";
                site.findings.not_carried(
                    at.path.clone(),
                    &format!("the label {label:?}"),
                    why,
                    "add one of them",
                );
            }
            return None;
        }
    };
    if let Some((name, at)) = known.get(&(kind, key)) {
        return Some((name.clone(), Some(at)));
    }
    let known_at_top =
        kind == ImageKind::Zuul && site.diskimages.get(key).is_some_and(|image| !image.is_abstract);
    if !known_at_top {
        site.findings.dangling(at.at(what), &format!("{what} of this provider"), key);
        return None;
    }
    // Nodepool's openstack takes a label whose diskimage the provider does not upload.
    let name = site.images.name(kind, key);
    if !part.images.iter().any(|entry| entry.name == name) {
        part.images.push(Entry { name: name.clone(), settings: Settings::default() });
    }
    Some((name, None))
}
