//! Whether the wanted version of Zuul may follow the one that runs (`doc/upgrading.rst`: major versions one at a time;
//! an older component next to what a newer one wrote may corrupt the data in ZooKeeper).

use std::cmp::Ordering;

use super::Instance;
use super::references::Facts;
use crate::api::UpgradePolicy;
use crate::diagnostic::{FieldPath, Finding};

pub fn check(instance: &Instance, facts: &mut Facts<'_>) {
    let spec = &instance.spec;
    if spec.upgrade_policy == UpgradePolicy::Stepwise
        && let Some(finding) =
            facts.inputs.running.as_ref().and_then(|it| judge(it, &spec.zuul_image_version))
    {
        facts.wrong(finding);
    }
}

fn judge(running: &str, wanted: &str) -> Option<Finding> {
    let (from, to) = (numbers(running)?, numbers(wanted)?);
    let path = FieldPath::spec().key("zuulImageVersion");
    // `14` is any 14: only what both say is compared.
    if to.iter().zip(&from).map(|(to, from)| to.cmp(from)).find(|it| it.is_ne()) == Some(Ordering::Less) {
        let message = format!("Zuul {wanted} is older than {running}, which runs");
        return Some(
            Finding::error("VersionDowngrade", path, message)
                .expected(format!("{running} or newer"))
                .cure(format!("write {running}; to go back all the same, {ANYWAY}")),
        );
    }
    let (major, next) = (from.first()?, from.first()?.saturating_add(1));
    if *to.first()? <= next {
        return None;
    }
    let message = format!("from Zuul {running}, which runs, to {wanted} major versions are skipped");
    Some(
        Finding::error("VersionSkipped", path, message)
            .expected(format!("a release of {major} or {next}"))
            .cure(format!("write the last release of {next} first; to skip it all the same, {ANYWAY}")),
    )
}

const ANYWAY: &str = "stop Zuul, delete its state with `zuul-admin delete-state`, and set upgradePolicy to Any until it is done";

/// The numbers of a release's tag; nothing of a tag that moves, such as latest, or of any other text.
fn numbers(tag: &str) -> Option<Vec<u32>> {
    let number = |part: &str| part.bytes().all(|it| it.is_ascii_digit()).then(|| part.parse().ok())?;
    tag.split('.').map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_follow_one_another() {
        let said = |running, wanted| judge(running, wanted).map(|it| it.code);
        for fine in ["14.3.0", "14.3.1", "14.10.0", "15.0.0", "15", "14", "14.3", "latest", "14.4.0-rc1"] {
            assert_eq!(said("14.3.0", fine), None, "{fine}");
        }
        for older in ["14.2.9", "13.9.0", "14.2", "13", "9.0.0"] {
            assert_eq!(said("14.3.0", older).as_deref(), Some("VersionDowngrade"), "{older}");
        }
        for later in ["16.0.0", "16", "4294967295"] {
            assert_eq!(said("14.3.0", later).as_deref(), Some("VersionSkipped"), "{later}");
        }
        for unknown in ["latest", "", "4294967296.0", "14.x"] {
            assert_eq!(said(unknown, "99.0.0"), None, "{unknown:?}");
        }
        assert_eq!(said("4294967295", "4294967295"), None);
    }

    #[test]
    fn what_is_no_release_has_no_numbers() {
        assert_eq!(numbers("14.3.0"), Some(vec![14, 3, 0]));
        for other in ["", "14.", ".", "v14", "14.x", "latest", "14.3.0-1", "+1", "99999999999"] {
            assert_eq!(numbers(other), None, "{other}");
        }
    }
}
