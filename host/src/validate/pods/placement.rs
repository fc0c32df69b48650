//! Where pods run: selectors, tolerations, spread, affinity, entries for /etc/hosts.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{Affinity, PodAffinityTerm, Toleration, WeightedPodAffinityTerm};

use super::{Report, fields, syntax, table};
use crate::api::PodSettings;
use crate::diagnostic::FieldPath;

pub fn check(settings: &PodSettings, path: &FieldPath, report: &mut Report) {
    report.labels(&path.key("nodeSelector"), &settings.node_selector);
    for (index, toleration) in settings.tolerations.iter().enumerate() {
        tolerated(toleration, &path.key("tolerations").index(index), report);
    }
    spread(settings, &path.key("topologySpreadConstraints"), report);
    if let Some(affinity) = &settings.affinity {
        affine(affinity, &path.key("affinity"), report);
    }
    for (index, alias) in settings.host_aliases.iter().enumerate() {
        let path = path.key("hostAliases").index(index);
        report.text(path.key("ip"), &alias.ip, syntax::address);
        for (index, name) in alias.hostnames.iter().flatten().enumerate() {
            report.text(path.key("hostnames").index(index), name, syntax::subdomain);
        }
    }
}

fn tolerated(toleration: &Toleration, path: &FieldPath, report: &mut Report) {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (key, operator, effect) =
        (text(&toleration.key), text(&toleration.operator), text(&toleration.effect));
    if !key.is_empty() {
        report.text(path.key("key"), &key, syntax::qualified_name);
    } else if operator != "Exists" {
        report.refused(path.clone(), "a toleration of every taint", "operator: Exists, or a key");
    }
    match operator.as_str() {
        "Exists" if !text(&toleration.value).is_empty() => {
            report.refused(
                path.key("value"),
                "Exists compares with no value",
                "operator: Equal, or no value",
            );
        }
        "" | "Equal" => report.text(path.key("value"), &text(&toleration.value), syntax::label_value),
        // The last two are new.
        "Exists" | "Lt" | "Gt" => {}
        _ => {
            let message = format!("{operator:?} is no operator of a toleration");
            report.refused(path.key("operator"), message, "Exists or Equal");
        }
    }
    if !["", "NoSchedule", "PreferNoSchedule", "NoExecute"].contains(&effect.as_str()) {
        let message = format!("{effect:?} is no effect of a taint");
        report.refused(path.key("effect"), message, "NoSchedule, PreferNoSchedule or NoExecute");
    }
    if toleration.toleration_seconds.is_some() && effect != "NoExecute" {
        let message = "seconds are for the effect NoExecute alone";
        report.refused(path.key("tolerationSeconds"), message, "effect: NoExecute, or no seconds");
    }
}

fn spread(settings: &PodSettings, path: &FieldPath, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for (index, constraint) in settings.topology_spread_constraints.iter().enumerate() {
        let path = path.index(index);
        report.range(path.key("maxSkew"), Some(constraint.max_skew), (1, i32::MAX));
        report.text(path.key("topologyKey"), &constraint.topology_key, syntax::qualified_name);
        let when = constraint.when_unsatisfiable.as_str();
        if !["DoNotSchedule", "ScheduleAnyway"].contains(&when) {
            let message = format!("Kubernetes does not take {when:?} here");
            report.refused(path.key("whenUnsatisfiable"), message, "DoNotSchedule or ScheduleAnyway");
        }
        if !seen.insert((&constraint.topology_key, when)) {
            let message = "another constraint has this topology key, and does the same";
            report.refused(path, message, "one constraint for each");
        }
    }
}

fn affine(affinity: &Affinity, path: &FieldPath, report: &mut Report) {
    const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
    const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";
    table::check(affinity, fields::AFFINITY, path, report);
    let node = affinity.node_affinity.iter();
    for (index, preferred) in node
        .flat_map(|it| it.preferred_during_scheduling_ignored_during_execution.iter().flatten())
        .enumerate()
    {
        let path = path.key("nodeAffinity").key(PREFERRED).index(index);
        report.range(path.key("weight"), Some(preferred.weight), (1, 100));
    }
    let mut terms = |field: &str, required: Option<&Vec<_>>, preferred: Option<&Vec<_>>| {
        for (index, term) in required.into_iter().flatten().enumerate() {
            topology(term, &path.key(field).key(REQUIRED).index(index), report);
        }
        for (index, term) in preferred.into_iter().flatten().enumerate() {
            let WeightedPodAffinityTerm { weight, pod_affinity_term } = term;
            let path = path.key(field).key(PREFERRED).index(index);
            report.range(path.key("weight"), Some(*weight), (1, 100));
            topology(pod_affinity_term, &path.key("podAffinityTerm"), report);
        }
    };
    if let Some(pod) = &affinity.pod_affinity {
        let preferred = pod.preferred_during_scheduling_ignored_during_execution.as_ref();
        terms("podAffinity", pod.required_during_scheduling_ignored_during_execution.as_ref(), preferred);
    }
    if let Some(pod) = &affinity.pod_anti_affinity {
        let preferred = pod.preferred_during_scheduling_ignored_during_execution.as_ref();
        terms("podAntiAffinity", pod.required_during_scheduling_ignored_during_execution.as_ref(), preferred);
    }
}

fn topology(term: &PodAffinityTerm, path: &FieldPath, report: &mut Report) {
    report.text(path.key("topologyKey"), &term.topology_key, syntax::qualified_name);
}
