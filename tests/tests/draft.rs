//! Drafts of provider configuration: as accepted, and made of nothing that could hurt.
//!
//! `drafts/<case>/nodepool.yaml` → `drafts/<case>/{draft.yaml,findings.txt}`; `cargo xtask golden` accepts what
//! comes out. What Zuul says of them is in `draft_zuul.rs`.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};
use zuul_operator::cli::run::Exit;
use zuul_operator::draft::draft;
use zuul_operator_tests::case::plain_command;
use zuul_operator_tests::drafts::{cases, drafted};
use zuul_operator_tests::source::workspace;

#[test]
fn cases_are_as_accepted() {
    let accept = std::env::var_os("ZUUL_OPERATOR_ACCEPT").is_some();
    assert!(cases().len() > 6);
    for case in cases() {
        let said = drafted(&case, "yaml");
        assert_eq!(said, drafted(&case, "yaml"), "{}: not the same twice", case.display());
        assert_eq!(said.exit == Exit::Findings, said.stdout.is_empty(), "{}", case.display());
        assert_ne!(said.exit, Exit::Failure, "{}", said.stderr);
        assert!(!(said.stdout + &said.stderr).contains("hunter2"), "{} shows a secret", case.display());
        let said = drafted(&case, "yaml");
        for (name, given) in [("draft.yaml", said.stdout), ("findings.txt", said.stderr)] {
            let path = case.join(name);
            let expected = fs::read_to_string(&path).unwrap_or_default();
            if accept && given.is_empty() {
                let _ = fs::remove_file(&path);
            } else if accept {
                fs::write(&path, given).unwrap();
            } else {
                assert!(
                    expected == given,
                    "{} is stale: `cargo xtask golden` accepts\n{given}",
                    path.display()
                );
            }
        }
    }
}

/// docs/draft-providers.md shows one of the cases.
#[test]
fn the_example_of_the_documentation_is_a_case() {
    let page = fs::read_to_string(workspace().join("docs/draft-providers.md")).unwrap();
    for (file, language) in [("nodepool.yaml", "yaml"), ("draft.yaml", "yaml"), ("findings.txt", "text")] {
        let text = fs::read_to_string(workspace().join("tests/drafts/example").join(file)).unwrap();
        let text = if file == "nodepool.yaml" { text.split_once('\n').unwrap().1 } else { &text };
        assert!(
            page.contains(&format!("```{language}\n{text}```")),
            "docs/draft-providers.md has another {file}"
        );
    }
}

fn refused(name: &str, text: &str, code: &str) {
    let said = plain_command(&["draft-providers", "-f", "-"], text.as_bytes());
    assert_eq!((said.exit, said.stdout.as_str()), (Exit::Findings, ""), "{name}");
    assert!(said.stderr.contains(&format!("error[{code}]")), "{name}: {:.2000}", said.stderr);
    assert!(said.stderr.len() < 200_000, "{name} makes {} bytes", said.stderr.len());
}

/// A blank that was forgotten makes a key of a secret.
#[test]
fn keys_that_are_none_are_not_shown() {
    let file =
        b"providers: [{name: a, driver: azure, location: a, resource-group: b, \"password:hunter2\": 1}]";
    let said = plain_command(&["draft-providers", "-f", "-"], file);
    assert_eq!(said.exit, Exit::Fine, "{}", said.stderr);
    assert!(
        said.stderr.contains("a key is not carried") && !said.stderr.contains("hunter2"),
        "{}",
        said.stderr
    );
}

#[test]
fn hostile_files_are_refused() {
    refused("nothing", "", "NotNodepool");
    refused("a list", "- a\n", "NotNodepool");
    refused("two documents", "providers: []\n---\nproviders: []\n", "NotNodepool");
    refused("no YAML", "providers: [", "YamlSyntax");
    refused("nesting", &format!("providers: {}", "[".repeat(10_000)), "TooDeep");
    let row = |n: usize| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(","));
    let bomb: String = (1..12).map(row).collect();
    refused("a billion laughs", &format!("a0: &a0 lol\n{bomb}providers: []\n"), "TooLarge");
    refused("many mistakes", &format!("providers:\n{}", "- 1\n".repeat(100_000)), "WrongType");
    let chain: String = (0..25_000).map(|n| format!("- {{name: d{n}, parent: d{}}}\n", n + 1)).collect();
    refused("a long chain", &format!("providers: []\ndiskimages:\n{chain}"), "UnknownReference");
}

