//! The one door: what the operator, the command line and every golden test come through.

mod contents;
mod planner;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::api::KIND;
use crate::contract::{FailureReason, PluginInfo, Plugins};
use crate::desired::object::Object;
use crate::desired::{check, desired, generated};
use crate::diagnostic::{FieldPath, Finding, ObjectRef, Severity};
use crate::inputs::Inputs;
use crate::names::Component;
use crate::render::render;
use crate::secret::SecretRef;
use crate::validate::{ConfigFile, Instance, validate};

pub use contents::Holds;
pub use planner::Planner;

/// How many random bytes a generated secret has.
const GENERATED_BYTES: usize = 32;

/// What should be, for one Zuul.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The objects that should exist, in the order in which they are applied.
    pub objects: Vec<Object>,
    /// What was made in spite of errors, to be tried out and never to be applied.
    pub drafts: Vec<Object>,
    /// What is to be done besides.
    pub actions: Vec<Action>,
    /// What others have to provide.
    pub needs: Vec<Need>,
    /// Components whose source is missing or broken: their objects stay as they are, whether they are among
    /// `objects` or not.
    pub frozen: BTreeSet<Component>,
    /// What must be in files and secrets; only who sees bytes can tell.
    pub contents: Vec<(ConfigFile, Holds)>,
    /// All that is to be said about it, errors first.
    pub findings: Vec<Finding>,
    /// The plugins that serve this Zuul, whether it needs each of them or not.
    pub plugins: Vec<PluginInfo>,
}

/// Something to be done that is no desired object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Action {
    /// Make a Secret with a random value if it is not there; never change it.
    CreateOnce {
        /// The Secret and the key that get the value.
        secret: SecretRef,
        /// How many random bytes it is made of; written in hex.
        bytes: usize,
    },
}

/// What a dependency has to provide, where the user did not name one that is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Need {
    /// An SQL database whose URI will stand in this Secret.
    Database {
        /// The URI.
        uri: SecretRef,
    },
    /// A ZooKeeper with TLS.
    Zookeeper {
        /// The host that will serve it.
        host: String,
        /// Its TLS port.
        port: u16,
        /// The Secret that will hold `ca.crt`, `tls.crt` and `tls.key` of a client.
        secret: String,
    },
}

impl Plan {
    /// Whether nothing of it may be applied.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Whether a plugin failed in passing: with the same inputs another plan may come of it later.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        self.findings.iter().any(|finding| FailureReason::is_passing(&finding.code))
    }

    /// The plan with more to be said about it. Findings about no object are about the Zuul of `inputs`, and all are in
    /// its namespace; each stands once, errors first. With an error among them nothing is left to be applied.
    #[must_use]
    pub fn with_findings(mut self, inputs: &Inputs, more: Vec<Finding>) -> Self {
        let zuul = object_ref(&inputs.zuul);
        self.findings.extend(more.into_iter().map(|mut finding| {
            if finding.object == ObjectRef::default() {
                finding.object = zuul.clone();
            }
            finding.object.namespace.clone_from(&zuul.namespace);
            finding
        }));
        self.findings.sort();
        self.findings.dedup();
        if self.has_errors() {
            self.drafts.append(&mut self.objects);
            self.actions.clear();
            self.needs.clear();
        }
        self
    }
}

/// Decides what should be. Pure: the same inputs and plugins give the same plan.
///
/// With an error among the findings the plan has no objects: the last good state runs on.
#[must_use]
pub fn plan(inputs: &Inputs, plugins: &dyn Plugins) -> Plan {
    let mut plan = Plan { plugins: plugins.list(), ..Plan::default() };
    let of_plugins = plugins.findings().into_iter().map(|finding| {
        Finding::new(finding.severity, &finding.code, FieldPath::root(), finding.message)
            .expected(finding.expected)
            .cure(finding.cure)
    });
    let mut findings: Vec<Finding> = of_plugins.collect();
    let (instance, of_inputs) = validate(inputs, plugins);
    findings.extend(of_inputs.into_vec());
    if let Some(instance) = instance {
        findings.extend(build(&mut plan, &instance, plugins));
    }
    plan.with_findings(inputs, findings)
}

/// Completes the plan; gives what is to be said about it.
fn build(plan: &mut Plan, instance: &Instance, plugins: &dyn Plugins) -> Vec<Finding> {
    let (rendered, mut findings) = render(instance, plugins);
    let frozen = [
        (Component::NodepoolLauncher, rendered.shards.launchers_are_frozen),
        (Component::NodepoolBuilder, rendered.shards.builder_is_frozen),
    ];
    plan.frozen = frozen.into_iter().filter(|(_, is)| *is).map(|(component, _)| component).collect();
    plan.objects = desired(instance, &rendered);
    findings.extend(check(&plan.objects, instance));
    plan.actions = generated(instance, &rendered)
        .into_iter()
        .map(|secret| Action::CreateOnce { secret, bytes: GENERATED_BYTES })
        .collect();
    plan.needs = needs(instance);
    plan.contents = contents::contents(instance, plugins);
    findings.extend(plan.needs.iter().map(Need::finding));
    // What follows from a mistake that was told already.
    findings.retain(|it| it.object != ObjectRef::default() || !instance.left_out.covers(&it.path));
    findings
}

impl Need {
    /// What the user should know of it.
    fn finding(&self) -> Finding {
        match self {
            Self::Database { uri } => Finding::note(
                "ManagedDatabase",
                FieldPath::spec().key("database"),
                format!("there is no section database: its URI is expected in {uri}, from another operator"),
            )
            .cure("if you have a database already, name the Secret with its URI in database"),
            Self::Zookeeper { host, port, secret } => Finding::note(
                "ManagedZookeeper",
                FieldPath::spec().key("zookeeper"),
                format!(
                    "there is no section zookeeper: it is expected at {host}:{port}, its client certificate in {secret}, from another operator"
                ),
            )
            .cure("if you have a ZooKeeper already, name its hosts and certificate in zookeeper"),
        }
    }
}

fn needs(instance: &Instance) -> Vec<Need> {
    let mut needs = Vec::new();
    if instance.database.is_managed {
        needs.push(Need::Database { uri: instance.database.uri.clone() });
    }
    if instance.zookeeper.is_managed {
        needs.extend(instance.zookeeper.servers.iter().map(|server| Need::Zookeeper {
            host: server.host.clone(),
            port: server.port,
            secret: instance.zookeeper.secret.clone(),
        }));
    }
    needs
}

fn object_ref(zuul: &serde_json::Value) -> ObjectRef {
    let text = |key: &str| zuul["metadata"][key].as_str().unwrap_or_default().to_owned();
    ObjectRef { kind: KIND.to_owned(), namespace: text("namespace"), name: text("name") }
}
