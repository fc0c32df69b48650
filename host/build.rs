//! Embeds the built-in plugins: every `*.wasm` of the folder that `ZUUL_OPERATOR_PLUGINS` names,
//! or of `target/plugins` in the workspace. And the schema of `crds/`, as JSON: making it anew from the
//! types takes most of the time of a short command.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use sha2::{Digest, Sha256};

const FOLDER: &str = "ZUUL_OPERATOR_PLUGINS";

/// Below the workspace. `cargo xtask crd` writes it.
const DEFINITION: &str = "crds/zuuls.zuul-ci.org.yaml";

fn main() -> ExitCode {
    let is = |variable, value| env::var(variable).is_ok_and(|it| it == value);
    // What is delivered, by the profile `dist`: the addresses that are set at the start take 0.8 MB less. The machine
    // that runs it needs glibc 2.36 for that.
    if is("CARGO_CFG_TARGET_ENV", "gnu") && is("OPT_LEVEL", "s") {
        println!("cargo::rustc-link-arg-bin=zuul-operator=-Wl,-z,pack-relative-relocs");
    }
    match plugins_of_the_binary().and_then(|()| schema()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}

fn schema() -> Result<(), String> {
    let path = workspace()?.join(DEFINITION);
    println!("cargo::rerun-if-changed={}", path.display());
    let wrong = |error: String| format!("{}: {error}; take it from the repository", path.display());
    let yaml = fs::read_to_string(&path).map_err(|error| wrong(error.to_string()))?;
    let definition: Value = serde_saphyr::from_str(&yaml).map_err(|error| wrong(error.to_string()))?;
    let schema = definition.pointer("/spec/versions/0/schema/openAPIV3Schema");
    let schema = schema.ok_or_else(|| wrong("there is no schema in it".to_owned()))?;
    write("schema.json", &schema.to_string())
}

fn plugins_of_the_binary() -> Result<(), String> {
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
    write("builtin.rs", &table)
}

fn write(name: &str, text: &str) -> Result<(), String> {
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    fs::write(Path::new(&out).join(name), text).map_err(|error| error.to_string())
}

fn workspace() -> Result<PathBuf, String> {
    let host = env::var_os("CARGO_MANIFEST_DIR").ok_or("CARGO_MANIFEST_DIR is not set")?;
    let workspace = Path::new(&host).parent().ok_or("the host's crate has no parent folder")?;
    Ok(workspace.to_owned())
}

fn folder() -> Result<PathBuf, String> {
    if let Some(folder) = env::var_os(FOLDER) {
        return Ok(PathBuf::from(folder));
    }
    Ok(workspace()?.join("target").join("plugins"))
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
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let component = fs::read(file)?;
    let mut digest = String::new();
    for byte in Sha256::digest(&component) {
        let _ = write!(digest, "{byte:02x}");
    }
    // A third of the size; inflated when it is compiled, and what is compiled is kept.
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&component)?;
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    let path = Path::new(&out).join(format!("{name}.wasm.gz"));
    fs::write(&path, packed.finish()?)?;
    let _ = writeln!(
        table,
        "    Builtin {{ name: {name:?}, digest: {digest:?}, bytes: include_bytes!({:?}) }},",
        path.display().to_string()
    );
    Ok(())
}
