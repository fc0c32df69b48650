//! Plugins as their users have them: built, packed into ConfigMaps, and removed.

use std::path::{Path, PathBuf};
use std::process::Command;

use zuul_operator::plugin::{Library, Options};
use zuul_operator::supply::{Map, packed};

use crate::program::program;
use crate::source::workspace;

/// The folder of the built-in plugins, as components.
#[must_use]
pub fn built_in() -> PathBuf {
    std::env::var_os("ZUUL_OPERATOR_PLUGINS")
        .map_or_else(|| workspace().join("target/plugins"), PathBuf::from)
}

/// The component of `tests/guests/NAME`, which is not built in.
///
/// # Panics
/// It was not built.
#[must_use]
pub fn of_tests(name: &str) -> PathBuf {
    let file = built_in().with_file_name("test-plugins").join(format!("{name}.wasm"));
    assert!(file.is_file(), "{}: `cargo xtask guests` builds it", file.display());
    file
}

/// The ConfigMap that `zuul-operator plugin pack` prints for a file.
///
/// # Panics
/// It refuses.
#[must_use]
pub fn pack(file: &Path) -> String {
    let output = Command::new(program()).args(["plugin", "pack"]).arg(file).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The same for what it would refuse: whatever these bytes are.
///
/// # Panics
/// They are more than a component may have.
#[must_use]
pub fn wanted(plugin: &str, bytes: &[u8]) -> String {
    let library = Library::open(Options::default(), "").expect("wasmtime works here");
    let digest = library.digest(bytes).expect("it is small");
    let map =
        Map { name: format!("zuul-plugin-{plugin}"), plugin: plugin.to_owned(), digest, ..Map::default() };
    serde_json::to_string(&packed(&map, bytes.to_vec())).expect("an object")
}

/// The commands of docs/operate/plugins.md that remove a plugin: the words after `kubectl`, without the namespace.
///
/// # Panics
/// They are not there.
#[must_use]
pub fn removing(plugin: &str) -> Vec<Vec<String>> {
    let page = std::fs::read_to_string(workspace().join("docs/operate/plugins.md")).expect("the page");
    let commands =
        page.lines().filter_map(|line| line.strip_prefix("    kubectl delete configmap -n NAMESPACE "));
    let words = |line: &str| {
        let line = line.replace("=NAME", &format!("={plugin}")).replace('\'', "");
        ["delete", "configmap"].into_iter().chain(line.split(' ')).map(str::to_owned).collect()
    };
    let commands: Vec<Vec<String>> = commands.map(words).collect();
    assert_eq!(commands.len(), 2, "what is wanted and what was accepted");
    commands
}
