//! The plugins that are part of the binary. `build.rs` generates the table.

/// One embedded plugin.
pub(super) struct Builtin {
    /// The name of its crate's folder: `gerrit`.
    pub(super) name: &'static str,
    /// sha256 of the component, in hex.
    pub(super) digest: &'static str,
    /// The component, by gzip. Not touched unless it must be compiled, so it costs no memory.
    pub(super) bytes: &'static [u8],
}

/// All of them, sorted by name.
pub(super) const ALL: &[Builtin] = include!(concat!(env!("OUT_DIR"), "/builtin.rs"));
