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
        [
            "HostNameIsUrl spec.connections.opendev.server",
            "SecretNotGiven spec.connections.opendev.secretName"
        ]
    );
    let right = "      driver: gerrit\n      secretName: later\n      server: review.example.org\n";
    assert_eq!(of(GIT, right, ""), ["SecretNotGiven spec.connections.opendev.secretName"]);
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
    let secret = "{secretName: gerrit, key: sshkey}";
    assert_eq!(
        of("    count: 6", &format!("    count: 6\n    trusted_ro_paths: {secret}"), ""),
        ["OptionNotSeen spec.executor.trusted_ro_paths"]
    );
    assert_eq!(
        of("  web:\n", &format!("  web:\n    listen_address: {secret}\n"), ""),
        ["OptionNotSeen spec.web.listen_address"]
    );
}
