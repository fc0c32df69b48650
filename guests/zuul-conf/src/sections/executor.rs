//! The executor's section. Nobody else reads it.

use zuul_plugin_sdk::{Components, Kind, SectionRow, option, section};

use super::{daemon, port};

const TO: Components = Components::EXECUTOR;

/// `[executor]`: places, network, limits, jobs. The bounds of load, memory and disk are those beyond which
/// `executor/sensors` never lets a job start.
pub const EXECUTOR: SectionRow = section(
    "executor",
    "Executors, which run the jobs.",
    daemon!(
        "executor",
        TO,
        option(
            "private_key_file",
            Kind::SecretFile,
            TO,
            "SSH key that nodes are reached with; every job fails without.",
        )
        .default("~/.ssh/id_rsa")
        .required(),
        option("git_dir", Kind::Path, TO, "Folder of the executor's repositories.")
            .default("/var/lib/zuul/executor-git"),
        option("job_dir", Kind::Path, TO, "Folder of running builds; must exist if set.")
            .default("/var/lib/zuul/builds"),
        option("state_dir", Kind::Path, TO, "Folder of the executor's state.").default("/var/lib/zuul"),
        option("ansible_root", Kind::Path, TO, "Folder of Ansible installations other than the image's."),
        option(
            "manage_ansible",
            Kind::Boolean,
            TO,
            "Install Ansible at start if it is missing; needs the network.",
        )
        .default("true"),
        option("variables", Kind::Path, TO, "File with Ansible variables for all jobs of this executor."),
        port("finger_port", TO, "Port of log streams.").default("7900"),
        option("hostname", Kind::Text, TO, "Host name that web and gateways reach the executor at."),
        option("zone", Kind::Text, TO, "Zone of nodes that this executor serves."),
        option("allow_unzoned", Kind::Boolean, TO, "Serve nodes without a zone too.").default("false"),
        option("merge_jobs", Kind::Boolean, TO, "Work as a merger too.").default("true"),
        option("paused_on_start", Kind::Boolean, TO, "Take no jobs until `zuul-executor unpause`.")
            .default("false"),
        option("sigterm_method", Kind::OneOf, TO, "What SIGTERM does: wait for running jobs, or stop them.")
            .choices(&["graceful", "stop"])
            .default("graceful"),
        option("user", Kind::Text, TO, "User to become at start; needs root."),
        option("disk_limit_per_job", Kind::Integer, TO, "Megabytes that a job may use; -1 for no limit.")
            .default("250"),
        option(
            "load_multiplier",
            Kind::Number,
            TO,
            "No new jobs above this load a CPU; it is the load of the whole node.",
        )
        .default("2.5")
        .at_least(0.001),
        option(
            "max_starting_builds",
            Kind::Integer,
            TO,
            "Jobs that may be starting at one time; by load if absent.",
        )
        .at_least(1.0),
        option("min_avail_hdd", Kind::Number, TO, "Percent of the disk that must be free for new jobs.")
            .default("5.0")
            .at_most(100.0),
        option("min_avail_inodes", Kind::Number, TO, "Percent of inodes that must be free for new jobs.")
            .default("5.0")
            .at_most(100.0),
        option("min_avail_mem", Kind::Number, TO, "Percent of memory that must be free for new jobs.")
            .default("5.0")
            .at_most(100.0),
        option("output_max_bytes", Kind::Integer, TO, "Bytes that a job may print.").default("1073741824"),
        option("cgroup_memory_limit", Kind::Text, TO, "Memory limit of the executor's cgroup; needs root."),
        option("default_username", Kind::Text, TO, "User on nodes that name none.").default("zuul"),
        option("ansible_setup_timeout", Kind::Integer, TO, "Seconds that Ansible's setup of a job may take.")
            .default("60"),
        option(
            "trusted_ro_paths",
            Kind::Text,
            TO,
            "Folders that trusted playbooks may read, separated by colons.",
        ),
        option(
            "trusted_rw_paths",
            Kind::Text,
            TO,
            "Folders that trusted playbooks may write, separated by colons.",
        ),
        option(
            "untrusted_ro_paths",
            Kind::Text,
            TO,
            "Folders that untrusted playbooks may read, separated by colons.",
        ),
        option(
            "untrusted_rw_paths",
            Kind::Text,
            TO,
            "Folders that untrusted playbooks may write, separated by colons.",
        ),
        option("winrm_cert_key_file", Kind::SecretFile, TO, "Client key for Windows nodes.")
            .default("~/.winrm/winrm_client_cert.key"),
        option("winrm_cert_pem_file", Kind::Path, TO, "Client certificate for Windows nodes.")
            .default("~/.winrm/winrm_client_cert.pem"),
        option(
            "winrm_operation_timeout_sec",
            Kind::Integer,
            TO,
            "Seconds that one operation on a Windows node may take.",
        ),
        option(
            "winrm_read_timeout_sec",
            Kind::Integer,
            TO,
            "Seconds to wait for an answer of a Windows node.",
        )
    ),
);
