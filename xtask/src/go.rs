//! Go, for the servers of Kubernetes that tests run against.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::apt;
use crate::guests::read;
use crate::step::{Outcome, output};

/// From this one on Go fetches the toolchain that a go.mod asks for, if it is too old itself.
const FETCHES: (u32, u32) = (1, 21);

/// A Go that is able to build the modules of `tests/rig/go`; it is installed where that is possible.
pub struct Go {
    program: PathBuf,
}

impl Go {
    /// Finds or installs one that builds `module`.
    pub fn find(module: &Path) -> Outcome<Self> {
        let mut found = installed();
        if found.is_none() && apt::possible() {
            apt::install(
                &["golang-go", "ca-certificates"],
                "the control plane that tests run against is built",
            )?;
            found = installed();
        }
        let (version, program) = found.ok_or_else(|| {
            "tests need Go to build the control plane they run against; install it (Debian: golang-go)"
                .to_owned()
        })?;
        let program = if version < FETCHES { fetch(&program, module)? } else { program };
        Ok(Self { program })
    }

    /// A command in a module's folder.
    pub fn command(&self, module: &Path, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words).current_dir(module).env("CGO_ENABLED", "0");
        // A Go that was told to stay as it is could be too old; another one's library is not for this one.
        command.env("GOTOOLCHAIN", "auto").env_remove("GOROOT");
        command
    }
}

/// The one on the path, else where go.dev says to put it.
fn installed() -> Option<((u32, u32), PathBuf)> {
    let places = ["go", "/usr/local/go/bin/go"].into_iter().map(PathBuf::from);
    places.filter_map(|program| Some((version(&said_version(&program)?)?, program))).next()
}

/// Not in a module's folder, where it would be that of the toolchain that the module asks for.
fn said_version(program: &Path) -> Option<String> {
    output(Command::new(program).arg("version").env("GOTOOLCHAIN", "local").current_dir("/")).ok()
}

/// `(1, 26)` of `go version go1.26.8 linux/amd64`.
fn version(said: &str) -> Option<(u32, u32)> {
    let words = said.split_whitespace().nth(2)?.strip_prefix("go")?;
    let mut numbers = words.split(|c: char| !c.is_ascii_digit()).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// What a newer Go does by itself: toolchains are modules, checked by their sums as all are. Debian 12 has Go 1.19.
fn fetch(old: &Path, module: &Path) -> Outcome<PathBuf> {
    let file = module.join("go.mod");
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let wanted = text.lines().find_map(|line| line.strip_prefix("go "));
    let wanted = wanted.ok_or_else(|| format!("{} says no version of Go", file.display()))?;
    let machine = output(Command::new(old).args(["env", "GOOS", "GOARCH"]).current_dir("/"))?;
    let machine = machine.split_whitespace().collect::<Vec<_>>().join("-");
    let toolchain = format!("golang.org/toolchain@v0.0.1-go{wanted}.{machine}");
    eprintln!("    this Go is older than 1.{}; fetching {toolchain}", FETCHES.1);
    let words = ["mod", "download", "-json", &toolchain];
    let said = output(Command::new(old).args(words).current_dir("/"))?;
    let root = folder(&said).ok_or_else(|| format!("`go {}` does not say where: {said}", words.join(" ")))?;
    // Modules have no programs, so nothing in them may be run.
    for tools in ["bin", &format!("pkg/tool/{}", machine.replace('-', "_"))] {
        for tool in read(&root.join(tools))? {
            let failed = |error| format!("{}: {error}", tool.display());
            fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).map_err(failed)?;
        }
    }
    Ok(root.join("bin/go"))
}

/// `Dir` of what `go mod download -json` says.
fn folder(said: &str) -> Option<PathBuf> {
    let (_, rest) = said.split_once("\"Dir\": \"")?;
    Some(PathBuf::from(rest.split_once('"')?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(version("go version go1.26.8 linux/amd64"), Some((1, 26)));
        assert_eq!(version("go version go1.27rc1 linux/arm64"), Some((1, 27)));
        assert_eq!(version("go: not a version"), None);
        assert_eq!(folder("{\n\t\"Dir\": \"/root/go\",\n}"), Some(PathBuf::from("/root/go")));
    }
}
