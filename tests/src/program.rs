//! The built `zuul-operator`, for what only a process of its own can show.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use crate::source::workspace;

/// Names another program than that of this build: the one that is delivered, to be measured.
pub const BINARY: &str = "ZUUL_OPERATOR_BINARY";

/// Builds the program and says where it is: `cargo test` alone builds it for nobody's tests but its own.
///
/// # Panics
/// It does not build.
pub fn program() -> PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    if let Some(binary) = std::env::var_os(BINARY) {
        return binary.into();
    }
    let built = PROGRAM.get_or_init(|| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let status = Command::new(cargo)
            .args(["build", "--quiet", "--package", "zuul-operator"])
            .current_dir(workspace())
            .status();
        assert!(status.is_ok_and(|status| status.success()), "zuul-operator does not build");
        let mut folder = std::env::current_exe().expect("this test");
        folder.pop();
        folder.with_file_name("zuul-operator")
    });
    built.clone()
}
