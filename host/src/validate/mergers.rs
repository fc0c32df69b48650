//! Whether anyone merges: a scheduler has to load its tenants with mergers, and is not ready before.

use super::Instance;
use super::references::Facts;
use crate::contract::Setting;
use crate::diagnostic::{FieldPath, Finding};

/// Executors are mergers, too, unless `merge_jobs` is false (`zuul/executor/server.py`).
pub fn check(instance: &Instance, facts: &mut Facts<'_>) {
    let spec = &instance.spec;
    let pods = spec.pods();
    let root = FieldPath::spec();
    // What is wrong in a section may be what would make it merge.
    let runs = |section: &str| {
        let (path, count) = (root.key(section), pods.get(section).map_or(Some(0), |pod| pod.count));
        count != Some(0) || [path.clone(), path.key("count")].iter().any(|it| facts.left_out.covers(it))
    };
    let merge_jobs = root.key("executor").key("merge_jobs");
    let executors_merge = instance.option("executor", "merge_jobs") != Some(&Setting::Boolean(false))
        || facts.left_out.covers(&merge_jobs);
    let is_started = spec.scheduler.is_some() && instance.tenants.is_some() && runs("scheduler");
    if !is_started || runs("merger") || runs("executor") && executors_merge {
        return;
    }
    let message = "nobody merges: the scheduler cannot load its tenants, and is never ready";
    facts.lacks(
        Finding::warning("NoMerger", root.key("merger"), message)
            .expected("executors that merge, or mergers")
            .cure(match runs("executor") {
                true => "add a section merger, or let the executors merge with merge_jobs",
                false => "add a section executor, which merges, too; or a section merger",
            }),
    );
}
