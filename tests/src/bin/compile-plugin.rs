//! The operator's hidden child process, as a binary that tests can find.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(2).collect();
    zuul_operator::plugin::compile_child(&arguments)
}
