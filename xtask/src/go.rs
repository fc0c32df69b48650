//! Go, for the servers of Kubernetes that tests run against.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::apt;
use crate::step::{Outcome, output};

/// What the modules in `tests/rig/go` ask for.
const WANTED: (u32, u32) = (1, 26);
/// From this one on Go fetches the toolchain that a go.mod asks for.
const FETCHES: (u32, u32) = (1, 21);

/// A Go that is able to build the modules in `modules`; it is installed where that is possible.
pub struct Go {
    program: PathBuf,
}

impl Go {
    /// Finds one, or installs one.
    pub fn find() -> Outcome<Self> {
        if let Some(go) = Self::installed() {
            return Ok(go);
        }
        if apt::possible() {
            apt::install(
                &["golang-go", "ca-certificates"],
                "the control plane that tests run against is built",
            )?;
        }
        Self::installed().ok_or_else(|| {
            let (major, minor) = WANTED;
            format!(
                "there is no Go that can build Kubernetes; install Go {major}.{minor} or newer (go.dev/doc/install), \
                 or {}.{} or newer, which fetches {major}.{minor}",
                FETCHES.0, FETCHES.1
            )
        })
    }

    /// The newest that is new enough.
    fn installed() -> Option<Self> {
        let places = ["go", "/usr/local/go/bin/go"].into_iter().map(PathBuf::from);
        let versions = places.filter_map(|program| Some((version(&program)?, program)));
        let (version, program) = versions.max()?;
        (version >= FETCHES).then_some(Self { program })
    }

    /// A command in a module's folder.
    pub fn command(&self, module: &Path, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words).current_dir(module);
        // No C compiler is wanted; and a Go that is told to stay as it is could be too old.
        command.env("CGO_ENABLED", "0");
        if version(&self.program).is_none_or(|version| version < WANTED) {
            command.env("GOTOOLCHAIN", "auto");
        }
        command
    }
}

/// `(1, 26)` of `go version go1.26.8 linux/amd64`.
fn version(program: &Path) -> Option<(u32, u32)> {
    // Not in a module's folder, where it would be that of the toolchain that the module asks for.
    let said =
        output(Command::new(program).arg("version").env("GOTOOLCHAIN", "local").current_dir("/")).ok()?;
    let words = said.split_whitespace().nth(2)?.strip_prefix("go")?;
    let mut numbers = words.split(|c: char| !c.is_ascii_digit()).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}
