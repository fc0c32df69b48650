//! An HTTP server that says what it is told to say, for what a real API server never says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

/// A running server. Its thread ends with the test.
pub struct Answers {
    /// Where it listens.
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
}

/// What was asked.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The first line.
    pub line: String,
    /// The headers, a line each.
    pub head: String,
    /// What came with it.
    pub body: Vec<u8>,
}

impl Answers {
    /// Starts one: `answer` makes a status and a JSON body of each request's line.
    ///
    /// # Panics
    /// There is no port left.
    pub fn start(answer: impl Fn(&str) -> (u16, String) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it listens");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some(request) = request(&stream) else { continue };
                let (status, body) = answer(&request.line);
                notes.lock().unwrap_or_else(PoisonError::into_inner).push(request);
                let head = format!(
                    "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                // Who does not read it does not want it.
                let _ = (&stream).write_all(format!("{head}{body}").as_bytes());
            }
        });
        Self { address, seen }
    }

    /// The lines of all requests so far.
    pub fn seen(&self) -> Vec<String> {
        self.requests().into_iter().map(|request| request.line).collect()
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn request(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let (mut request, mut length) = (Request::default(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
        match request.line.is_empty() {
            true => line.trim().clone_into(&mut request.line),
            false => request.head.push_str(&line),
        }
    }
    request.body = vec![0; length];
    reader.read_exact(&mut request.body).ok()?;
    Some(request)
}
