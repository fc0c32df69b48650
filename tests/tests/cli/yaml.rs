//! Strings that YAML 1.1 would take for something else come back from PyYAML as they were.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};
use zuul_operator::cli::output::yaml;
use zuul_operator_tests::objects::documents;
use zuul_operator_tests::oracle;

const TRAPS: &[&str] = &[
    "yes",
    "no",
    "on",
    "off",
    "y",
    "n",
    "Y",
    "No",
    "true",
    "False",
    "0777",
    "0o17",
    "1e3",
    "1E3",
    "1.5e3",
    "1:30",
    "190:20:30",
    "~",
    "null",
    "Null",
    "=",
    "<<",
    "",
    " ",
    "  lead",
    "trail ",
    "\tlead",
    "trail\t",
    "a\nb",
    "a\n",
    "a\n\n",
    "\na",
    "\n",
    "  a\n b\n",
    "a \nb",
    "---",
    "--- a",
    "...",
    "a\n---\nb",
    "---\na: b\n",
    ": ",
    "a: b",
    "a:",
    ":a",
    " #",
    "a #b",
    "#a",
    "\u{2028}",
    "a\u{2029}b",
    "\u{85}",
    "\u{feff}",
    "\u{1F600}",
    "\u{e4}",
    "0x1F",
    "1_000",
    ".5",
    "5.",
    "+1",
    "-1",
    "-",
    "- a",
    "-a",
    "?",
    "? a",
    "2024-01-01",
    "2024-01-01T00:00:00Z",
    "2001-12-14 21:59:43",
    ".inf",
    "-.Inf",
    ".nan",
    "NaN",
    "[a]",
    "{a: b}",
    "&a",
    "*a",
    "!a",
    "!!str a",
    "%a",
    "@a",
    "`a",
    "|",
    "|\n a",
    ">",
    "'",
    "\"",
    "'a'",
    "\"a\"",
    "\\",
    "a\\n",
    "a'b\"c",
    "\r",
    "a\r\nb",
    "\u{0}",
    "\u{1}\u{1b}",
    "\u{7f}",
    "a,b",
    "a]b",
    "12345678901234567890123",
    "0b11",
    "0.",
    "1.0",
    "0",
    "00",
    "08",
    "1__0",
    "_1",
    "+.5",
    "685_230.15",
    "<<: *a",
    "key: |\n  text\n",
    "\n\n  x\n",
    "x\n\n\n",
    "\u{a0}a\u{a0}",
    "# not a comment\nx",
    "a\n # b\n",
    "\ta\n\tb\n",
];

/// The traps one by one, as values, keys, in lists and long.
fn objects() -> Vec<Value> {
    let long = |trap: &str| format!("{trap} {}{trap}", "long words ".repeat(20));
    let map = |f: &dyn Fn(&str) -> (String, Value)| TRAPS.iter().map(|trap| f(trap)).collect::<Map<_, _>>();
    let values: Map<_, _> =
        TRAPS.iter().enumerate().map(|(n, trap)| (format!("k{n}"), json!(trap))).collect();
    vec![
        json!({"kind": "A", "data": values, "apiVersion": "v1", "metadata": {"name": "a"}}),
        Value::Object(map(&|trap| (trap.to_owned(), json!({trap: [trap]})))),
        json!({"list": TRAPS, "lists": [TRAPS, [TRAPS]], "deep": [{"a": TRAPS, "b": [{"c": TRAPS}]}]}),
        json!({"long": TRAPS.iter().map(|trap| long(trap)).collect::<Vec<_>>()}),
        json!({"empty": {}, "none": [], "null": null, "n": [1, -1, 1.5, true], "big": i64::MAX, "min": i64::MIN}),
    ]
}

#[test]
fn pyyaml_reads_what_was_written() {
    let text = yaml(&objects()).expect("written");
    let script =
        "import sys, yaml, json; print(json.dumps(list(yaml.safe_load_all(sys.stdin.buffer.read()))))";
    let mut child = Command::new(oracle::python())
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts; `cargo xtask test` installs it");
    let written = child.stdin.take().expect("its stdin").write_all(text.as_bytes());
    let output = child.wait_with_output().expect("it ends");
    assert!(
        written.is_ok() && output.status.success(),
        "PyYAML does not read this, or is not there (`cargo xtask test` installs it):\n{text}"
    );
    let read: Vec<Value> = serde_json::from_slice(&output.stdout).expect("JSON");
    for (read, written) in read.iter().zip(objects()) {
        assert_eq!(*read, written);
    }
    assert_eq!(read.len(), objects().len(), "no string ends its document");
}

/// Our own reader, which is kubectl's dialect, agrees.
#[test]
fn our_reader_reads_what_was_written() {
    let read = documents(&yaml(&objects()).expect("written"));
    for (read, written) in read.iter().zip(objects()) {
        assert_eq!(*read, written);
    }
}

/// go-yaml, and so kubectl, takes a tab there for indentation.
#[test]
fn no_block_starts_with_a_tab() {
    for text in ["\ta\nb\n", "\n\ta\n", " \ta\n b\n"] {
        let text = yaml(&[json!({"a": text, "b": [text]})]).expect("written");
        assert!(!text.contains('|') && text.contains("\\t"), "{text}");
    }
    let text = yaml(&[json!({"Makefile": "all:\n\techo\n"})]).expect("written");
    assert_eq!(text, "---\nMakefile: |\n  all:\n  \techo\n");
}

#[test]
fn what_it_is_comes_first() {
    let text = yaml(&objects()[..1]).expect("written");
    assert!(
        text.starts_with("---\napiVersion: v1\nkind: A\nmetadata:\n  name: a\ndata:\n  k0: \"yes\"\n"),
        "{text:.200}"
    );
}
