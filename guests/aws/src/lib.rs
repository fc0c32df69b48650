//! The aws driver: nodes and images in Amazon's cloud, by zuul-launcher.
//!
//! Only launchers talk to the cloud: scheduler and web have the section and nothing in it. Without any
//! credential boto3 looks for one itself: in the environment, in its own files, at the instance.
#![forbid(unstable_features)]

use zuul_plugin_sdk::check::{NEEDS, needs};
use zuul_plugin_sdk::{
    CodeRow, Connection, Driver, DriverTable, Finding, Kind, OptionRow, Roles, driver, export_driver, note,
    option, readers, warning,
};

/// Zuul's `aws` driver.
pub struct Aws;

impl Driver for Aws {
    const TABLE: DriverTable =
        driver(&["aws"], Roles::PROVIDER, "Nodes and images in Amazon's cloud, used by zuul-launcher.")
            .options(OPTIONS)
            .codes(CODES);

    fn findings(connection: &Connection) -> Vec<Finding> {
        findings(connection)
    }
}

export_driver!(Aws);

/// The codes of its findings.
const CODES: &[CodeRow] = &[
    NEEDS,
    ("AwsOptionIgnored", "An option has no effect beside the others."),
    (
        "AwsProfileTwice",
        "Zuul's own credentials file and boto3's need a profile of the same name, unless the file names a role.",
    ),
];

const OPTIONS: &[OptionRow] = {
    let to = readers::LAUNCHER;
    &[
        option("access_key_id", Kind::Text, to, "Name of the access key.")
            .required_when("`secret_access_key` is set"),
        option("secret_access_key", Kind::Secret, to, "The access key.")
            .required_when("`access_key_id` is set"),
        option(
            "shared_credentials_file",
            Kind::SecretFile,
            to,
            "File of Zuul's own form: [PROFILE] with access_key_id, secret_access_key, role_arn, \
             web_identity_token_file, endpoint_url.",
        ),
        option("profile", Kind::Text, to, "Profile in `shared_credentials_file`, and in boto3's own files.")
            .required_when("`shared_credentials_file` is set"),
        option("role_arn", Kind::Text, to, "Role to take on with a web identity's token.")
            .required_when("`web_identity_token_file` is set"),
        option("web_identity_token_file", Kind::Path, to, "File with the web identity's token."),
        option("endpoint_url", Kind::Text, to, "URL of a cloud that is like Amazon's."),
        option("rate", Kind::Number, to, "Requests in a second; 0 for any number.")
            .default("2")
            .range(0.0, 1e6),
    ]
};

/// By `AwsConnection.__init__` and `AwsProviderEndpoint._getClients`: with a role the keys are not used,
/// and without one the token is not.
fn findings(connection: &Connection) -> Vec<Finding> {
    let set = |option: &str| connection.is_set(option);
    let mut findings: Vec<Finding> =
        needs(connection, "shared_credentials_file", "profile").into_iter().collect();
    // What is missing here may stand in the file.
    let has_file = set("shared_credentials_file");
    if !has_file {
        let pairs = [("access_key_id", "secret_access_key"), ("secret_access_key", "access_key_id")];
        findings.extend(pairs.into_iter().filter_map(|(option, other)| needs(connection, option, other)));
    }
    let ignored =
        |option: &str, message: &str, cure: &str| warning("AwsOptionIgnored", option, message).cure(cure);
    if set("role_arn") {
        let keys = ["access_key_id", "secret_access_key"].into_iter().find(|name| set(name));
        findings.extend(keys.map(|key| {
            ignored(key, "with `role_arn` the access key is not used", "remove the access key, or `role_arn`")
        }));
    } else if set("web_identity_token_file") && !has_file {
        findings.push(ignored(
            "web_identity_token_file",
            "it is used with `role_arn` only",
            "set `role_arn`, or remove it",
        ));
    }
    if has_file && set("profile") && !set("role_arn") {
        findings.push(
            // A plugin does not see whether the file names one.
            note(
                "AwsProfileTwice",
                "profile",
                "unless the file names a role_arn, Zuul hands the profile to boto3 as well, and fails if boto3's \
                 own file does not have it",
            )
            .expected("a role in the file, or `access_key_id` and `secret_access_key` in its place")
            .cure(
                "without a role in the file set `access_key_id` and `secret_access_key` in its place, or give \
                 boto3 a file with this profile by `spec.externalConfig.amazon`",
            ),
        );
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use zuul_plugin_sdk::testing::{codes, connection, everything, keys, shown_to, text};
    use zuul_plugin_sdk::{Components, Rendering, Setting, Severity};

    fn render(options: &[(&str, Setting)]) -> Rendering {
        Aws::render(connection("aws", options))
    }

    #[test]
    fn with_everything_set_only_the_launcher_has_keys() {
        let options = everything(&Aws::TABLE);
        let rendering = render(&options);
        assert_eq!(rendering.readers, Components::SCHEDULER | Components::WEB | Components::LAUNCHER);
        assert_eq!(
            keys(&rendering, Components::LAUNCHER),
            "access_key_id endpoint_url profile rate role_arn secret_access_key shared_credentials_file \
             web_identity_token_file"
        );
        assert_eq!(shown_to(&rendering, Components::all() - Components::LAUNCHER), "");
    }

    #[test]
    fn combinations_that_cannot_work_are_found() {
        let id = ("access_key_id", text("AKIA"));
        let key = ("secret_access_key", Setting::Secret(0));
        let file = ("shared_credentials_file", Setting::Secret(1));
        let profile = ("profile", text("ci"));
        let role = ("role_arn", text("arn:aws:iam::1:role/zuul"));
        let token = ("web_identity_token_file", text("/var/run/token"));
        for (options, expected) in [
            (vec![], vec![]),
            (vec![id.clone(), key.clone()], vec![]),
            (vec![id.clone()], vec!["OptionNeedsAnother"]),
            (vec![key.clone()], vec!["OptionNeedsAnother"]),
            (vec![id.clone(), ("secret_access_key", text(""))], vec!["OptionNeedsAnother"]),
            (vec![file.clone()], vec!["OptionNeedsAnother"]),
            (vec![file.clone(), profile.clone()], vec!["AwsProfileTwice"]),
            (vec![file.clone(), profile.clone(), id.clone()], vec!["AwsProfileTwice"]),
            (vec![file.clone(), profile.clone(), role.clone()], vec![]),
            (vec![profile.clone()], vec![]),
            (vec![role.clone(), token.clone()], vec![]),
            (vec![role.clone()], vec![]),
            (vec![token.clone()], vec!["AwsOptionIgnored"]),
            (vec![role, token, id, key], vec!["AwsOptionIgnored"]),
        ] {
            assert_eq!(codes(&render(&options).findings), expected, "{options:?}");
        }
    }

    #[test]
    fn what_may_be_right_is_only_noted() {
        let rendering = render(&[("shared_credentials_file", Setting::Secret(0)), ("profile", text("ci"))]);
        assert_eq!(rendering.findings[0].severity, Severity::Note);
    }
}
