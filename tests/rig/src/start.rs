//! Starts the process of a control plane, which ends with this one, however this one ends.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context as _, Result, bail, ensure};

use crate::layout::Layout;
use crate::workspace;

/// The process of a control plane. It ends when its standard input does, and so when this process is killed.
pub struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// A control plane in a folder that is removed with it.
///
/// # Errors
/// It does not start, with the last words of what failed.
pub fn temporary() -> Result<(Layout, Process)> {
    let folder = tempfile::Builder::new().prefix("zuul-operator-rig-").tempdir()?.keep();
    let mut command = Command::new(program()?);
    command.arg(&folder).args(["--attached", "--temporary"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    // An interrupt from the keyboard is for the tests; this ends by itself after them.
    let mut child = command.process_group(0).spawn().context("zuul-operator-rig")?;
    let lines = BufReader::new(child.stdout.take().context("it was piped")?).lines();
    let process = Process(child);
    for line in lines {
        let line = line?;
        if line == "ready" {
            return Ok((Layout::new(folder), process));
        }
        ensure!(!line.starts_with("failed: "), "{line}; its own words are above");
    }
    bail!("{} ended; its own words are above", program()?.display())
}

/// Builds the program of this package and says where it is: `cargo test` alone builds it for nobody's tests but its own.
fn program() -> Result<PathBuf> {
    static PROGRAM: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    PROGRAM.get_or_init(|| build().map_err(|error| format!("{error:#}"))).clone().map_err(anyhow::Error::msg)
}

fn build() -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--package", env!("CARGO_PKG_NAME")]).current_dir(workspace());
    ensure!(command.status()?.success(), "{} does not build", env!("CARGO_PKG_NAME"));
    let test = std::env::current_exe()?;
    let folder = test.ancestors().nth(2).context("a test is in the folder deps of a profile")?;
    Ok(folder.with_file_name("debug").join(env!("CARGO_PKG_NAME")))
}
