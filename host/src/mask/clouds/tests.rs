use super::*;
use crate::mask::{scalars, unmask};
use crate::secret::Segment;

fn secret() -> SecretRef {
    SecretRef::new("clouds", "clouds.yaml")
}

/// The redacted document, with the scalars of `yaml` in their places.
fn filled(yaml: &str) -> String {
    let redacted = redact(yaml, &secret()).unwrap();
    let scalars = scalars(yaml).unwrap();
    let one = |segment: &Segment| match segment {
        Segment::Text(text) => text.clone(),
        Segment::Secret(secret) => scalars[secret.scalar.unwrap() as usize].clone(),
    };
    unmask(&redacted, &redacted, &secret()).unwrap().0.iter().map(one).collect()
}

const SITE: &str = "\
# hunter2
cache: {auth: true, expiration: {server: hunter2}}
login: &login
  auth_type: v3applicationcredential
  auth: {auth_url: 'https://one.example.org:5000', application_credential_secret: hunter2}
clouds:
  one:
    <<: *login
    region-name: North
    image_format: raw
    verify: no
    key: hunter2
    networks: [{name: hunter2}]
  two:
    profile: vexxhost
    auth: {username: hunter2, password: hunter2, token: hunter2, passcode: hunter2}
    regions:
      - RegionOne
      - name: RegionTwo
        values: {image_format: qcow2, auth: {password: hunter2}, password: hunter2}
    password: hunter2
  three: {profile: {auth_url: hunter2}, region_name: [hunter2], auth: hunter2}
  four: {auth: {auth_url: 'https://zuul:hunter2@four.example.org'}}
";

#[test]
fn what_a_cloud_is_looked_up_by_stays_and_nothing_else() {
    let redacted = redact(SITE, &secret()).unwrap();
    for word in ["hunter2", "example.org", "North", "vexxhost", "RegionOne"] {
        assert!(!redacted.contains(word), "{redacted}");
    }
    assert_eq!(
        filled(SITE),
        "\
clouds:
  one:
    <<:
      auth:
        auth_url: \"https://one.example.org:5000\"
    region-name: North
    image_format: raw
    verify: no
  two:
    profile: vexxhost
    auth: {}
    regions:
      - RegionOne
      -
        name: RegionTwo
        values:
          image_format: qcow2
          auth: {}
  three: {}
  four:
    auth: {}
"
    );
}

#[test]
fn clouds_are_known_by_their_names() {
    let names = |yaml: &str| cloud_names(&redact(yaml, &secret()).unwrap());
    let of = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    assert_eq!(names(SITE), of(&["four", "one", "three", "two"]));
    assert_eq!(names("cache: {}"), of(&[]));
    assert_eq!(names("clouds: {a: {}, b: }"), of(&["a"]));
    assert_eq!(names("a: &a {x: {}}\nclouds: {<<: *a}"), None);
    assert_eq!(names(""), of(&[]));
}

#[test]
fn what_cannot_be_read_is_refused_without_a_word_of_it() {
    let bombs = (0..9).fold("a0: &a0 {b: {}}\n".to_owned(), |yaml, n| {
        let more = format!("*a{n}, ").repeat(9);
        format!("{yaml}a{}: &a{} {{<<: [{more}]}}\n", n + 1, n + 1)
    });
    for yaml in [
        "hunter2: [",
        "a: 1\n---\nhunter2: 2",
        &format!("{bombs}clouds: *a9"),
        "clouds: {zuul-secret-1-placeholder: {}}",
    ] {
        let finding = redact(yaml, &secret()).unwrap_err();
        assert_eq!((finding.code.as_str(), finding.object.name.as_str()), ("CloudsYaml", "clouds"), "{yaml}");
        assert!(!format!("{finding:?}").contains("hunter2"), "{finding:?}");
    }
}
