//! A driver for a forge that Zuul itself does not know: its site has patched Zuul for it.
#![forbid(unstable_features)]

use zuul_plugin_sdk::{
    Connection, Driver, DriverTable, Kind, Rendering, Roles, check, driver, export_driver, option, readers,
    warning,
};

/// `driver: forge`.
pub struct Forge;

impl Driver for Forge {
    const TABLE: DriverTable = driver(&["forge"], Roles::SOURCE.union(Roles::REPORTER), "our forge")
        .options(&[
            option("server", Kind::Text, readers::SOURCE, "host name of the forge").required(),
            option("api_token", Kind::Secret, readers::SCHEDULER, "token for the REST API").required(),
            option("sshkey", Kind::SecretFile, readers::GIT, "private key for clones"),
            option("poll", Kind::Number, readers::SCHEDULER, "seconds between two looks").default("60"),
            option("webhooks", Kind::Boolean, readers::WEB, "takes webhooks").default("false"),
        ])
        .codes(&[check::HOST_NAME, ("ForgePollUnused", "`poll` is set beside `webhooks`, and not used.")]);

    fn render(connection: Connection) -> Rendering {
        let mut rendering = Self::TABLE.render(&connection);
        rendering.findings.extend(check::host_name(&connection, "server", None));
        if connection.truth("webhooks") == Some(true) {
            rendering.omit("poll");
            if connection.is_set("poll") {
                rendering.findings.push(
                    warning("ForgePollUnused", "poll", "with webhooks the forge is not polled")
                        .cure("remove `poll`, or set `webhooks` to false"),
                );
            }
        }
        rendering
    }
}

export_driver!(Forge);

#[cfg(test)]
mod tests {
    use super::*;
    use zuul_plugin_sdk::testing::{codes, connection, keys, text};
    use zuul_plugin_sdk::{Components, Setting};

    #[test]
    fn the_token_is_the_schedulers_and_webhooks_end_polling() {
        let written = [
            ("server", text("forge.example.org")),
            ("api_token", Setting::Secret(0)),
            ("poll", Setting::Integer(5)),
            ("webhooks", Setting::Boolean(true)),
        ];
        let rendering = Forge::render(connection("forge", &written));
        assert_eq!(keys(&rendering, Components::SCHEDULER), "api_token server");
        assert_eq!(keys(&rendering, Components::WEB), "server webhooks");
        assert_eq!(codes(&rendering.findings), ["ForgePollUnused"]);
    }
}
