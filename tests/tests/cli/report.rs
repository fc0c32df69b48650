//! Golden reports: a folder a case, whose manifests go in and whose `expected.txt` comes out.
//! `ZUUL_OPERATOR_ACCEPT=1 cargo test` accepts what comes out.

use std::fs;
use std::path::{Path, PathBuf};

use zuul_operator::cli::args::Report;
use zuul_operator::cli::bundle::Bundle;
use zuul_operator::cli::check::plan_all;
use zuul_operator::cli::files::read_all;
use zuul_operator::cli::validate::tell;
use zuul_operator::contract::Plugins;
use zuul_operator::diagnostic::{FieldPath, Finding};
use zuul_operator::inputs::Inputs;
use zuul_operator::plan::Plan;
use zuul_operator_tests::no_plugins::NoPlugins;

fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir("report").expect("the folder of cases");
    let mut cases: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    cases.sort();
    cases
}

/// Stands in for the plan: what a case's `findings.txt` lists, as `code path kind name`.
fn planned(folder: &Path) -> Vec<Finding> {
    let text = fs::read_to_string(folder.join("findings.txt")).unwrap_or_default();
    let finding = |line: &str| {
        let mut words = line.split(' ');
        let mut word = || words.next().unwrap_or_default().to_owned();
        let (code, path, kind, name) = (word(), word(), word(), word());
        let path = path.split('.').filter(|step| !step.is_empty()).fold(FieldPath::root(), |path, step| {
            step.parse().map_or_else(|_| path.key(step), |index| path.index(index))
        });
        let finding = Finding::error(&code, path, format!("{code} is wrong"))
            .expected("something else")
            .cure("do something about it");
        if kind.is_empty() { finding } else { finding.about(&kind, &name) }
    };
    text.lines().map(finding).collect()
}

#[test]
fn reports_are_as_accepted() {
    let mut wrong = Vec::new();
    for folder in cases() {
        let (sources, remarks) =
            read_all(std::slice::from_ref(&folder), &mut std::io::empty()).expect("manifests");
        let bundle = Bundle::read(sources, remarks);
        let planner = |_: &Inputs, _: &dyn Plugins| Plan { findings: planned(&folder), ..Plan::default() };
        let checked = plan_all(bundle, &NoPlugins, &planner, &mut |_, _| Vec::new());
        let Ok(report) = tell(&checked, Report::Text, false) else { panic!("text can always be written") };
        let golden = folder.join("expected.txt");
        if std::env::var_os("ZUUL_OPERATOR_ACCEPT").is_some() {
            fs::write(&golden, &report).expect("written");
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        assert!(!report.contains("hunter2"), "a secret is shown:\n{report}");
        if report != expected {
            wrong.push(format!("=== {}\n{report}", golden.display()));
        }
    }
    assert!(wrong.is_empty(), "ZUUL_OPERATOR_ACCEPT=1 accepts:\n{}", wrong.join("\n"));
}
