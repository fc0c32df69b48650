//! `zuul-operator-rig FOLDER [--attached] [--temporary]` runs a control plane; `zuul-operator-rig tell FOLDER QUESTION`
//! asks a running one: `status`, `down`, or `stop`, `start`, `pause` or `resume` and the name of a program.
//!
//! On standard output go lines of progress; the last one is `ready` or `failed: ` and why. Attached, it ends with its
//! standard input; else when it is told to over its socket. A temporary folder is removed at the end.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "whoever starts it reads what is ready")]

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use zuul_operator_rig::layout::Layout;
use zuul_operator_rig::program::{CHILD, become_child};
use zuul_operator_rig::{control, server::Server};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            println!("failed: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Result<()> {
    if let [first, parent, program, arguments @ ..] = words
        && first == CHILD
    {
        return become_child(parent.parse()?, program, arguments);
    }
    if let [first, folder, question @ ..] = words
        && first == "tell"
    {
        println!("{}", control::ask(&Layout::new(folder), &question.join(" "))?);
        return Ok(());
    }
    let (folder, options) = words.split_first().context("say in which folder")?;
    let is_set = |option: &str| options.iter().any(|word| word == option);
    let layout = Layout::new(std::path::absolute(folder)?);
    std::fs::create_dir_all(layout.folder())?;
    if !is_set("--attached") {
        // Nor does it end with the terminal. Who has a session already needs no other.
        let _ = rustix::process::setsid();
    }
    // Listened first: what was started by somebody who has ended meanwhile shall not stay.
    let events = control::listen(&layout, is_set("--attached"))?;
    let outcome = Server::start(&layout, &mut std::io::stdout()).map(|mut server| {
        println!("ready");
        server.serve(&events);
    });
    if is_set("--temporary") {
        std::fs::remove_dir_all(layout.folder())?;
    }
    outcome
}
