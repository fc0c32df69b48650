//! What is said where options come from Secrets, given or not.

use super::*;

/// The example with the line of a connection replaced, and what is said of it besides what is said of
/// Secrets that were not given.
fn of(from: &str, to: &str, more: &str) -> Vec<String> {
    let said = said(&(changed(&site(), from, to) + more), &Rig::new().catalog()).into_iter();
    said.map(|(code, path)| format!("{code} {path}")).collect()
}

const GIT: &str = "      driver: git\n      baseurl: https://opendev.org\n";

#[test]
fn what_is_wrong_whatever_the_secret_holds_is_told() {
    let wrong = "      driver: gerrit\n      secretName: later\n      server: https://review.example.org\n";
    assert_eq!(
        of(GIT, wrong, ""),
        ["HostNameIsUrl spec.connections.opendev.server", "KeysNotKnown spec.connections.opendev.secretName"]
    );
    let right = "      driver: gerrit\n      secretName: later\n      server: review.example.org\n";
    assert_eq!(of(GIT, right, ""), ["KeysNotKnown spec.connections.opendev.secretName"]);
}

#[test]
fn a_secret_has_options_and_nothing_else() {
    let secret =
        "---\napiVersion: v1\nkind: Secret\nmetadata: {name: all}\nstringData: {driver: git, baseurl: x}\n";
    assert_eq!(
        of(GIT, "      driver: git\n      secretName: all\n", secret),
        ["SecretKeyIgnored spec.connections.opendev.secretName"]
    );
}

#[test]
fn what_the_operator_must_see_comes_from_no_secret() {
    let secret = "{secretName: gerrit, key: http_password}";
    assert_eq!(
        of("    count: 6", &format!("    count: 6\n    trusted_ro_paths: {secret}"), ""),
        ["OptionNotSeen spec.executor.trusted_ro_paths"]
    );
    assert_eq!(
        of("  web:\n", &format!("  web:\n    listen_address: {secret}\n"), ""),
        ["OptionNotSeen spec.web.listen_address"]
    );
}

/// Neither is missing, and what is told of one authenticator does not depend on the other.
#[test]
fn an_authenticator_may_have_its_options_from_a_secret_that_is_not_given() {
    let one = "  auth:\n    cli: {driver: HS256, secretName: later}\n";
    assert_eq!(of("  auth:\n", one, ""), ["KeysNotKnown spec.auth.cli.secretName"]);
    let two = format!("{one}    old: {{driver: HS256}}\n");
    assert_eq!(
        of("  auth:\n", &two, ""),
        ["AuthOptionMissing spec.auth.old.secret", "KeysNotKnown spec.auth.cli.secretName"]
    );
}

/// Zuul would ignore the keys, so this is an error only where an option that must be there was meant.
#[test]
fn keys_that_are_no_options_are_told_where_the_secret_is_named() {
    let gerrit = |more: &str| {
        format!("      driver: gerrit\n      secretName: wide\n      server: review.example.org\n{more}")
    };
    let secret = |keys: &str| secret("wide", keys);
    let keys = "user: zuul, sshkey: \"x\\n\", http_password: x, known_hosts: x";
    let ignored = "SecretKeyIgnored spec.connections.opendev.secretName";
    assert_eq!(of(GIT, &gerrit(""), &secret(keys)), [ignored, ignored]);
    let cured = "      password: {secretName: wide, key: http_password}\n";
    assert_eq!(of(GIT, &gerrit(cured), &secret(keys)), [ignored], "the cure works");
    assert_eq!(
        of(GIT, &gerrit(""), &secret("users: zuul, sshkey: \"x\\n\"")),
        [ignored],
        "once, and not missing, too"
    );
}

/// The example with its nodepool.yaml in a Secret.
fn nodepool_in_a_secret(from: &str, to: &str) -> Vec<String> {
    let site = changed(&site(), "    config: nodepool\n", "    config: {secretName: nodepool}\n");
    let file = "kind: ConfigMap\nmetadata:\n  name: nodepool\n  namespace: ci\ndata:";
    let secret = file.replace("ConfigMap", "Secret").replace("\ndata:", "\nstringData:");
    let said = said(&changed(&changed(&site, file, &secret), from, to), &Rig::new().catalog());
    said.into_iter().map(|(code, path)| format!("{code} {path}")).collect()
}

