//! Drivers that no plugin serves: whether Zuul would start with them.

use crate::contract::{DriverInfo, Plugins};
use crate::diagnostic::{FieldPath, Finding, did_you_mean};

/// Drivers of Zuul 14.3 that no connection can have, and what is meant instead. With the first three it does
/// not start (`ConnectionRegistry.configure`), the others it passes over.
const WITHOUT_CONNECTIONS: [(&str, &str); 5] = [
    ("sql", "name the database in `spec.database`, and remove the connection"),
    ("timer", "remove the connection: pipelines have `timer` without one"),
    ("zuul", "remove the connection: pipelines have `zuul` without one"),
    ("bubblewrap", "remove the connection: executors have it without one"),
    ("nullwrap", "remove the connection"),
];

/// The error about the name of a connection's driver that `info`, the description that serves it, does not
/// name itself; at `path`.
pub fn unknown(driver: &str, info: &DriverInfo, plugins: &dyn Plugins, path: FieldPath) -> Option<Finding> {
    if info.drivers.iter().any(|name| name == driver) {
        return None;
    }
    if let Some((_, cure)) = WITHOUT_CONNECTIONS.iter().find(|(name, _)| *name == driver) {
        let message = format!("Zuul's driver {driver} has no connections");
        return Some(
            Finding::error("DriverWithoutConnections", path, message)
                .expected("a driver of sources, reporters or providers")
                .cure(*cure),
        );
    }
    let drivers = plugins.drivers();
    let guess = did_you_mean(driver, drivers.iter().map(String::as_str))?;
    Some(
        Finding::error("DriverTypo", path, "no plugin knows this driver, and Zuul would not start with it")
            .cure(format!("did you mean {guess}? For a driver of your own that is called so, add a plugin")),
    )
}
