//! Pages for people name tests, files and numbers that are there.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;

use zuul_operator::cli::{check, files, report};
use zuul_operator::yaml::{Limits, remarks};
use zuul_operator_tests::case::plain_command;
use zuul_operator_tests::source::{files_named, workspace};

fn read(page: &str) -> String {
    fs::read_to_string(workspace().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

#[test]
fn every_fact_has_its_test() {
    let page = read("tests/README.md");
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

/// A path is what stands in backticks and begins with a folder of the repository, up to a name in capitals, which
/// stands for any; or a link to a file.
#[test]
fn every_path_is_there() {
    let folders = ["crds", "deploy", "docs", "guests", "host", "tests", "wit", "xtask"];
    let mut pages = vec!["README.md".to_owned(), "CHANGELOG.md".to_owned()];
    pages.extend(folders.iter().flat_map(|folder| files_named(folder, ".md")));
    let (mut count, mut missing) = (0, Vec::new());
    for page in pages {
        let text = read(&page);
        let quoted = text.split('`').skip(1).step_by(2).filter(|part| !part.contains(char::is_whitespace));
        let is_ours = |part: &&str| part.split_once('/').is_some_and(|(first, _)| folders.contains(&first));
        let ours = quoted.filter(is_ours).map(|part| part.split("::").next().unwrap_or_default().to_owned());
        let (folder, _) = page.rsplit_once('/').unwrap_or_default();
        let links = text.split("](").skip(1).map(|part| part.split([')', '#']).next().unwrap_or_default());
        let links = links.filter(|link| !link.contains("://")).map(|link| format!("{folder}/{link}"));
        for path in ours.chain(links) {
            let any = |step: &&str| !step.contains(|c: char| !c.is_ascii_uppercase());
            let steps = path.split('/').filter(|step| !step.is_empty());
            let known: Vec<&str> = steps.take_while(|step| !any(step)).collect();
            count += 1;
            if !workspace().join(known.join("/")).exists() {
                missing.push(format!("{page}: {path}"));
            }
        }
    }
    assert!(missing.is_empty(), "there is no\n{}", missing.join("\n"));
    assert!(count > 60, "{count}");
}

/// A text on one line.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_readme_has_the_exit_codes_of_the_help() {
    let help = plain_command(&["--help"], b"").stdout;
    let codes = joined(&help[help.find("Exit codes:").unwrap()..]);
    assert!(joined(&read("README.md")).contains(&codes), "{codes}");
}

#[test]
fn the_readme_has_the_limits_of_the_code() {
    let Limits { depth, documents, commas, values, bytes } = Limits::default();
    let said = format!(
        "a file of {} MiB, with {} documents, {} values and {} MiB of text, aliases counted as what they stand for, \
         and {} commas in one document; {depth} levels; {} Zuuls; {} findings of each severity, of which text shows {}.",
        files::LARGEST >> 20,
        grouped(documents),
        grouped(values),
        bytes >> 20,
        grouped(commas),
        grouped(check::MOST_ZUULS),
        grouped(remarks::MOST),
        report::MOST
    );
    assert!(joined(&read("README.md")).contains(&said), "{said}");
}

/// `150,000`.
fn grouped(number: usize) -> String {
    assert!((1_000..1_000_000).contains(&number), "{number}");
    format!("{},{:03}", number / 1000, number % 1000)
}
