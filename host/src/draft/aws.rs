//! The driver aws: `nodepool/driver/aws/config.py`, `zuul/driver/aws/awsprovider.py`.

use serde_json::{Map, Value};

use super::PLACEHOLDER;
use super::cloud::Cloud;
use super::findings::Findings;
use super::objects::{ImageKind, Settings};
use super::part::Use;
use super::quota_codes;
use super::read::{At, Carried};
use super::table::{self, Fate, Place, Row, Shape, dynamic_tags, row, same, tags};
use crate::diagnostic::Finding;

pub(super) const DRIVER: Cloud = Cloud {
    name: "aws",
    provider: PROVIDER,
    pool: POOL,
    diskimage: DISKIMAGE,
    cloud_image: CLOUD_IMAGE,
    label: LABEL,
    connection: |at| {
        at.text("profile-name").map_or_else(|| "aws".to_owned(), |profile| format!("aws-{profile}"))
    },
    finish_provider,
    finish_pool,
    finish_image,
    finish_label,
};

const FORMATS: &[&str] = &["ova", "vhd", "vhdx", "vmdk", "raw"];
const IMPORTS: &[&str] = &["snapshot", "ebs-direct", "image"];

const PROVIDER: &[Row] = &[
    row("region-name", Shape::Text, Fate::To(Place::Here, "region")),
    row("profile-name", Shape::Text, Fate::To(Place::Connection, "profile")),
    same("object-storage", Shape::Record(&["bucket-name"], &[])),
    row("image-format", Shape::OneOf(FORMATS), Fate::To(Place::ImageDefaults, "image-format")),
    row("image-import-timeout", Shape::Integer, Fate::To(Place::ImageDefaults, "import-timeout")),
    table::MAX_SERVERS,
    table::MAX_CORES,
    table::MAX_RAM,
    row("max-resources", Shape::Map, Fate::Read),
    // Not in Nodepool's schema, which its launcher does not ask; `AwsProviderConfig.load` reads them.
    row("public-ipv4", Shape::Flag, Fate::To(Place::Flavor, "public-ipv4")),
    row("public-ipv6", Shape::Flag, Fate::To(Place::Flavor, "public-ipv6")),
    row("host-key-checking", Shape::Flag, Fate::To(Place::LabelDefaults, "host-key-checking")),
    table::INTERNAL_IP,
];

const POOL: &[Row] = &[
    table::MAX_SERVERS,
    table::MAX_CORES,
    table::MAX_RAM,
    row("max-resources", Shape::Map, Fate::Read),
    row("availability-zone", Shape::Text, Fate::To(Place::LabelDefaults, "az")),
    row("security-group-id", Shape::Text, Fate::To(Place::LabelDefaults, "security-group-ids")),
    row("subnet-id", Shape::Text, Fate::To(Place::LabelDefaults, "subnet-ids")),
    row("host-key-checking", Shape::Flag, Fate::To(Place::LabelDefaults, "host-key-checking")),
    row("public-ip-address", Shape::Flag, Fate::Read),
    row("public-ipv4", Shape::Flag, Fate::To(Place::Flavor, "public-ipv4")),
    row("public-ipv6", Shape::Flag, Fate::To(Place::Flavor, "public-ipv6")),
    table::INTERNAL_IP,
];

const DISKIMAGE: &[Row] = &[
    same("architecture", Shape::Text),
    same("ena-support", Shape::Flag),
    same("volume-size", Shape::Integer),
    same("volume-type", Shape::Text),
    same("iops", Shape::Integer),
    same("throughput", Shape::Integer),
    same("import-method", Shape::OneOf(IMPORTS)),
    same("imds-support", Shape::OneOf(&["v2.0"])),
    same("tags", Shape::Tags),
];

const CLOUD_IMAGE: &[Row] = &[same("image-id", Shape::Text), row("image-filters", Shape::List, Fate::Read)];

const LABEL: &[Row] = &[
    row("instance-type", Shape::Text, Fate::To(Place::Flavor, "instance-type")),
    row("fleet", Shape::Map, Fate::Read),
    row("ebs-optimized", Shape::Flag, Fate::To(Place::Flavor, "ebs-optimized")),
    row("dedicated-host", Shape::Flag, Fate::To(Place::Flavor, "dedicated-host")),
    row("use-spot", Shape::Flag, Fate::Read),
    same("key-name", Shape::Text),
    same("volume-type", Shape::Text),
    same("volume-size", Shape::Integer),
    same("iops", Shape::Integer),
    same("throughput", Shape::Integer),
    row("imdsv2", Shape::OneOf(&["required", "optional"]), Fate::To(Place::Here, "imds-http-tokens")),
    same("iam-instance-profile", Shape::OneField(&["name", "arn"])),
    tags("tags"),
    dynamic_tags("dynamic-tags"),
    row("userdata", Shape::Text, Fate::Open(Place::Here, "userdata")),
];

