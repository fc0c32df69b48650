//! How to build for wasm32-unknown-unknown on this machine.
//!
//! Not every machine that has rustup can add a target to its toolchain, so there are several ways.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::apt;
use crate::step::{Outcome, output};

/// The target of plugins: no imports but those of their world.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's rustc, which comes with its source and does not stand before rustup's in `PATH`.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_PACKAGES: [&str; 2] = ["rustc-web", "rust-web-src"];

const NO_WAY: &str = "\
plugins cannot be built here: no compiler on this machine has the target wasm32-unknown-unknown.
Any one of these helps; then run the same command again:
  rustup target add wasm32-unknown-unknown
  rustup component add rust-src
  sudo apt-get update && sudo apt-get install -y --no-install-recommends rustc-web rust-web-src   (Debian)";

/// A way to build for [`TARGET`], in the order in which they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The toolchain has the target.
    Installed,
    /// The toolchain has the source of the standard library.
    BuildStd,
    /// Debian's compiler has that source.
    Debian,
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Installed => "the toolchain has the target wasm32-unknown-unknown",
            Self::BuildStd => "building the standard library from the toolchain's rust-src",
            Self::Debian => "building the standard library with Debian's rustc-web and rust-web-src",
        })
    }
}

/// The sysroots in question.
struct Sysroots {
    toolchain: PathBuf,
    debian: Option<PathBuf>,
}

/// Finds a way; installs Debian's packages where nothing else is there and that is possible.
pub fn setup() -> Outcome<Way> {
    if let Some(way) = choose(&sysroots()?) {
        return Ok(way);
    }
    if !apt::possible() {
        return Err(NO_WAY.to_owned());
    }
    apt::install(&DEBIAN_PACKAGES, "a compiler whose standard library can be built for wasm32")
        .map_err(|error| format!("{error}\n{NO_WAY}"))?;
    choose(&sysroots()?).ok_or_else(|| NO_WAY.to_owned())
}

fn choose(sysroots: &Sysroots) -> Option<Way> {
    if sysroots.toolchain.join("lib/rustlib").join(TARGET).is_dir() {
        return Some(Way::Installed);
    }
    if has_source(&sysroots.toolchain) {
        return Some(Way::BuildStd);
    }
    sysroots.debian.as_deref().filter(|debian| has_source(debian)).map(|_| Way::Debian)
}

/// Debian leaves an empty `src` behind when only the compiler is installed, so a file is looked for.
fn has_source(sysroot: &Path) -> bool {
    sysroot.join("lib/rustlib/src/rust/library/Cargo.lock").is_file()
}

fn sysroots() -> Outcome<Sysroots> {
    let toolchain = sysroot(Path::new("rustc"))
        .map_err(|error| format!("{error}\ninstall Rust as https://rustup.rs says, then run this again"))?;
    Ok(Sysroots { toolchain, debian: sysroot(Path::new(DEBIAN_RUSTC)).ok() })
}

fn sysroot(rustc: &Path) -> Outcome<PathBuf> {
    let line = output(Command::new(rustc).args(["--print", "sysroot"]))?;
    Ok(PathBuf::from(line.trim()))
}

/// Sets the compiler for guests: `words` are Cargo's so far, `sources` are folders whose paths must
/// not stand in what is built.
pub fn configure(command: &mut Command, way: Way, sources: &[(PathBuf, &str)]) -> Outcome {
    forget_host(command);
    let toolchain = sysroot(Path::new("rustc"))?;
    let tools = toolchain.join("lib/rustlib").join(host_triple()?).join("bin");
    // rustc knows these folders when it is the toolchain's own; Debian's does not.
    let mut path = vec![tools.clone(), tools.join("gcc-ld")];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    command.env("PATH", std::env::join_paths(path).map_err(|error| error.to_string())?);
    // It makes a component of the module that wasm-ld links.
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-component-ld");
    command.args(["--target", TARGET]);
    let mut compiler = toolchain;
    if way == Way::Debian {
        command.env("RUSTC", DEBIAN_RUSTC);
        compiler = sysroot(Path::new(DEBIAN_RUSTC))?;
    }
    if way != Way::Installed {
        command.env("RUSTC_BOOTSTRAP", "1").arg("-Zbuild-std=std,panic_abort");
    }
    let source = compiler.join("lib/rustlib/src/rust");
    let mut flags = vec![];
    for (folder, name) in sources.iter().chain([&(source, "/rust")]) {
        flags.push(format!("--remap-path-prefix={}={name}", folder.display()));
    }
    command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    Ok(())
}

/// What is meant for the host's compiler must not reach the guests': flags, wrappers, another
/// target, and the libraries that `cargo run` puts before the system's.
fn forget_host(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let flags = text.contains("RUSTFLAGS") || text.starts_with("CARGO_PROFILE_");
        let build = text.starts_with("CARGO_BUILD_") || text.starts_with("RUSTC");
        if flags || build || text == "LD_LIBRARY_PATH" {
            command.env_remove(name);
        }
    }
}

fn host_triple() -> Outcome<String> {
    let about = output(Command::new("rustc").arg("-vV"))?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.ok_or("`rustc -vV` names no host; is it a real rustc?")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_way_that_works_is_taken() {
        let base = std::env::temp_dir().join(format!("xtask-wasm-{}", std::process::id()));
        let (ours, debian) = (base.join("ours"), base.join("debian"));
        std::fs::create_dir_all(debian.join("lib/rustlib/src")).unwrap();
        let sysroots = Sysroots { toolchain: ours.clone(), debian: Some(debian.clone()) };
        assert_eq!(choose(&sysroots), None, "an empty src is no source");
        for (sysroot, way) in [(&debian, Way::Debian), (&ours, Way::BuildStd)] {
            let library = sysroot.join("lib/rustlib/src/rust/library");
            std::fs::create_dir_all(&library).unwrap();
            std::fs::write(library.join("Cargo.lock"), "").unwrap();
            assert_eq!(choose(&sysroots), Some(way));
        }
        std::fs::create_dir_all(ours.join("lib/rustlib").join(TARGET)).unwrap();
        assert_eq!(choose(&sysroots), Some(Way::Installed));
        std::fs::remove_dir_all(base).unwrap();
    }
}
