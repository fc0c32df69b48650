//! Runs one command with given streams: what `main` and the tests come through.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Read, Write};
use std::process::ExitCode;

use clap::Parser;

use super::args::{Cli, Color, Command};
use super::characters::printable;
use super::logging::{Log, LogFormat};
use super::stdout::Stdout;
use super::{crd, draft, explain, manual, operate, plugin, render, validate};
use crate::traces::{Collector, Traces};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Fine,
    /// There are errors in what was given.
    Findings,
    /// Wrong usage, or a file that cannot be read or written.
    Failure,
    /// Nobody read the output to its end, as behind `| head -1`.
    Unread,
}

impl Exit {
    /// The exit code. [`Exit::Unread`] has the one that a shell shows for `cat`, `grep`, kubectl and most
    /// others, which SIGPIPE ends: 128 + 13. It is neither 0 nor 1, as it is unknown what the reader saw;
    /// and the signal itself stays ignored, as it could come from a child that compiles a plugin.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Findings => 1,
            Self::Failure => 2,
            Self::Unread => 141,
        }
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// To be told.
    Told(String),
    /// The reader of stdout has gone: there is nobody to tell.
    Unread,
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Told(error.to_string())
    }
}

/// What a command reads and writes.
pub struct Streams<'a> {
    /// For `-f -`.
    pub stdin: &'a mut dyn Read,
    /// What was asked for.
    pub stdout: &'a mut dyn Write,
    /// Everything else.
    pub stderr: &'a mut dyn Write,
    /// Whether stdout takes colours.
    pub stdout_styled: bool,
    /// Whether stderr takes colours.
    pub stderr_styled: bool,
}

impl Streams<'_> {
    /// Writes to stdout.
    ///
    /// # Errors
    /// The stream cannot be written.
    pub fn say(&mut self, text: &str) -> Result<(), Failure> {
        let result = self.stdout.write_all(text.as_bytes()).and_then(|()| self.stdout.flush());
        result.map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::Unread,
            _ => Failure::Told(format!("cannot write to stdout: {error}")),
        })
    }
}

/// The program: arguments and streams of the process.
#[must_use]
pub fn main() -> ExitCode {
    let terminal = |is: bool| is && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let streams = &mut Streams {
        stdout_styled: terminal(io::stdout().is_terminal()),
        stderr_styled: terminal(io::stderr().is_terminal()),
        stdin: &mut io::stdin().lock(),
        stdout: &mut Stdout::open(),
        stderr: &mut io::stderr(),
    };
    ExitCode::from(run(std::env::args_os(), streams).code())
}

/// One command.
pub fn run(args: impl IntoIterator<Item = OsString>, streams: &mut Streams<'_>) -> Exit {
    let result = match Cli::try_parse_from(args) {
        Ok(cli) => command(cli, streams),
        Err(error) => usage(&error, streams),
    };
    result.unwrap_or_else(|failure| match failure {
        Failure::Unread => Exit::Unread,
        Failure::Told(sentence) => {
            // Where stderr is gone, the exit code still says it.
            let _ = writeln!(streams.stderr, "error: {}", printable(&sentence));
            Exit::Failure
        }
    })
}

fn command(cli: Cli, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    match cli.color {
        Color::Auto => {}
        color => {
            streams.stdout_styled = color == Color::Always;
            streams.stderr_styled = color == Color::Always;
        }
    }
    let traces = traces(&cli.command)?;
    log(&cli, streams.stderr_styled).start(traces.as_ref()).map_err(Failure::Told)?;
    let result = execute(cli.command, streams);
    traces.iter().for_each(Traces::end);
    result
}

fn execute(command: Command, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Render(args) => render::run(&args, streams),
        Command::Validate(args) => validate::run(&args, streams),
        Command::Explain(args) => explain::run(&args, streams),
        Command::DraftProviders(args) => draft::run(&args, streams),
        Command::Run(args) => operate::run(&args),
        Command::Plugin(command) => plugin::run(&command, streams),
        Command::Crd => crd::run(streams),
        Command::Completions { shell } => manual::completions(shell, streams),
        Command::Man { command } => manual::page(&command, streams),
    }
}

/// What sends the spans of `run`, if that is wanted; the other commands have none.
fn traces(command: &Command) -> Result<Option<Traces>, Failure> {
    let Command::Run(args) = command else { return Ok(None) };
    let variable = |name: &str| std::env::var(name).ok();
    let collector = Collector::find(args.traces.as_deref(), variable).map_err(Failure::Told)?;
    let traces = collector.map(|collector| Traces::open(&collector)).transpose();
    traces
        .map_err(|error| Failure::Told(format!("spans cannot be sent: {error:#}; --traces off does without")))
}

/// Help goes to stdout and is fine; what is wrong goes to stderr.
fn usage(error: &clap::Error, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let styled = if error.use_stderr() { streams.stderr_styled } else { streams.stdout_styled };
    let text = error.render();
    let text = if styled { text.ansi().to_string() } else { text.to_string() };
    if error.use_stderr() {
        let _ = streams.stderr.write_all(text.as_bytes());
        return Ok(Exit::Failure);
    }
    streams.say(&text).map(|()| Exit::Fine)
}

fn log(cli: &Cli, styled: bool) -> Log<'_> {
    let level = |least: usize| ["warn", "info", "debug", "trace"][(least + usize::from(cli.verbose)).min(3)];
    match &cli.command {
        Command::Run(args) => {
            Log { filter: args.log.as_deref(), level: level(1), format: args.log_format, styled }
        }
        _ => Log { filter: None, level: level(0), format: LogFormat::Text, styled },
    }
}
