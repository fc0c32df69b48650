//! From rendered configuration to Kubernetes objects; one file a component.

mod at_start;
mod beyond;
mod causes;
mod clash;
mod config;
mod context;
mod executor;
mod files;
mod fingergw;
mod folders;
mod id;
mod launcher;
mod merger;
mod nodepool_builder;
mod nodepool_launcher;
pub mod object;
mod pod;
mod preview;
mod probes;
mod registry;
mod scheduler;
mod section;
mod security;
mod web;
mod workload;

use crate::diagnostic::Finding;
use crate::render::Rendered;
use crate::secret::SecretRef;
use crate::validate::Instance;
pub use causes::{CAUSES, Causes};
use context::Context;
pub use context::{COMPONENT, SHARD};
pub use id::{Id, Kind};
use object::Object;
pub use pod::CONFIG_HASH;

/// What the API server would refuse of these objects, because the user's words and the operator's clash.
#[must_use]
pub fn check(objects: &[Object], instance: &Instance) -> Vec<Finding> {
    let mut findings = clash::check(objects, instance);
    findings.extend(clash::overwrites(objects, instance));
    findings
}

/// The Secrets that are made once, with a random value, and kept.
#[must_use]
pub fn generated(instance: &Instance, rendered: &Rendered) -> Vec<SecretRef> {
    let keystore = instance.keystore_is_generated.then(|| instance.keystore.clone());
    let registry = registry::generated(&Context { instance, rendered });
    keystore.into_iter().chain(registry).collect()
}

/// All objects that should exist, in the order in which they are applied: identities and
/// configuration first, then each component.
#[must_use]
pub fn desired(instance: &Instance, rendered: &Rendered) -> Vec<Object> {
    let context = Context { instance, rendered };
    let mut objects = config::objects(&context);
    objects.extend(executor::objects(&context));
    objects.extend(merger::objects(&context));
    objects.extend(scheduler::objects(&context));
    objects.extend(launcher::objects(&context));
    objects.extend(nodepool_launcher::objects(&context));
    objects.extend(nodepool_builder::objects(&context));
    objects.extend(web::objects(&context));
    objects.extend(fingergw::objects(&context));
    objects.extend(preview::objects(&context));
    objects.extend(registry::objects(&context));
    objects
}
