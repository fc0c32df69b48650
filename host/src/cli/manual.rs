//! Completions and manual pages, made from the arguments.

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use super::args::Cli;
use super::run::{Exit, Failure, Streams};

/// The completions of `shell`.
pub(super) fn completions(shell: Shell, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "zuul-operator", &mut script);
    streams.say(&String::from_utf8_lossy(&script)).map(|()| Exit::Fine)
}

/// The manual page of `command`, in roff; of the whole program if it is empty.
pub(super) fn page(command: &str, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let mut program = Cli::command();
    program.build();
    let page = match command {
        "" => Man::new(program),
        name => {
            let found = program.find_subcommand(name).cloned();
            let names = program.get_subcommands().map(|it| it.get_name().to_owned()).collect::<Vec<_>>();
            Man::new(found.ok_or_else(|| {
                Failure::Told(format!("there is no command {name:?}; there are {}", names.join(", ")))
            })?)
        }
    };
    let mut roff = Vec::new();
    page.render(&mut roff)?;
    streams.say(&String::from_utf8_lossy(&roff)).map(|()| Exit::Fine)
}
