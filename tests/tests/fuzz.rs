//! What fuzzing has found to be interesting, in every run. `cargo xtask fuzz` looks for more.

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use zuul_operator_tests::fuzz::TARGETS;

/// What a corpus may be: it is in the repository, and in every run.
const MOST: (usize, u64) = (120, 200 * 1024);

fn corpus(target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    files
}

fn replay(name: &str) {
    let (_, target) = TARGETS.iter().find(|(known, _)| *known == name).expect("a target");
    let files = corpus(name);
    assert!(!files.is_empty());
    for file in files {
        let bytes = fs::read(&file).expect("a file");
        let result = catch_unwind(|| target(&bytes));
        assert!(result.is_ok(), "{}: see the panic above", file.display());
    }
}

#[test]
fn objects() {
    replay("object");
}

#[test]
fn nodepools() {
    replay("nodepool");
}

#[test]
fn inis() {
    replay("ini");
}

#[test]
fn answers() {
    replay("answer");
}

#[test]
fn corpora_are_small() {
    for (name, _) in TARGETS {
        let files = corpus(name);
        let bytes: u64 = files.iter().map(|file| fs::metadata(file).expect("a file").len()).sum();
        assert!(files.len() <= MOST.0 && bytes <= MOST.1, "{name}: {} files, {bytes} bytes", files.len());
    }
}
