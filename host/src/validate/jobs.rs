//! What jobs see of the executor: volumes for jobs, and the options that name paths.

use super::owned::unseen;
use super::pods::is_plain;
use super::references::Facts;
use super::{FOLDER, Instance};
use crate::contract::Setting;
use crate::diagnostic::{FieldPath, Finding};

/// Folders of the executor that have to stay what they are, and what they hold.
const KEPT: [(&str, &str); 6] = [
    (FOLDER, "the executor's configuration and keys"),
    (HOME, "the executor's home, with the work of all jobs"),
    ("/tmp", "what a job's sandbox has of its own"),
    ("/proc", "what a job's sandbox has of its own"),
    ("/dev", "what a job's sandbox has of its own"),
    ("/sys", "what the node has"),
];
const HOME: &str = "/var/lib/zuul";
/// What Zuul itself has there.
const WORK: [&str; 6] = ["builds", "executor-git", "merger-git", "executor.socket", ".ssh", ".winrm"];
/// Folders of the image, below which there may be more.
const PROGRAMS: [&str; 8] =
    ["/bin", "/lib", "/lib64", "/sbin", "/usr/bin", "/usr/lib", "/usr/local/bin", "/usr/local/lib"];
const OPTIONS: [&str; 4] =
    ["trusted_ro_paths", "trusted_rw_paths", "untrusted_ro_paths", "untrusted_rw_paths"];

/// Checks both.
pub fn check(instance: &Instance, facts: &mut Facts<'_>) {
    for (index, job) in instance.spec.job_volumes.iter().enumerate() {
        let path = FieldPath::spec().key("jobVolumes").index(index).key("path");
        if let Some(problem) = mounted(&job.path) {
            facts.wrong(refused(path, &job.path, &problem));
        }
    }
    let executor = instance.sections.iter().filter(|section| section.name == "executor");
    for entry in executor.flat_map(|section| &section.entries) {
        if !OPTIONS.contains(&entry.name.as_str()) {
            continue;
        }
        let field = FieldPath::spec().key("executor").key(&entry.name);
        match &entry.setting {
            Setting::Text(paths) => {
                let problem = paths.split(':').find_map(|path| Some((path, shown(path)?)));
                if let Some((path, problem)) = problem {
                    facts.wrong(refused(field, path, &problem));
                }
            }
            setting => unseen(field, setting).into_iter().for_each(|finding| facts.wrong(finding)),
        }
    }
}

fn refused(field: FieldPath, path: &str, problem: &str) -> Finding {
    Finding::error("JobPath", field, format!("jobs cannot have {path:?}: {problem}"))
        .expected("an absolute path without '..' and '//', away from what the executor and the image have")
        .cure("choose another path")
}

/// Why nothing may be mounted there.
fn mounted(path: &str) -> Option<String> {
    if !is_plain(path) {
        return Some("this is no plain absolute path".to_owned());
    }
    let kept = KEPT.iter().find(|(kept, _)| is_in(path, kept) || is_in(kept, path));
    let hidden = PROGRAMS.iter().find(|programs| is_in(programs, path));
    kept.map(|(_, what)| format!("there is {what}"))
        .or_else(|| hidden.map(|programs| format!("it would hide {programs} of the image")))
}

/// Why jobs may not see what is there. Below the home a site may have put something for them.
fn shown(path: &str) -> Option<String> {
    if !is_plain(path) {
        return Some("this is no plain absolute path".to_owned());
    }
    let is_shown = |kept: &str| is_in(kept, path) || kept == FOLDER && is_in(path, kept);
    let inner = path.strip_prefix(HOME).and_then(|inner| inner.trim_start_matches('/').split('/').next());
    if let Some(inner) = inner.filter(|inner| WORK.contains(inner)) {
        return Some(format!("every job could read {HOME}/{inner}, the work and keys of all jobs"));
    }
    let (_, what) = KEPT.iter().take(2).find(|(kept, _)| is_shown(kept))?;
    Some(format!("every job could read {what}"))
}

/// Whether `path` is `folder`, or below it.
fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder.trim_end_matches('/'))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes_stay_away_from_what_is_there() {
        for path in ["/srv/x", "/var/lib/ci-tokens", "/authdaemon/token", "/usr/lib/x", "/etc/zuul2", "/temp"]
        {
            assert_eq!(mounted(path), None, "{path}");
        }
        let refused = [
            "",
            "x",
            "/",
            "//x",
            "/x/",
            "/a/../b",
            "/etc",
            "/etc/zuul",
            "/etc/zuul/x",
            "/var",
            "/tmp/x",
            "/usr",
        ];
        for path in refused {
            assert!(mounted(path).is_some(), "{path}");
        }
    }

    #[test]
    fn jobs_do_not_see_configuration_and_keys() {
        for path in ["/srv/x", "/var/lib/zuul/shared", "/var/lib/zuul/builds2", "/etc/openstack", "/usr"] {
            assert_eq!(shown(path), None, "{path}");
        }
        for path in [
            "",
            "/",
            "/etc",
            "/etc/zuul",
            "/etc/zuul/executor",
            "/var/lib",
            "/var/lib/zuul",
            "/srv/../etc",
            "/var/lib/zuul/builds",
            "/var/lib/zuul/.ssh/id_rsa",
        ] {
            assert!(shown(path).is_some(), "{path}");
        }
    }
}
