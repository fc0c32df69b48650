//! What a newcomer's file is made of: the words that a mutation puts into one.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use zuul_operator::contract::Plugins;

use super::object::plugins;

const SCHEMA: &str = include_str!("../../../crds/zuuls.zuul-ci.org.yaml");

/// What means something to YAML, to Kubernetes, to INI, or to somebody who compares.
const NASTY: [&str; 96] = [
    "",
    "~",
    "null",
    "true",
    "no",
    "on",
    "y",
    "0",
    "-0",
    "1",
    "-1",
    "0777",
    "0x1F",
    "1_000",
    "1:30",
    "1e3",
    ".5",
    ".inf",
    "-.inf",
    ".nan",
    "2147483648",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "1e400",
    "100m",
    "1Gi",
    "-5Gi",
    "1e9Gi",
    "''",
    "\"\"",
    "' '",
    "\"\\n\"",
    "\"\\0\"",
    "\"\\u0085\"",
    "\"\\u2028\"",
    "\"\\uFEFF\"",
    "\"\\U0001F600\"",
    "%",
    "%%",
    "\"%(x)s\"",
    "\"%(NODEPOOL_X)s\"",
    "[]",
    "{}",
    "[[]]",
    "{a: b}",
    "[a, b]",
    "[1, ~, {}]",
    "- ",
    "? ",
    ": ",
    "&a ",
    "*a",
    "<<: *a",
    "<<: {}",
    "!!str ",
    "!!int ",
    "!!binary ",
    "!x ",
    "|",
    ">-",
    "|2",
    "# ",
    "---\n",
    "...\n",
    "%YAML 1.1\n---\n",
    "\t",
    "\r",
    "\u{85}",
    "é",
    "日本",
    "\u{202e}",
    "😀",
    "..",
    ".",
    "/",
    "a/b",
    "/etc/zuul",
    "/var/lib/zuul/x",
    "a.b",
    "A",
    "-a",
    "a-",
    "a_b",
    "[::1]:2281",
    "zk:2281/x",
    "https://u:p@h/",
    "postgresql://x",
    "mysql://x",
    "{secretName: inner}",
    "{secretName: inner, key: password}",
    "{secretName: gerrit}",
    "zuul-secret-0-placeholder",
    "inner",
    "CANARY",
];

/// All of them: names of fields and options, and what is nasty.
///
/// # Panics
/// The plugins do not say what they know.
pub fn words() -> &'static [String] {
    static WORDS: OnceLock<Vec<String>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut words: BTreeSet<String> = NASTY.iter().map(|word| (*word).to_owned()).collect();
        words.extend(SCHEMA.lines().filter_map(|line| line.trim().strip_suffix(':')).map(str::to_owned));
        words.extend(SCHEMA.lines().filter_map(|line| line.trim().strip_prefix("- ")).map(str::to_owned));
        for driver in plugins().drivers() {
            let options = plugins().driver(&driver).expect("a driver").options.clone();
            words.extend(options.into_iter().flat_map(|option| [option.choices, vec![option.name]].concat()));
            words.insert(driver);
        }
        let sections = plugins().sections().expect("sections");
        words.extend(sections.iter().flat_map(|it| &it.options).map(|option| option.name.clone()));
        words.into_iter().filter(|word| word.len() < 60).collect()
    })
}
