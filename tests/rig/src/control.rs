//! How a running control plane is told what to do: one line there, one line back, over a socket in its folder.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::mpsc::{Receiver, sync_channel};

use anyhow::{Context as _, Result, bail};

use crate::layout::Layout;

/// What it may be asked.
pub enum Event {
    /// A line, and where its answer goes.
    Ask(String, UnixStream),
    /// Who started it has ended.
    Abandoned,
}

/// Asks the control plane of a folder and gives its answer, without `ok`.
///
/// # Errors
/// None runs there, or it refuses.
pub fn ask(layout: &Layout, question: &str) -> Result<String> {
    let socket = layout.control();
    let mut stream = UnixStream::connect(&socket)
        .with_context(|| format!("{}: no control plane runs there", socket.display()))?;
    writeln!(stream, "{question}")?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    match answer.trim_end().split_once(' ').unwrap_or((answer.trim_end(), "")) {
        ("ok", rest) => Ok(rest.to_owned()),
        _ => bail!("{question}: {}", answer.trim_end()),
    }
}

/// Listens for questions; and for the end of standard input if whoever started it is to take it along.
///
/// # Errors
/// The socket cannot be made: its path may be too long.
pub fn listen(layout: &Layout, attached: bool) -> Result<Receiver<Event>> {
    let (sender, events) = sync_channel(16);
    let socket = layout.control();
    let _ = std::fs::remove_file(&socket);
    let listener = UnixListener::bind(&socket).with_context(|| socket.display().to_string())?;
    if attached {
        let sender = sender.clone();
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
            let _ = sender.send(Event::Abandoned);
        });
    }
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut line = String::new();
            // Who connects writes at once; a broken client costs its own answer.
            if BufReader::new(&stream).read_line(&mut line).is_ok()
                && sender.send(Event::Ask(line.trim().to_owned(), stream)).is_err()
            {
                return;
            }
        }
    });
    Ok(events)
}

/// Sends an answer; who asked may have gone.
pub fn answer(mut stream: UnixStream, said: Result<String>) {
    let _ = match said {
        Ok(text) => writeln!(stream, "{}", format!("ok {text}").trim_end()),
        Err(error) => writeln!(stream, "{}", format!("{error:#}").replace('\n', " ")),
    };
}
