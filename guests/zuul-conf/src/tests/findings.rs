//! Values as they are written, and what is refused or warned of.

use super::*;

#[test]
fn values_are_written_as_zuul_reads_them() {
    let sections = with_tenants(vec![
        section(
            "zookeeper",
            None,
            &[("hosts", text("zk-0:2281, zk-1:2281/zuul")), ("session_timeout", Setting::Number(40.5))],
        ),
        section("database", None, &[("dburi", Setting::Secret(3)), ("table_prefix", text(""))]),
        section(
            "executor",
            None,
            &[("manage_ansible", Setting::Boolean(false)), ("merge_jobs", text("yes")), ("zone", text(""))],
        ),
    ]);
    let answer = render(sections, Vec::new());
    assert_eq!(codes(&answer.findings), [""; 0]);
    let zookeeper = "[zookeeper]\nhosts=zk-0:2281, zk-1:2281/zuul\nsession_timeout=40.5\n";
    assert_eq!(
        shown(&answer, Components::SCHEDULER),
        format!("{zookeeper}[database]\ndburi=<3>\n[scheduler]\ntenant_config=/main.yaml\n")
    );
    assert_eq!(
        shown(&answer, Components::EXECUTOR),
        format!("{zookeeper}[executor]\nmanage_ansible=false\nmerge_jobs=true\n")
    );
    assert_eq!(shown(&answer, Components::FINGERGW), zookeeper);
}

#[test]
fn options_that_are_not_known_go_to_the_owner_or_to_all_readers() {
    let sections = with_tenants(vec![
        section("web", None, &[("new", text("1"))]),
        section("keystore", None, &[("new", text("2"))]),
        section("site", None, &[("new", text("3"))]),
    ]);
    let answer = render(sections, Vec::new());
    assert_eq!(codes(&answer.findings), [""; 0]);
    assert_eq!(shown(&answer, Components::WEB), "[keystore]\nnew=2\n[web]\nnew=1\n[site]\nnew=3\n");
    assert_eq!(shown(&answer, Components::EXECUTOR), "[keystore]\nnew=2\n[site]\nnew=3\n");
    assert_eq!(shown(&answer, Components::MERGER), "[site]\nnew=3\n");
}

#[test]
fn connections_keep_their_order_and_begin_with_the_driver() {
    let all = readers::SOURCE;
    let connections =
        vec![connection("b", all, &[("server", all)]), connection("a", readers::WEB, &[("x", readers::WEB)])];
    let answer = render(with_tenants(Vec::new()), connections);
    assert_eq!(
        shown(&answer, Components::WEB),
        "[connection b]\ndriver=gerrit\nserver=x\n[connection a]\ndriver=gerrit\nx=x\n"
    );
    assert_eq!(shown(&answer, Components::MERGER), "[connection b]\ndriver=gerrit\nserver=x\n");
    assert_eq!(shown(&answer, Components::LAUNCHER), "");
}

#[test]
fn what_is_there_twice_is_written_once_and_reported() {
    let all = readers::ALL;
    let sections = vec![
        section("scheduler", None, &[("tenant_config", text("/a")), ("Tenant_Config", text("/b"))]),
        section("scheduler", None, &[("tenant_config", text("/c"))]),
    ];
    let connections = vec![
        connection("a", all, &[("x", all), ("X", all), ("driver", all)]),
        connection("a", all, &[]),
        connection("a]\n[b", all, &[]),
    ];
    let answer = render(sections, connections);
    assert!(codes(&answer.findings).iter().all(|code| ["WrittenTwice", "SectionName"].contains(code)));
    let paths: Vec<&str> = answer.findings.iter().map(|finding| finding.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "scheduler.Tenant_Config",
            "scheduler.tenant_config",
            "connection a.X",
            "connection a.driver",
            "connection a",
            "connection a]\n[b"
        ]
    );
    assert_eq!(
        shown(&answer, Components::SCHEDULER),
        "[scheduler]\ntenant_config=/a\n[connection a]\ndriver=gerrit\nx=x\n"
    );
}

