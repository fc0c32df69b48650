//! The cache of compiled plugins: used when it is ours, ignored when it is anything else.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use zuul_operator::plugin::{Catalog, Options};
use zuul_operator_tests::hostile::{Rig, component, render};

fn open(rig: &Rig, cache: &Path) -> Catalog {
    let cache_dir = Some(cache.to_owned());
    Catalog::open(Options { cache_dir, built_ins: false, ..rig.options() }).unwrap()
}

/// Renders once; how many components were compiled for it.
fn compiled(rig: &Rig, cache: &Path) -> u64 {
    let catalog = open(rig, cache);
    assert!(render(&catalog).is_ok());
    catalog.counts().compiled
}

fn files(cache: &Path, extension: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(cache).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|it| it == extension));
    files.sort();
    files
}

fn code(cache: &Path) -> PathBuf {
    files(cache, "cwasm").pop().unwrap()
}

/// A rig whose plugin is in the cache.
fn warm() -> (Rig, PathBuf) {
    let rig = Rig::hostile("harmless", 0);
    let cache = rig.folder.path().join("cache");
    assert_eq!(compiled(&rig, &cache), 1);
    assert_eq!(compiled(&rig, &cache), 0, "the second process compiles nothing");
    (rig, cache)
}

#[test]
fn the_folder_is_private() {
    let (_rig, cache) = warm();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&cache), mode(&cache.join("key")), mode(&code(&cache))), (0o700, 0o600, 0o600));
    assert!(
        fs::read_dir(&cache)
            .unwrap()
            .all(|entry| { !entry.unwrap().file_name().to_string_lossy().starts_with("tmp-") })
    );
}

#[test]
fn a_damaged_file_is_replaced() {
    let (rig, cache) = warm();
    for cut in [0, 31, 32, 5_000] {
        let whole = fs::read(code(&cache)).unwrap();
        fs::write(code(&cache), &whole[..cut]).unwrap();
        assert_eq!(compiled(&rig, &cache), 1, "{cut}");
        assert_eq!(compiled(&rig, &cache), 0, "{cut}");
    }
    let mut bytes = fs::read(code(&cache)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(code(&cache), bytes).unwrap();
    assert_eq!((compiled(&rig, &cache), compiled(&rig, &cache)), (1, 0));
}

#[test]
fn valid_code_that_another_key_signed_is_forged() {
    let (rig, cache) = warm();
    let (_other_rig, other) = warm();
    assert_ne!(fs::read(code(&cache)).unwrap(), fs::read(code(&other)).unwrap());
    fs::copy(code(&other), code(&cache)).unwrap();
    assert_eq!((compiled(&rig, &cache), compiled(&rig, &cache)), (1, 0));
}

#[test]
fn one_plugins_code_does_not_serve_as_anothers() {
    let (rig, cache) = warm();
    let honest = code(&cache);
    fs::write(rig.folder.path().join("hostile.wasm"), component("gives_up", 0)).unwrap();
    assert!(render(&open(&rig, &cache)).is_err());
    let other = files(&cache, "cwasm").into_iter().find(|path| *path != honest).unwrap();
    fs::copy(&honest, &other).unwrap();
    assert!(render(&open(&rig, &cache)).is_err(), "the code under its name is not believed");
}

#[test]
fn code_of_another_version_is_not_looked_at() {
    let (rig, cache) = warm();
    for extension in ["cwasm", "json"] {
        let file = files(&cache, extension).pop().unwrap();
        let name = file.file_name().unwrap().to_string_lossy().replace("-0.", "-999.");
        fs::rename(&file, cache.join(name)).unwrap();
    }
    assert_eq!((compiled(&rig, &cache), compiled(&rig, &cache)), (1, 0));
}

#[test]
fn without_a_usable_folder_plugins_work_all_the_same() {
    let rig = Rig::hostile("harmless", 0).with("file", b"");
    let below_a_file = rig.folder.path().join("file").join("cache");
    assert_eq!((compiled(&rig, &below_a_file), compiled(&rig, &below_a_file)), (1, 1));
}

#[test]
fn what_others_can_write_is_not_believed() {
    let (rig, cache) = warm();
    for mode in [0o777, 0o750, 0o701] {
        fs::set_permissions(&cache, Permissions::from_mode(mode)).unwrap();
        assert_eq!(compiled(&rig, &cache), 1, "{mode:o}");
    }
    fs::set_permissions(&cache, Permissions::from_mode(0o700)).unwrap();
    assert_eq!(compiled(&rig, &cache), 0);
    fs::set_permissions(cache.join("key"), Permissions::from_mode(0o644)).unwrap();
    assert_eq!(compiled(&rig, &cache), 1);
    fs::set_permissions(cache.join("key"), Permissions::from_mode(0o600)).unwrap();
    fs::write(cache.join("key"), b"short").unwrap();
    assert_eq!(compiled(&rig, &cache), 1);
}

/// Run by `processes_share_a_folder`, with the folders in the environment.
#[test]
fn one_of_many() {
    let Some(cache) = std::env::var_os("ZUUL_OPERATOR_TEST_CACHE") else { return };
    let rig = Rig::hostile("harmless", 0);
    assert!(compiled(&rig, Path::new(&cache)) <= 1);
}

#[test]
fn processes_share_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let this = std::env::current_exe().unwrap();
    let start = || {
        let mut command = Command::new(&this);
        command.args(["--exact", "one_of_many"]).env("ZUUL_OPERATOR_TEST_CACHE", &cache).spawn().unwrap()
    };
    let children: Vec<_> = (0..6).map(|_| start()).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(compiled(&Rig::hostile("harmless", 0), &cache), 0, "they agreed on one key");
}

/// `--cache-dir cache`: a path of one word has the current folder for its parent.
#[test]
fn a_relative_folder_is_one() {
    let folder = tempfile::tempdir().unwrap();
    // A test may not change the folder of its process, so a child does.
    let zuul = "apiVersion: zuul-ci.org/v1alpha1\nkind: Zuul\nmetadata: {name: z}\nspec: {}\n";
    fs::write(folder.path().join("zuul.yaml"), zuul).unwrap();
    let output = Command::new(zuul_operator_tests::program::program())
        .args(["validate", "-f", "zuul.yaml", "--cache-dir", "cache"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(folder.path().join("cache/key").exists(), "{}", String::from_utf8_lossy(&output.stderr));
}
