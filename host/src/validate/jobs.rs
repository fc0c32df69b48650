//! What jobs see of the executor: volumes for jobs, and the options that name paths.

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
        let Setting::Text(paths) = &entry.setting else { continue };
        let problem = paths.split(':').find_map(|path| Some((path, shown(path)?)));
        if let Some((path, problem)) = problem.filter(|_| OPTIONS.contains(&entry.name.as_str())) {
            facts.wrong(refused(FieldPath::spec().key("executor").key(&entry.name), path, &problem));
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
        for path in ["/srv/x", "/var/lib/zuul/shared", "/etc/openstack", "/usr"] {
            assert_eq!(shown(path), None, "{path}");
        }
        for path in
            ["", "/", "/etc", "/etc/zuul", "/etc/zuul/executor", "/var/lib", "/var/lib/zuul", "/srv/../etc"]
        {
            assert!(shown(path).is_some(), "{path}");
        }
    }
}