/// What is large and right takes its time, and not the square of it.
#[test]
fn a_large_file_is_drafted() {
    let label = |n: usize| format!("      - {{name: l{n}, diskimage: d, flavor-name: f, min-ram: {n}}}\n");
    let labels: String = (0..10_000).map(label).collect();
    let top: String = (0..10_000).map(|n| format!("- {{name: l{n}}}\n")).collect();
    let file = format!(
        "labels:\n{top}diskimages: [{{name: d}}]\nproviders:\n- name: p\n  cloud: c\n  pools:\n    - name: m\n      labels:\n{labels}"
    );
    let said = plain_command(&["draft-providers", "-f", "-"], file.as_bytes());
    assert_eq!(said.exit, Exit::Fine, "{:.2000}", said.stderr);
    assert_eq!(said.stdout.matches("\n- label:").count(), 10_000);
    assert!(said.stderr.contains("more findings"), "{:.2000}", said.stderr);
}

#[test]
fn what_cannot_be_read_is_no_finding() {
    let exit = |args: &[&str]| plain_command(&[&["draft-providers"], args].concat(), b"").exit;
    assert_eq!(exit(&["-f", "no/such/file"]), Exit::Failure);
    assert_eq!(exit(&["-f", "drafts"]), Exit::Failure);
    assert_eq!(exit(&[]), Exit::Failure);
    assert_eq!(exit(&["-f", "-", "-o", "toml"]), Exit::Failure);
    let said = plain_command(&["draft-providers", "-f", "-", "-o", "json"], b"providers: {}");
    let all: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!((said.exit, &all["findings"][0]["code"]), (Exit::Findings, &json!("NotNodepool")));
}

/// The words in quotes of a constant in a file of the workspace, each behind one of these.
fn words(file: &str, constant: &str, behind: &[&str]) -> BTreeSet<String> {
    let source = fs::read_to_string(workspace().join(file)).unwrap();
    let value = source.split_once(&format!("const {constant}: ")).and_then(|(_, rest)| rest.split_once(" ="));
    let value = value.and_then(|(_, rest)| rest.split_once("];")).unwrap().0;
    let parts: Vec<&str> = value.split('"').collect();
    let words = parts.chunks_exact(2).filter(|pair| behind.iter().any(|it| pair[0].trim_end().ends_with(it)));
    words.map(|pair| pair[1].to_owned()).collect()
}

/// What there is in Nodepool stands at the sharder, which is a plugin, and in the draft's tables.
#[test]
fn drafts_and_the_sharder_know_the_same_of_nodepool() {
    let top = "host/src/draft/top.rs";
    let any = |file, constant| words(file, constant, &["[", ","]);
    let drivers = any("guests/nodepool-sharder/src/check_driver.rs", "DRIVERS");
    let (drafted, foreign) = (any(top, "DRAFTED"), any(top, "FOREIGN"));
    assert!(drafted.is_disjoint(&foreign) && drafted.len() == 5);
    assert_eq!(drafted.union(&foreign).cloned().collect::<BTreeSet<_>>(), drivers);
    let keys = any("guests/nodepool-sharder/src/check.rs", "TOP_KEYS");
    assert!(keys.len() > 10);
    assert_eq!(words(top, "ROWS", &["row(", "lost("]), keys);
    let said = |driver: &str| {
        let config = json!({"labels": [], "providers": [{"name": "p", "driver": driver, "pools": []}]});
        let said =
            draft(&config).findings.into_iter().filter(|it| it.path.to_string() == "providers[0].driver");
        said.map(|finding| finding.code).collect::<Vec<_>>()
    };
    for driver in drivers {
        let expected: &[&str] = if drafted.contains(&driver) { &[] } else { &["NotCarried"] };
        assert_eq!(said(&driver), expected, "{driver}");
    }
    assert_eq!(said("azur"), ["NodepoolUnknownDriver"]);
    assert_eq!(said("%(NODEPOOL_DRIVER)"), ["FromEnvironment"]);
}
