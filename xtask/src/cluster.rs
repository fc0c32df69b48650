//! The control plane of `tests/rig`: for a person, and for all tests of one run.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::binaries;
use crate::folders::Folders;
use crate::rig;
use crate::step::{Outcome, output, run, step, succeeds};

/// What runs a control plane and tells it what to do.
const PROGRAM: &str = "zuul-operator-rig";

/// `cluster up|down|status`.
pub fn cluster(folders: &Folders, words: &[String]) -> Outcome {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["up"] => up(folders),
        ["down"] => down(folders),
        ["status"] => status(folders),
        _ => Err("say what to do: cargo xtask cluster up, down or status".to_owned()),
    }
}

fn up(folders: &Folders) -> Outcome {
    let binaries = rig::prepare(folders)?;
    let program = program(folders)?;
    let folder = state();
    if !succeeds(&mut tell(&program, &folder, "status")) {
        step("cluster", || {
            // What an earlier one left behind, that was killed or ended with the machine.
            let _ = fs::remove_dir_all(&folder);
            let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
            fs::create_dir_all(&folder).map_err(failed)?;
            let log = fs::File::create(folder.join("rig.log")).map_err(failed)?;
            let mut command = Command::new(&program);
            command.arg(&folder).stdin(Stdio::null()).stderr(log);
            start(&mut command).map(drop)
        })?;
    }
    let kubectl = binaries::find(&binaries, "kubectl").ok_or("there is no kubectl; say it again")?;
    println!("export KUBECONFIG={}", folder.join("kubeconfig/admin").display());
    eprintln!("    kubectl of its version: {}", kubectl.display());
    eprintln!("    logs and audit.log: {}", folder.join("log").display());
    eprintln!("    it runs until `cargo xtask cluster down`");
    Ok(())
}

fn down(folders: &Folders) -> Outcome {
    let (program, folder) = (program(folders)?, state());
    if succeeds(&mut tell(&program, &folder, "status")) {
        run(&mut tell(&program, &folder, "down"))?;
        eprintln!("    ended");
    } else {
        eprintln!("    none runs in {}", folder.display());
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    Ok(())
}

fn status(folders: &Folders) -> Outcome {
    let (program, folder) = (program(folders)?, state());
    println!("{}", output(&mut tell(&program, &folder, "status"))?.trim());
    println!("export KUBECONFIG={}", folder.join("kubeconfig/admin").display());
    Ok(())
}

/// A control plane that ends with this process, however that ends.
pub struct Attached {
    /// Its folder, for `ZUUL_OPERATOR_RIG`.
    pub folder: PathBuf,
    child: Child,
}

impl Drop for Attached {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Starts one for the tests of one run.
pub fn attached(folders: &Folders) -> Outcome<Attached> {
    rig::prepare(folders)?;
    let folder = std::env::temp_dir().join(format!("{PROGRAM}-run-{}", std::process::id()));
    let mut command = Command::new(program(folders)?);
    command.arg(&folder).args(["--attached", "--temporary"]).stdin(Stdio::piped());
    let child = start(&mut command)?;
    Ok(Attached { folder, child })
}

/// Starts a control plane and shows what it says until it is ready.
fn start(command: &mut Command) -> Outcome<Child> {
    let spawned = command.stdout(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| format!("{PROGRAM} could not be started: {error}"))?;
    let lines = child.stdout.take().map(|stdout| BufReader::new(stdout).lines());
    for line in lines.into_iter().flatten().map_while(Result::ok) {
        match line.as_str() {
            "ready" => return Ok(child),
            line => eprintln!("    {line}"),
        }
    }
    let _ = child.wait();
    Err("the control plane did not start; its own words are above".to_owned())
}

fn program(folders: &Folders) -> Outcome<PathBuf> {
    // Not by `folders.cargo`: it knows nothing of the host, and needs no plugins.
    let mut cargo = crate::step::cargo();
    cargo.args(["build", "--quiet", "--package", PROGRAM]).current_dir(&folders.root);
    run(cargo.stdout(std::io::stderr()))?;
    Ok(folders.target.join("debug").join(PROGRAM))
}

fn tell(program: &Path, folder: &Path, what: &str) -> Command {
    let mut command = Command::new(program);
    command.arg("tell").arg(folder).arg(what);
    command
}

/// Where a person's control plane keeps its data, which a command that ended leaves alone.
fn state() -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = set("XDG_STATE_HOME").or_else(|| set("HOME").map(|home| home.join(".local/state")));
    state.unwrap_or_else(std::env::temp_dir).join("zuul-operator/cluster")
}