#[test]
fn a_key_may_have_one_value_a_component() {
    let (scheduler, web) = (Components::SCHEDULER, Components::WEB);
    let lines = [("uri", scheduler), ("uri", web), ("URI", web | Components::MERGER)];
    let answer = render(with_tenants(vec![]), vec![connection("a", readers::ALL, &lines)]);
    let paths: Vec<&str> = answer.findings.iter().map(|finding| finding.path.as_str()).collect();
    assert_eq!(paths, ["connection a.URI"]);
    assert_eq!(shown(&answer, web), "[connection a]\ndriver=gerrit\nuri=x\n");
    assert_eq!(shown(&answer, Components::MERGER), "[connection a]\ndriver=gerrit\n");
}

#[test]
fn the_old_status_url_becomes_root() {
    let old = section("web", None, &[("status_url", text("https://zuul.example.com"))]);
    let answer = render(with_tenants(vec![old.clone()]), Vec::new());
    assert_eq!(codes(&answer.findings), Vec::<&str>::new());
    for component in [Components::WEB, Components::SCHEDULER] {
        assert!(shown(&answer, component).contains("[web]\nroot=https://zuul.example.com\n"));
    }
    let new = section("web", None, &[("root", text("https://new.example.com"))]);
    let answer = render(with_tenants(vec![old, new]), Vec::new());
    assert_eq!(codes(&answer.findings), ["WebStatusUrl"]);
    assert_eq!(shown(&answer, Components::WEB), "[web]\nroot=https://new.example.com\n");
}

#[test]
fn what_breaks_zuul_or_leaks_is_found_and_not_written() {
    let secret = Setting::Secret(0);
    for (name, instance, option, setting, code) in [
        ("database", None, "pool_recycle", Setting::Integer(1), "OptionNotRead"),
        ("ansible_callback", Some("x"), "token", secret.clone(), "AnsibleCallbackSecret"),
        ("executor", None, "private_key_file", secret.clone(), "SecretNotMounted"),
        ("auth", Some("x"), "private_key", secret.clone(), "OptionNotRead"),
        ("auth", Some("x"), "private_key", text("/key"), "OptionNotRead"),
        ("webclient", None, "url", text("https://x"), "OptionNotRead"),
        ("auth", None, "realm", text("x"), "SectionName"),
        ("auth", Some("a\"b"), "realm", text("x"), "SectionName"),
        ("web", Some("x"), "port", text("1"), "SectionName"),
        ("", None, "x", text("x"), "SectionName"),
    ] {
        let one = section(name, instance, &[(option, setting)]);
        let answer = render(with_tenants(vec![one]), Vec::new());
        assert_eq!(codes(&answer.findings), [code], "{name}.{option}");
        for component in readers::ALL.iter() {
            let shown = shown(&answer, component).replace("tenant_config=/main.yaml\n", "");
            assert_eq!(
                shown.lines().filter(|line| line.contains('=')).count(),
                0,
                "{name}.{option}: {shown}"
            );
        }
    }
}

#[test]
fn combinations_are_found() {
    let auth = |options: &[(&str, Setting)]| section("auth", Some("x"), options);
    let driver = |name: &str| ("driver", text(name));
    let on = ("enabled", Setting::Boolean(true));
    for (one, expected) in [
        (auth(&[driver("HS256")]), Some("AuthOptionMissing")),
        (auth(&[driver("HS256"), ("secret", Setting::Secret(0))]), None),
        (auth(&[driver("RS256"), ("secret", Setting::Secret(0))]), Some("AuthOptionMissing")),
        (auth(&[driver("RS256"), ("public_key", text("/pub"))]), None),
        (auth(&[driver("RS256withJWKS")]), Some("AuthOptionMissing")),
        (auth(&[driver("RS256withJWKS"), ("keys_url", text("https://x"))]), None),
        (auth(&[driver("OpenIDConnect"), ("issuer_id", text("https://x"))]), None),
        (section("tracing", None, &[on.clone(), ("certificate_file", text("/c"))]), Some("TracingOption")),
        (
            section(
                "tracing",
                None,
                &[on.clone(), ("protocol", text("http/protobuf")), ("tls_ca", text("/c"))],
            ),
            Some("TracingOption"),
        ),
        (section("tracing", None, &[on, ("insecure", Setting::Boolean(true))]), None),
        (section("tracing", None, &[("certificate_file", text("/c"))]), None),
    ] {
        let answer = render(with_tenants(vec![one.clone()]), Vec::new());
        assert_eq!(codes(&answer.findings), expected.as_slice(), "{one:?}");
    }
}

