//! What a component is, read before it is ever instantiated.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use wasmtime::component::Component;
use wasmtime::component::types::ComponentItem;

use crate::contract::FailureReason;

/// Why a component is refused or a call failed, before the plugin's name is added.
pub(super) type Refusal = (FailureReason, String);

const PACKAGE: &str = "zuul-operator:plugin/";

/// What a plugin is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum World {
    /// Renders connections of one driver or several.
    ConnectionDriver,
    /// Renders the zuul.conf of every component.
    ConfigRenderer,
    /// Cuts a nodepool.yaml.
    NodepoolSharder,
}

impl World {
    /// The name of the WIT world.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConnectionDriver => "connection-driver",
            Self::ConfigRenderer => "config-renderer",
            Self::NodepoolSharder => "nodepool-sharder",
        }
    }

    fn of_interface(interface: &str) -> Option<Self> {
        match interface {
            "driver" => Some(Self::ConnectionDriver),
            "renderer" => Some(Self::ConfigRenderer),
            "sharder" => Some(Self::NodepoolSharder),
            _ => None,
        }
    }
}

impl fmt::Display for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A version of the WIT package that this operator speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// `wit/v0.1.0`, and later patches of it.
    V0_1,
}

impl FromStr for Version {
    type Err = ();

    fn from_str(version: &str) -> Result<Self, ()> {
        let patch = version.strip_prefix("0.1.").ok_or(())?;
        patch.parse::<u32>().map_err(drop)?;
        Ok(Self::V0_1)
    }
}

/// Whether the bytes begin as a component does. Core modules differ in the layer alone.
///
/// # Errors
/// [`FailureReason::NotAComponent`], with what it is instead.
pub(super) fn check_preamble(bytes: &[u8]) -> Result<(), Refusal> {
    let what = match bytes.get(..8) {
        Some(b"\0asm\x0d\0\x01\0") => return Ok(()),
        Some(b"\0asm\x01\0\0\0") => "it is a core module, not a component; link it with wasm-component-ld",
        Some([b'\0', b'a', b's', b'm', ..]) => "it is WebAssembly of an unknown version",
        _ => "it is not WebAssembly",
    };
    Err((FailureReason::NotAComponent, what.to_owned()))
}

/// The world that the component exports, and its version; its imports are checked.
///
/// # Errors
/// [`FailureReason::ForeignImport`], [`FailureReason::WrongVersion`], [`FailureReason::WrongWorld`].
pub(super) fn read(component: &Component) -> Result<(World, Version), Refusal> {
    let kind = component.component_type();
    let engine = component.engine();
    let foreign: Vec<&str> = kind
        .imports(engine)
        .filter(|(name, import)| !is_known_import(name, &import.ty, engine))
        .map(|(name, _)| name)
        .collect();
    if !foreign.is_empty() {
        let names = foreign.join(", ");
        return Err((
            FailureReason::ForeignImport,
            format!("it imports {names}; only {PACKAGE}log is given"),
        ));
    }
    let exports: Vec<&str> = kind.exports(engine).map(|(name, _)| name).collect();
    world_of(&exports)
}

fn is_known_import(name: &str, kind: &ComponentItem, engine: &wasmtime::Engine) -> bool {
    let Some((interface, version)) = split(name) else { return false };
    let ComponentItem::ComponentInstance(instance) = kind else { return false };
    let is_type = |item: &ComponentItem| matches!(item, ComponentItem::Type(_));
    match interface {
        "log" => version.parse::<Version>().is_ok(),
        // Types need nothing from the host, so those of an unknown version do no harm here; the
        // version of the export decides.
        "types" => instance.exports(engine).all(|(_, export)| is_type(&export.ty)),
        _ => false,
    }
}

fn world_of(exports: &[&str]) -> Result<(World, Version), Refusal> {
    let mut known = Vec::new();
    let mut unknown = Vec::new();
    for (interface, version) in exports.iter().filter_map(|export| split(export)) {
        let Some(world) = World::of_interface(interface) else { continue };
        match version.parse::<Version>() {
            Ok(spoken) => known.push((world, spoken)),
            Err(()) => unknown.push(format!("{world}@{version}")),
        }
    }
    match (known.as_slice(), unknown.as_slice()) {
        ([one], _) => Ok(*one),
        ([], []) => Err((
            FailureReason::WrongWorld,
            format!("it exports {}; none of the worlds of {PACKAGE}", listed(exports)),
        )),
        ([], unknown) => Err((
            FailureReason::WrongVersion,
            format!("it exports {}; this operator speaks 0.1", unknown.join(", ")),
        )),
        _ => Err((FailureReason::WrongWorld, "it exports several worlds; a plugin has one".to_owned())),
    }
}

/// `zuul-operator:plugin/driver@0.1.0` → `driver`, `0.1.0`.
fn split(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix(PACKAGE)?.split_once('@')
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_of_a_spoken_version_are_spoken() {
        let world = |export| world_of(&[export]).map_err(|(reason, _)| reason);
        let driver = (World::ConnectionDriver, Version::V0_1);
        assert_eq!(world("zuul-operator:plugin/driver@0.1.0"), Ok(driver));
        assert_eq!(world("zuul-operator:plugin/driver@0.1.7"), Ok(driver));
        assert_eq!(world("zuul-operator:plugin/driver@0.10.0"), Err(FailureReason::WrongVersion));
        assert_eq!(world("zuul-operator:plugin/driver@0.1.0-rc.1"), Err(FailureReason::WrongVersion));
        assert_eq!(world("wasi:cli/run@0.2.0"), Err(FailureReason::WrongWorld));
    }
}
