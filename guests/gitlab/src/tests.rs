//! Who is given what, and what is said.

use super::*;
use zuul_plugin_sdk::Setting;
use zuul_plugin_sdk::testing::{codes, connection, everything, keys, shown_to, text};

fn render(options: &[(&str, Setting)]) -> Rendering {
    Gitlab::render(connection("gitlab", options))
}

fn tokens() -> Vec<(&'static str, Setting)> {
    vec![("api_token", Setting::Secret(0)), ("webhook_token", Setting::Secret(1))]
}

fn with(more: &[(&'static str, Setting)]) -> Vec<(&'static str, Setting)> {
    [tokens(), more.to_vec()].concat()
}

#[test]
fn web_has_the_webhook_token_and_clones_the_named_token() {
    let rendering = render(&with(&[("api_token_name", text("zuul"))]));
    assert_eq!(shown_to(&rendering, Components::WEB), "webhook_token=<1>\n");
    assert_eq!(shown_to(&rendering, Components::SCHEDULER), "api_token=<0>\n");
    for component in [Components::EXECUTOR, Components::MERGER] {
        assert_eq!(shown_to(&rendering, component), "api_token=<0>\napi_token_name=zuul\n");
    }
    assert_eq!(codes(&rendering.findings), [""; 0]);
}

#[test]
fn clones_that_do_not_use_the_token_do_not_have_it() {
    let ssh = [("cloneurl", text("ssh://git@gitlab.com")), ("sshkey", Setting::Secret(2))];
    for more in [&[][..], &ssh, &[&ssh[..], &[("api_token_name", text("zuul"))]].concat()] {
        let rendering = render(&with(more));
        assert!(!keys(&rendering, Components::MERGER).split(' ').any(|key| key == "api_token"), "{more:?}");
    }
    // Where it is not known, they may need it.
    let rendering = render(&with(&[("api_token_name", text("zuul")), ("cloneurl", Setting::Secret(2))]));
    assert_eq!(keys(&rendering, Components::EXECUTOR), "api_token api_token_name cloneurl");
}

#[test]
fn with_everything_set_each_component_has_its_keys() {
    let options = everything(&Gitlab::TABLE);
    let rendering = render(&options);
    assert_eq!(
        keys(&rendering, Components::SCHEDULER),
        "api_token baseurl canonical_hostname disable_connection_pool keepalive server"
    );
    assert_eq!(keys(&rendering, Components::WEB), "baseurl canonical_hostname server webhook_token");
    let git = "api_token api_token_name baseurl canonical_hostname cloneurl server sshkey";
    assert_eq!(keys(&rendering, Components::MERGER), git);
    assert_eq!(keys(&rendering, Components::EXECUTOR), git);
    assert_eq!(keys(&rendering, Components::LAUNCHER | Components::FINGERGW), "");
}

#[test]
fn only_a_pool_that_is_off_is_written() {
    for (setting, written) in [(text("Yes"), "disable_connection_pool=true\n"), (text("no"), "")] {
        let rendering = render(&[("disable_connection_pool", setting)]);
        assert_eq!(shown_to(&rendering, Components::SCHEDULER), written);
    }
}

#[test]
fn without_a_web_server_no_webhook_token_is_needed() {
    let mut request =
        connection("gitlab", &[("api_token", Setting::Secret(0)), ("api_token_name", text("zuul"))]);
    assert_eq!(codes(&Gitlab::render(request.clone()).findings), ["GitlabNoWebhookToken"]);
    request.components = Components::SCHEDULER | Components::MERGER;
    assert_eq!(codes(&Gitlab::render(request).findings), [""; 0]);
}

#[test]
fn combinations_that_cannot_work_are_found() {
    let hook = ("webhook_token", Setting::Secret(1));
    let named = ("api_token_name", text("zuul"));
    let key = ("sshkey", Setting::Secret(2));
    let ssh = ("cloneurl", text("ssh://git@gitlab.com"));
    let login = |url: &str| ("cloneurl", text(url));
    for (options, expected) in [
        (vec![], vec!["GitlabNoWebhookToken", "GitlabNoApiToken"]),
        (vec![hook.clone(), named.clone()], vec!["OptionNeedsAnother"]),
        (tokens(), vec!["GitlabAnonymousClone"]),
        (with(&[named.clone(), ("baseurl", text("https://git.example.com/gitlab"))]), vec![]),
        (with(&[login("https://zuul:x@gitlab.com")]), vec![]),
        (with(&[named.clone(), login("https://zuul:x@gitlab.com")]), vec!["GitlabCannotClone"]),
        (with(&[named.clone(), login("http://zuul:x@gitlab.com")]), vec!["GitlabTokenNameUnused"]),
        (with(std::slice::from_ref(&ssh)), vec!["GitlabCannotClone"]),
        (with(&[login("git@gitlab.com:")]), vec!["GitlabCannotClone"]),
        (with(&[ssh.clone(), key.clone()]), vec![]),
        (with(&[ssh, key.clone(), named.clone()]), vec!["GitlabTokenNameUnused"]),
        (with(&[key.clone(), named.clone()]), vec!["GitlabKeyUnused"]),
        (with(&[named.clone(), login("gl.example.org/git")]), vec!["UrlWithoutScheme"]),
        (with(&[key.clone(), login("httpd.example.org/git")]), vec!["UrlWithoutScheme"]),
        (with(&[login("/srv/git")]), vec![]),
        (with(&[named.clone(), ("baseurl", text("gl.example.org"))]), vec!["UrlWithoutScheme"]),
        (with(&[named.clone(), ("server", text("gl.example.org:8443"))]), vec![]),
        (with(&[key, named.clone(), ("cloneurl", Setting::Secret(3))]), vec![]),
        (with(&[("api_token_name", text("zuul@ci"))]), vec!["GitlabNotQuoted"]),
        (vec![hook, named.clone(), ("api_token", text("a:b/c"))], vec!["GitlabNotQuoted"]),
        (with(&[named, ("server", text("https://gitlab.com"))]), vec!["HostNameIsUrl"]),
    ] {
        assert_eq!(codes(&render(&options).findings), expected, "{options:?}");
    }
}
