//! Commands of the operator in this process, with the real plugins.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use zuul_operator::cli::bundle::Bundle;
use zuul_operator::cli::files::read_all;
use zuul_operator::cli::gather::ZuulInputs;
use zuul_operator::cli::run::{Exit, Streams, run};
use zuul_operator::cli::source::Source;

use crate::hostile::shared_cache;

/// What a command says.
#[derive(Debug, PartialEq, Eq)]
pub struct Said {
    /// How it ended.
    pub exit: Exit,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error, without its log.
    pub stderr: String,
}

/// Runs a command with the cache of compiled plugins that all tests share.
#[must_use]
pub fn command(args: &[&str]) -> Said {
    command_in(&shared_cache(), args)
}

/// Runs a command with a cache of its own.
///
/// # Panics
/// It says what is no text.
#[must_use]
pub fn command_in(cache: &Path, args: &[&str]) -> Said {
    let cache = [OsString::from("--cache-dir"), cache.into()];
    said(args.iter().map(OsString::from).chain(cache), &[])
}

/// Runs a command as it stands, with a text to read and the user's own cache of compiled plugins.
#[must_use]
pub fn plain_command(args: &[&str], stdin: &[u8]) -> Said {
    said(args.iter().map(OsString::from), stdin)
}

fn said(args: impl Iterator<Item = OsString>, mut stdin: &[u8]) -> Said {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut streams = Streams {
        stdin: &mut stdin,
        stdout: &mut stdout,
        stderr: &mut stderr,
        stdout_styled: false,
        stderr_styled: false,
    };
    let exit = run([OsString::from("zuul-operator")].into_iter().chain(args), &mut streams);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Said { exit, stdout: text(stdout), stderr: text(stderr) }
}

/// The objects of a text.
#[must_use]
pub fn bundle(text: &str) -> Bundle {
    Bundle::read(vec![Source::new("test.yaml", text)], Vec::new())
}

/// What is gathered for the only Zuul of a text.
///
/// # Panics
/// It holds no Zuul, or more than one, or is broken.
#[must_use]
pub fn inputs(text: &str) -> ZuulInputs {
    let bundle = bundle(text);
    assert!(bundle.remarks.is_empty(), "{:?}", bundle.remarks);
    let mut zuuls: Vec<_> = bundle.zuuls().collect();
    assert_eq!(zuuls.len(), 1);
    zuuls.remove(0)
}

/// What is gathered for the only Zuul of a folder below `tests/`.
///
/// # Panics
/// It cannot be read, or holds no Zuul.
#[must_use]
pub fn inputs_of(folder: &str) -> ZuulInputs {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let (sources, remarks) = read_all(&[path], &mut std::io::empty()).expect("manifests");
    Bundle::read(sources, remarks).zuuls().next().expect("a Zuul")
}

/// The folders in a folder, sorted.
///
/// # Panics
/// It cannot be read.
#[must_use]
pub fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut folders: Vec<_> =
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}
