//! What is delivered, and how large it is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::folders::Folders;
use crate::guests;
use crate::step::{Outcome, run, step};
use crate::table::{self, Row};

/// The profile of what is delivered.
pub const PROFILE: &str = "dist";

const BINARY_BYTES: u64 = 25_000_000;
const DRIVER_BYTES: u64 = 64 * 1024;
/// What the API server takes in one ConfigMap: the sum of the decoded values, not of their base64.
const CONFIG_MAP: u64 = 1024 * 1024;

/// Builds the binary as it is delivered, and says how large it and the plugins are.
pub fn dist(folders: &Folders) -> Outcome {
    guests::prepare(folders)?;
    let words = ["build", "--profile", PROFILE, "--package", "zuul-operator"];
    step("host", || run(&mut folders.cargo(&words)))?;
    let binary = binary(folders);
    table::print(&sizes(folders, &binary)?);
    println!("{}", binary.display());
    Ok(())
}

/// The binary, once it is built.
pub fn binary(folders: &Folders) -> PathBuf {
    folders.target.join(PROFILE).join("zuul-operator")
}

/// How large the binary and the plugins are.
pub fn sizes(folders: &Folders, binary: &Path) -> Outcome<Vec<Row>> {
    let mut rows = vec![table::size("zuul-operator: binary", bytes(binary)?, BINARY_BYTES)];
    let mut compressed = vec![table::plain("zuul-operator: binary, gzip -9", gzip(binary)?)];
    let (mut sum, mut sum_small, mut sum_text) = (0, 0, 0);
    for plugin in guests::read(&folders.plugins())? {
        let name = plugin.file_stem().unwrap_or_default().to_string_lossy();
        let (size, small) = (bytes(&plugin)?, gzip(&plugin)?);
        rows.push(table::plain(&format!("{name}.wasm"), size));
        let row = format!("{name}.wasm, gzip -9");
        compressed.push(match is_driver(folders, &name) {
            true => table::size(&row, small, DRIVER_BYTES),
            false => table::plain(&row, small),
        });
        sum += size;
        sum_small += small;
        sum_text += small.div_ceil(3) * 4;
    }
    rows.append(&mut compressed);
    rows.push(table::size("all plugins in one ConfigMap", sum, CONFIG_MAP));
    rows.push(table::size("all plugins in one ConfigMap, gzip -9", sum_small, CONFIG_MAP));
    rows.push(table::size("all plugins in one ConfigMap, gzip -9, as base64", sum_text, CONFIG_MAP));
    Ok(rows)
}

/// Whether the plugin is of the world whose size is limited.
fn is_driver(folders: &Folders, name: &str) -> bool {
    let source = folders.root.join("guests").join(name).join("src/lib.rs");
    fs::read_to_string(source).is_ok_and(|source| source.contains("export_driver!"))
}

fn bytes(file: &Path) -> Outcome<u64> {
    Ok(fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?.len())
}

fn gzip(file: &Path) -> Outcome<u64> {
    let output = Command::new("gzip").args(["-9", "-c"]).arg(file).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("gzip cannot be started, install it: {error}"))?;
    Ok(output.stdout.len() as u64)
}
