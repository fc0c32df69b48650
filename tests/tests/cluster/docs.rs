//! The commands of the README's first steps and of `docs/operate` do what the pages say.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Stdio};

use zuul_operator::api::reasons::{self, condition};
use zuul_operator_tests::program::program;
use zuul_operator_tests::rig::Rig;
use zuul_operator_tests::source::workspace;

use crate::rig;

/// In the order in which they are read.
const PAGES: [&str; 6] = [
    "README.md",
    "docs/operate/install.md",
    "docs/operate/first-zuul.md",
    "docs/operate/conditions.md",
    "docs/operate/upgrade.md",
    "docs/operate/failures.md",
];
/// Stands for any text in a line, or alone for any lines.
const ANY: char = '…';
/// What the test does by itself: it has a control plane and a program.
const SET_UP: [&str; 2] = ["cargo ", "eval \"$(cargo "];
/// Before what a command says, its number; after it, how it ended.
const MARK: &str = "@@@";

/// A line of a page that is typed, and what the page shows of the answer.
struct Typed {
    page: &'static str,
    command: String,
    answer: Vec<String>,
}

#[test]
fn what_the_pages_show_is_what_happens() {
    if rig("what_the_pages_show_is_what_happens").is_none() {
        return;
    }
    // Its operator is for all namespaces.
    let own = Rig::own();
    let typed: Vec<Typed> = PAGES.into_iter().flat_map(commands).collect();
    let said = run(&own, &typed);
    for (number, typed) in typed.iter().enumerate() {
        let at = format!("{}: $ {}", typed.page, typed.command);
        let said = said.split_once(&format!("{MARK} {number}\n")).map(|(_, rest)| rest);
        let said = said.unwrap_or_else(|| panic!("{at}: it was not reached"));
        let (answer, end) = said.split_once(&format!("{MARK} ended ")).unwrap_or((said, "never"));
        assert!(
            end.starts_with("0\n"),
            "{at}\nended with {}\n{answer}",
            end.lines().next().unwrap_or_default()
        );
        let lines: Vec<String> = answer.lines().map(spaced).filter(|it| !it.is_empty()).collect();
        let shown: Vec<String> = typed.answer.iter().map(|it| spaced(it)).collect();
        assert!(typed.answer.is_empty() || matches(&shown, &lines), "{at}\nsaid\n{answer}");
    }
}

/// Types all commands into one shell; what they say, with marks.
fn run(rig: &Rig, typed: &[Typed]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut script = "trap 'kill $(jobs -p); wait' EXIT\n".to_owned();
    for (number, typed) in typed.iter().enumerate() {
        writeln!(script, "echo; echo {MARK} {number}").unwrap();
        // A command that fails ends all: what follows needs it.
        let command = &typed.command;
        writeln!(script, "{command}\nended=$?; echo; echo {MARK} ended $ended; test $ended = 0 || exit")
            .unwrap();
    }
    let places = [program().parent().unwrap().to_owned(), rig.programs()];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(places.into_iter().chain(std::env::split_paths(&path))).unwrap();
    // The folders of the pages, from a place where they may write.
    for name in ["crds", "deploy"] {
        std::os::unix::fs::symlink(workspace().join(name), folder.path().join(name)).unwrap();
    }
    let file = fs::File::create(folder.path().join("said")).unwrap();
    let mut shell = Command::new("bash");
    shell.arg("-c").arg(&script).current_dir(folder.path()).env("PATH", path).env("HOME", folder.path());
    shell.env("KUBECONFIG", rig.kubeconfig("admin")).env("NO_COLOR", "1").stdin(Stdio::null());
    shell.stdout(file.try_clone().unwrap()).stderr(file).status().unwrap();
    fs::read_to_string(folder.path().join("said")).unwrap()
}

fn commands(page: &'static str) -> Vec<Typed> {
    let text = fs::read_to_string(workspace().join(page)).unwrap();
    let blocks = text.split("```console\n").skip(1).map(|block| block.split("\n```").next().unwrap());
    let mut typed: Vec<Typed> = Vec::new();
    for line in blocks.flat_map(str::lines) {
        match line.strip_prefix("$ ") {
            Some(command) => typed.push(Typed { page, command: command.to_owned(), answer: Vec::new() }),
            None => typed.last_mut().expect("a command first").answer.push(line.to_owned()),
        }
    }
    assert!(!typed.is_empty(), "{page} has no commands");
    typed.retain(|typed| !SET_UP.iter().any(|begin| typed.command.starts_with(begin)));
    typed
}

/// Columns are as wide as what stands in them.
fn spaced(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether lines are as shown.
fn matches(shown: &[String], lines: &[String]) -> bool {
    match shown.split_first() {
        None => lines.is_empty(),
        Some((first, rest)) if first.chars().eq([ANY]) => {
            (0..=lines.len()).any(|skipped| matches(rest, &lines[skipped..]))
        }
        Some((first, rest)) => {
            lines.split_first().is_some_and(|(line, more)| is_like(first, line) && matches(rest, more))
        }
    }
}

fn is_like(shown: &str, line: &str) -> bool {
    let mut parts = shown.split(ANY);
    let Some(mut rest) = parts.next().and_then(|first| line.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

#[test]
fn pages_are_compared_by_line_and_place() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let is = |shown: &str, said: &str| matches(&lines(shown), &lines(said));
    assert!(is("a\n…\nd … f", "a\nb\nc\nd e f") && is("…\na", "a") && is("x…", "x") && is("…", ""));
    assert!(!is("a\n…\nd", "a\nb") && !is("a", "a\nb") && !is("a … c", "a b d") && !is("b", "ab"));
}

#[test]
fn every_reason_is_described_and_no_other() {
    let text = fs::read_to_string(workspace().join("docs/operate/conditions.md")).unwrap();
    let rows = text.lines().filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0));
    let described: BTreeSet<&str> = rows.collect();
    let conditions = [condition::READY, condition::VALID, condition::APPLIED, condition::PROGRESSING];
    let known: BTreeSet<&str> = reasons::ALL.iter().map(|reason| reason.0).chain(conditions).collect();
    assert_eq!(described, known);
}
