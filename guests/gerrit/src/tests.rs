//! Who is given what, and what is said.

use super::*;
use zuul_plugin_sdk::testing::{codes, connection, keys, shown_to, text};
use zuul_plugin_sdk::{Components, Kind};

fn render(options: &[(&str, Setting)]) -> Rendering {
    let mut all = vec![("server", text("review.example.com")), ("user", text("zuul"))];
    all.retain(|(name, _)| options.iter().all(|(other, _)| other != name));
    all.extend_from_slice(options);
    Gerrit::render(connection("gerrit", &all))
}

fn key_and_password() -> Vec<(&'static str, Setting)> {
    vec![("sshkey", Setting::Secret(0)), ("password", Setting::Secret(1)), ("auth_type", text("basic"))]
}

#[test]
fn with_a_password_clones_use_it_and_the_key_stays_in_the_scheduler() {
    let rendering = render(&key_and_password());
    for component in [Components::MERGER, Components::EXECUTOR] {
        assert_eq!(
            shown_to(&rendering, component),
            "auth_type=basic\npassword=<1>\nserver=review.example.com\nuser=zuul\n"
        );
    }
    assert_eq!(
        shown_to(&rendering, Components::SCHEDULER),
        "auth_type=basic\npassword=<1>\nserver=review.example.com\n\
         sshkey=/etc/zuul/connections/test/sshkey\nuser=zuul\n\
         file /etc/zuul/connections/test/sshkey <0>\n"
    );
    assert_eq!(codes(&rendering.findings), [""; 0]);
}

#[test]
fn over_ssh_the_password_stays_in_the_scheduler() {
    for yes in [Setting::Boolean(true), text("yes"), Setting::Integer(1)] {
        let mut options = key_and_password();
        options.push(("git_over_ssh", yes));
        let rendering = render(&options);
        assert_eq!(
            shown_to(&rendering, Components::EXECUTOR),
            "server=review.example.com\nsshkey=/etc/zuul/connections/test/sshkey\nuser=zuul\n\
             file /etc/zuul/connections/test/sshkey <0>\n"
        );
        assert!(shown_to(&rendering, Components::SCHEDULER).contains("git_over_ssh=true\n"));
        assert_eq!(codes(&rendering.findings), [""; 0]);
    }
}

#[test]
fn the_google_service_account_clones_without_credentials() {
    let rendering = render(&[
        ("auth_type", text("gcloud_service")),
        ("stream_events", Setting::Boolean(false)),
        ("password", Setting::Secret(0)),
    ]);
    assert_eq!(keys(&rendering, Components::MERGER), "auth_type server user");
    assert_eq!(keys(&rendering, Components::SCHEDULER), "auth_type password server stream_events user");
    assert_eq!(codes(&rendering.findings), [""; 0]);
}

#[test]
fn with_everything_set_each_component_has_its_keys() {
    let info = Gerrit::TABLE.description();
    let options: Vec<(&str, Setting)> = info
        .options
        .iter()
        .map(|option| match option.kind {
            Kind::Secret | Kind::SecretFile => (option.name.as_str(), Setting::Secret(0)),
            Kind::Boolean => {
                (option.name.as_str(), Setting::Boolean(option.default.as_deref() == Some("false")))
            }
            _ => (option.name.as_str(), text("x")),
        })
        .collect();
    let rendering = Gerrit::render(connection("gerrit", &options));
    assert_eq!(
        keys(&rendering, Components::WEB),
        "baseurl canonical_hostname gitweb_url_template server user"
    );
    assert_eq!(
        keys(&rendering, Components::MERGER),
        "baseurl canonical_hostname port server ssh_server sshkey user"
    );
    assert_eq!(keys(&rendering, Components::EXECUTOR), keys(&rendering, Components::MERGER));
    assert_eq!(keys(&rendering, Components::SCHEDULER).split(' ').count(), info.options.len());
    assert_eq!(keys(&rendering, Components::LAUNCHER | Components::FINGERGW), "");
    assert!(rendering.files.iter().all(|file| !file.readers.contains(Components::WEB)));
}

