//! The connections that the draft needs in zuul.conf.

use std::collections::BTreeMap;

use super::findings::Findings;
use super::names::Names;
use super::objects::Settings;
use super::read::At;
use crate::diagnostic::Finding;

/// A connection that the Zuul object has to have: `spec.connections.NAME`.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Connection {
    /// Its name.
    #[serde(skip)]
    pub name: String,
    /// Its driver.
    pub driver: &'static str,
    /// Its options, as far as they are known.
    #[serde(flatten)]
    pub settings: Settings,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Connections {
    pub(super) all: Vec<Connection>,
    known: BTreeMap<(&'static str, String), usize>,
    names: Names,
}

/// What else each driver wants, which no nodepool.yaml says.
fn rest(driver: &str) -> &'static str {
    match driver {
        "openstack" => "; the cloud's credentials are in clouds.yaml, as they are for Nodepool",
        "aws" => "; access keys or a role are its options, too",
        "azure" => "; tenant_id, client_id, client_secret and subscription_id are its options, too",
        "kubernetes" => "; a kubeconfig is its option, too",
        _ => "",
    }
}

impl Connections {
    /// The name of the connection of a provider; providers that differ in `rate` only share one.
    pub(super) fn name(
        &mut self,
        findings: &mut Findings,
        at: &At<'_>,
        driver: &'static str,
        wanted: &str,
        mut settings: Settings,
    ) -> String {
        let rate = settings.remove("rate");
        let key = (driver, settings.key());
        if let Some(connection) = self.known.get(&key).and_then(|index| self.all.get(*index)) {
            if rate.is_some() && rate.as_ref() != connection.settings.get("rate") {
                let why = "the connection is shared with a provider that has another";
                let cure = "set the rate of the connection to what both may do together";
                findings.not_carried(at.at("rate"), "`rate`", why, cure);
            }
            return connection.name.clone();
        }
        if let Some(rate) = rate {
            settings.set("rate", rate);
        }
        let name = self.names.unique(&plain(wanted, driver));
        let message = format!("the draft uses a connection {name:?} of the driver {driver}");
        let cure = format!(
            "add spec.connections.{name} to the Zuul object, see the head of the draft{}",
            rest(driver)
        );
        findings.push(Finding::note("ConnectionNeeded", at.path.clone(), message).cure(cure));
        self.known.insert(key, self.all.len());
        self.all.push(Connection { name: name.clone(), driver, settings });
        name
    }
}

/// A name that a section of zuul.conf can have.
fn plain(wanted: &str, driver: &str) -> String {
    let legal = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let name: String = wanted.chars().take(63).map(legal).collect();
    // The ends are letters or digits, as in names of Kubernetes.
    let name = name.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    if name.is_empty() { driver.to_owned() } else { name.to_owned() }
}
