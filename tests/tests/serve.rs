//! What the operator tells of itself, over a real port.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use zuul_operator::cluster::lease::Leadership;
use zuul_operator::metrics::{Metrics, Outcome, Verb};
use zuul_operator::plugin::{Catalog, Options};
use zuul_operator::serve::{Health, Limits, Signals, metrics, serve};
use zuul_operator_tests::source::workspace;

struct Server {
    address: SocketAddr,
    signals: Signals,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

fn start(limits: Limits, metrics: Metrics) -> Server {
    let signals = Signals { metrics: Arc::new(metrics), health: Arc::new(Health::default()) };
    let (end, ended) = oneshot::channel();
    let (told, address) = std::sync::mpsc::channel();
    let its = signals.clone();
    let thread = std::thread::spawn(move || {
        Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            told.send(listener.local_addr().unwrap()).unwrap();
            serve(listener, its, limits, async { drop(ended.await) }).await;
        });
    });
    Server { address: address.recv().unwrap(), signals, end: Some(end), thread: Some(thread) }
}

impl Server {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    fn ask(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        answer(&mut stream)
    }

    fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n"))
    }

    fn end(&mut self) {
        self.end.take().unwrap().send(()).unwrap();
    }
}

/// All that comes until the server closes; what came, if it resets the connection.
fn answer(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => break,
            Err(error) => panic!("{error}"),
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn usual() -> Server {
    start(Limits::default(), Metrics::default())
}

fn quick() -> Limits {
    let ms = Duration::from_millis;
    Limits { head: ms(300), connection: ms(2000), ..Limits::default() }
}

#[test]
fn probes_are_answered() {
    let server = usual();
    let answer = server.get("/healthz");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\nok\n"), "{answer}");
    let answer = server.get("/readyz");
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.ends_with("the watches have not listed yet\n"), "{answer}");
    server.signals.health.listed();
    assert!(server.get("/readyz?verbose").starts_with("HTTP/1.1 200 "));
    assert!(server.get("/metrics/").starts_with("HTTP/1.1 404 "));
}

#[test]
fn only_reading_is_answered() {
    let server = usual();
    let head = server.ask("HEAD /healthz HTTP/1.1\r\nhost: x\r\n\r\n");
    assert!(head.starts_with("HTTP/1.1 200 ") && head.ends_with("\r\n\r\n"), "{head}");
    assert!(head.contains("content-length: 3\r\n"), "{head}");
    let body = "GET /healthz HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nbody";
    assert!(server.ask(body).starts_with("HTTP/1.1 200 "), "a body is of no interest");
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "PURGE"] {
        let path = if method == "CONNECT" { "x:1" } else { "/metrics" };
        let answer = server.ask(&format!("{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n"));
        assert!(answer.starts_with("HTTP/1.1 405 "), "{method}: {answer}");
        assert!(answer.contains("allow: GET, HEAD\r\n"), "{method}: {answer}");
    }
    assert!(server.ask("no HTTP at all\r\n\r\n").starts_with("HTTP/1.1 400 "));
}

#[test]
fn a_head_has_a_limit_in_bytes() {
    let server = usual();
    let ask = |bytes| {
        let filler = "x".repeat(bytes);
        let mut stream = server.connect();
        // It may stop to read before all is sent.
        let _ = stream
            .write_all(format!("GET /healthz HTTP/1.1\r\nhost: x\r\nfiller: {filler}\r\n\r\n").as_bytes());
        answer(&mut stream)
    };
    assert!(ask(15 * 1024).starts_with("HTTP/1.1 200 "));
    let answer = ask(64 * 1024);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[test]
fn a_head_has_a_limit_in_time() {
    let server = start(quick(), Metrics::default());
    let mut slow = server.connect();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nhost:").unwrap();
    let start = Instant::now();
    let text = answer(&mut slow);
    assert!(!text.starts_with("HTTP/1.1 200 "), "{text}");
    assert!(start.elapsed() < Duration::from_secs(10));
    let mut in_time = server.connect();
    in_time.write_all(b"GET /healthz HTTP/1.1\r\nhost:").unwrap();
    in_time.write_all(b" x\r\n\r\n").unwrap();
    assert!(answer(&mut in_time).starts_with("HTTP/1.1 200 "));
}

#[test]
fn whoever_does_not_read_is_left() {
    // More than the buffers of both ends hold.
    let many = Metrics::default();
    for number in 0..100_000 {
        many.zuul(
            "a-namespace-with-a-name-that-takes-its-place-in-the-answer",
            &format!("zuul-{number}"),
            true,
            0,
        );
    }
    let limits = Limits { connections: 1, ..quick() };
    let server = start(limits, many);
    let mut silent = server.connect();
    silent.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200 "), "its place is free again");
}

#[test]
fn connections_have_a_limit() {
    let server = start(Limits { connections: 2, ..Limits::default() }, Metrics::default());
    let (first, _second) = (server.connect(), server.connect());
    let mut third = server.connect();
    third.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    third.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let refused = third.read(&mut [0; 1]).unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::WouldBlock, "it waits: {refused}");
    first.shutdown(Shutdown::Both).unwrap();
    third.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    assert!(answer(&mut third).starts_with("HTTP/1.1 200 "));
}

#[test]
fn what_is_under_way_is_finished() {
    let mut server = usual();
    let mut stream = server.connect();
    stream.write_all(b"GET /healthz HTTP/1.1\r\n").unwrap();
    // The server accepts in order: with this answer it has the one above too.
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200 "));
    server.end();
    while TcpStream::connect(server.address).is_ok() {}
    stream.write_all(b"host: x\r\n\r\n").unwrap();
    assert!(answer(&mut stream).starts_with("HTTP/1.1 200 "));
    server.thread.take().unwrap().join().unwrap();
}

/// The names and types of a page in the format of OpenMetrics, as they are queried.
fn told(text: &str) -> BTreeSet<(String, String)> {
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let names = types.map(|line| {
        let (name, kind) = line.split_once(' ').unwrap();
        let suffix = match kind {
            "counter" => "_total",
            "info" => "_info",
            _ => "",
        };
        (format!("{name}{suffix}"), kind.to_owned())
    });
    names.collect()
}

#[test]
fn each_metric_is_explained() {
    let catalog = Arc::new(Catalog::open(Options::default()).unwrap());
    let metrics = metrics(catalog, Leadership::always());
    metrics.reconciled(Outcome::Done, Duration::from_millis(1));
    metrics.requested(Verb::Patch, "Secret", 200, Duration::from_millis(1));
    metrics.zuul("n", "zuul", true, 0);
    let server = start(Limits::default(), metrics);
    let answer = server.get("/metrics");
    let (head, text) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("content-type: application/openmetrics-text; version=1.0.0"), "{head}");
    assert!(text.ends_with("# EOF\n"), "{text}");
    let page = std::fs::read_to_string(workspace().join("docs/operate/signals.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let rows = rows.filter_map(|row| {
        let (name, rest) = row.split_once("` | ")?;
        let kind = rest.split(" | ").next()?;
        matches!(kind, "counter" | "gauge" | "histogram" | "info").then(|| (name.to_owned(), kind.to_owned()))
    });
    assert_eq!(told(text), rows.collect(), "{text}");
    for line in ["zuul_operator_lease_held 1\n", "zuul_operator_plugin_calls_total 0\n"] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    let value = |name: &str| -> f64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().parse().unwrap()
    };
    assert!(value("process_resident_memory_bytes ") > 1e6);
    assert!(value("process_cpu_seconds_total ") >= 0.0);
    assert!(value("process_open_fds ") > 2.0);
}
