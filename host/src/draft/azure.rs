//! The driver azure: `nodepool/driver/azure/config.py`, `zuul/driver/azure/azureprovider.py`.

use serde_json::{Value, json};

use super::PLACEHOLDER;
use super::cloud::Cloud;
use super::findings::Findings;
use super::objects::{ImageKind, Settings};
use super::part::Use;
use super::read::{At, Carried};
use super::shape::is_record;
use super::table::{self, Fate, Place, Row, Shape, dynamic_tags, lost, row, same, tags};

pub(super) const DRIVER: Cloud = Cloud {
    name: "azure",
    provider: PROVIDER,
    pool: POOL,
    diskimage: DISKIMAGE,
    cloud_image: CLOUD_IMAGE,
    label: LABEL,
    connection: |_| "azure".to_owned(),
    finish_provider,
    finish_pool: |_, _, _| {},
    finish_image,
    finish_label,
};

const PROVIDER: &[Row] = &[
    row("location", Shape::Text, Fate::To(Place::Here, "region")),
    same("resource-group", Shape::Text),
    // Zuul puts what it makes into the region.
    row("resource-group-location", Shape::Text, Fate::Dropped),
    lost(
        "auth-path",
        "zuul-launcher has the credentials from its connection",
        "set tenant_id, client_id, client_secret and subscription_id of the connection from the file",
    ),
    row("subnet-id", Shape::Text, Fate::To(Place::LabelDefaults, "subnet-id")),
    row("network", Shape::Any, Fate::Read),
    row("zuul-public-key", Shape::Text, Fate::To(Place::LabelDefaults, "key-data")),
    row("ipv4", Shape::Flag, Fate::To(Place::Flavor, "ipv4")),
    row("ipv6", Shape::Flag, Fate::To(Place::Flavor, "ipv6")),
    row("public-ipv4", Shape::Flag, Fate::To(Place::Flavor, "public-ipv4")),
    row("public-ipv6", Shape::Flag, Fate::To(Place::Flavor, "public-ipv6")),
    row("host-key-checking", Shape::Flag, Fate::To(Place::LabelDefaults, "host-key-checking")),
    table::INTERNAL_IP,
];

const POOL: &[Row] = &[
    table::MAX_SERVERS,
    row("ipv4", Shape::Flag, Fate::To(Place::Flavor, "ipv4")),
    row("ipv6", Shape::Flag, Fate::To(Place::Flavor, "ipv6")),
    row("public-ipv4", Shape::Flag, Fate::To(Place::Flavor, "public-ipv4")),
    row("public-ipv6", Shape::Flag, Fate::To(Place::Flavor, "public-ipv6")),
    row("host-key-checking", Shape::Flag, Fate::To(Place::LabelDefaults, "host-key-checking")),
    table::INTERNAL_IP,
];

const DISKIMAGE: &[Row] = &[row("key", Shape::Text, Fate::Read), same("tags", Shape::Tags)];

const CLOUD_IMAGE: &[Row] = &[
    row("key", Shape::Text, Fate::Read),
    same("generate-password", Shape::Flag),
    lost(
        "password",
        "images of zuul-launcher have no password",
        "set `generate-password`, and log in with a key",
    ),
    same("image-id", Shape::Text),
    same("image-reference", Shape::Record(&["sku", "publisher", "version", "offer"], &[])),
    row("image-filter", Shape::Map, Fate::Read),
    same("community-gallery-image", Shape::Record(&["gallery-name", "name"], &["version"])),
    same("shared-gallery-image", Shape::Record(&["gallery-name", "name"], &["version"])),
];

/// One of these says which image it is.
const SPECS: [&str; 5] =
    ["image-id", "image-reference", "image-filter", "community-gallery-image", "shared-gallery-image"];

const LABEL: &[Row] = &[
    row("hardware-profile", Shape::Record(&["vm-size"], &[]), Fate::Read),
    same("volume-size", Shape::Integer),
    tags("tags"),
    dynamic_tags("dynamic-tags"),
    row("user-data", Shape::Text, Fate::Read),
    lost("custom-data", "zuul-launcher has no custom data", "use `userdata`"),
];

const NETWORK: &[&str] = &["resource-group", "network", "subnet"];

fn finish_provider(findings: &mut Findings, at: &At<'_>, carried: &mut Carried) {
    for (key, what) in [("location", "the location"), ("resource-group", "the resource group")] {
        if at.value(key).is_none() {
            findings.missing(at.at(key), what);
        }
    }
    // Nodepool's default is true (`AzureProviderConfig.load`), Zuul's false.
    carried.at(Place::Flavor).set_default("public-ipv4", true);
    if at.value("subnet-id").is_some() {
        return;
    }
    let network = match at.value("network") {
        None => {
            let message = "zuul-launcher wants a subnet, and nodepool.yaml has neither subnet-id nor network";
            findings.fill_in(at.path.clone(), message.to_owned(), "the ID of the subnet");
            return carried.at(Place::LabelDefaults).set("subnet-id", PLACEHOLDER);
        }
        Some(Value::String(network)) => json!({"network": network}),
        Some(network) if network.get("network").is_some() && is_record(network, &[NETWORK]) => {
            network.clone()
        }
        Some(_) => return findings.wrong_type(at.at("network"), "a text, or a mapping with network"),
    };
    carried.at(Place::LabelDefaults).set("subnet-reference", network);
}

fn finish_image(findings: &mut Findings, at: &At<'_>, kind: ImageKind, settings: &mut Settings) {
    if kind == ImageKind::Zuul {
        return;
    }
    if SPECS.iter().all(|spec| at.value(spec).is_none()) {
        findings.missing(at.at("image-reference"), "what says which image it is");
    }
    for second in SPECS.iter().filter(|spec| at.value(spec).is_some()).skip(1) {
        findings.wrong_type(at.at(second), "one only of image-id, image-reference and their like");
    }
    if let Some(filter @ Value::Object(fields)) = at.value("image-filter") {
        let mut flat = fields.clone();
        let tags = flat.remove("tags").unwrap_or_else(|| json!({}));
        if tags_are_texts(&tags) && is_record(&Value::Object(flat), &[&["location", "name"]]) {
            settings.set("image-filter", filter.clone());
        } else {
            findings.wrong_type(at.at("image-filter"), "a mapping with location, name and tags");
        }
    }
}

fn tags_are_texts(tags: &Value) -> bool {
    tags.as_object().is_some_and(|tags| tags.values().all(Value::is_string))
}

fn finish_label(findings: &mut Findings, at: &At<'_>, image: Option<&At<'_>>, label: &mut Use) {
    let size =
        at.value("hardware-profile").and_then(|profile| profile.get("vm-size")).and_then(Value::as_str);
    if let Some(size) = size {
        label.flavor.set("vm-size", size);
        label.flavor_name = size.to_owned();
    } else if at.value("hardware-profile").is_none() {
        findings.missing(at.at("hardware-profile"), "the size of the machine");
    }
    if let Some(key) = image.and_then(|image| image.text("key")) {
        label.settings.set("key-data", key);
    }
    if let Some(text) = at.text("user-data").filter(|text| !text.is_empty()) {
        // Nodepool encodes it (`AzureLabel._encodeData`); Zuul hands it on as it is.
        use base64::Engine as _;
        label.settings.set("userdata", base64::engine::general_purpose::STANDARD.encode(text));
        findings.open(at.at("user-data"), "user-data");
    }
}
