//! What is gathered for one Zuul: the objects that it may refer to.

use super::bundle::Bundle;
use super::object::Kind;
use crate::api::ZuulStatus;
use crate::diagnostic::ObjectRef;
use crate::fill::{self, SecretStore};
use crate::inputs::{Inputs, SecretFacts, may_refer_to};
use crate::rollout::running;

/// One Zuul with everything that the files hold for it.
#[derive(Debug)]
pub struct ZuulInputs {
    /// Which Zuul.
    pub object: ObjectRef,
    /// What the plan may see.
    pub inputs: Inputs,
    /// What is filled into objects at the very end.
    pub secrets: SecretStore,
}

/// Gathers for one Zuul. What it cannot refer to is left out: with thousands of objects and of Zuuls, a
/// copy for each would fill the memory.
pub(super) fn gather(bundle: &Bundle, object: &ObjectRef, zuul: &serde_json::Value) -> ZuulInputs {
    // What `kubectl get -o yaml` gave has a status.
    let running = running(&ZuulStatus::read(&zuul["status"]));
    let mut inputs = Inputs { zuul: zuul.clone(), running, complete: false, ..Inputs::default() };
    let mut secrets = SecretStore::default();
    for name in may_refer_to(zuul) {
        if let Some((_, Kind::Secret(version, bytes))) = bundle.find("Secret", &object.namespace, &name) {
            let keys = bytes.keys().cloned().collect();
            inputs.secrets.insert(name.clone(), SecretFacts { version: version.clone(), keys });
            secrets.0.insert(name.clone(), bytes.clone());
        }
        if let Some((_, Kind::ConfigMap(facts))) = bundle.find("ConfigMap", &object.namespace, &name) {
            inputs.config_maps.insert(name, facts.clone());
        }
    }
    inputs.masked = fill::masked(zuul, &secrets);
    ZuulInputs { object: object.clone(), inputs, secrets }
}
