//! Looks for inputs that the operator does not stand: `tests/fuzz`, led by coverage.

use std::fs;
use std::path::PathBuf;

use crate::folders::Folders;
use crate::guests;
use crate::step::{Outcome, run, step};

/// All targets, and the largest input that each is given.
const TARGETS: [(&str, &str); 4] =
    [("object", "16384"), ("nodepool", "8192"), ("ini", "2048"), ("answer", "1024")];

/// How long a target runs, unless it is said.
const SECONDS: &str = "60";

/// Named, so that what is built for this machine to run is built without counters.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// What libFuzzer reads: which edges were taken, and what was compared with what. A stable compiler has the
/// pass, and only lacks a short name for it.
const FLAGS: [&str; 9] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg",
    "fuzzing",
    "-Cdebug-assertions",
    "-Ccodegen-units=1",
];

/// Runs a target for some seconds, on what is in the repository and on what earlier runs found.
pub fn fuzz(folders: &Folders, words: &[String]) -> Outcome {
    let (name, most, seconds) = chosen(words)?;
    guests::prepare(folders)?;
    let target = folders.target.join("fuzz");
    let mut build = folders.cargo(&["build", "--release", "--manifest-path", "tests/fuzz/Cargo.toml"]);
    build.args(["--bin", name, "--target", TARGET, "--target-dir"]).arg(&target);
    build.env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\x1f"));
    step("build", || run(&mut build))?;
    let found = made(target.join("corpus").join(name))?;
    let crashes = made(target.join("crashes").join(name))?;
    let mut fuzz = std::process::Command::new(target.join(TARGET).join("release").join(name));
    fuzz.arg(&found).arg(folders.root.join("tests/fuzz/corpus").join(name));
    fuzz.arg(format!("-artifact_prefix={}/", crashes.display()));
    fuzz.args([&format!("-max_total_time={seconds}"), &format!("-max_len={most}")]);
    // What takes a second is kept beside what is too slow for anybody; memory is counted by the target itself.
    fuzz.args(["-timeout=10", "-report_slow_units=1", "-rss_limit_mb=2048", "-print_final_stats=1"]);
    step(name, || run(&mut fuzz)).map_err(|error| {
        format!(
            "{error}; the input is in {}: mend it, and add it to tests/fuzz/corpus/{name}",
            crashes.display()
        )
    })
}

/// The target, its largest input, and the seconds.
fn chosen(words: &[String]) -> Outcome<(&'static str, &'static str, &str)> {
    let names = TARGETS.map(|(name, _)| name).join(", ");
    let usage = format!("say what to fuzz: cargo xtask fuzz TARGET [SECONDS]; targets are {names}");
    let (name, seconds) = match words {
        [name] => (name, SECONDS),
        [name, seconds] => (name, seconds.as_str()),
        _ => return Err(usage),
    };
    let (name, most) = TARGETS.into_iter().find(|(known, _)| known == name).ok_or(usage)?;
    match seconds.parse::<u32>() {
        Ok(1..) => Ok((name, most, seconds)),
        _ => Err(format!("{seconds:?} are no seconds")),
    }
}

fn made(folder: PathBuf) -> Outcome<PathBuf> {
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_chosen_by_name() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(chosen(&words("ini")), Ok(("ini", "2048", "60")));
        assert_eq!(chosen(&words("object 900")), Ok(("object", "16384", "900")));
        for wrong in ["", "inis", "ini 0", "ini -1", "ini 5 6"] {
            assert!(chosen(&words(wrong)).is_err(), "{wrong}");
        }
    }
}
