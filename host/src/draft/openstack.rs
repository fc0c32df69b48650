//! The driver openstack: `nodepool/driver/openstack/config.py`, `zuul/driver/openstack/openstackprovider.py`.

use serde_json::Value;

use super::PLACEHOLDER;
use super::cloud::Cloud;
use super::findings::Findings;
use super::objects::{ImageKind, Settings};
use super::part::Use;
use super::read::{At, Carried};
use super::table::{self, Fate, Place, Row, Shape, dynamic_tags, lost, row, same, tags};
use crate::diagnostic::Finding;

pub(super) const DRIVER: Cloud = Cloud {
    name: "openstack",
    provider: PROVIDER,
    pool: POOL,
    diskimage: DISKIMAGE,
    cloud_image: CLOUD_IMAGE,
    label: LABEL,
    connection: |at| at.text("cloud").unwrap_or("openstack").to_owned(),
    finish_provider,
    finish_pool,
    finish_image,
    finish_label,
};

const PROVIDER: &[Row] = &[
    row("cloud", Shape::Text, Fate::To(Place::Connection, "cloud")),
    row("region-name", Shape::Text, Fate::To(Place::Here, "region")),
    row("image-upload-timeout", Shape::Integer, Fate::To(Place::ImageDefaults, "import-timeout")),
    row("clean-floating-ips", Shape::Flag, Fate::To(Place::Here, "floating-ip-cleanup")),
    same("port-cleanup-interval", Shape::Integer),
    lost("image-name-format", "zuul-launcher names uploads itself", "tell images apart by their tags"),
    row("nodepool-id", Shape::Text, Fate::Dropped),
];

const POOL: &[Row] = &[
    table::MAX_SERVERS,
    table::MAX_CORES,
    table::MAX_RAM,
    row("max-volumes", Shape::Integer, Fate::To(Place::Limits, "volumes")),
    row("max-volume-gb", Shape::Integer, Fate::To(Place::Limits, "volume-gb")),
    row("networks", Shape::Texts, Fate::To(Place::LabelDefaults, "networks")),
    row("security-groups", Shape::Texts, Fate::To(Place::LabelDefaults, "security-groups")),
    row("auto-floating-ip", Shape::Flag, Fate::To(Place::LabelDefaults, "auto-floating-ip")),
    row("host-key-checking", Shape::Flag, Fate::To(Place::LabelDefaults, "host-key-checking")),
    row("availability-zones", Shape::Texts, Fate::Read),
    lost(
        "ignore-provider-quota",
        "zuul-launcher always looks at the cloud's quota",
        "raise the quota in the cloud",
    ),
];

const DISKIMAGE: &[Row] =
    &[row("meta", Shape::Tags, Fate::To(Place::Here, "tags")), same("config-drive", Shape::Flag)];

const CLOUD_IMAGE: &[Row] = &[
    same("image-id", Shape::Text),
    row("image-name", Shape::Text, Fate::Read),
    same("config-drive", Shape::Flag),
];

const LABEL: &[Row] = &[
    row("flavor-name", Shape::Text, Fate::To(Place::Flavor, "flavor-name")),
    row("min-ram", Shape::Integer, Fate::Read),
    same("key-name", Shape::Text),
    same("boot-from-volume", Shape::Flag),
    same("volume-size", Shape::Integer),
    same("networks", Shape::Texts),
    same("host-key-checking", Shape::Flag),
    row("userdata", Shape::Text, Fate::Open(Place::Here, "userdata")),
    tags("instance-properties"),
    dynamic_tags("dynamic-instance-properties"),
    lost(
        "console-log",
        "zuul-launcher does not fetch the console of a node that fails",
        "look at it in the cloud",
    ),
];

fn finish_provider(findings: &mut Findings, at: &At<'_>, _: &mut Carried) {
    if at.value("cloud").is_none() {
        findings.missing(at.at("cloud"), "the cloud");
    }
}

fn finish_pool(findings: &mut Findings, at: &At<'_>, carried: &mut Carried) {
    if at.value("max-volume-gb").is_some() {
        // `OpenstackProviderSchema` makes `volume_gb` of it, `quota_from_flavor` counts `volume-gb`.
        let message =
            "`max-volume-gb` becomes `volume-gb`, which Zuul 14.3 takes and then compares with nothing";
        let finding = Finding::warning("NoEffect", at.at("max-volume-gb"), message);
        findings.push(finding.cure("limit the number of volumes, or set a quota in the cloud"));
    }
    let zones = at.value("availability-zones").and_then(Value::as_array).map(Vec::as_slice);
    match zones.unwrap_or_default() {
        [] => {}
        [Value::String(zone)] => carried.at(Place::LabelDefaults).set("az", zone.as_str()),
        _ => findings.not_carried(
            at.at("availability-zones"),
            "`availability-zones`",
            "a label of zuul-launcher has one zone, or the cloud chooses",
            "set `az`, or make a provider for each zone",
        ),
    }
}

fn finish_image(findings: &mut Findings, at: &At<'_>, kind: ImageKind, settings: &mut Settings) {
    // Nodepool's default is none, Zuul's is true.
    settings.set_default("config-drive", false);
    if kind == ImageKind::Cloud && settings.get("image-id").is_none() {
        // Zuul boots what has this ID (`OpenstackCreateStateMachine`) and looks up no name.
        let name = at.text("image-name").or_else(|| at.text("name")).unwrap_or_default();
        settings.set("image-id", PLACEHOLDER);
        let message = format!("zuul-launcher wants the ID of the image {name:?}, not its name");
        findings.fill_in(at.path.clone(), message, "`openstack image show` tells the ID");
    }
}

fn finish_label(findings: &mut Findings, at: &At<'_>, _: Option<&At<'_>>, label: &mut Use) {
    if at.flag("boot-from-volume") == Some(true) {
        // Nodepool's default; Zuul has none.
        label.settings.set_default("volume-size", 50);
    }
    let name = at.text("flavor-name");
    label.flavor_name = name.unwrap_or("openstack").to_owned();
    let Some(ram) = at.integer("min-ram").filter(|ram| *ram > 0) else {
        if name.is_none() {
            findings.missing(at.at("flavor-name"), "flavor-name or min-ram");
        }
        return;
    };
    // With both, the name is a part of the flavor's name (`OpenStackAdapter._findFlavorByRam`).
    label.flavor_name = name.map_or_else(|| format!("ram-{ram}"), |name| format!("{name}-ram-{ram}"));
    // Two that nobody knows yet are not the same.
    label.flavor.set("flavor-name", format!("{PLACEHOLDER}-{}", label.flavor_name));
    let what = name.map_or_else(String::new, |name| format!(" and {name:?} in its name"));
    let message = format!("zuul-launcher wants a flavor by its name, not by {ram} MiB of memory{what}");
    findings.fill_in(at.at("min-ram"), message, "`openstack flavor list` tells the names");
}
