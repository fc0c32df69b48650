//! What a component cannot do as it is set up.

use super::Row;

pub const ROWS: &[Row] = &[
    (
        "        operator: Exists\n  merger:\n    count: 3\n",
        "        operator: Exists\n    merge_jobs: false\n  merger:\n    count: 0\n",
        &["NoMerger spec.merger"],
    ),
    ("        operator: Exists\n", "        operator: Exists\n    merge_jobs: false\n", &[]),
    ("    count: 3\n", "    count: 0\n", &[]),
    (
        "        operator: Exists\n  merger:\n    count: 3\n",
        "        operator: Exists\n    merge_jobs: {secretName: gerrit, key: http_password}\n  merger:\n    count: 0\n",
        &[],
    ),
    (
        "        operator: Exists\n  merger:\n    count: 3\n",
        "        operator: Exists\n    merge_jobs: maybe\n  merger:\n    count: 0\n",
        &["WrongType spec.executor.merge_jobs"],
    ),
    (
        "        operator: Exists\n",
        "        operator: Exists\n    job_dir: /srv/x\n",
        &["NotWritable spec.executor.job_dir"],
    ),
    (
        "        operator: Exists\n",
        "        operator: Exists\n    git_dir: /srv/x\n",
        &["NotWritable spec.executor.git_dir"],
    ),
    ("        operator: Exists\n", "        operator: Exists\n    git_dir: ~/x\n", &[]),
    ("        operator: Exists\n", "        operator: Exists\n    git_dir: /var/lib/zuul/x/y\n", &[]),
    ("        operator: Exists\n", "        operator: Exists\n    git_dir: /dev/shm/git\n", &[]),
    (
        "        operator: Exists\n",
        "        operator: Exists\n    git_dir: /etc/zuul/git\n",
        &["NotWritable spec.executor.git_dir"],
    ),
    (
        "        operator: Exists\n",
        "        operator: Exists\n    git_dir: /var/lib/ci-tokens/git\n",
        &["NotWritable spec.executor.git_dir"],
    ),
    (
        "        operator: Exists\n",
        "        operator: Exists\n    state_dir: /var/lib/zuul-state\n",
        &["NotWritable spec.executor.state_dir"],
    ),
    ("        operator: Exists\n", "        operator: Exists\n    state_dir: ~/state\n", &[]),
    (
        "        operator: Exists\n",
        "        operator: Exists\n    job_dir: ~/x\n",
        &["FolderMissing spec.executor.job_dir"],
    ),
    (
        "        operator: Exists\n",
        "        operator: Exists\n    cgroup_memory_limit: 1G\n",
        &["NeedsRoot spec.executor.cgroup_memory_limit"],
    ),
    (
        "        operator: Exists\n",
        "        operator: Exists\n    volumes: [{name: work, emptyDir: {}}]\n    volumeMounts: [{name: work, mountPath: /srv}]\n    job_dir: /srv\n",
        &[],
    ),
    (
        "        operator: Exists\n",
        "        operator: Exists\n    volumes: [{name: work, emptyDir: {}}]\n    volumeMounts: [{name: work, mountPath: /srv}]\n    job_dir: /srv/x\n",
        &["FolderMissing spec.executor.job_dir"],
    ),
    (
        "        operator: Exists\n",
        "        operator: Exists\n    volumes: [{name: work, persistentVolumeClaim: {claimName: work}}]\n    volumeMounts: [{name: work, mountPath: /srv}]\n    job_dir: /srv/x\n",
        &[],
    ),
    (
        "        operator: Exists\n",
        "        operator: Exists\n    job_dir: /srv/x\n    image: registry.example.org/executor:1\n",
        &[],
    ),
    (
        "        operator: Exists\n",
        "        operator: Exists\n    git_dir: /srv/x\n    patch: {spec: {containers: [{name: executor, volumeMounts: [{name: tmp, mountPath: /srv}]}]}}\n",
        &[],
    ),
    (
        "        operator: Exists\n",
        "        operator: Exists\n    job_dir: /var/lib/zuul/x\n    patch: {spec: {initContainers: [{name: a, image: b, volumeMounts: [{name: home, mountPath: /a}]}]}}\n",
        &[],
    ),
    (
        "        operator: Exists\n",
        "        operator: Exists\n    cgroup_memory_limit: 1G\n    patch: {spec: {containers: [{name: executor, securityContext: {runAsUser: 0, runAsNonRoot: false}}]}}\n",
        &[],
    ),
    (
        "    git_user_name: Example Zuul\n",
        "    git_user_name: Example Zuul\n    git_dir: /srv/x\n",
        &["NotWritable spec.merger.git_dir"],
    ),
];