#[test]
fn what_is_masked_of_a_nodepool_yaml_makes_no_finding() {
    let labels = "    labels:\n      - name: ubuntu-noble\n";
    let sliced = "    labels:\n      - name: slice\n      - name: slice-too\n      - name: ubuntu-noble\n";
    let providers = |second: &str| {
        format!(
            "    providers:\n      - name: slices\n        driver: metastatic\n        pools:\n          - name: main\n            \
             labels:\n              - {{name: slice, backing-label: ubuntu-noble, max-parallel-jobs: 2}}\n              \
             - {{name: slice-too, backing-label: {second}, max-parallel-jobs: 2}}\n"
        )
    };
    let of = |second: &str| {
        let both = changed(&site(), labels, sliced);
        let both = changed(&both, "    providers:\n", &providers(second));
        let between = |text: &str| text.split("  nodepool.yaml: |").nth(1).unwrap().to_owned();
        nodepool_in_a_secret(&between(&site()), &between(&both))
    };
    assert_eq!(of("ubuntu-noble"), [""; 0]);
    let path = "stringData[\"nodepool.yaml\"].providers[0].pools[0].labels[1].backing-label";
    assert_eq!(of("nobody"), [format!("NodepoolUnservedBackingLabel {path}")]);
}

#[test]
fn a_nodepool_yaml_that_cannot_be_masked_is_there_all_the_same() {
    assert_eq!(
        nodepool_in_a_secret("cloud: cloud-a\n", "cloud: %(NODEPOOL_CLOUD)\n"),
        ["NodepoolYaml stringData[\"nodepool.yaml\"]"]
    );
}

fn secret(name: &str, keys: &str) -> String {
    format!("---\napiVersion: v1\nkind: Secret\nmetadata: {{name: {name}}}\nstringData: {{{keys}}}\n")
}

/// The cure of `KeysNotKnown`: nothing stops the rest from being checked.
#[test]
fn a_secret_with_empty_values_is_enough_for_a_check() {
    let gerrit = "      driver: gerrit\n      secretName: later\n      server: review.example.org\n";
    let keys = secret("later", "user: '', sshkey: '', password: ''");
    let empty = |key: &str| format!("SecretEmpty stringData.{key}");
    assert_eq!(of(GIT, gerrit, &keys), ["password", "sshkey", "user"].map(empty));
}

#[test]
fn files_in_secrets_are_checked_like_those_in_config_maps() {
    let variables = "  siteVariables: {secretName: vars, key: v}\n  builder:\n";
    assert_eq!(of("  builder:\n", variables, &secret("vars", "v: \"a: 1\"")), [""; 0]);
    assert_eq!(of("  builder:\n", variables, &secret("vars", "v: \"a: b: c\"")), ["NotYaml stringData.v"]);
}

#[test]
fn a_secure_conf_names_what_the_builder_builds() {
    let conf =
        |name: &str| secret("secure", &format!("s: \"diskimages: [{{name: {name}, env-vars: {{A: b}}}}]\""));
    let builder = "  builder:\n    secureConfig: {secretName: secure, key: s}\n";
    assert_eq!(of("  builder:\n", builder, &conf("ubuntu-noble")), [""; 0]);
    assert_eq!(of("  builder:\n", builder, &conf("ubuntu-nobel")), ["SecureDiskimage stringData.s"]);
    let ini = secret("secure", "s: \"[diskimages]\\nA=b\"");
    assert_eq!(of("  builder:\n", builder, &ini), ["NotYaml stringData.s"]);
    // What cannot be read of nodepool.yaml is told alone.
    let from = "    elements-dir: /etc/nodepool/elements\n";
    let broken = changed(&site(), from, &format!("{from}    x: [\n"));
    let broken = changed(&broken, "  builder:\n", builder) + &conf("ubuntu-noble");
    let said = said(&broken, &Rig::new().catalog());
    assert!(!said.is_empty() && said.iter().all(|(code, _)| code != "SecureDiskimage"), "{said:?}");
}
