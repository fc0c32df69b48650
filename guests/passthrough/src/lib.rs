//! The driver of last resort: connections whose driver no other plugin serves.
//!
//! It knows neither the options nor what the connection is for, so all components that load
//! connections get all of it. That is a way out, not a way: a plugin for the driver gives each
//! component only what it reads.
#![forbid(unstable_features)]

use zuul_plugin_sdk::{
    CodeRow, Components, Connection, Driver, DriverTable, Finding, Kind, Roles, driver, export_driver,
    option, readers, warning,
};

const ROLES: Roles = Roles::SOURCE.union(Roles::REPORTER).union(Roles::PROVIDER);
/// Zuul's merger takes a source's `sshkey` as a file whatever the driver is (`merger.py`).
const READERS: Components = readers::SOURCE.union(readers::PROVIDER);

/// Serves every driver that no other plugin serves.
pub struct Passthrough;

impl Driver for Passthrough {
    const TABLE: DriverTable =
        driver(&["*"], ROLES, "Any other driver: all options, unchecked, to all components.")
            .open()
            .codes(CODES)
            .options(&[option(
                "sshkey",
                Kind::SecretFile,
                READERS,
                "Private key for clones over SSH, of any source driver.",
            )]);

    fn findings(connection: &Connection) -> Vec<Finding> {
        let message = format!(
            "the driver `{}` is not known: its options are passed on unchecked to all components",
            connection.driver
        );
        let finding = warning("UnknownDriver", "driver", &message)
            .expected("a driver that Zuul has, and a plugin that serves it")
            .cure(
                "check the spelling: Zuul does not start with a driver that it does not have. For one of \
                 your own, install a plugin that serves it: each component then gets only what it reads",
            );
        vec![finding]
    }
}

export_driver!(Passthrough);

/// The codes of its findings.
const CODES: &[CodeRow] = &[(
    "UnknownDriver",
    "No plugin knows this driver: all options are passed on unchecked to all components.",
)];

#[cfg(test)]
mod tests {
    use super::*;
    use zuul_plugin_sdk::Setting;
    use zuul_plugin_sdk::testing::{codes, connection, shown_to, text};

    #[test]
    fn everything_goes_to_everyone_with_a_warning() {
        let options =
            [("token", Setting::Secret(0)), ("url", text("https://x")), ("sshkey", Setting::Secret(1))];
        let rendering = Passthrough::render(connection("bugzilla", &options));
        for component in [
            Components::SCHEDULER,
            Components::WEB,
            Components::EXECUTOR,
            Components::MERGER,
            Components::LAUNCHER,
        ] {
            assert!(rendering.readers.contains(component));
            assert_eq!(
                shown_to(&rendering, component),
                "sshkey=/etc/zuul/connections/test/sshkey\ntoken=<0>\nurl=https://x\n\
                 file /etc/zuul/connections/test/sshkey <1>\n"
            );
        }
        assert!(!rendering.readers.contains(Components::FINGERGW));
        assert_eq!(codes(&rendering.findings), ["UnknownDriver"]);
        assert!(rendering.findings[0].message.contains("`bugzilla`"));
    }
}
