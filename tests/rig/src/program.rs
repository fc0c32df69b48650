//! One program of the control plane, which ends when the process that started it does, however that ends.

use std::fs::OpenOptions;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};
use rustix::process::{Pid, Signal};

/// The word with which this program starts another one that dies with it.
pub const CHILD: &str = "child";

/// A program, running or not.
pub struct Program {
    /// Its name.
    pub name: &'static str,
    /// Whether it should run.
    pub wanted: bool,
    path: PathBuf,
    arguments: Vec<String>,
    log: PathBuf,
    child: Option<Child>,
}

impl Program {
    /// Starts it. Only the main thread may: the kernel ends a child with the thread that made it.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(name: &'static str, path: PathBuf, arguments: Vec<String>, log: PathBuf) -> Result<Self> {
        let mut program = Self { name, wanted: true, path, arguments, log, child: None };
        program.again()?;
        Ok(program)
    }

    /// Starts it if it does not run.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn again(&mut self) -> Result<()> {
        self.wanted = true;
        if self.ended().is_none() && self.child.is_some() {
            return Ok(());
        }
        let log = OpenOptions::new().create(true).append(true).open(&self.log);
        let log = log.with_context(|| self.log.display().to_string())?;
        // Not by its path: a newer one may have been built meanwhile.
        let mut command = Command::new("/proc/self/exe");
        command.arg(CHILD).arg(std::process::id().to_string()).arg(&self.path).args(&self.arguments);
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        self.child = Some(command.spawn().with_context(|| self.path.display().to_string())?);
        Ok(())
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<String> {
        let status = self.child.as_mut()?.try_wait().ok()??;
        Some(status.to_string())
    }

    /// The last lines that it wrote.
    #[must_use]
    pub fn last_words(&self) -> String {
        let text = std::fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(8)..].join("\n")
    }

    /// Ends it at once; it is not started again.
    pub fn kill(&mut self) {
        self.wanted = false;
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Sends it a signal.
    ///
    /// # Errors
    /// It does not run.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        let pid = self.child.as_ref().and_then(|child| Pid::from_raw(i32::try_from(child.id()).ok()?));
        let pid = pid.with_context(|| format!("{} does not run", self.name))?;
        Ok(rustix::process::kill_process(pid, signal)?)
    }
}

/// Becomes another program which the kernel ends together with `parent`. Returns only if that fails.
///
/// # Errors
/// The parent is gone, or the program cannot be run.
pub fn become_child(parent: i32, program: &str, arguments: &[String]) -> Result<()> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    // It may have ended before that was said.
    if rustix::process::getppid().map(Pid::as_raw_pid) != Some(parent) {
        return Ok(());
    }
    Err(Command::new(program).args(arguments).exec()).with_context(|| program.to_owned())
}
