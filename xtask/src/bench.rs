//! What the operator costs, in one table.

use std::process::Stdio;

use crate::folders::Folders;
use crate::step::{Outcome, output, run, step};
use crate::{cluster, dist, guests, table};

/// Measures the operator on a real control plane: requests are counted in its audit log.
pub fn cluster(folders: &Folders) -> Outcome {
    guests::prepare(folders)?;
    let rig = step("rig", || cluster::attached(folders))?;
    let build = ["build", "--profile", dist::PROFILE, "--package", "zuul-operator"];
    step("host", || run(folders.cargo(&build).stdout(std::io::stderr())))?;
    // What measures need not be fast itself.
    let words = ["bench", "--profile", "dev", "--package", "zuul-operator-tests", "--bench", "cluster"];
    let mut measure = folders.cargo(&words);
    measure.env("ZUUL_OPERATOR_BINARY", dist::binary(folders));
    measure.env("ZUUL_OPERATOR_RIG", &rig.folder).stderr(Stdio::inherit());
    let text = step("measurements", || output(&mut measure))?;
    table::print(&text.lines().map(table::read).collect::<Vec<_>>());
    Ok(())
}

/// Builds what is delivered, measures it, and prints the table. Misses are marked and no failure: a
/// machine may be busy.
///
/// The profile is that of what is delivered: `release` is built faster, but nobody runs it.
pub fn bench(folders: &Folders) -> Outcome {
    guests::prepare(folders)?;
    // Both commands name both packages: Cargo chooses features by that, and builds all once.
    let cargo = |command: &str| {
        let mut cargo = folders.cargo(&[command, "--profile", dist::PROFILE]);
        cargo.args(["--package", "zuul-operator", "--package", "zuul-operator-tests"]);
        cargo
    };
    step("host", || run(cargo("build").args(["--bin", "zuul-operator"]).stdout(std::io::stderr())))?;
    let binary = dist::binary(folders);
    let mut measure = cargo("bench");
    measure.args(["--bench", "costs"]).env("ZUUL_OPERATOR_BINARY", &binary).stderr(Stdio::inherit());
    let text = step("measurements", || output(&mut measure))?;
    let mut rows: Vec<_> = text.lines().map(table::read).collect();
    rows.append(&mut dist::sizes(folders, &binary)?);
    table::print(&rows);
    Ok(())
}
