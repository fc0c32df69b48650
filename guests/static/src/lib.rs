//! The static driver: nodes that stand ready. Its nodes are described in Zuul's own configuration;
//! the connection has no options.
#![forbid(unstable_features)]

use zuul_plugin_sdk::{Driver, DriverTable, Roles, driver, export_driver};

/// Zuul's `static` driver.
pub struct Static;

impl Driver for Static {
    const TABLE: DriverTable =
        driver(&["static"], Roles::PROVIDER, "Nodes that stand ready, used by zuul-launcher.");
}

export_driver!(Static);

#[cfg(test)]
mod tests {
    use super::*;
    use zuul_plugin_sdk::Components;
    use zuul_plugin_sdk::testing::{codes, connection};

    #[test]
    fn providers_are_for_scheduler_web_and_launcher() {
        let rendering = Static::render(connection("static", &[]));
        assert_eq!(rendering.readers, Components::SCHEDULER | Components::WEB | Components::LAUNCHER);
        assert!(rendering.lines.is_empty() && rendering.files.is_empty());
        assert_eq!(codes(&rendering.findings), [""; 0]);
    }
}
