//! The azure driver: nodes and images in Microsoft's cloud, by zuul-launcher.
//!
//! Only launchers talk to the cloud: scheduler and web have the section and nothing in it, as the
//! credentials file is opened at boot wherever it is named (`AzureConnection.__init__` in Zuul 14.3).
#![forbid(unstable_features)]

use zuul_plugin_sdk::{
    CodeRow, Components, Connection, Driver, DriverTable, Finding, Kind, OptionRow, Roles, driver, error,
    export_driver, option, readers, warning,
};

/// Zuul's `azure` driver.
pub struct Azure;

impl Driver for Azure {
    const TABLE: DriverTable =
        driver(&["azure"], Roles::PROVIDER, "Nodes and images in Microsoft's cloud, used by zuul-launcher.")
            .options(OPTIONS)
            .codes(CODES);

    fn findings(connection: &Connection) -> Vec<Finding> {
        findings(connection)
    }
}

export_driver!(Azure);

/// The codes of its findings.
const CODES: &[CodeRow] = &[
    ("AzureNoCredential", "A part of the credentials is missing; Azure refuses every request."),
    ("AzureSecretUnused", "`client_secret` is set beside a federated token, which is used in its place."),
];

const OPTIONS: &[OptionRow] = {
    let to = readers::LAUNCHER;
    let no_file = "`shared_credentials_file` is not set";
    &[
        option("tenant_id", Kind::Text, to, "Id of the directory (tenant).").required_when(no_file),
        option("client_id", Kind::Text, to, "Id of the application that Zuul acts as.")
            .required_when(no_file),
        option("client_secret", Kind::Secret, to, "Secret of the application.")
            .required_when("neither `shared_credentials_file` nor `federated_token_file` is set"),
        option("subscription_id", Kind::Text, to, "Id of the subscription.").required_when(no_file),
        option(
            "shared_credentials_file",
            Kind::SecretFile,
            to,
            "JSON with tenantId, clientId, clientSecret and subscriptionId, for those that are not set.",
        ),
        option(
            "federated_token_file",
            Kind::Path,
            to,
            "File with a federated token, in place of the application's secret.",
        ),
        option("rate", Kind::Number, to, "Requests in a second; 0 for any number.")
            .default("2")
            .range(0.0, 1e6),
    ]
};

/// Zuul has no other place for credentials than these options (`AzureAuth`).
fn findings(connection: &Connection) -> Vec<Finding> {
    let set = |option: &str| connection.is_set(option);
    let mut findings = Vec::new();
    // What is missing here stands in the file.
    if !set("shared_credentials_file") && connection.components.contains(Components::LAUNCHER) {
        let has_token = set("federated_token_file");
        let wanted = ["tenant_id", "client_id", "subscription_id", "client_secret"];
        let missing = wanted.into_iter().filter(|&name| !(set(name) || has_token && name == "client_secret"));
        findings.extend(missing.map(|name| {
            error("AzureNoCredential", name, &format!("`{name}` is missing: Azure refuses every request"))
                .expected("`tenant_id`, `client_id`, `subscription_id`, and `client_secret` or `federated_token_file`")
                .cure(&format!("set `{name}`, or `shared_credentials_file`"))
        }));
    }
    if set("client_secret") && set("federated_token_file") {
        findings.push(
            warning("AzureSecretUnused", "client_secret", "`federated_token_file` is used in its place")
                .expected("one of the two")
                .cure("remove `client_secret`, or `federated_token_file`"),
        );
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use zuul_plugin_sdk::testing::{codes, connection, everything, keys, shown_to, text};
    use zuul_plugin_sdk::{Rendering, Setting};

    fn render(options: &[(&str, Setting)]) -> Rendering {
        Azure::render(connection("azure", options))
    }

    #[test]
    fn with_everything_set_only_the_launcher_has_keys() {
        let options = everything(&Azure::TABLE);
        let rendering = render(&options);
        assert_eq!(rendering.readers, Components::SCHEDULER | Components::WEB | Components::LAUNCHER);
        assert_eq!(
            keys(&rendering, Components::LAUNCHER),
            "client_id client_secret federated_token_file rate shared_credentials_file subscription_id tenant_id"
        );
        assert_eq!(shown_to(&rendering, Components::all() - Components::LAUNCHER), "");
    }

    #[test]
    fn combinations_that_cannot_work_are_found() {
        let ids = [("tenant_id", text("t")), ("client_id", text("c")), ("subscription_id", text("s"))];
        let with = |more: &[(&'static str, Setting)]| [&ids[..], more].concat();
        let secret = ("client_secret", Setting::Secret(0));
        let token = ("federated_token_file", text("/var/run/token"));
        let file = ("shared_credentials_file", Setting::Secret(1));
        for (options, expected) in [
            (vec![], vec!["AzureNoCredential"; 4]),
            (ids.to_vec(), vec!["AzureNoCredential"]),
            (with(std::slice::from_ref(&secret)), vec![]),
            (with(std::slice::from_ref(&token)), vec![]),
            (vec![file.clone()], vec![]),
            (vec![token.clone()], vec!["AzureNoCredential"; 3]),
            (with(&[secret, token, file]), vec!["AzureSecretUnused"]),
        ] {
            assert_eq!(codes(&render(&options).findings), expected, "{options:?}");
        }
    }

    /// Then the connection is there for the scheduler and web, of which none reads them.
    #[test]
    fn without_a_launcher_nothing_is_missing() {
        let mut request = connection("azure", &[]);
        request.components = Components::SCHEDULER | Components::WEB;
        assert_eq!(codes(&Azure::render(request).findings), [""; 0]);
    }
}
