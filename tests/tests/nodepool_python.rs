//! PyYAML reads the shards as it reads the input, and Nodepool's own config-validate takes each of them.

use std::path::PathBuf;
use std::process::Command;

use zuul_operator_tests::oracle;
use zuul_operator_tests::source::workspace;

/// The example that cuts a file, built beside this test by `cargo test --workspace`.
fn cutter() -> PathBuf {
    let mut path = std::env::current_exe().expect("this test");
    path.pop();
    path.pop();
    path.join("examples/cut")
}

#[test]
fn shards_are_what_the_input_was() {
    let cutter = cutter();
    if !cutter.exists() {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--package", "zuul-plugin-nodepool-sharder", "--example", "cut"])
            .current_dir(workspace())
            .status();
        assert!(built.is_ok_and(|status| status.success()), "the example cut does not build");
    }
    let output = Command::new(oracle::python())
        .arg(workspace().join("guests/nodepool-sharder/tests/oracle.py"))
        .arg(&cutter)
        .output()
        .expect("Python starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let closing = said.lines().last().unwrap_or_default();
    assert!(closing.ends_with(" 0 failed") && !closing.starts_with("0 "), "{said}");
}
