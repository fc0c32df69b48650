//! A Zuul that was checked: what rendering starts from.

use std::collections::BTreeMap;

use crate::api::{Connection, LauncherType, LeftOut, Zuul, ZuulSpec};
use crate::contract::{ConnectionRequest, MountedFile, Readers, Section, Setting, ZookeeperServer};
use crate::diagnostic::FieldPath;
use crate::names::{self, Component};
use crate::secret::SecretRef;

/// One checked Zuul.
#[derive(Clone, Debug)]
pub struct Instance {
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`, if there is one.
    pub namespace: Option<String>,
    /// `metadata.uid`: only what comes from a cluster has one.
    pub uid: Option<String>,
    /// The object with all defaults.
    pub spec: ZuulSpec,
    /// The connections, sorted by name: the first one of a server is the one that Zuul uses.
    pub connections: Vec<ConnectionRequest>,
    /// What the user wrote for the other sections of zuul.conf.
    pub sections: Vec<Section>,
    /// Files that options of those sections refer to.
    pub files: Vec<MountedFile>,
    /// How ZooKeeper is reached.
    pub zookeeper: ZookeeperAccess,
    /// How the database is reached.
    pub database: DatabaseAccess,
    /// The key store's password.
    pub keystore: SecretRef,
    /// Whether the operator makes the password.
    pub keystore_is_generated: bool,
    /// The tenant configuration.
    pub tenants: Option<ConfigFile>,
    /// The logging configuration.
    pub logging: Option<ConfigFile>,
    /// Variables for all jobs.
    pub site_variables: Option<ConfigFile>,
    /// nodepool.yaml, where Nodepool is used.
    pub nodepool: Nodepool,
    /// clouds.yaml, where scheduler or web need it without credentials.
    pub clouds: Option<Clouds>,
    /// `Secret/NAME` and `ConfigMap/NAME` → the version that was looked at.
    pub versions: BTreeMap<String, String>,
    /// What is wrong, and therefore not in here.
    pub left_out: LeftOut,
}

/// A file in a ConfigMap or a Secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFile {
    /// Whether it is a Secret.
    pub is_secret: bool,
    /// The object's name.
    pub name: String,
    /// The key of the file.
    pub key: String,
}

impl ConfigFile {
    /// `Secret` or `ConfigMap`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        if self.is_secret { "Secret" } else { "ConfigMap" }
    }
}

/// What is known of nodepool.yaml.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nodepool {
    /// The launchers' source.
    pub launcher: Option<ConfigFile>,
    /// Its content, secrets masked; `None` when it is not there now.
    pub launcher_yaml: Option<String>,
    /// The builders' source.
    pub builder: Option<ConfigFile>,
    /// Its content, secrets masked; `None` when it is not there now.
    pub builder_yaml: Option<String>,
}

/// A clouds.yaml that some pods have without credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clouds {
    /// The user's, with credentials.
    pub source: SecretRef,
    /// Its content without, see [`crate::mask::redact`]; `None` when it is not there now.
    pub redacted: Option<String>,
}

/// How ZooKeeper is reached.
#[derive(Clone, Debug, PartialEq)]
pub struct ZookeeperAccess {
    /// The servers.
    pub servers: Vec<ZookeeperServer>,
    /// The Secret with `ca.crt`, `tls.crt` and `tls.key`.
    pub secret: String,
    /// Seconds.
    pub session_timeout: Option<f64>,
    /// Whether another operator is to provide it.
    pub is_managed: bool,
}

/// How the database is reached.
#[derive(Clone, Debug, PartialEq)]
pub struct DatabaseAccess {
    /// The URI.
    pub uri: SecretRef,
    /// Prefix of all table names.
    pub table_prefix: Option<String>,
    /// Whether another operator is to provide it.
    pub is_managed: bool,
}

impl Instance {
    /// What the user wrote for an option of a section, if anything.
    #[must_use]
    pub fn option(&self, section: &str, option: &str) -> Option<&Setting> {
        let entries = self.sections.iter().filter(|it| it.name == section).flat_map(|it| &it.entries);
        entries.into_iter().find(|entry| entry.name == option).map(|entry| &entry.setting)
    }

    /// What the object alone says; the rest is added check by check.
    pub(super) fn new(name: String, zuul: &Zuul) -> Self {
        let spec = zuul.spec.clone();
        let database = match &spec.database {
            Some(database) => DatabaseAccess {
                uri: SecretRef::new(&database.secret_name, &database.key),
                table_prefix: database.table_prefix.clone(),
                is_managed: false,
            },
            None => DatabaseAccess {
                uri: SecretRef::new(names::object(&name, "database"), "dburi"),
                table_prefix: None,
                is_managed: true,
            },
        };
        let (keystore, keystore_is_generated) = match &spec.keystore {
            Some(source) => {
                (SecretRef::new(&source.secret_name, source.key.as_deref().unwrap_or("password")), false)
            }
            None => (SecretRef::new(names::object(&name, "keystore"), "password"), true),
        };
        let zookeeper = ZookeeperAccess {
            servers: Vec::new(),
            secret: match &spec.zookeeper {
                Some(zookeeper) => zookeeper.secret_name.clone(),
                None => names::object(&name, "zookeeper-client"),
            },
            session_timeout: spec.zookeeper.as_ref().and_then(|zookeeper| zookeeper.session_timeout),
            is_managed: spec.zookeeper.is_none(),
        };
        Self {
            namespace: zuul.metadata.namespace.clone(),
            uid: zuul.metadata.uid.clone(),
            connections: Vec::new(),
            sections: Vec::new(),
            files: Vec::new(),
            zookeeper,
            database,
            keystore,
            keystore_is_generated,
            tenants: None,
            logging: None,
            site_variables: None,
            nodepool: Nodepool::default(),
            clouds: None,
            versions: BTreeMap::new(),
            left_out: LeftOut::default(),
            name,
            spec,
        }
    }

    /// Whether all options of a connection are known: not if they are keys of a Secret that is not there.
    #[must_use]
    pub fn knows_options_of(&self, connection: &str) -> bool {
        self.knows_options("connections", self.spec.connections.get(connection), connection)
    }

    /// The same of an authenticator.
    #[must_use]
    pub fn knows_options_of_auth(&self, name: &str) -> bool {
        self.knows_options("auth", self.spec.auth.get(name), name)
    }

    fn knows_options(&self, field: &str, section: Option<&Connection>, name: &str) -> bool {
        let path = FieldPath::spec().key(field).key(name).key("secretName");
        let secret = section.and_then(|section| section.secret_name.as_ref());
        let is_there = |secret| self.versions.contains_key(&format!("Secret/{secret}"));
        !self.left_out.covers(&path) && secret.is_none_or(is_there)
    }

    /// The components with a zuul.conf that this Zuul has.
    #[must_use]
    pub fn components(&self) -> Readers {
        let spec = &self.spec;
        let has_zuul_launcher =
            spec.launcher.as_ref().is_some_and(|launcher| launcher.type_ != LauncherType::Nodepool);
        let all = [
            (Component::Scheduler, spec.scheduler.is_some()),
            (Component::Executor, spec.executor.is_some()),
            (Component::Merger, spec.merger.is_some()),
            (Component::Web, spec.web.is_some()),
            (Component::Fingergw, spec.fingergw.is_some()),
            (Component::Launcher, has_zuul_launcher),
        ];
        all.into_iter().filter(|(_, is_there)| *is_there).map(|(component, _)| component).collect()
    }
}
