//! What must be in which file, for those who may look into it.

use std::collections::BTreeSet;

use crate::contract::{ConnectionRequest, Plugins, Role, Setting};
use crate::diagnostic::{FieldPath, Step};
use crate::secret::SecretRef;
use crate::validate::{ConfigFile, Instance, logging_is_yaml, quantity};

/// What a file or a secret must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A private key that ssh reads.
    PrivateKey,
    /// The URI of the database, for SQLAlchemy.
    DatabaseUri,
    /// One YAML document.
    Yaml,
    /// A logging configuration in YAML or JSON.
    Logging,
    /// The tenants' file; their sources are among these connections.
    Tenants {
        /// Connections that are sources.
        sources: BTreeSet<String>,
        /// All other ones.
        others: BTreeSet<String>,
    },
    /// A nodepool.yaml whose images have to fit on a disk of so many bytes.
    Images(u64),
    /// A nodepool.yaml whose nodes have to be in this zone: executors take no others.
    NodesOfZone(String),
    /// Nodepool's secure.conf, for the builder of this nodepool.yaml, secrets masked.
    SecureConf(String),
}

/// What is to be looked into, and what must be there.
pub(super) fn contents(instance: &Instance, plugins: &dyn Plugins) -> Vec<(ConfigFile, Holds)> {
    let secret =
        |name: &str, key: &str| ConfigFile { is_secret: true, name: name.to_owned(), key: key.to_owned() };
    let SecretRef { secret: database, key, .. } = &instance.database.uri;
    let mut contents = vec![(secret(database, key), Holds::DatabaseUri)];
    contents.extend(instance.tenants.iter().map(|file| (file.clone(), tenants(instance, plugins))));
    contents.extend(instance.site_variables.iter().map(|file| (file.clone(), Holds::Yaml)));
    contents.extend(
        instance
            .logging
            .iter()
            .filter(|file| logging_is_yaml(file))
            .map(|file| (file.clone(), Holds::Logging)),
    );
    if let (Some(bytes), Some(file)) = (images_disk(instance), &instance.nodepool.builder) {
        contents.push((file.clone(), Holds::Images(bytes)));
    }
    if let (Some(zone), Some(file)) = (own_zone(instance), &instance.nodepool.launcher) {
        contents.push((file.clone(), Holds::NodesOfZone(zone)));
    }
    if let Some(source) = instance.spec.executor.as_ref().and_then(|executor| executor.sshkey.as_ref()) {
        let key = source.key.as_deref().unwrap_or("sshkey");
        contents.push((secret(&source.secret_name, key), Holds::PrivateKey));
    }
    for entry in instance.connections.iter().flat_map(|connection| &connection.options) {
        if let ("sshkey", Setting::Secret(found)) = (entry.name.as_str(), &entry.setting) {
            contents.push((secret(&found.secret, &found.key), Holds::PrivateKey));
        }
    }
    let secure = instance.spec.builder.as_ref().and_then(|builder| builder.secure_config.as_ref());
    if let (Some(source), Some(yaml)) = (secure, &instance.nodepool.builder_yaml) {
        let key = source.key.as_deref().unwrap_or("secure.conf");
        contents.push((secret(&source.secret_name, key), Holds::SecureConf(yaml.clone())));
    }
    contents
}

fn tenants(instance: &Instance, plugins: &dyn Plugins) -> Holds {
    let is_source =
        |driver: &str| plugins.driver(driver).is_ok_and(|info| info.roles.contains(&Role::Source));
    let (sources, others): (Vec<_>, Vec<_>) =
        instance.connections.iter().partition(|connection| is_source(&connection.driver));
    let names =
        |connections: Vec<&ConnectionRequest>| connections.into_iter().map(|it| it.name.clone()).collect();
    let (mut sources, others): (BTreeSet<String>, BTreeSet<String>) = (names(sources), names(others));
    // Of a connection that is wrong itself nothing else is told.
    let path = FieldPath::spec().key("connections");
    sources.extend(instance.left_out.below(&path).filter_map(|field| match field.0.into_iter().next() {
        Some(Step::Key(name)) => Some(name),
        _ => None,
    }));
    Holds::Tenants { sources, others }
}

/// The size of the builders' disk for images, if the user said it.
fn images_disk(instance: &Instance) -> Option<u64> {
    let size = instance.spec.builder.as_ref()?.pod.storage_size.as_ref()?;
    // Sizes are far below 2^52, and no disk is measured to the byte.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    quantity(size).map(|bytes| bytes as u64)
}

/// The zone that the executors serve, if they serve no other (`[executor] zone`, `allow_unzoned`).
fn own_zone(instance: &Instance) -> Option<String> {
    match (instance.option("executor", "zone"), instance.option("executor", "allow_unzoned")) {
        (_, Some(Setting::Boolean(true))) => None,
        (Some(Setting::Text(zone)), _) => Some(zone.clone()),
        _ => None,
    }
}
