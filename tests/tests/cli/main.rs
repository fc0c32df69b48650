//! The command line, as far as it needs files, other programs or time.

mod hostile;
mod report;
mod run;
mod secret;
mod yaml;

use std::ffi::OsString;

use zuul_operator::cli::run::{Exit, Streams, run};

/// What a command says.
struct Said {
    exit: Exit,
    stdout: String,
    stderr: String,
}

/// Runs a command in this process.
fn command(args: &[&str], mut stdin: &[u8]) -> Said {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut streams = Streams {
        stdin: &mut stdin,
        stdout: &mut stdout,
        stderr: &mut stderr,
        stdout_styled: false,
        stderr_styled: false,
    };
    let args = ["zuul-operator"].iter().chain(args).map(OsString::from);
    let exit = run(args, &mut streams);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Said { exit, stdout: text(stdout), stderr: text(stderr) }
}
