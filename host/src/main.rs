//! The `zuul-operator` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    zuul_operator::cli::run::main()
}
