//! Python for the tests that ask the real readers of our files: `configparser`, PyYAML, Nodepool, Zuul.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::apt;
use crate::folders::Folders;
use crate::step::{Outcome, run, succeeds};

/// An environment of its own: the pins of the two are not those of one another.
struct Venv {
    /// Its folder below `target`.
    folder: &'static str,
    /// Where tests look for its interpreter.
    variable: &'static str,
    packages: &'static [&'static str],
}

const VENVS: [Venv; 2] = [
    // Nodepool's wheel lacks cachetools among its dependencies; PyYAML comes with it.
    Venv {
        folder: "venv-nodepool",
        variable: "ZUUL_OPERATOR_PYTHON",
        packages: &["nodepool==11.0.0", "cachetools"],
    },
    Venv { folder: "venv-zuul", variable: "ZUUL_OPERATOR_ZUUL_PYTHON", packages: &["zuul==14.3.0"] },
];

/// The interpreters of all environments, by the variables that tests look for them in; made once.
pub fn interpreters(folders: &Folders) -> Outcome<Vec<(&'static str, PathBuf)>> {
    // Zuul's code does not even load its drivers without it.
    if !succeeds(Command::new("bwrap").arg("--version")) {
        if !apt::possible() {
            return Err("the tests need bwrap; install it (Debian: bubblewrap)".to_owned());
        }
        apt::install(&["bubblewrap"], "Zuul's own code is asked in tests, and looks for it")?;
    }
    VENVS.iter().map(|venv| Ok((venv.variable, interpreter(folders, venv)?))).collect()
}

fn interpreter(folders: &Folders, Venv { folder, packages, .. }: &Venv) -> Outcome<PathBuf> {
    let venv = folders.target.join(folder);
    let python = venv.join("bin/python");
    let made = venv.join("made-with");
    let wanted = packages.join("\n");
    // The interpreter is tried too: the system's Python, which it points to, may have gone.
    if fs::read_to_string(&made).is_ok_and(|with| with == wanted) && succeeds(Command::new(&python).arg("-V"))
    {
        return Ok(python);
    }
    create(&venv)?;
    eprintln!("    {} into target/{folder}", packages.join(", "));
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(*packages);
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