#[test]
fn what_stops_zuul_before_it_sends_anything_is_found() {
    let statsd = |server: Setting| section("statsd", None, &[("server", server)]);
    let tracing = |enabled: bool, protocol: &str, compression: Setting| {
        let options = [
            ("enabled", Setting::Boolean(enabled)),
            ("protocol", text(protocol)),
            ("compression", compression),
        ];
        section("tracing", None, &options)
    };
    for (one, expected) in [
        (statsd(text("statsd.example.org")), None),
        (statsd(text("192.0.2.1")), None),
        (statsd(Setting::Secret(0)), None),
        (statsd(text("statsd.example.org:8125")), Some("HostNameIsUrl")),
        (statsd(text("udp://statsd.example.org")), Some("HostNameIsUrl")),
        (statsd(text("2001:db8::1")), Some("HostNameIsUrl")),
        (tracing(true, "grpc", text("gzip")), Some("TracingCompression")),
        (tracing(true, "", text("gzip")), Some("TracingCompression")),
        (tracing(true, "grpc", text("2")), None),
        (tracing(true, "grpc", Setting::Secret(0)), None),
        (tracing(true, "http/protobuf", text("2")), Some("TracingCompression")),
        (tracing(true, "http/protobuf", Setting::Secret(0)), Some("TracingCompression")),
        (tracing(true, "http/protobuf", text("")), None),
        (tracing(false, "grpc", text("gzip")), None),
    ] {
        let answer = render(with_tenants(vec![one.clone()]), Vec::new());
        assert_eq!(codes(&answer.findings), expected.as_slice(), "{one:?}");
    }
}

#[test]
fn tenants_come_from_one_place() {
    let file = ("tenant_config", text("/main.yaml"));
    let script = ("tenant_config_script", text("/script"));
    for (options, expected) in [
        (vec![], vec![]),
        (vec![file.clone()], vec![]),
        (vec![script.clone()], vec!["TenantConfigScript"]),
        (vec![file, script], vec!["TenantConfigTwice"]),
    ] {
        let answer = render(vec![section("scheduler", None, &options)], Vec::new());
        assert_eq!(codes(&answer.findings), expected, "{options:?}");
    }
}

#[test]
fn what_zuul_takes_without_a_word_is_told() {
    let of = |sections: Vec<Section>| {
        let findings = render(with_tenants(sections), Vec::new()).findings;
        findings.iter().map(|finding| format!("{} {}", finding.code, finding.path)).collect::<Vec<_>>()
    };
    let root = |root: &str| of(vec![section("web", None, &[("root", text(root))])]);
    assert_eq!(root("zuul.example.org"), ["WebRoot web.root"]);
    assert_eq!(root("https://zuul.example.org"), [""; 0]);
    let oidc = |options: &[(&str, &str)]| {
        let options: Vec<_> = options.iter().map(|(name, value)| (*name, text(value))).collect();
        of(vec![section("oidc", None, &options)])
    };
    let wrong = ["OidcAlgorithm oidc.default_signing_algorithm"];
    assert_eq!(oidc(&[("default_signing_algorithm", "ES256")]), wrong);
    assert_eq!(oidc(&[("supported_signing_algorithms", "ES256")]), wrong, "RS256 is the default");
    let both = [("default_signing_algorithm", "ES256"), ("supported_signing_algorithms", "RS256, ES256")];
    assert_eq!(oidc(&both), [""; 0]);
    let auth = |name: &str, default: bool| {
        let options = [
            ("driver", text("HS256")),
            ("secret", Setting::Secret(0)),
            ("default", Setting::Boolean(default)),
        ];
        section("auth", Some(name), &options)
    };
    assert_eq!(of(vec![auth("a", true), auth("b", false)]), [""; 0]);
    assert_eq!(of(vec![auth("a", true), auth("b", true)]), ["AuthDefaultTwice auth b.default"]);
}
