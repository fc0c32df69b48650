//! Python for the tests that ask the real readers of our files: `configparser`, PyYAML, Nodepool.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::apt;
use crate::folders::Folders;
use crate::step::{Outcome, run, succeeds};

/// Nodepool's wheel lacks cachetools among its dependencies; PyYAML comes with it.
const PACKAGES: [&str; 2] = ["nodepool==11.0.0", "cachetools"];

/// The interpreter of a virtual environment with [`PACKAGES`]; made once.
pub fn interpreter(folders: &Folders) -> Outcome<PathBuf> {
    let venv = folders.target.join("venv-nodepool");
    let python = venv.join("bin/python");
    let made = venv.join("made-with");
    let wanted = PACKAGES.join("\n");
    // The interpreter is tried too: the system's Python, which it points to, may have gone.
    if fs::read_to_string(&made).is_ok_and(|with| with == wanted) && succeeds(Command::new(&python).arg("-V"))
    {
        return Ok(python);
    }
    create(&venv)?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(PACKAGES);
    run(pip.stdout(std::io::stderr()))?;
    fs::write(&made, wanted).map_err(|error| format!("{}: {error}", made.display()))?;
    Ok(python)
}

fn create(venv: &Path) -> Outcome {
    let venv_of = |python: &str| {
        // `ensurepip` is what Debian leaves out of its python3.
        succeeds(Command::new(python).args(["-c", "import ensurepip, venv"]))
            && succeeds(Command::new(python).args(["-m", "venv", "--clear"]).arg(venv))
    };
    if venv_of("python3") {
        return Ok(());
    }
    if !apt::possible() {
        return Err(
            "the tests need python3 with its venv module; install it (Debian: python3-venv)".to_owned()
        );
    }
    apt::install(&["python3", "python3-venv"], "tests compare with the real readers of our files")?;
    if venv_of("python3") || venv_of("/usr/bin/python3") {
        return Ok(());
    }
    Err(format!("`python3 -m venv {}` does not work; run it by hand to see why", venv.display()))
}
