//! `zuul-operator render` of the example site, from start to end of the process.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::plan::site;
use crate::row::{count, kib, median, time};

const WARM_RUNS: usize = 61;
const COLD_RUNS: usize = 5;
const MEMORY_RUNS: usize = 5;

/// With all plugins compiled already, and with none.
pub fn rows(binary: &Path) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let cold: Vec<_> = (0..COLD_RUNS).map(|run| folder.path().join(format!("cold-{run}"))).collect();
    let warm = folder.path().join("warm");
    timed(binary, &warm);
    let mut times: Vec<_> = (0..WARM_RUNS).map(|_| timed(binary, &warm)).collect();
    time("render site, plugins compiled: median", median(&mut times), Duration::from_millis(30));
    let mut peaks: Vec<_> = (0..MEMORY_RUNS).map(|_| peak(binary, &warm)).collect();
    kib("render site, plugins compiled: peak memory", median(&mut peaks), 40 * 1024);
    match instructions(binary, &warm) {
        Some(number) => count("render site, plugins compiled: instructions (callgrind)", number),
        None => println!("valgrind is not there: instructions of whole processes are not counted"),
    }
    let mut times: Vec<_> = cold.iter().map(|cache| timed(binary, cache)).collect();
    time("render site, nothing compiled: median", median(&mut times), Duration::from_millis(1500));
}

fn render(binary: &Path, cache: &Path) -> Command {
    rendering(Command::new(binary), cache)
}

fn rendering(mut command: Command, cache: &Path) -> Command {
    command.arg("render").arg("-f").arg(site()).arg("--cache-dir").arg(cache);
    command.env_remove("RUST_LOG").stdin(Stdio::null()).stderr(Stdio::null());
    command
}

fn timed(binary: &Path, cache: &Path) -> Duration {
    let begun = Instant::now();
    let output = render(binary, cache).output().expect("the binary can be started");
    let time = begun.elapsed();
    assert!(output.status.success() && !output.stdout.is_empty(), "the example is rendered");
    time
}

/// What callgrind counts; nothing where it is not installed.
fn instructions(binary: &Path, cache: &Path) -> Option<u64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(binary);
    let output = rendering(valgrind, cache).stdout(Stdio::null()).stderr(Stdio::piped()).output().ok()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find_map(|line| line.split_once("Collected :"));
    line.and_then(|(_, number)| number.trim().parse().ok())
}

/// The most memory that the process had, in KiB. It is read when the process has begun to write what it
/// rendered, and cannot end because nobody takes the rest: its pipe is made smaller than that.
fn peak(binary: &Path, cache: &Path) -> u64 {
    let mut child = render(binary, cache).stdout(Stdio::piped()).spawn().expect("the binary can be started");
    let mut stdout = child.stdout.take().expect("a pipe");
    rustix::pipe::fcntl_setpipe_size(&stdout, 4096).expect("a pipe of one page");
    stdout.read_exact(&mut [0]).expect("something is rendered");
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("Linux' /proc");
    let mut rest = Vec::new();
    stdout.read_to_end(&mut rest).expect("all is rendered");
    child.wait().expect("it ends");
    assert!(rest.len() > 2 * 4096, "the process was still there to be asked");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
