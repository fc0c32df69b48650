//! Debian packages, where that is possible without asking anybody.

use std::path::Path;
use std::process::Command;

use crate::step::{Outcome, output, run, succeeds};

/// Whether [`install`] can work here: Debian or one of its children, as root or with `sudo -n`.
pub fn possible() -> bool {
    Path::new("/etc/debian_version").exists()
        && (is_root() || succeeds(Command::new("sudo").args(["-n", "true"])))
}

/// Installs packages, saying so.
pub fn install(packages: &[&str], why: &str) -> Outcome {
    eprintln!("    installing {} with apt-get: {why}", packages.join(" "));
    // An old list of packages names versions that are gone; without any there is nothing to find.
    run(&mut apt_get(&["update", "-qq"]))?;
    let mut words = vec!["install", "-y", "-qq", "--no-install-recommends"];
    words.extend(packages);
    // Another apt-get that ends meanwhile may take away what this one has downloaded, where images clean up
    // behind it.
    run(&mut apt_get(&words)).or_else(|_| {
        eprintln!("    apt-get failed; once more");
        run(&mut apt_get(&words))
    })
}

/// Waits for another apt-get instead of failing, and never asks a question.
fn apt_get(words: &[&str]) -> Command {
    let mut command = Command::new(if is_root() { "env" } else { "sudo" });
    if !is_root() {
        command.args(["-n", "env"]);
    }
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"]).args(words);
    command.stdout(std::io::stderr());
    command
}

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
