//! The mqtt driver: results as MQTT messages.
//!
//! Web needs the section, but nothing in it: the TLS files are opened at boot wherever they are
//! named, and web dies without them.
#![forbid(unstable_features)]

use zuul_plugin_sdk::check::{HOST_NAME, NEEDS, host_alone, needs};
use zuul_plugin_sdk::{
    CodeRow, Connection, Driver, DriverTable, Finding, Kind, OptionRow, Roles, driver, export_driver, option,
    readers, warning,
};

/// Zuul's `mqtt` driver.
pub struct Mqtt;

impl Driver for Mqtt {
    const TABLE: DriverTable =
        driver(&["mqtt"], Roles::REPORTER, "Results as MQTT messages.").options(OPTIONS).codes(CODES);

    fn findings(connection: &Connection) -> Vec<Finding> {
        findings(connection)
    }
}

export_driver!(Mqtt);

/// The codes of its findings.
const CODES: &[CodeRow] = &[
    NEEDS,
    HOST_NAME,
    ("MqttClientId", "A `client_id` is set, with which several schedulers kick each other out."),
    ("MqttPasswordUnused", "A `password` is set without a `user`: Zuul logs in with both only."),
];

const OPTIONS: &[OptionRow] = {
    let to = readers::SCHEDULER;
    let tls = "`certfile`, `keyfile` or `ciphers` is set";
    &[
        option("server", Kind::Text, to, "Host name of the MQTT broker.").default("localhost"),
        option("port", Kind::Integer, to, "Port of the MQTT broker.").default("1883").range(1.0, 65535.0),
        option("keepalive", Kind::Integer, to, "Seconds between two keepalives; 0 for none.")
            .default("60")
            .range(0.0, 65535.0),
        option("user", Kind::Text, to, "User to log in as.").required_when("`password` is set"),
        option("password", Kind::Secret, to, "Password to log in with."),
        option(
            "client_id",
            Kind::Text,
            to,
            "MQTT client id; a random one if absent, which several schedulers need.",
        ),
        option("ca_certs", Kind::Path, to, "CA certificates; turns TLS on.").required_when(tls),
        option("certfile", Kind::Path, to, "Client certificate.").required_when("`keyfile` is set"),
        option("keyfile", Kind::SecretFile, to, "Client key.").required_when("`certfile` is set"),
        option("ciphers", Kind::Text, to, "OpenSSL cipher list."),
    ]
};

fn findings(connection: &Connection) -> Vec<Finding> {
    let pairs = [
        ("certfile", "ca_certs"),
        ("keyfile", "ca_certs"),
        ("ciphers", "ca_certs"),
        ("certfile", "keyfile"),
        ("keyfile", "certfile"),
    ];
    let mut findings: Vec<Finding> =
        pairs.into_iter().filter_map(|(option, other)| needs(connection, option, other)).collect();
    findings.extend(host_alone(connection, "server"));
    if connection.is_set("password") && !connection.is_set("user") {
        findings.push(
            warning(
                "MqttPasswordUnused",
                "user",
                "Zuul logs in only with a `user`; the password is not used",
            )
            .expected("`user` with it")
            .cure("set `user`, or remove `password`"),
        );
    }
    if connection.is_set("client_id") {
        findings.push(
            warning("MqttClientId", "client_id", "several schedulers with one client id kick each other out")
                .expected("no `client_id`, unless there is one scheduler only")
                .cure("remove `client_id`: each scheduler then takes a random one"),
        );
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use zuul_plugin_sdk::testing::{codes, connection, everything, keys, text};
    use zuul_plugin_sdk::{Components, Setting};

    #[test]
    fn the_scheduler_has_all_and_web_the_bare_section() {
        let options = everything(&Mqtt::TABLE);
        let rendering = Mqtt::render(connection("mqtt", &options));
        assert_eq!(rendering.readers, Components::SCHEDULER | Components::WEB);
        assert_eq!(
            keys(&rendering, Components::SCHEDULER),
            "ca_certs certfile ciphers client_id keepalive keyfile password port server user"
        );
        assert_eq!(keys(&rendering, Components::WEB), "");
        let files: Vec<&str> = rendering.files.iter().map(|file| file.path.as_str()).collect();
        let mount = "/etc/zuul/connections/test";
        assert_eq!(
            files,
            [&format!("{mount}/ca_certs"), &format!("{mount}/certfile"), &format!("{mount}/keyfile")]
        );
    }

    #[test]
    fn combinations_that_cannot_work_are_found() {
        let ca = ("ca_certs", text("/ca.pem"));
        let cert = ("certfile", text("/cert.pem"));
        let key = ("keyfile", Setting::Secret(0));
        for (options, expected) in [
            (vec![], vec![]),
            (vec![ca.clone(), cert.clone(), key.clone()], vec![]),
            (vec![cert.clone(), key], vec!["OptionNeedsAnother"; 2]),
            (vec![ca, cert], vec!["OptionNeedsAnother"]),
            (vec![("ciphers", text("HIGH"))], vec!["OptionNeedsAnother"]),
            (vec![("password", Setting::Secret(0))], vec!["MqttPasswordUnused"]),
            (vec![("client_id", text("zuul"))], vec!["MqttClientId"]),
            (vec![("server", text("mqtt://m"))], vec!["HostNameIsUrl"]),
            (vec![("server", text("m:1883"))], vec!["HostNameIsUrl"]),
        ] {
            assert_eq!(codes(&Mqtt::render(connection("mqtt", &options)).findings), expected, "{options:?}");
        }
    }
}