fn finish_provider(findings: &mut Findings, at: &At<'_>, carried: &mut Carried) {
    if at.value("region-name").is_none() {
        findings.missing(at.at("region-name"), "the region");
    }
    // Nodepool's default is true (`AwsProviderConfig.load`), Zuul's false.
    carried.at(Place::Flavor).set_default("public-ipv4", true);
    limits(findings, at, carried);
}

fn finish_pool(findings: &mut Findings, at: &At<'_>, carried: &mut Carried) {
    dedicated_hosts(findings, at);
    // The older name wins (`AwsPool.load`).
    if let Some(public) = at.flag("public-ip-address") {
        carried.at(Place::Flavor).set("public-ipv4", public);
    }
    limits(findings, at, carried);
}

/// Nodepool does not start with them either (`AwsLabel.__init__`).
fn dedicated_hosts(findings: &mut Findings, at: &At<'_>) {
    let labels = at.value("labels").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is = |label: &Value, key: &str| label.get(key) == Some(&Value::Bool(true));
    let mut dedicated = labels.iter().enumerate().filter(|(_, label)| is(label, "dedicated-host")).peekable();
    if dedicated.peek().is_some() && at.text("availability-zone").is_none_or(str::is_empty) {
        findings.missing(at.at("availability-zone"), "the availability zone of dedicated hosts");
    }
    for (index, _) in dedicated.filter(|(_, label)| is(label, "use-spot")) {
        let path = at.at("labels").index(index).key("use-spot");
        let finding = Finding::error("WrongType", path, "a dedicated host cannot be a spot instance");
        findings.push(finding.expected("no use-spot").cure("remove one of the two"));
    }
}

fn limits(findings: &mut Findings, at: &At<'_>, carried: &mut Carried) {
    let Some(Value::Object(resources)) = at.value("max-resources") else { return };
    for (code, limit) in resources {
        let path = at.at("max-resources").key(code);
        if !limit.is_i64() {
            findings.wrong_type(path, "a whole number");
        } else if quota_codes::is_known(code) {
            carried.at(Place::Limits).set(code, limit.clone());
        } else {
            let why = "zuul-launcher does not know this quota";
            findings.not_carried(path, &format!("the limit of {code:?}"), why, "limit it in AWS");
        }
    }
}

fn finish_image(findings: &mut Findings, at: &At<'_>, kind: ImageKind, settings: &mut Settings) {
    if kind == ImageKind::Zuul {
        return;
    }
    if let Some(Value::Array(filters)) = at.value("image-filters")
        && settings.get("image-id").is_none()
    {
        let path = at.at("image-filters");
        let filters: Option<Vec<Value>> = filters.iter().map(filter).collect();
        match filters {
            Some(filters) => settings.set("image-filters", filters),
            None => findings.wrong_type(path, "a list of mappings with name and values"),
        }
    } else if settings.get("image-id").is_none() && at.value("image-id").is_none() {
        findings.missing(at.at("image-id"), "image-id or image-filters");
    }
}

/// Nodepool takes the keys in capitals, too.
fn filter(value: &Value) -> Option<Value> {
    let mut lower = Map::new();
    for (key, value) in value.as_object()? {
        let key = key.to_lowercase();
        let fits = match key.as_str() {
            "name" => value.is_string(),
            "values" => value.as_array().is_some_and(|values| values.iter().all(Value::is_string)),
            _ => false,
        };
        fits.then(|| lower.insert(key, value.clone()))?;
    }
    Some(Value::Object(lower))
}

fn finish_label(findings: &mut Findings, at: &At<'_>, _: Option<&At<'_>>, label: &mut Use) {
    match (at.text("instance-type"), at.value("fleet")) {
        (Some(size), _) => label.flavor_name = size.to_owned(),
        (None, Some(fleet)) => {
            label.flavor_name = "fleet".to_owned();
            if is_fleet(fleet) {
                label.flavor.set("fleet", fleet.clone());
            } else {
                findings.wrong_type(at.at("fleet"), "a mapping with instance-types and allocation-strategy");
            }
        }
        (None, None) => {
            label.flavor_name = "aws".to_owned();
            label.flavor.set("instance-type", PLACEHOLDER);
            let message = "a label has neither instance-type nor fleet".to_owned();
            findings.fill_in(at.path.clone(), message, "choose an instance type");
        }
    }
    if at.flag("use-spot") == Some(true) {
        label.flavor.set("market-type", "spot");
        label.flavor_name.push_str("-spot");
    }
}

const STRATEGIES: [&str; 5] =
    ["prioritized", "price-capacity-optimized", "capacity-optimized", "diversified", "lowest-price"];

fn is_fleet(fleet: &Value) -> bool {
    let types = fleet.get("instance-types").and_then(Value::as_array);
    let strategy = fleet.get("allocation-strategy").and_then(Value::as_str);
    types.is_some_and(|types| types.iter().all(Value::is_string))
        && strategy.is_some_and(|strategy| STRATEGIES.contains(&strategy))
        && fleet.as_object().is_some_and(|fields| fields.len() == 2)
}
