//! The top of a nodepool.yaml.

use serde_json::Value;

use super::cloud;
use super::diskimages;
use super::labels::{TopLabel, top_labels};
use super::objects::ImageKind;
use super::part::Site;
use super::read::At;
use super::shape::is_from_environment;
use super::table::{Fate, Row, Shape, lost, row};
use super::{aws, azure, kubernetes, openstack, static_nodes};
use crate::diagnostic::{FieldPath, Finding, did_you_mean};

const ROWS: &[Row] = &[
    row("providers", Shape::List, Fate::Read),
    row("labels", Shape::List, Fate::Read),
    row("diskimages", Shape::List, Fate::Read),
    // Of Nodepool's own services.
    row("webapp", Shape::Map, Fate::Dropped),
    row("zookeeper-servers", Shape::List, Fate::Dropped),
    row("zookeeper-tls", Shape::Map, Fate::Dropped),
    row("zookeeper-timeout", Shape::Number, Fate::Dropped),
    row("images-dir", Shape::Text, Fate::Dropped),
    row("build-log-dir", Shape::Text, Fate::Dropped),
    row("build-log-retention", Shape::Integer, Fate::Dropped),
    lost(
        "elements-dir",
        "Zuul builds images in jobs",
        "put the elements into a repository that the jobs which build images check out",
    ),
    lost(
        "max-hold-age",
        "it is an option of the scheduler",
        "set spec.scheduler.max_hold_expiration of the Zuul object",
    ),
    lost(
        "tenant-resource-limits",
        "zuul-launcher has no limit for a tenant",
        "give the tenants providers of their own, each with resource-limits",
    ),
];

/// The drivers of Nodepool 11 that a draft has something for.
const DRAFTED: [&str; 5] = ["aws", "azure", "kubernetes", "openstack", "static"];

/// Its other drivers (`nodepool/driver/`).
const FOREIGN: [&str; 8] =
    ["example", "fake", "gce", "ibmvpc", "metastatic", "openshift", "openshiftpods", "test"];

impl<'a> Site<'a> {
    /// Reads all of it; gives the labels at its top.
    pub(super) fn read(&mut self, config: &'a Value) -> Vec<TopLabel<'a>> {
        let Some(top) = self.findings.mapping(config, FieldPath::root()) else { return Vec::new() };
        self.findings.carry(&top, &[ROWS]);
        self.diskimages = diskimages::read(&mut self.findings, &top);
        for at in self.findings.mappings(&top, "providers") {
            self.provider(&at);
        }
        self.unused_images();
        top_labels(&mut self.findings, &top)
    }

    fn provider(&mut self, at: &At<'a>) {
        let driver = match at.value("driver") {
            None => "openstack",
            Some(Value::String(driver)) => driver,
            Some(_) => return self.findings.wrong_type(at.at("driver"), "a text"),
        };
        match driver {
            "openstack" => cloud::provider(self, &openstack::DRIVER, at),
            "aws" => cloud::provider(self, &aws::DRIVER, at),
            "azure" => cloud::provider(self, &azure::DRIVER, at),
            "kubernetes" => kubernetes::provider(self, at),
            "static" => static_nodes::provider(self, at),
            other if FOREIGN.contains(&other) => self.foreign(at, other),
            other if is_from_environment(&Value::from(other)) => {
                self.findings.unfilled(at.at("driver"), "driver", "left out, and the provider with it");
            }
            other => self.findings.push(unknown(at, other)),
        }
    }

    fn unused_images(&mut self) {
        // An image of a driver that is left out is, too, and that is told.
        for (name, image) in self.diskimages.iter().filter(|(_, image)| !image.is_abstract) {
            if !self.images.has(ImageKind::Zuul, name) {
                let why = "no provider of the draft uploads it";
                let cure = "nothing has to be done, unless a provider is to have it";
                self.findings.not_carried(image.path.clone(), &format!("the diskimage {name:?}"), why, cure);
            }
        }
    }

    /// Each driver is told of once.
    fn foreign(&mut self, at: &At<'_>, driver: &str) {
        if !self.told.insert(format!("driver {driver}")) {
            return;
        }
        let (why, cure) = match driver {
            "metastatic" => (
                "zuul-launcher has no such driver, as it can share any node",
                "set `slots`, `reuse`, `max-age` and `min-retention-time` at the labels of the backing nodes",
            ),
            "openshift" | "openshiftpods" => (
                "zuul-launcher has no such driver",
                "use its driver kubernetes; its connection has `use_openshift_projects`",
            ),
            _ => (
                "zuul-launcher has no such driver",
                "keep Nodepool for these labels, or move them to another cloud",
            ),
        };
        self.findings.not_carried(at.at("driver"), &format!("the driver {driver:?}"), why, cure);
    }
}

fn unknown(at: &At<'_>, driver: &str) -> Finding {
    let known = || DRAFTED.into_iter().chain(FOREIGN);
    let cure = match did_you_mean(driver, known()) {
        Some(near) => format!("did you mean {near}?"),
        None => "write the name of one of Nodepool's drivers".to_owned(),
    };
    let message = format!("Nodepool 11 has no driver {driver:?}");
    Finding::error("NodepoolUnknownDriver", at.at("driver"), message)
        .expected(format!("one of {}", known().collect::<Vec<_>>().join(", ")))
        .cure(cure)
}
