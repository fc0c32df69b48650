//! docs/plugins says what the code says.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fmt::Write;

use zuul_operator::plugin::{Limit, Row};
use zuul_operator_tests::source::{without_tests, workspace};

fn read(file: &str) -> String {
    std::fs::read_to_string(workspace().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// What the enum's documentation says of each variant, and its name.
fn variants(source: &str, name: &str) -> Vec<(String, String)> {
    let body = source.split(&format!("pub enum {name} {{\n")).nth(1).unwrap().split("\n}").next().unwrap();
    let mut sentence = String::new();
    let mut found = Vec::new();
    for line in body.lines().map(str::trim) {
        match line.strip_prefix("/// ") {
            Some(text) => sentence = in_one_voice(text),
            None => found.push((sentence.clone(), line.trim_end_matches(',').to_owned())),
        }
    }
    found
}

fn in_one_voice(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.');
    if sentence.starts_with("CPU") {
        return sentence.to_owned();
    }
    sentence[..1].to_ascii_lowercase() + &sentence[1..]
}

/// The rows of the table below the heading `first`.
fn table<'a>(text: &'a str, first: &str) -> Vec<&'a str> {
    let rows = text.lines().skip_while(|line| !line.starts_with(first)).skip(2);
    rows.take_while(|line| line.starts_with('|')).collect()
}

fn amount(value: u64, unit: &str) -> String {
    const KIB: u64 = 1024;
    match unit {
        "bytes" if value.is_multiple_of(KIB * KIB) => return format!("{} MiB", value / KIB / KIB),
        "bytes" => return format!("{} KiB", value / KIB),
        _ => {}
    }
    let digits = value.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    format!("{text} {unit}")
}

#[test]
fn the_examples_are_those_that_are_compiled_and_tested() {
    let text = read("docs/plugins/README.md");
    let blocks: Vec<&str> =
        text.split("```rust\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let site = read("tests/guests/site-gerrit/src/lib.rs");
    let manifest = read("tests/guests/site-gerrit/Cargo.toml");
    assert_eq!(blocks, [read("guests/sdk/examples/driver.rs").as_str(), without_tests(&site)]);
    let without_exports = "guests/gerrit\", default-features = false }\n";
    assert!(manifest.contains(without_exports) && text.contains(without_exports));
}

#[test]
fn every_limit_is_told() {
    let of_what = variants(&read("host/src/plugin/limits.rs"), "Limit");
    let mut expected = String::new();
    for (Row { name, default, ceiling, unit, .. }, (sentence, _)) in Limit::ALL.into_iter().zip(of_what) {
        let (default, ceiling) = (amount(default, unit), amount(ceiling, unit));
        let _ = writeln!(expected, "| `{name}` | {sentence} | {default} | {ceiling} |");
    }
    let text = read("docs/plugins/README.md");
    let found = table(&text, "| limit |").join("\n") + "\n";
    assert_eq!(found, expected, "put this table into docs/plugins/README.md:\n{expected}");
}

#[test]
fn every_reason_is_told_with_what_to_do() {
    let text = read("docs/plugins/README.md");
    let rows = table(&text, "| reason |");
    let reasons = variants(&read("host/src/contract/failure.rs"), "FailureReason");
    assert_eq!(rows.len(), reasons.len(), "a row for each of {reasons:?}");
    for (row, (sentence, name)) in rows.into_iter().zip(reasons) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        assert_eq!(cells[1..3], [&format!("`{name}`"), &sentence]);
        assert!(cells[3].len() > 10, "{name}: say what to do");
    }
}

#[test]
fn every_reason_not_to_serve_is_told_to_who_runs_the_operator() {
    let source = read("host/src/supply/why.rs");
    let codes: Vec<&str> = source.split('"').filter(|word| word.starts_with("Plugin")).collect();
    assert!(codes.len() > 5, "{codes:?}");
    let text = read("docs/operate/plugins.md");
    let rows = table(&text, "| finding |").join("\n");
    let untold: Vec<_> = codes.iter().filter(|code| !rows.contains(&format!("| `{code}` |"))).collect();
    assert!(untold.is_empty(), "{untold:?}");
}
