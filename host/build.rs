//! Embeds the built-in plugins: every `*.wasm` of the folder that `ZUUL_OPERATOR_PLUGINS` names,
//! or of `target/plugins` in the workspace.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use sha2::{Digest, Sha256};

const FOLDER: &str = "ZUUL_OPERATOR_PLUGINS";

fn main() -> ExitCode {
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}

fn generate() -> Result<(), String> {
    println!("cargo::rerun-if-env-changed={FOLDER}");
    let folder = folder()?;
    println!("cargo::rerun-if-changed={}", folder.display());
    let files = plugins(&folder).unwrap_or_default();
    if files.is_empty() {
        return Err(format!(
            "there are no plugins (*.wasm) in {}: run `cargo xtask guests`, or set {FOLDER} to a folder that has them",
            folder.display()
        ));
    }
    let mut table = String::from("&[\n");
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        row(&mut table, &file).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    table.push_str("]\n");
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    fs::write(Path::new(&out).join("builtin.rs"), table).map_err(|error| error.to_string())
}

fn folder() -> Result<PathBuf, String> {
    if let Some(folder) = env::var_os(FOLDER) {
        return Ok(PathBuf::from(folder));
    }
    let host = env::var_os("CARGO_MANIFEST_DIR").ok_or("CARGO_MANIFEST_DIR is not set")?;
    let workspace = Path::new(&host).parent().ok_or("the host's crate has no parent folder")?;
    Ok(workspace.join("target").join("plugins"))
}

fn plugins(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A line of the table: name, sha256 in hex, bytes.
fn row(table: &mut String, file: &Path) -> io::Result<()> {
    let path = file.canonicalize()?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut digest = String::new();
    for byte in Sha256::digest(fs::read(&path)?) {
        let _ = write!(digest, "{byte:02x}");
    }
    let _ = writeln!(
        table,
        "    Builtin {{ name: {name:?}, digest: {digest:?}, bytes: include_bytes!({:?}) }},",
        path.display().to_string()
    );
    Ok(())
}
