//! Deletes what a plan no longer wants: only what we made, and only if it is still ours.

use std::collections::BTreeSet;

use kube::api::{DeleteParams, Preconditions};

use super::apply::{Inventory, Target, obstacle};
use super::live::Live;
use super::resource::api;
use crate::desired::{Id, Kind};
use crate::plan::Plan;
use crate::rollout::Rollout;
use crate::status::Applied;

impl Target<'_> {
    /// Deletes what this Zuul controls, what fields of ours say that we applied, and what is no longer wanted. The
    /// inventory may lack an object, as a status can get lost; these marks are on the object itself. What belongs to
    /// a frozen component stays, and stays in the inventory; while waves are on their way so does configuration, as
    /// pods that wait for theirs still mount it.
    pub async fn prune(&self, plan: &Plan, rollout: &Rollout, before: &Inventory, applied: &mut Applied) {
        let wanted: BTreeSet<Id> = plan.objects.iter().map(Id::of).collect();
        let unwanted = |id: &Id, live: &Live| {
            (live.ours.is_some() && !wanted.contains(id)).then(|| (id.clone(), live.clone()))
        };
        for (id, live) in self.world.controlled_by(self.namespace, self.uid, unwanted) {
            let component = live.component.as_deref();
            let is_frozen = plan.frozen.iter().any(|frozen| Some(frozen.as_str()) == component);
            let is_config = matches!(id.kind, Kind::Secret | Kind::ConfigMap);
            if is_frozen || (is_config && rollout.status.is_some()) {
                applied.inventory.extend(before.get(&id).cloned());
                continue;
            }
            if live.is_ending {
                continue;
            }
            // If it was deleted and made again by somebody meanwhile, it is another one.
            let preconditions = Preconditions { uid: Some(live.uid.clone()), resource_version: None };
            let params = DeleteParams { preconditions: Some(preconditions), ..DeleteParams::background() };
            match api(id.kind, self.client, self.namespace).delete(&id.name, &params).await {
                Ok(_) => {
                    self.world.forget(self.namespace, &id, &live.uid);
                    applied.written.push(id);
                }
                Err(kube::Error::Api(status)) if status.code == 404 => {}
                Err(error) => {
                    applied.obstacles.push(obstacle(&id, &error));
                    applied.inventory.extend(before.get(&id).cloned());
                }
            }
        }
        applied.inventory.sort();
    }
}