#[test]
fn broken_booleans_are_never_written() {
    for value in
        [Setting::Boolean(true), text("true"), text("yes"), text("on"), Setting::Integer(1), text("maybe")]
    {
        let rendering = render(&[("sshkey", Setting::Secret(0)), ("verify_ssl", value)]);
        assert_eq!(keys(&rendering, Components::SCHEDULER), "server sshkey user");
    }
    for value in [Setting::Boolean(false), text("no"), text("False")] {
        let options =
            [("sshkey", Setting::Secret(0)), ("verify_ssl", value.clone()), ("git_over_ssh", value)];
        let shown = shown_to(&render(&options), Components::SCHEDULER);
        assert!(shown.contains("verify_ssl=false\n") && !shown.contains("git_over_ssh"), "{shown}");
    }
    let rendering = render(&[("sshkey", Setting::Secret(0)), ("verify_ssl", Setting::Secret(1))]);
    assert_eq!(keys(&rendering, Components::SCHEDULER), "server sshkey user");
    assert_eq!(codes(&rendering.findings), ["GerritBooleanFromSecret"]);
}

#[test]
fn combinations_that_cannot_work_are_found() {
    let key = ("sshkey", Setting::Secret(0));
    let password = ("password", Setting::Secret(1));
    let kafka = ("kafka_bootstrap_servers", text("kafka:9092"));
    for (options, expected) in [
        (vec![], vec!["GerritCannotClone", "GerritNoEvents"]),
        (vec![password.clone()], vec!["GerritNoEvents"]),
        (vec![password.clone(), kafka.clone()], vec![]),
        (
            vec![password.clone(), ("git_over_ssh", Setting::Boolean(true)), kafka.clone()],
            vec!["GerritCannotClone"],
        ),
        (vec![key.clone(), ("auth_type", text("digest"))], vec!["GerritAuthTypeUnused"]),
        (
            vec![key.clone(), ("password", text("")), ("auth_type", text("form"))],
            vec!["GerritAuthTypeUnused"],
        ),
        (
            vec![key.clone(), kafka.clone(), ("aws_kinesis_region", text("x"))],
            vec!["GerritEventSourceIgnored"],
        ),
        (vec![key.clone(), ("ssh_server", text("ssh://x"))], vec!["HostNameIsUrl"]),
        (vec![key.clone(), ("server", text("x:8443"))], vec!["HostNameIsUrl"]),
        (vec![key.clone(), ("server", text("x:8443")), ("ssh_server", text("x"))], vec![]),
        (vec![password.clone(), kafka.clone(), ("server", text("x:8443"))], vec![]),
        (vec![key.clone(), ("server", text("2001:db8::1"))], vec![]),
        (vec![key.clone(), ("server", Setting::Secret(2))], vec![]),
        (vec![key.clone(), ("baseurl", text("review.example.org/r"))], vec!["UrlWithoutScheme"]),
        (vec![key.clone(), ("gitweb_url_template", text("{baseurl}/{foo}"))], vec!["GerritWebUrlTemplate"]),
        (vec![key, kafka, ("kafka_tls_key", Setting::Secret(1))], vec!["OptionNeedsAnother"; 2]),
    ] {
        assert_eq!(codes(&render(&options).findings), expected, "{options:?}");
    }
}

#[test]
fn server_and_user_are_required() {
    let required: Vec<String> = Gerrit::TABLE
        .description()
        .options
        .into_iter()
        .filter(|option| option.required)
        .map(|option| option.name)
        .collect();
    assert_eq!(required, ["server", "user"]);
    // The host reports what is required; a connection without them must still not hurt the plugin.
    assert_eq!(keys(&Gerrit::render(connection("gerrit", &[])), Components::SCHEDULER), "");
}
