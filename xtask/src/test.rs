//! Everything that CI checks.

use std::time::Instant;

use crate::folders::Folders;
use crate::step::{Outcome, in_ci, run, step};
use crate::{cluster, deny, guests, python};

/// Tests that run at once: those on a control plane mostly wait.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into).max(4)
}

/// Does every check, also after one that failed, and says how many passed.
pub fn all(folders: &Folders) -> Outcome {
    let start = Instant::now();
    // Nothing else makes sense without the plugins and the Python that the tests ask.
    guests::prepare(folders)?;
    let pythons = step("python", || python::interpreters(folders))?;
    // Without one the tests that need it say so, each by its name; in CI they fail.
    let rig = step("rig", || cluster::attached(folders));
    if let Err(why) = &rig {
        eprintln!("    NO CONTROL PLANE: {why}");
    }
    let cargo = |words: &[&str]| {
        let mut command = folders.cargo(words);
        command.envs(pythons.iter().map(|(variable, python)| (variable, python)));
        if let Ok(rig) = &rig {
            command.env("ZUUL_OPERATOR_RIG", &rig.folder);
        }
        if std::env::var_os("RUST_TEST_THREADS").is_none() {
            command.env("RUST_TEST_THREADS", threads().to_string());
        }
        if in_ci() && words.first() != Some(&"fmt") {
            command.arg("--locked");
        }
        command
    };
    let mut failed = vec![];
    let mut passed = 0;
    let mut check = |name: &'static str, work: &dyn Fn() -> Outcome| match step(name, work) {
        Ok(()) => passed += 1,
        Err(message) => {
            eprintln!("error: {message}");
            failed.push(name);
        }
    };
    check("fmt", &|| run(&mut cargo(&["fmt", "--all", "--check"])));
    check("clippy", &|| {
        let mut command = cargo(&["clippy", "--quiet", "--workspace", "--all-targets"]);
        run(command.args(["--", "-D", "warnings"]))
    });
    check("test", &|| run(&mut cargo(&["test", "--workspace", "--no-fail-fast"])));
    check("doc", &|| {
        let mut command = cargo(&["doc", "--quiet", "--workspace", "--no-deps"]);
        run(command.env("RUSTDOCFLAGS", "-D warnings"))
    });
    check("deny", &|| deny::check(folders));
    println!("all checks took {:.0} s", start.elapsed().as_secs_f64());
    println!("steps: {passed} passed, {} failed", failed.len());
    if failed.is_empty() { Ok(()) } else { Err(format!("these failed, see above: {}", failed.join(", "))) }
}
