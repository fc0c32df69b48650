//! Who is given what, and what is said.

use super::*;
use zuul_plugin_sdk::testing::{codes, connection, everything, keys, shown_to, text};
use zuul_plugin_sdk::{Components, Setting};

fn render(options: &[(&str, Setting)]) -> Rendering {
    Elasticsearch::render(connection("elasticsearch", options))
}

#[test]
fn web_is_given_no_credentials() {
    for (uri, to_web) in [
        (text("https://es.example.org:9200"), "https://es.example.org:9200"),
        (text("https://a:9200,https://b:9200"), "https://a:9200,https://b:9200"),
        (text("https://zuul:s3cret@es.example.org:9200"), STAND_IN),
        (text("https://a:9200,https://zuul:s3,cret@b:9200"), STAND_IN),
        (Setting::Secret(0), STAND_IN),
    ] {
        let rendering = render(&[("uri", uri.clone())]);
        assert_eq!(shown_to(&rendering, Components::WEB), format!("uri={to_web}\n"), "{uri:?}");
        let whole = if let Setting::Text(text) = uri { text } else { "<0>".to_owned() };
        assert_eq!(shown_to(&rendering, Components::SCHEDULER), format!("uri={whole}\n"));
    }
}

#[test]
fn with_everything_set_the_scheduler_has_all_and_web_the_address() {
    let options = everything(&Elasticsearch::TABLE);
    let rendering = render(&options);
    assert_eq!(rendering.readers, Components::SCHEDULER | Components::WEB);
    assert_eq!(
        keys(&rendering, Components::SCHEDULER),
        "ca_certs client_cert client_key uri use_ssl verify_certs"
    );
    assert_eq!(keys(&rendering, Components::WEB), "uri");
    let files: Vec<&str> = rendering.files.iter().map(|file| file.path.as_str()).collect();
    let mount = "/etc/zuul/connections/test";
    assert_eq!(
        files,
        [&format!("{mount}/ca_certs"), &format!("{mount}/client_cert"), &format!("{mount}/client_key")]
    );
    assert!(rendering.files.iter().all(|file| file.readers == Components::SCHEDULER));
}

/// Anything but `false` is true to Zuul.
#[test]
fn booleans_are_written_only_when_they_are_false() {
    for (setting, written) in [(text("no"), "verify_certs=false\n"), (text("yes"), "")] {
        let rendering = render(&[("uri", text("https://a")), ("verify_certs", setting)]);
        assert_eq!(shown_to(&rendering, Components::SCHEDULER), format!("uri=https://a\n{written}"));
    }
}

#[test]
fn combinations_that_cannot_work_are_found() {
    let uri = ("uri", text("https://es.example.org"));
    let off = |name| (name, Setting::Boolean(false));
    let ca = ("ca_certs", text("/ca.pem"));
    let key = ("client_key", Setting::Secret(1));
    for (options, expected) in [
        (vec![uri.clone()], vec![]),
        (vec![("uri", text("es:9200, https://u:p@es2:9200/prefix"))], vec![]),
        (vec![("uri", text("https://a,"))], vec!["ElasticsearchBadUri"]),
        (vec![("uri", text("https://:9200"))], vec!["ElasticsearchBadUri"]),
        (vec![("uri", text("https://zuul@a"))], vec!["ElasticsearchBadUri"]),
        (vec![("uri", text("https://a:abc"))], vec!["ElasticsearchBadUri"]),
        (vec![("uri", text("https://u:p@a:65536"))], vec!["ElasticsearchBadUri"]),
        (vec![("uri", text("https://a:9200 , https://b"))], vec!["ElasticsearchBadUri"]),
        (vec![("uri", text("https://::1:9200"))], vec!["ElasticsearchBadUri"]),
        (vec![("uri", text("https://[::1"))], vec!["ElasticsearchBadUri"]),
        (vec![("uri", text("https://[::1]:9200,https://[::1],https://b:,https://c:0 "))], vec![]),
        (vec![("uri", text("http://a:9200"))], vec!["ElasticsearchSpeaksTls"]),
        (vec![("uri", text("http://a:9200")), off("use_ssl")], vec![]),
        (vec![("uri", text("http://a:9200")), ("use_ssl", text("on"))], vec![]),
        (vec![uri.clone(), key.clone()], vec!["OptionNeedsAnother"]),
        (vec![uri.clone(), ("client_cert", text("/both.pem"))], vec![]),
        (vec![uri.clone(), off("use_ssl"), ca.clone()], vec!["ElasticsearchOptionIgnored"]),
        (vec![uri.clone(), off("use_ssl"), off("verify_certs")], vec!["ElasticsearchOptionIgnored"]),
        (vec![uri.clone(), off("verify_certs"), ca.clone()], vec!["ElasticsearchOptionIgnored"]),
        (vec![uri, ca, key, ("client_cert", text("/c.pem"))], vec![]),
    ] {
        assert_eq!(codes(&render(&options).findings), expected, "{options:?}");
    }
}
