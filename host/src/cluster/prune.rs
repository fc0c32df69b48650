//! Deletes what a plan no longer wants: only what was applied before, and only if it is still ours.

use std::collections::BTreeSet;

use kube::api::{DeleteParams, Preconditions};

use super::apply::{Inventory, Target, obstacle};
use super::id::Id;
use crate::desired::COMPONENT;
use crate::plan::Plan;
use crate::status::Applied;

impl Target<'_> {
    /// Deletes what stands in the inventory and is no longer wanted. What belongs to a frozen component stays,
    /// and stays in the inventory.
    pub async fn prune(&self, plan: &Plan, before: &Inventory, applied: &mut Applied) {
        let wanted: BTreeSet<Id> = plan.objects.iter().map(Id::of).collect();
        for (id, entry) in before.iter().filter(|(id, _)| !wanted.contains(id)) {
            let Some(live) = self.world.get(self.namespace, id) else { continue };
            if live.controller.as_deref() != Some(self.uid) {
                continue;
            }
            let component = live.labels.get(COMPONENT).map(String::as_str);
            if plan.frozen.iter().any(|frozen| Some(frozen.as_str()) == component) {
                applied.inventory.push(entry.clone());
                continue;
            }
            // If it was deleted and made again by somebody meanwhile, it is another one.
            let preconditions = Preconditions { uid: Some(live.uid.clone()), resource_version: None };
            let params = DeleteParams { preconditions: Some(preconditions), ..DeleteParams::background() };
            match id.kind.api(self.client, self.namespace).delete(&id.name, &params).await {
                Ok(_) => {
                    applied.written += 1;
                    self.world.forget(self.namespace, id, &live.uid);
                }
                Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => {}
                Err(error) => {
                    applied.obstacles.push(obstacle(id, &error));
                    applied.inventory.push(entry.clone());
                }
            }
        }
        applied.inventory.sort();
    }
}
