//! Golden cases: manifests go in; the objects that `render` prints and the findings that `validate`
//! prints are as accepted. `cargo xtask golden` accepts what comes out.
//!
//! `golden/<case>/input/*.yaml` → `golden/<case>/{objects.yaml,findings.txt}`, and the same for every
//! folder of `deploy/examples`. Where a number leads a case's name, it is a case of the list of what
//! Zuul operators get wrong.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use zuul_operator::cli::run::Exit;
use zuul_operator_tests::case::{command, folders};

const GOLDEN: &str = "golden";
/// What every case is given besides its own input.
const COMMON: &str = "golden/common.yaml";
const EXAMPLES: &str = "../deploy/examples";

/// The input of each case, and the folder of what is expected of it.
fn cases() -> Vec<(PathBuf, PathBuf)> {
    let own = folders(Path::new(GOLDEN)).into_iter().filter(|folder| !folder.ends_with("examples"));
    let mut cases: Vec<_> = own.map(|folder| (folder.join("input"), folder)).collect();
    for example in folders(Path::new(EXAMPLES)) {
        let name = example.file_name().expect("a folder has a name").to_owned();
        cases.push((example, Path::new(GOLDEN).join("examples").join(name)));
    }
    cases
}

/// The files that a case gives, by their names. Without objects there is no file of objects.
fn given(input: &Path) -> BTreeMap<&'static str, String> {
    let input = input.to_str().expect("the names of cases are text");
    let common = if input.starts_with(GOLDEN) { vec!["-f", COMMON] } else { vec![] };
    let run = |name| command(&[&[name, "-f", input], common.as_slice()].concat());
    let (validated, rendered) = (run("validate"), run("render"));
    assert_eq!(validated.exit, rendered.exit, "{input}: {}", rendered.stderr);
    assert_ne!(rendered.exit, Exit::Failure, "{input}: {}", rendered.stderr);
    assert!(rendered.exit == Exit::Fine || rendered.stdout.is_empty(), "{input}: objects in spite of errors");
    // `render` says the same about its objects as `validate`.
    let expected = if validated.stdout.starts_with("no findings") { "" } else { &validated.stdout };
    assert_eq!(rendered.stderr, expected, "{input}");
    let mut files = BTreeMap::from([("findings.txt", validated.stdout)]);
    if !rendered.stdout.is_empty() {
        files.insert("objects.yaml", rendered.stdout);
    }
    files
}

/// The first line in which two texts differ, for the eye.
fn difference(expected: &str, given: &str) -> String {
    let number = expected.lines().zip(given.lines()).take_while(|(a, b)| a == b).count();
    let line = |text: &str| text.lines().nth(number).unwrap_or("(the end)").to_owned();
    format!("line {}\n  - {}\n  + {}", number + 1, line(expected), line(given))
}

#[test]
fn cases_are_as_accepted() {
    let accept = std::env::var_os("ZUUL_OPERATOR_ACCEPT").is_some();
    let mut wrong = Vec::new();
    for (input, folder) in cases() {
        let files = given(&input);
        for name in ["findings.txt", "objects.yaml"] {
            let path = folder.join(name);
            let expected = fs::read_to_string(&path).ok();
            let given = files.get(name);
            if expected.as_ref() == given {
                continue;
            }
            if !accept {
                let difference =
                    difference(expected.as_deref().unwrap_or(""), given.map_or("", String::as_str));
                wrong.push(format!("{}: {difference}", path.display()));
                continue;
            }
            fs::create_dir_all(&folder).expect("a folder");
            match given {
                Some(text) => fs::write(&path, text).expect("written"),
                None => fs::remove_file(&path).expect("removed"),
            }
        }
    }
    assert!(wrong.is_empty(), "`cargo xtask golden` accepts:\n{}", wrong.join("\n"));
}

/// Nothing lies about that no case explains.
#[test]
fn every_file_belongs_to_a_case() {
    let cases = cases();
    let mut known = vec![PathBuf::from(COMMON)];
    for (input, folder) in &cases {
        known.extend([folder.join("findings.txt"), folder.join("objects.yaml")]);
        assert!(input.is_dir(), "{} has no input", folder.display());
        if input.starts_with(GOLDEN) {
            known.extend(fs::read_dir(input).expect("input").map(|entry| entry.expect("an entry").path()));
        }
    }
    for file in files(Path::new(GOLDEN)) {
        assert!(known.contains(&file), "{} is stale: no case gives it", file.display());
    }
}

/// A case says what it shows.
#[test]
fn every_case_has_a_comment() {
    for (input, _) in cases().iter().filter(|(input, _)| input.starts_with(GOLDEN)) {
        let commented =
            files(input).iter().any(|file| fs::read_to_string(file).is_ok_and(|text| text.starts_with("# ")));
        assert!(commented, "{} does not say what it shows", input.display());
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
