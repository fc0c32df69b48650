//! The real readers of our files: Python programs in `tests/oracles`, asked line by line.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The Python with Nodepool and PyYAML that `cargo xtask test` installs, else `python3`.
#[must_use]
pub fn python() -> OsString {
    std::env::var_os("ZUUL_OPERATOR_PYTHON").unwrap_or_else(|| "python3".into())
}

/// The Python that has Zuul's own code, which `cargo xtask test` installs; else `python3`.
#[must_use]
pub fn zuul_python() -> OsString {
    std::env::var_os("ZUUL_OPERATOR_ZUUL_PYTHON").unwrap_or_else(|| "python3".into())
}

/// One running program.
pub struct Oracle {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Oracle {
    /// Starts `tests/oracles/<program>` with the Python of `cargo xtask test`, else with `python3`.
    ///
    /// # Panics
    /// There is no Python.
    #[must_use]
    pub fn start(program: &str) -> Self {
        Self::of(&python(), program)
    }

    /// Starts `tests/oracles/<program>` with [`zuul_python`]. Without Zuul the first question fails.
    ///
    /// # Panics
    /// There is no such Python.
    #[must_use]
    pub fn zuul(program: &str) -> Self {
        Self::of(&zuul_python(), program)
    }

    fn of(python: &OsStr, program: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracles").join(program);
        // As Zuul's images have it; configparser reads files with the locale's encoding.
        let mut child = Command::new(python)
            .arg(path)
            .envs([("LC_ALL", "C.UTF-8"), ("ZUUL_PROBE", "a default of every section")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{python:?}: {error}; `cargo xtask test` installs it"));
        let questions = child.stdin.take().expect("it was piped");
        let answers = BufReader::new(child.stdout.take().expect("it was piped"));
        Self { child, questions, answers }
    }

    /// One line there and one line back.
    ///
    /// # Panics
    /// The program ended; its last words are on standard error.
    pub fn ask(&mut self, question: &str) -> String {
        writeln!(self.questions, "{question}").expect("the oracle reads");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("the oracle writes UTF-8");
        assert!(answer.ends_with('\n'), "the oracle ended; see above, or run `cargo xtask test`");
        answer.trim_end().to_owned()
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        // It has nothing to lose, and a test that failed must not leave it behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Bytes in hex, as questions and answers have them: there is no character that needs a quote.
#[must_use]
pub fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
