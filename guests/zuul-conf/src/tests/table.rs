//! With everything set, each component has exactly its sections and keys.
//!
//! The table is typed by hand from what each component of Zuul 14.3 was seen to read, so that a
//! slip in the description does not hide itself.

use super::*;

const ZOOKEEPER: &str = "zookeeper: hosts tls_cert tls_key tls_ca session_timeout";
const KEYSTORE: &str = "keystore: password";
const DATABASE: &str = "database: dburi table_prefix";
const STATSD: &str = "statsd: server port prefix";
const TRACING: &str = "tracing: enabled protocol endpoint service_name tls_cert tls_key tls_ca \
                       certificate_file insecure timeout compression";
const MERGER: &str =
    "git_http_low_speed_limit git_http_low_speed_time git_timeout git_user_email git_user_name";
const DAEMON: &str = "log_config pidfile command_socket prometheus_port prometheus_addr";
const SOURCE: &str = "connection source: driver server";
const PROVIDER: &str = "connection provider: driver";

fn expected(component: Components) -> Vec<String> {
    let lines: Vec<String> = match component {
        Components::SCHEDULER => vec![
            ZOOKEEPER.into(),
            KEYSTORE.into(),
            DATABASE.into(),
            format!(
                "scheduler: tenant_config default_ansible_version relative_priority max_hold_expiration \
                 default_hold_expiration {DAEMON}"
            ),
            "web: root websocket_url".into(),
            "merger: git_timeout".into(),
            "zuul: report_times".into(),
            "oidc: signing_key_rotation_interval supported_signing_algorithms default_signing_algorithm"
                .into(),
            STATSD.into(),
            TRACING.into(),
            format!("{SOURCE} password"),
            PROVIDER.into(),
        ],
        Components::WEB => vec![
            ZOOKEEPER.into(),
            KEYSTORE.into(),
            DATABASE.into(),
            format!(
                "web: listen_address port root websocket_url static_path static_cache_expiry stats_type \
                 stats_url zone auth_log_file_requests {DAEMON}"
            ),
            "fingergw: tls_cert tls_key tls_ca tls_verify_hostnames".into(),
            STATSD.into(),
            TRACING.into(),
            "auth x: driver realm client_id issuer_id default uid_claim allow_authz_override \
             max_validity_time skew authority audience secret public_key keys_url scope load_user_info"
                .into(),
            SOURCE.into(),
            PROVIDER.into(),
        ],
        Components::EXECUTOR => vec![
            ZOOKEEPER.into(),
            KEYSTORE.into(),
            format!(
                "executor: private_key_file git_dir job_dir state_dir ansible_root manage_ansible variables \
                 finger_port hostname zone allow_unzoned merge_jobs paused_on_start sigterm_method user \
                 disk_limit_per_job load_multiplier max_starting_builds min_avail_hdd min_avail_inodes \
                 min_avail_mem output_max_bytes cgroup_memory_limit default_username ansible_setup_timeout \
                 trusted_ro_paths trusted_rw_paths untrusted_ro_paths untrusted_rw_paths winrm_cert_key_file \
                 winrm_cert_pem_file winrm_operation_timeout_sec winrm_read_timeout_sec {DAEMON}"
            ),
            format!("merger: {MERGER}"),
            STATSD.into(),
            TRACING.into(),
            "ansible_callback x: anything".into(),
            format!("{SOURCE} password"),
        ],
        Components::MERGER => vec![
            ZOOKEEPER.into(),
            format!("merger: git_dir {MERGER} {DAEMON}"),
            TRACING.into(),
            format!("{SOURCE} password"),
        ],
        Components::FINGERGW => vec![
            ZOOKEEPER.into(),
            format!(
                "fingergw: listen_address port public_port user hostname zone tls_cert tls_key tls_ca \
                 tls_verify_hostnames tls_client_only {DAEMON}"
            ),
        ],
        _ => vec![
            ZOOKEEPER.into(),
            format!("launcher: temp_dir connection_filter {DAEMON}"),
            STATSD.into(),
            TRACING.into(),
            PROVIDER.into(),
        ],
    };
    lines
}

/// Everything that is described, but what is broken or excluded by another option; the sections in
/// the wrong order, which must not matter.
fn everything() -> Vec<Section> {
    let excluded = ["pool_recycle", "tenant_config_script", "status_url"];
    let mut all: Vec<Section> = sections::ALL
        .iter()
        .map(|info| {
            let options: Vec<(&str, Setting)> = info
                .options
                .iter()
                .filter(|option| !excluded.contains(&option.name))
                .map(|option| {
                    let is_boolean = option.kind == zuul_plugin_sdk::Kind::Boolean;
                    (option.name, if is_boolean { Setting::Boolean(true) } else { text("a:1") })
                })
                .collect();
            let free = [("anything", text("x"))];
            let options = if options.is_empty() { &free[..] } else { &options[..] };
            section(info.name, info.named.then_some("x"), options)
        })
        .collect();
    all.reverse();
    all
}

#[test]
fn each_component_has_exactly_what_it_reads() {
    let secret = readers::SCHEDULER | readers::GIT;
    let source = connection("source", readers::SOURCE, &[("server", readers::SOURCE), ("password", secret)]);
    let answer = render(everything(), vec![source, connection("provider", readers::PROVIDER, &[])]);
    assert_eq!(answer.files.len(), 6);
    for file in &answer.files {
        let actual: Vec<String> = file
            .sections
            .iter()
            .map(|section| {
                let keys: Vec<&str> = section.lines.iter().map(|line| line.key.as_str()).collect();
                format!("{}: {}", section.header, keys.join(" "))
            })
            .collect();
        assert_eq!(actual, expected(file.component), "{:?}", file.component);
    }
}

#[test]
fn only_components_that_are_there_have_a_file() {
    let components = Components::SCHEDULER | Components::MERGER;
    let request = Request { components, sections: everything(), connections: Vec::new(), extra: Vec::new() };
    let have: Vec<Components> = ZuulConf::render(request).files.iter().map(|file| file.component).collect();
    assert_eq!(have, [Components::SCHEDULER, Components::MERGER]);
}

#[test]
fn every_option_is_described_well() {
    for info in sections::ALL {
        for option in info.options {
            let at = format!("{}.{}", info.name, option.name);
            assert!(option.summary.ends_with('.'), "{at}");
            assert_eq!(option.choices.is_empty(), option.kind != zuul_plugin_sdk::Kind::OneOf, "{at}");
            assert_eq!(
                info.options.iter().filter(|other| other.name == option.name).count(),
                1,
                "{at} is described once"
            );
        }
    }
}
