//! tests/README.md names tests that are there.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;

use zuul_operator_tests::source::workspace;

#[test]
fn every_fact_has_its_test() {
    let page = fs::read_to_string(workspace().join("tests/README.md")).unwrap();
    let mut count = 0;
    let mut missing = Vec::new();
    for named in page.split('`').filter(|part| part.contains(".rs::")) {
        let (file, test) = named.split_once("::").unwrap();
        let source = fs::read_to_string(workspace().join(file)).unwrap_or_default();
        let stands = |line: &str| line.trim().starts_with(&format!("fn {test}()"));
        let lines: Vec<&str> = source.lines().collect();
        let is_test = |at: usize| lines[..at].iter().rev().take(3).any(|line| line.trim() == "#[test]");
        if !lines.iter().enumerate().any(|(at, line)| stands(line) && is_test(at)) {
            missing.push(named);
        }
        count += 1;
    }
    assert!(missing.is_empty(), "there is no {missing:?}");
    assert!(count > 25, "{count}");
}
