//! The openstack driver: nodes and images in an OpenStack cloud, by zuul-launcher.
//!
//! What the cloud is stands in a clouds.yaml, which openstacksdk looks for in /etc/openstack. Scheduler and
//! web look up the cloud as well, for the format of its images, but never log in
//! (`OpenstackProviderEndpoint.getImageFormat` in Zuul 14.3).
#![forbid(unstable_features)]

use zuul_plugin_sdk::{
    CodeRow, Connection, Driver, DriverTable, Kind, OptionRow, Rendering, Roles, driver, error,
    export_driver, option, readers,
};

/// Zuul's `openstack` driver.
pub struct Openstack;

impl Driver for Openstack {
    const TABLE: DriverTable = driver(
        &["openstack"],
        Roles::PROVIDER,
        "Nodes and images in an OpenStack cloud, used by zuul-launcher.",
    )
    .options(OPTIONS)
    .codes(CODES);

    fn render(connection: Connection) -> Rendering {
        let mut rendering = Self::TABLE.render(&connection);
        rendering.omit("client_config_file");
        if connection.is_set("client_config_file") {
            rendering.findings.push(
                error(
                    "OpenstackConfigFile",
                    "client_config_file",
                    "Zuul passes this path on letter by letter, and finds no cloud",
                )
                .expected("no `client_config_file`: clouds.yaml is looked for in /etc/openstack")
                .cure("remove it, and name the Secret with clouds.yaml in `spec.externalConfig.openstack`"),
            );
        }
        rendering
    }
}

export_driver!(Openstack);

/// The codes of its findings.
const CODES: &[CodeRow] =
    &[("OpenstackConfigFile", "`client_config_file` is set, with which Zuul finds no cloud at all.")];

const OPTIONS: &[OptionRow] = &[
    option("cloud", Kind::Text, readers::PROVIDER, "Name of the cloud in clouds.yaml.").required(),
    option(
        "client_config_file",
        Kind::Path,
        readers::LAUNCHER,
        "Path of clouds.yaml; broken in Zuul, and an error here.",
    ),
    option("rate", Kind::Number, readers::LAUNCHER, "Requests in a second; 0 for any number.")
        .default("2")
        .range(0.0, 1e6),
];

#[cfg(test)]
mod tests {
    use super::*;
    use zuul_plugin_sdk::testing::{codes, connection, shown_to, text};
    use zuul_plugin_sdk::{Components, Setting};

    #[test]
    fn all_providers_have_the_name_of_the_cloud() {
        let rendering = Openstack::render(connection(
            "openstack",
            &[("cloud", text("vexxhost")), ("rate", Setting::Number(0.5))],
        ));
        assert_eq!(rendering.readers, Components::SCHEDULER | Components::WEB | Components::LAUNCHER);
        for component in [Components::SCHEDULER, Components::WEB] {
            assert_eq!(shown_to(&rendering, component), "cloud=vexxhost\n");
        }
        assert_eq!(shown_to(&rendering, Components::LAUNCHER), "cloud=vexxhost\nrate=0.5\n");
        assert_eq!(codes(&rendering.findings), [""; 0]);
    }

    #[test]
    fn a_file_of_clouds_is_never_written() {
        for file in [text("/etc/clouds.yaml"), Setting::Secret(0)] {
            let request = connection("openstack", &[("cloud", text("a")), ("client_config_file", file)]);
            let rendering = Openstack::render(request);
            assert_eq!(shown_to(&rendering, Components::LAUNCHER), "cloud=a\n");
            assert_eq!(codes(&rendering.findings), ["OpenstackConfigFile"]);
        }
    }
}
