//! `cargo xtask …`: sets up, builds guests, tests, measures and packs. The standard library only, so
//! that the first command on a fresh machine starts at once.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it talks to the person who typed the command")]

mod apt;
mod bench;
mod binaries;
mod cluster;
mod deny;
mod dist;
mod folders;
mod fuzz;
mod go;
mod guests;
mod host;
mod packs;
mod python;
mod rig;
mod step;
mod table;
mod test;
mod wasm;

use std::process::ExitCode;

use folders::Folders;
use step::{Outcome, step};

const HELP: &str = "\
cargo xtask COMMAND

  setup            finds out how to build for wasm32-unknown-unknown; installs what that needs
  guests           setup, and builds the plugins: target/plugins/NAME.wasm; those of tests: target/test-plugins
  render FILE …    guests, and what the operator would apply: FILE is a manifest or a folder
  test             everything that CI checks
  fuzz TARGET [SECONDS]
                   looks for inputs that the operator does not stand, 60 seconds unless it is said:
                   object, nodepool, ini or answer
  cluster up|down|status
                   a control plane of Kubernetes with nodes that only seem to be there, on this machine
  golden           accepts what the golden tests give now; look at the diff before you commit it
  bench [cluster]  builds what is delivered, and prints what it costs against what it should; with
                   `cluster` on a control plane
  plugins          guests, and the ConfigMaps of the built-in plugins: target/dist/plugins
  crd              writes crds/ from the types
  dist             builds what is delivered and says how large it is
  help             this

The operator itself, with its plugins, can be run by hand: cargo run -- render -f FILE
";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_else(|| "help".to_owned());
    let rest: Vec<String> = words.collect();
    match dispatch(&command, &rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, rest: &[String]) -> Outcome {
    let folders = Folders::find()?;
    match (command, rest) {
        ("help" | "--help" | "-h", _) => {
            print!("{HELP}");
            Ok(())
        }
        ("render", rest) => host::render(&folders, rest),
        ("bench", [what]) if what == "cluster" => bench::cluster(&folders),
        ("fuzz", rest) => fuzz::fuzz(&folders, rest),
        ("cluster", rest) => cluster::cluster(&folders, rest),
        (_, [extra, ..]) => Err(format!("{command} takes no {extra:?}; see `cargo xtask help`")),
        ("setup", []) => step("setup", || wasm::setup().map(|way| eprintln!("    {way}"))),
        ("guests", []) => guests::prepare(&folders),
        ("test", []) => test::all(&folders),
        ("golden", []) => host::golden(&folders),
        ("plugins", []) => packs::write(&folders),
        ("crd", []) => host::crd(&folders),
        ("bench", []) => bench::bench(&folders),
        ("dist", []) => dist::dist(&folders),
        _ => Err(format!("there is no command {command:?}; see `cargo xtask help`")),
    }
}
