//! Licences, sources and banned crates, by cargo-deny.

use std::path::PathBuf;
use std::process::Command;

use crate::folders::Folders;
use crate::step::{Outcome, cargo, run, succeeds};

const VERSION: &str = "0.20.2";

/// Checks `deny.toml`. Advisories need a database from the network, which not every machine can
/// fetch; they are checked where it can, and the rest everywhere.
pub fn check(folders: &Folders) -> Outcome {
    let deny = tool(folders)?;
    let check = |what: &[&str]| {
        let mut command = Command::new(&deny);
        command
            .args(["--workspace", "check", "--hide-inclusion-graph"])
            .args(what)
            .current_dir(&folders.root);
        command
    };
    run(&mut check(&["bans", "licenses", "sources"]))?;
    if !succeeds(Command::new(&deny).args(["fetch", "db"]).current_dir(&folders.root)) {
        eprintln!("    advisories: not checked, the database cannot be fetched from here");
        return Ok(());
    }
    run(&mut check(&["advisories"]))
}

/// The one that is there, else one built into the target folder: less than a minute without
/// optimisation, and the check is as fast.
fn tool(folders: &Folders) -> Outcome<PathBuf> {
    let installed = PathBuf::from("cargo-deny");
    if succeeds(Command::new(&installed).arg("--version")) {
        return Ok(installed);
    }
    let root = folders.target.join("tools");
    let ours = root.join("bin/cargo-deny");
    if !succeeds(Command::new(&ours).arg("--version")) {
        eprintln!("    building cargo-deny {VERSION} into {}", root.display());
        let mut install = cargo();
        install.args([
            "install",
            "--quiet",
            "--locked",
            "--debug",
            "--version",
            VERSION,
            "cargo-deny",
            "--root",
        ]);
        install.arg(&root).env("CARGO_PROFILE_DEV_DEBUG", "0").env_remove("CARGO_TARGET_DIR");
        run(&mut install)?;
    }
    Ok(ours)
}
