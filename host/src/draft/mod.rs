//! A draft of Zuul's provider configuration, made of a nodepool.yaml: for people on the way from Nodepool to
//! zuul-launcher.
//!
//! [`draft`] is pure: a parsed nodepool.yaml goes in; objects of Zuul's configuration language, the connections
//! they need and findings come out. What Nodepool reads is from Nodepool 11.0.0 (`nodepool/config.py`,
//! `nodepool/driver/*/config.py`), what Zuul reads from Zuul 14.3.0 (`zuul/configloader.py`, `zuul/model.py`,
//! `zuul/provider/schema.py`, `zuul/driver/*/*provider.py`). Each driver is a table of options with what
//! becomes of each (`table`), and a little code for what no table can say.
//!
//! One provider of Nodepool becomes one section, each of its pools one provider.

mod assemble;
mod aws;
mod azure;
mod cloud;
mod connections;
mod diskimages;
mod findings;
mod flavors;
mod images;
mod kubernetes;
mod labels;
mod names;
mod objects;
mod openstack;
mod part;
mod pod;
mod quota_codes;
mod read;
mod shape;
mod static_nodes;
mod table;
mod templates;
mod top;

pub use connections::Connection;
pub use objects::{Entry, Flavor, Image, ImageKind, Label, Object, Provider, Section, Settings};

use serde_json::Value;

use crate::diagnostic::{FieldPath, Finding};
use findings::Findings;
use part::Site;

/// Stands in the draft where nodepool.yaml does not say enough.
pub const PLACEHOLDER: &str = "REPLACE-ME";

/// What was made of a nodepool.yaml.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// Images, flavors, labels, sections, providers, in this order.
    pub objects: Vec<Object>,
    /// What the Zuul object has to have besides.
    pub connections: Vec<Connection>,
    /// What was not carried, and what to do by hand. With an error among them the draft is of no use.
    pub findings: Vec<Finding>,
}

/// Drafts provider configuration from a nodepool.yaml as [`Value`].
#[must_use]
pub fn draft(config: &Value) -> Draft {
    let mut findings = Findings::default();
    let looks = |key: &str| config.get(key).is_some_and(Value::is_array);
    if !looks("providers") {
        findings.push(not_nodepool(config));
        return Draft { findings: findings.into_vec(), ..Draft::default() };
    }
    let mut site = Site { findings, ..Site::default() };
    let labels = site.read(config);
    let objects = assemble::objects(&mut site, &labels);
    Draft { objects, connections: site.connections.all, findings: site.findings.into_vec() }
}

fn not_nodepool(config: &Value) -> Finding {
    let cure = if config.get("kind").is_some() {
        "give the bare nodepool.yaml, as `kubectl get secret NAME -o jsonpath='{.data.nodepool\\.yaml}' | base64 -d` \
         prints it"
    } else {
        "give the nodepool.yaml that nodepool-launcher reads"
    };
    let finding =
        Finding::error("NotNodepool", FieldPath::root(), "no nodepool.yaml: it has no list of providers");
    finding.expected("a mapping with labels and providers").cure(cure)
}
