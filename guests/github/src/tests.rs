//! Who is given what, and what is said.

use super::*;
use zuul_plugin_sdk::Setting;
use zuul_plugin_sdk::testing::{codes, connection, keys, shown_to, text};

fn render(options: &[(&str, Setting)]) -> Rendering {
    Github::render(connection("github", options))
}

fn app() -> Vec<(&'static str, Setting)> {
    vec![
        ("app_id", Setting::Integer(7)),
        ("app_key", Setting::Secret(0)),
        ("webhook_token", Setting::Secret(1)),
    ]
}

#[test]
fn web_has_the_webhook_token_and_no_other_secret() {
    let rendering = render(&app());
    assert_eq!(shown_to(&rendering, Components::WEB), "webhook_token=<1>\n");
    for component in [Components::SCHEDULER, Components::EXECUTOR, Components::MERGER] {
        assert_eq!(
            shown_to(&rendering, component),
            "app_id=7\napp_key=/etc/zuul/connections/test/app_key\n\
             file /etc/zuul/connections/test/app_key <0>\n"
        );
    }
    assert_eq!(codes(&rendering.findings), [""; 0]);
}

#[test]
fn with_everything_set_each_component_has_its_keys() {
    let description = Github::TABLE.description();
    let options: Vec<(&str, Setting)> = description
        .options
        .iter()
        .map(|option| match option.kind {
            Kind::Secret | Kind::SecretFile => (option.name.as_str(), Setting::Secret(0)),
            Kind::Boolean => (option.name.as_str(), Setting::Boolean(false)),
            _ => (option.name.as_str(), text("1")),
        })
        .collect();
    let rendering = render(&options);
    assert_eq!(keys(&rendering, Components::WEB), "canonical_hostname server webhook_token");
    assert_eq!(
        keys(&rendering, Components::SCHEDULER),
        "api_token app_id app_key canonical_hostname max_threads_per_installation rate_limit_logging server \
         verify_ssl"
    );
    let git = "canonical_hostname repo_cache repo_retry_timeout server sshkey verify_ssl";
    assert_eq!(keys(&rendering, Components::MERGER), git);
    assert_eq!(keys(&rendering, Components::EXECUTOR), git);
    assert_eq!(keys(&rendering, Components::LAUNCHER | Components::FINGERGW), "");
}

#[test]
fn combinations_that_cannot_work_are_found() {
    let token = ("api_token", Setting::Secret(0));
    let hook = ("webhook_token", Setting::Secret(1));
    let key = ("sshkey", Setting::Secret(2));
    for (options, expected) in [
        (vec![], vec!["GithubNoWebhookToken", "GithubAnonymous"]),
        (vec![hook.clone(), token.clone()], vec![]),
        (vec![hook.clone(), ("app_id", Setting::Integer(7))], vec!["OptionNeedsAnother"]),
        (vec![hook.clone(), ("app_key", Setting::Secret(0))], vec!["OptionNeedsAnother"]),
        (vec![("webhook_token", text("")), token.clone()], vec!["GithubNoWebhookToken"]),
        (vec![hook.clone(), token.clone(), key, ("repo_cache", text("c"))], vec!["GithubOptionIgnored"]),
        (vec![hook.clone(), token.clone(), ("repo_retry_timeout", text("9"))], vec!["GithubOptionIgnored"]),
        (vec![hook.clone(), token.clone(), ("repo_cache", text("cache.example.com/github"))], vec![]),
        (vec![hook.clone(), token.clone(), ("repo_cache", text("https://c"))], vec!["HostNameIsUrl"]),
        (vec![hook, token, ("server", text("https://ghe.example.com"))], vec!["HostNameIsUrl"]),
    ] {
        assert_eq!(codes(&render(&options).findings), expected, "{options:?}");
    }
}
