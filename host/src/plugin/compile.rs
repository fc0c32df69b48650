//! Compiles components, in a child process where possible: compiling leaves 10–20 MB of heap
//! behind, and a child can be given limits of its own.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use rustix::process::{Resource, Rlimit, Signal, setrlimit};
use wasmtime::Engine;

use super::artifact::Artifact;
use super::component::{Refusal, check_preamble};
use super::engine;
use super::limits::{Limit, Limits};
use super::zstd;
use crate::contract::FailureReason;

/// The hidden argument that makes the operator's binary [`compile_child`].
pub const COMPILE_ARGUMENT: &str = "compile-plugin";

/// The child's exit code for a component that is at fault itself.
const REFUSED: u8 = 65;

/// Code is about five times as large as the component that it was compiled from.
const MOST_GROWTH: u64 = 64;

/// Where components are compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compile {
    /// In this process, without limits on time and memory.
    InProcess,
    /// By this binary, which is the operator's, run with [`COMPILE_ARGUMENT`].
    Child(PathBuf),
}

impl Compile {
    /// A child of this process when it is the operator, and in-process otherwise.
    #[must_use]
    pub fn suited() -> Self {
        match std::env::current_exe() {
            Ok(exe) if exe.file_stem().is_some_and(|stem| stem == "zuul-operator") => {
                // On Linux this is the running binary even when the file was replaced by a newer one.
                let same = PathBuf::from("/proc/self/exe");
                Self::Child(if same.exists() { same } else { exe })
            }
            _ => Self::InProcess,
        }
    }
}

/// Compiles one component.
///
/// # Errors
/// [`FailureReason::NotAComponent`] for what is none or is damaged, [`FailureReason::CompileFailed`]
/// when the compiler met a limit.
pub(super) fn compile(
    engine: &Engine,
    how: &Compile,
    limits: &Limits,
    wasm: &[u8],
) -> Result<Artifact, Refusal> {
    check_preamble(wasm)?;
    match how {
        Compile::InProcess => engine
            .precompile_component(wasm)
            .map(Artifact::compiled_here)
            .map_err(|error| (FailureReason::NotAComponent, format!("{error:#}"))),
        Compile::Child(binary) => in_child(binary, limits, wasm),
    }
}

fn in_child(binary: &PathBuf, limits: &Limits, wasm: &[u8]) -> Result<Artifact, Refusal> {
    let most = limits.get(Limit::ComponentBytes).saturating_mul(MOST_GROWTH);
    child(binary, limits, None, wasm, most).map(Artifact::compiled_here)
}

/// What a child of this binary makes of `input`: at most `most` bytes. It compiles, unless it is given another `task`.
///
/// # Errors
/// [`FailureReason::NotAComponent`] with what the child says of the input, [`FailureReason::CompileFailed`] when it
/// met a limit.
pub(super) fn child(
    binary: &PathBuf,
    limits: &Limits,
    task: Option<&str>,
    input: &[u8],
    most: u64,
) -> Result<Vec<u8>, Refusal> {
    let failed = |what: &str| {
        let what = what.to_owned();
        move |error: io::Error| (FailureReason::CompileFailed, format!("{what}: {error}"))
    };
    let mut child = Command::new(binary)
        .arg(COMPILE_ARGUMENT)
        .args([Limit::CompileSeconds, Limit::CompileBytes].map(|limit| limits.get(limit).to_string()))
        .args(task)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed("the compiler cannot be started"))?;
    // The child writes nothing before it has read everything, so this cannot lock up. A child
    // that died early says why by its status.
    let sent = child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(input));
    let mut answer = Vec::new();
    let received = child.stdout.take().map_or(Ok(0), |stdout| stdout.take(most).read_to_end(&mut answer));
    let output = child.wait_with_output().map_err(failed("the compiler is lost"))?;
    if output.status.code() == Some(REFUSED.into()) {
        let sentence = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err((FailureReason::NotAComponent, sentence));
    }
    if output.status.signal() == Some(Signal::XCPU.as_raw()) {
        let sentence = format!("the compiler needed more than {}", limits.shown(Limit::CompileSeconds));
        return Err((FailureReason::CompileFailed, sentence));
    }
    if !output.status.success() {
        return Err((FailureReason::CompileFailed, format!("the compiler ended with {}", output.status)));
    }
    sent.map_err(failed("the compiler took no input"))?;
    received.map_err(failed("the compiler gave no output"))?;
    Ok(answer)
}

/// The child: reads a component from standard input and writes its code to standard output. The
/// arguments are the limits: CPU seconds, bytes of writable memory. With `zstd` as the third one it reads what
/// is compressed instead, and writes the component.
#[must_use]
pub fn compile_child(arguments: &[OsString]) -> ExitCode {
    let limit = |position: usize, default: Limit| {
        let text = arguments.get(position).and_then(|argument| argument.to_str());
        text.and_then(|text| text.parse().ok()).unwrap_or(default.row().default)
    };
    restrict(limit(0, Limit::CompileSeconds), limit(1, Limit::CompileBytes));
    let task =
        if arguments.get(2).is_some_and(|task| task == zstd::TASK) { zstd::child } else { compile_stdin };
    match task() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Standard error is the channel to the parent; when it is gone, so is the parent.
            let _ = writeln!(io::stderr(), "{error:#}");
            ExitCode::from(REFUSED)
        }
    }
}

/// A machine that cannot restrict a process compiles without restriction.
fn restrict(seconds: u64, bytes: u64) {
    let most = |value| Rlimit { current: Some(value), maximum: Some(value) };
    // One second before the kill there is a signal that says why.
    let _ = setrlimit(Resource::Cpu, Rlimit { current: Some(seconds), maximum: Some(seconds + 1) });
    // Writable memory instead of address space: the latter counts what allocators only reserve.
    let _ = setrlimit(Resource::Data, most(bytes));
    let _ = setrlimit(Resource::Core, most(0));
}

fn compile_stdin() -> anyhow::Result<()> {
    let mut wasm = Vec::new();
    io::stdin().lock().take(Limit::ComponentBytes.row().ceiling).read_to_end(&mut wasm)?;
    let code = engine::for_compiling()?.precompile_component(&wasm)?;
    io::stdout().lock().write_all(&code)?;
    Ok(())
}
