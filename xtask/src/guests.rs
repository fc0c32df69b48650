//! Builds the plugins and lays them where the host embeds them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::folders::Folders;
use crate::step::{Outcome, cargo, run, step};
use crate::wasm;

/// What every plugin's package name begins with.
const PACKAGE_PREFIX: &str = "zuul-plugin-";
/// The one crate below `guests` that is no plugin.
const SDK: &str = "sdk";

/// Sets up and builds.
pub fn prepare(folders: &Folders) -> Outcome {
    let way = step("setup", || {
        let way = wasm::setup()?;
        eprintln!("    {way}");
        Ok(way)
    })?;
    step("guests", || {
        let (own, tests) = (folders.guests_target(), folders.guests_target().join("tests"));
        build(folders, way, &Guests { sources: "guests", target: &own, plugins: &folders.plugins() })?;
        let of_tests = Guests { sources: "tests/guests", target: &tests, plugins: &folders.test_plugins() };
        build(folders, way, &of_tests)
    })
}

/// Plugins that are built together.
struct Guests<'a> {
    /// The folder of their crates, in the workspace.
    sources: &'a str,
    /// What they are built into. One for each set: a plugin that others are made of is built without exports for them.
    target: &'a Path,
    /// Where the components are laid.
    plugins: &'a Path,
}

fn build(folders: &Folders, way: wasm::Way, guests: &Guests<'_>) -> Outcome {
    let names = names(&folders.root.join(guests.sources))?;
    let mut command = cargo();
    command.args(["build", "--profile", "guest"]).current_dir(&folders.root);
    command.arg("--target-dir").arg(guests.target);
    for name in &names {
        command.arg("--package").arg(format!("{PACKAGE_PREFIX}{name}"));
    }
    // Without these a panic's message names the machine, and the same source has another digest.
    // The last rule that fits a path counts.
    let sources = [
        (cargo_home()?, "/cargo"),
        (folders.root.clone(), "/zuul-operator"),
        (guests.target.to_path_buf(), "/target"),
    ];
    wasm::configure(&mut command, way, &sources)?;
    run(command.stdout(std::io::stderr()))?;
    collect(guests, &names)
}

/// The folders of the plugins; a plugin is called as its folder.
pub fn names(guests: &Path) -> Outcome<Vec<String>> {
    let mut names = vec![];
    for entry in read(guests)? {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name != SDK && entry.join("Cargo.toml").is_file() {
            names.push(name);
        }
    }
    if names.is_empty() {
        return Err(format!("there is no plugin in {}", guests.display()));
    }
    Ok(names)
}

/// Copies what changed and removes what is no plugin any more. A file that stays the same keeps its
/// time, so that the host is not built again.
fn collect(guests: &Guests<'_>, names: &[String]) -> Outcome {
    let Guests { sources, plugins, target } = *guests;
    let built = target.join(wasm::TARGET).join("guest");
    fs::create_dir_all(plugins).map_err(|error| format!("{}: {error}", plugins.display()))?;
    let mut wanted = BTreeSet::new();
    for name in names {
        let from = built.join(format!("{PACKAGE_PREFIX}{name}.wasm").replace('-', "_"));
        let to = plugins.join(format!("{name}.wasm"));
        let bytes = fs::read(&from).map_err(|error| {
            format!(
                "{}: {error}; is {sources}/{name} a cdylib called {PACKAGE_PREFIX}{name}?",
                from.display()
            )
        })?;
        // The first eight bytes of a component; a core module has 1, 0, 0, 0 in the second half.
        if !bytes.starts_with(b"\0asm\x0d\0\x01\0") {
            return Err(format!("{} is no component; remove it and build again", from.display()));
        }
        if fs::read(&to).ok().as_ref() != Some(&bytes) {
            fs::write(&to, &bytes).map_err(|error| format!("{}: {error}", to.display()))?;
            eprintln!("    {name}: {} KiB", bytes.len() / 1024);
        }
        wanted.insert(to);
    }
    for stale in read(plugins)?.iter().filter(|path| !wanted.contains(*path)) {
        eprintln!("    removing {}", stale.display());
        fs::remove_file(stale).map_err(|error| format!("{}: {error}", stale.display()))?;
    }
    Ok(())
}

/// What is in a folder, sorted.
pub fn read(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

fn cargo_home() -> Outcome<PathBuf> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    let home = std::env::var_os("HOME").ok_or("HOME is not set; set it or CARGO_HOME")?;
    Ok(Path::new(&home).join(".cargo"))
}
