//! docs/first-mistakes.md: each object gets the findings that stand below it. `cargo xtask golden` accepts what is
//! said now.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;

use zuul_operator::cli::run::Exit;
use zuul_operator_tests::case::command;
use zuul_operator_tests::source::workspace;

const START: &str = "```yaml\n";
const SAID: &str = "```\n\n```text\n";

/// The text with each report made anew.
fn retold(text: &str) -> (String, usize) {
    let folder = tempfile::tempdir().unwrap();
    let (mut retold, mut count) = (String::new(), 0);
    let mut parts = text.split(START);
    retold.push_str(parts.next().unwrap());
    for part in parts {
        let (yaml, rest) = part.split_once(SAID).expect("a report follows");
        let (_, rest) = rest.split_once("```\n").expect("it ends");
        let file = folder.path().join("zuul.yaml");
        fs::write(&file, yaml).unwrap();
        let said =
            command(&["validate", "--strict", "-f", file.to_str().unwrap(), "-f", "golden/common.yaml"]);
        assert_eq!(said.exit, Exit::Findings, "no mistake: {}", said.stdout);
        let report = said.stdout.replace(&format!("{}/", folder.path().display()), "");
        retold.push_str(&format!("{START}{yaml}{SAID}{report}```\n{rest}"));
        count += 1;
    }
    (retold, count)
}

#[test]
fn the_tool_says_what_the_page_says() {
    let path = workspace().join("docs/first-mistakes.md");
    let text = fs::read_to_string(&path).unwrap();
    let (retold, count) = retold(&text);
    assert!(count >= 10, "{count}");
    if std::env::var_os("ZUUL_OPERATOR_ACCEPT").is_some() {
        fs::write(&path, &retold).unwrap();
    } else {
        assert!(text == retold, "{} is stale: `cargo xtask golden` writes it anew", path.display());
    }
}
