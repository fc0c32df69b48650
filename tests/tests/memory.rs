//! The memory that reading takes: at most 64 MiB and four times the input, whatever the input's shape. And the time:
//! it grows with the input, not with its square.

use std::fmt::Write;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output};

use zuul_operator_tests::program::program;

const ZUUL: &str = "apiVersion: zuul-ci.org/v1alpha1\nkind: Zuul\nmetadata: {name: zuul}\nspec:\n  \
                    scheduler: {config: tenants}\n  executor: {}\n  web: {}\n";

/// Seconds of a processor. In a build for tests none of the shapes takes a third of it.
const MOST_SECONDS: u32 = 30;

/// `zuul-operator validate`, with so much memory for data and [`MOST_SECONDS`]; the kernel gives it no more.
fn validated(file: &Path, kib: u64) -> Output {
    let script = format!("ulimit -d {kib} && ulimit -t {MOST_SECONDS} && exec \"$0\" validate -f \"$1\"");
    Command::new("sh").args(["-c", &script]).arg(program()).arg(file).output().expect("a shell")
}

fn repeated(head: &str, count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).fold(head.to_owned(), |mut text, number| {
        let _ = text.write_str(&item(number));
        text
    })
}

/// So many references to keys that a Secret with so many others does not have.
fn references(count: usize, keys: usize) -> String {
    let connection = format!("{ZUUL}  connections:\n    c:\n      driver: mine\n");
    let text = repeated(&connection, count, |number| {
        format!("      o{number}: {{secretName: s, key: x{number}}}\n")
    });
    let secret = format!("{text}---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData:\n");
    repeated(&secret, keys, |number| format!("  k{number}: v\n"))
}

#[test]
fn reading_takes_no_more_than_it_may() {
    let config_map = "apiVersion: v1\nkind: ConfigMap\n";
    let shapes = [
        (
            "ConfigMaps",
            repeated(ZUUL, 40_000, |number| {
                format!("---\n{config_map}metadata: {{name: c{number}}}\ndata: {{a: b}}\n")
            }),
        ),
        (
            "a list of ConfigMaps",
            repeated("apiVersion: v1\nkind: List\nitems:\n", 100_000, |number| {
                format!(
                    "- apiVersion: v1\n  kind: ConfigMap\n  metadata: {{name: c{number}}}\n  data: {{a: b}}\n"
                )
            }),
        ),
        ("keys", repeated(&format!("{ZUUL}---\n"), 300_000, |number| format!("k{number}: v\n"))),
        ("commas", format!("{ZUUL}  x: [{}]\n", "a,".repeat(1_000_000))),
        ("items", format!("{ZUUL}  x:\n{}", "  - a\n".repeat(300_000))),
        ("documents", format!("{ZUUL}{}", "---\n- a\n".repeat(60_000))),
        ("a text", format!("{ZUUL}  x: \"{}\"\n", "x".repeat(10 << 20))),
        ("references to keys that a Secret lacks", references(4_000, 4_000)),
        ("as many references as there may be", references(4_900, 1)),
        ("more references", references(20_000, 1)),
        (
            "connections",
            repeated(&format!("{ZUUL}  connections:\n"), 20_000, |number| {
                format!("    c{number}: {{driver: git, baseurl: x}}\n")
            }),
        ),
        ("unknown fields", repeated(ZUUL, 60_000, |number| format!("  x{number}: a\n"))),
        ("volumes for jobs", repeated(&format!("{ZUUL}  jobVolumes:\n"), 100_000, |_| "  - {}\n".to_owned())),
        ("lines of a block", format!("{ZUUL}  x: |\n{}", "    x\n".repeat(1_000_000))),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in shapes {
        let file = folder.path().join("site.yaml");
        fs::write(&file, &text).expect("a file");
        let kib = (64 << 10) + 4 * (text.len() as u64).div_ceil(1024);
        let output = validated(&file, kib);
        let said = String::from_utf8_lossy(&output.stderr);
        let status = output.status;
        assert_eq!(status.code(), Some(1), "{name} in {kib} KiB: {status} {said:.500}");
    }
}

/// The kernel does hold it to that: with too little it ends there and then.
#[test]
fn less_memory_is_not_enough() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("site.yaml");
    fs::write(&file, repeated(&format!("{ZUUL}---\n"), 100_000, |number| format!("k{number}: v\n")))
        .expect("a file");
    let output = validated(&file, 24 << 10);
    assert!(output.status.signal().is_some(), "{:?}", output.status);
}
