//! What is done with the operator itself, once its plugins are built.

use std::fs;
use std::process::Command;

use crate::folders::Folders;
use crate::guests;
use crate::step::{Outcome, output, run, step};

/// What the operator would apply for the given files. The dev profile: it is built in half the
/// time of a release, and this is the first command that somebody tries.
pub fn render(folders: &Folders, words: &[String]) -> Outcome {
    if words.is_empty() {
        return Err("say what to render: cargo xtask render deploy/examples/site".to_owned());
    }
    guests::prepare(folders)?;
    step("host", || run(folders.cargo(&["build", "--package", "zuul-operator"]).stdout(std::io::stderr())))?;
    // Not by `cargo run`: files are named from where the command was given.
    let mut command = Command::new(folders.target.join("debug/zuul-operator"));
    command.arg("render");
    // A bare word is a file; with an option in front they are the operator's own words.
    if words.first().is_some_and(|word| !word.starts_with('-')) {
        command.arg("-f");
    }
    command.args(words);
    run(&mut command)
}

/// Accepts what the golden tests give now.
pub fn golden(folders: &Folders) -> Outcome {
    guests::prepare(folders)?;
    let words = [
        "test",
        "--package",
        "zuul-operator-tests",
        "--test",
        "golden",
        "--test",
        "reference",
        "--test",
        "first_mistakes",
        "--test",
        "draft",
    ];
    step("golden", || run(folders.cargo(&words).env("ZUUL_OPERATOR_ACCEPT", "1")))?;
    eprintln!("    now look at what changed: git diff tests/golden tests/drafts docs");
    Ok(())
}

/// Writes `crds/` anew; a test compares them with the types.
pub fn crd(folders: &Folders) -> Outcome {
    guests::prepare(folders)?;
    let text = output(&mut folders.cargo(&["run", "--quiet", "--package", "zuul-operator", "--", "crd"]))?;
    let folder = folders.root.join("crds");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for document in text.split("\n---\n").map(str::trim).filter(|document| !document.is_empty()) {
        let document = document.trim_start_matches("---").trim_start();
        let name = crd_name(document)?;
        let path = folder.join(format!("{name}.yaml"));
        fs::write(&path, format!("{document}\n")).map_err(|error| format!("{}: {error}", path.display()))?;
        eprintln!("    {}", path.display());
    }
    Ok(())
}

/// `metadata.name` of a document that the operator wrote itself, block style, two spaces a level.
fn crd_name(document: &str) -> Outcome<&str> {
    let mut lines = document.lines().skip_while(|line| *line != "metadata:").skip(1);
    let name = lines
        .by_ref()
        .take_while(|line| line.starts_with(' '))
        .find_map(|line| line.strip_prefix("  name: "));
    name.ok_or_else(|| "`zuul-operator crd` wrote a document without metadata.name".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crd_is_called_as_it_names_itself() {
        let document = "kind: CustomResourceDefinition\nmetadata:\n  name: zuuls.zuul-ci.org\nspec: {}";
        assert_eq!(crd_name(document), Ok("zuuls.zuul-ci.org"));
        assert!(crd_name("kind: X\nspec:\n  name: no\n").is_err());
    }
}
