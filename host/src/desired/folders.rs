//! Options that name folders: what a component writes has to be on a volume, as the rest of its disk is read-only.

use k8s_openapi::api::core::v1::{Container, PodSpec, Volume, VolumeMount};

use super::section::Section;
use crate::contract::Setting;
use crate::diagnostic::{FieldPath, Finding};
use crate::validate::{Instance, is_plain};

/// Folders that a component makes itself, with those above them: section, option, whether `~` is the home there
/// (`zuul/merger/server.py`, `zuul/executor/server.py`, `zuul/launcher/server.py`).
const MADE: [(&str, &str, bool); 4] = [
    ("executor", "git_dir", false),
    ("executor", "state_dir", true),
    ("merger", "git_dir", false),
    ("launcher", "temp_dir", true),
];
/// The folder of running builds, which has to be there if it is set: Zuul makes only the default one, and only
/// if the option is not set (`zuul/cmd/executor.py`).
const JOBS: (&str, &str) = ("executor", "job_dir");
/// Can be written in every container.
const SHARED_MEMORY: &str = "/dev/shm";

/// Findings about the pods of one section.
pub fn check(pod: &PodSpec, section: &Section<'_>, instance: &Instance) -> Vec<Finding> {
    let Some(main) = pod.containers.first() else { return Vec::new() };
    let cgroup = cgroup(pod, main, section, instance);
    let context = main.security_context.as_ref();
    if context.and_then(|it| it.read_only_root_filesystem) != Some(true) || !is_zuuls(main) {
        return cgroup.into_iter().collect();
    }
    let of = |(name, option): (&str, &str), expands: bool| {
        (section.path() == FieldPath::spec().key(name))
            .then(|| folder(main, instance, name, option, expands))?
    };
    let made = MADE.iter().filter_map(|(name, option, expands)| {
        let folder = of((name, option), *expands)?;
        let mount = covering(main, &folder);
        let is_written = folder == SHARED_MEMORY
            || folder.starts_with("/dev/shm/")
            || mount.is_some_and(|mount| is_writable(mount, pod));
        (!is_written).then(|| unwritable(option, &folder, section))
    });
    let jobs = of(JOBS, true).and_then(|folder| match covering(main, &folder) {
        Some(mount) if !is_writable(mount, pod) => Some(unwritable(JOBS.1, &folder, section)),
        None => Some(unwritable(JOBS.1, &folder, section)),
        Some(mount) => missing(mount, &folder, pod, section),
    });
    made.chain(jobs).chain(cgroup).collect()
}

/// Zuul makes groups of its own below /sys/fs/cgroup (`zuul/driver/bubblewrap`), which belongs to root. A
/// container runtime may give a container without privileges its own part of it.
fn cgroup(pod: &PodSpec, main: &Container, section: &Section<'_>, instance: &Instance) -> Option<Finding> {
    const OPTION: &str = "cgroup_memory_limit";
    let is_executor = section.path() == FieldPath::spec().key("executor");
    instance.option("executor", OPTION).filter(|_| is_executor)?;
    let (own, shared) = (main.security_context.as_ref(), pod.security_context.as_ref());
    let user = own.and_then(|it| it.run_as_user).or(shared.and_then(|it| it.run_as_user));
    if user == Some(0) {
        return None;
    }
    let path = section.path().key(OPTION);
    let message = format!("{OPTION} makes Zuul write to /sys/fs/cgroup, which it cannot as an ordinary user");
    let finding = match own.and_then(|it| it.privileged) {
        Some(true) => Finding::error("NeedsRoot", path, message),
        _ => Finding::warning("NeedsRoot", path, message),
    };
    Some(finding.cure("remove it: limits of the pod's memory are in `resources`"))
}

/// Other images may have volumes of their own.
fn is_zuuls(main: &Container) -> bool {
    main.image.as_ref().is_some_and(|image| image.starts_with("quay.io/zuul-ci/"))
}

/// What the option names, if that is known.
fn folder(
    main: &Container,
    instance: &Instance,
    section: &str,
    option: &str,
    expands: bool,
) -> Option<String> {
    let Setting::Text(text) = instance.option(section, option)? else { return None };
    let text = text.trim_end_matches('/');
    let home = main.env.iter().flatten().find(|variable| variable.name == "HOME")?.value.as_ref()?;
    let below_home =
        text.strip_prefix('~').filter(|rest| expands && (rest.is_empty() || rest.starts_with('/')));
    let folder = below_home.map_or_else(|| text.to_owned(), |rest| format!("{home}{rest}"));
    is_plain(&folder).then_some(folder)
}

/// The mount that the folder is in.
fn covering<'a>(main: &'a Container, folder: &str) -> Option<&'a VolumeMount> {
    let mounts = main.volume_mounts.iter().flatten();
    let covers = |mount: &&VolumeMount| {
        let rest = folder.strip_prefix(mount.mount_path.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    mounts.filter(covers).max_by_key(|mount| mount.mount_path.len())
}

fn volume<'a>(mount: &VolumeMount, pod: &'a PodSpec) -> Option<&'a Volume> {
    pod.volumes.iter().flatten().find(|volume| volume.name == mount.name)
}

/// What Kubernetes makes files of is never written.
fn is_writable(mount: &VolumeMount, pod: &PodSpec) -> bool {
    let is_made = |volume: &Volume| {
        volume.config_map.is_some()
            || volume.secret.is_some()
            || volume.projected.is_some()
            || volume.downward_api.is_some()
            || volume.image.is_some()
    };
    mount.read_only != Some(true) && !volume(mount, pod).is_some_and(is_made)
}

fn unwritable(option: &str, folder: &str, section: &Section<'_>) -> Finding {
    let message = format!("{folder} cannot be written: no volume is there, or it is read-only");
    Finding::error("NotWritable", section.path().key(option), message)
        .expected("a folder on a volume that can be written")
        .cure("remove the option, or add a volume for it in `volumes` and `volumeMounts`")
}

/// Whether a patch gave the container nothing else to do.
fn runs_zuul_alone(pod: &PodSpec) -> bool {
    pod.containers.first().is_some_and(|main| {
        let program = main.command.iter().flatten().next();
        program.is_some_and(|it| it.starts_with("/usr/local/bin/zuul-"))
            && main.args.is_none()
            && main.lifecycle.as_ref().is_none_or(|it| it.post_start.is_none())
    })
}

/// A folder for jobs that nobody makes on an empty volume. Another kind of volume may have it.
fn missing(mount: &VolumeMount, folder: &str, pod: &PodSpec, section: &Section<'_>) -> Option<Finding> {
    let is_other = |container: &&Container| {
        container.volume_mounts.iter().flatten().any(|other| other.name == mount.name)
    };
    let others = pod.init_containers.iter().flatten().chain(pod.containers.iter().skip(1));
    let is_empty = volume(mount, pod).is_some_and(|volume| volume.empty_dir.is_some());
    let is_home = mount.name == "home";
    let is_there = folder == mount.mount_path || !(is_empty || is_home);
    if is_there || others.into_iter().any(|it| is_other(&it)) || !runs_zuul_alone(pod) {
        return None;
    }
    let path = section.path().key(JOBS.1);
    let (message, expected) =
        (format!("nobody makes {folder}, without which the executor ends"), "a folder that is there");
    let finding = match is_empty {
        true => Finding::error("FolderMissing", path, message),
        // A disk that is kept may have it from before.
        false => Finding::warning("FolderMissing", path, message),
    };
    let cure = "remove the option: builds are in /var/lib/zuul/builds then; or mount a volume there";
    Some(finding.expected(expected).cure(cure))
}
