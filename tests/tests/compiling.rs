//! The limits on compiling: how long one child may take, and how many there are at once.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use zuul_operator::contract::Plugins;
use zuul_operator::plugin::{Catalog, Compile, Limit, Limits, Options};
use zuul_operator_tests::hostile::{Rig, component, refusal};
use zuul_operator_tests::rig::until;

const COMPILER: &str = env!("CARGO_BIN_EXE_compile-plugin");

fn options(rig: &Rig, limit: Limit, value: u64, compiler: &str) -> Options {
    Options {
        limits: Limits::default().with(limit, value).unwrap(),
        compile: Compile::Child(compiler.into()),
        built_ins: false,
        cache_dir: None,
        ..rig.options()
    }
}

/// A component with a function that takes seconds to compile.
fn slow() -> Vec<u8> {
    let step = "(local.set 1 (i64.xor (i64.mul (local.get 1) (local.get 2)) (local.get 3)))\
                (local.set 2 (i64.add (local.get 1) (i64.rotl (local.get 3) (local.get 2))))\
                (local.set 3 (i64.sub (local.get 2) (i64.shl (local.get 1) (local.get 3))))";
    let text = format!(
        "(component (core module (func (export \"f\") (param i64 i64 i64 i64) (result i64) {} (local.get 3))))",
        step.repeat(60_000)
    );
    wat::parse_str(text).unwrap()
}

#[test]
fn a_child_compiles_within_its_time() {
    let said = |bytes: &[u8]| {
        let rig = Rig::new().with("one.wasm", bytes);
        refusal(&Catalog::open(options(&rig, Limit::CompileSeconds, 1, COMPILER)).unwrap())
    };
    assert_eq!(said(&component("harmless", 0)), "");
    let refusal = said(&slow());
    assert!(refusal.contains("CompileFailed") && refusal.contains("(limit compile-seconds)"), "{refusal}");
}

/// A compiler that notes how many of its kind are at work when it starts, itself included. If there is a file
/// `wait` it works only after two have started.
fn noting(folder: &Path) -> String {
    let script = format!(
        "#!/bin/sh\n\
         PATH=/usr/local/bin:/usr/bin:/bin; cd '{}'\n\
         mkdir started.$$; mkdir running.$$; ls -d running.* | wc -l >> seen\n\
         while [ -e wait ] && [ $(ls -d started.* | wc -l) -lt 2 ]; do sleep 0.01; done\n\
         '{COMPILER}' \"$@\"; code=$?\n\
         rmdir running.$$; exit $code\n",
        folder.display()
    );
    program(folder, &script)
}

/// A compiler that is this script.
fn program(folder: &Path, script: &str) -> String {
    let path = folder.join("compiler");
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o700)).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The first one is ended as if the machine had no memory left.
#[test]
fn what_could_not_be_compiled_in_passing_serves_later() {
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "#!/bin/sh\n/bin/mkdir '{}' && kill -9 $$\n'{COMPILER}' \"$@\"\n",
        folder.path().join("once").display()
    );
    let rig = Rig::new().with("one.wasm", &component("harmless", 0));
    let options = options(&rig, Limit::CompileSeconds, 10, &program(folder.path(), &script));
    let catalog = Catalog::open(options).unwrap();
    assert!(refusal(&catalog).contains("CompileFailed"));
    // A plan asks often: not each time one is compiled.
    assert!(refusal(&catalog).contains("CompileFailed"));
    assert_eq!(catalog.counts().compiled, 1);
    until("it serves", || refusal(&catalog).is_empty());
    assert_eq!((catalog.counts().compiled, catalog.list().len()), (2, 1));
}

#[test]
fn only_so_many_compile_at_once() {
    for most in [1, 2] {
        let folder = tempfile::tempdir().unwrap();
        if most == 2 {
            fs::write(folder.path().join("wait"), "").unwrap();
        }
        let mut rig = Rig::new();
        for n in 0..4 {
            rig = rig.with(&format!("p{n}.wasm"), &component("counted_loop", n));
        }
        let catalog = Catalog::open(options(&rig, Limit::CompileParallel, most, &noting(folder.path())));
        assert!(!refusal(&catalog.unwrap()).contains("CompileFailed"));
        let seen = fs::read_to_string(folder.path().join("seen")).unwrap();
        let seen: Vec<u64> = seen.lines().map(|line| line.trim().parse().unwrap()).collect();
        assert_eq!(seen.len(), 4);
        assert_eq!(seen.iter().max(), Some(&most), "{seen:?}");
    }
}

/// A block of zstd that becomes 65 539 times 60 000 bytes: each of its sequences repeats what stands before.
fn bomb() -> Vec<u8> {
    let header =
        |size: usize, kind: usize, last: usize| ((size << 3 | kind << 1 | last) as u32).to_le_bytes();
    let literals = [1 << 3, b'x'];
    let sequences = [255, (60_000_usize - 0x7f00) as u8, ((60_000 - 0x7f00) >> 8) as u8];
    // All have the same codes: no literal, the last offset but one, the longest match.
    let codes = [0b0101_0100, 0, 0, 52];
    let content = [&literals[..], &sequences, &codes, &[0; 120_000], &[1]].concat();
    let magic_and_window = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x58];
    let first = [&header(8, 0, 0)[..3], b"01234567"].concat();
    [&magic_and_window[..], &first, &header(content.len(), 2, 1)[..3], &content].concat()
}

/// It would be read in the operator's own memory otherwise.
#[test]
fn a_child_reads_zstd_within_its_memory() {
    let said = |bytes: &[u8]| {
        let rig = Rig::new().with("one.wasm.zst", bytes);
        refusal(&Catalog::open(options(&rig, Limit::CompileBytes, 256 << 20, COMPILER)).unwrap())
    };
    let plain = component("harmless", 0);
    let packed = ruzstd::encoding::compress_to_vec(&plain[..], ruzstd::encoding::CompressionLevel::Fastest);
    assert!(packed.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]));
    assert_eq!(said(&packed), "");
    assert!(
        said(&packed[..packed.len() - 9]).contains("NotAComponent"),
        "{}",
        said(&packed[..packed.len() - 9])
    );
    let refusal = said(&bomb());
    assert!(refusal.contains("TooLarge: reading zstd"), "{refusal}");
}
