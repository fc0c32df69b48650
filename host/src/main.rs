//! The `zuul-operator` binary.

use std::process::ExitCode;

use zuul_operator::plugin::{COMPILE_ARGUMENT, compile_child};

fn main() -> ExitCode {
    // The child that compiles a plugin is this binary, and no business of its users.
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    match arguments.split_first() {
        Some((first, rest)) if first == COMPILE_ARGUMENT => compile_child(rest),
        _ => zuul_operator::cli::run::main(),
    }
}
