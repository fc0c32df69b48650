//! Where things are.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::{Outcome, cargo};

/// The folders of this workspace.
pub struct Folders {
    /// The workspace.
    pub root: PathBuf,
    /// What Cargo builds into: `CARGO_TARGET_DIR`, else `target`.
    pub target: PathBuf,
}

impl Folders {
    /// Finds them, wherever in the workspace the command was given.
    pub fn find() -> Outcome<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .ok_or("xtask has no folder above it; build it again")?
            .to_path_buf();
        if !root.join("guests").is_dir() {
            return Err(format!("the workspace {} was moved; run `cargo clean -p xtask`", root.display()));
        }
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => std::path::absolute(folder).map_err(|error| error.to_string())?,
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// What guests are built into. Not the host's folder: their compiler may be another one.
    pub fn guests_target(&self) -> PathBuf {
        self.target.join("guests")
    }

    /// The components, one `NAME.wasm` a plugin; `host/build.rs` embeds what is in it.
    pub fn plugins(&self) -> PathBuf {
        self.target.join("plugins")
    }

    /// The components that tests want, and nobody else: they are not embedded.
    pub fn test_plugins(&self) -> PathBuf {
        self.target.join("test-plugins")
    }

    /// Cargo in the workspace, with the plugins to embed. Every call about the host goes through
    /// here, so that none of them builds it with another setting than the last.
    pub fn cargo(&self, words: &[&str]) -> Command {
        let mut command = cargo();
        command.args(words).current_dir(&self.root).env("ZUUL_OPERATOR_PLUGINS", self.plugins());
        command
    }
}
