//! Exit codes, streams and formats.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;
use zuul_operator::cli::run::Exit;
use zuul_operator::supply::read;
use zuul_operator_tests::case::{self, plain_command};
use zuul_operator_tests::hostile::component;
use zuul_operator_tests::objects::documents;
use zuul_operator_tests::program::program;

const ZUUL: &[u8] = b"apiVersion: zuul-ci.org/v1alpha1\nkind: Zuul\nmetadata: {name: zuul}\nspec: {}\n";
const WARNING: &[u8] =
    b"apiVersion: zuul-ci.org/v1alpha1\nkind: Zuul\nmetadata: {name: zuul}\nspec: {zuul: {report_times: yes}}\n";

#[test]
fn exit_codes_tell_findings_from_failures() {
    let exit = |args: &[&str], stdin| plain_command(args, stdin).exit;
    assert_eq!(exit(&["validate", "-f", "-"], ZUUL), Exit::Fine);
    assert_eq!(exit(&["validate", "-f", "-"], WARNING), Exit::Fine);
    assert_eq!(exit(&["validate", "--strict", "-f", "-"], WARNING), Exit::Findings);
    assert_eq!(exit(&["validate", "-f", "-"], b"a: b: c"), Exit::Findings);
    assert_eq!(exit(&["validate", "-f", "-"], b""), Exit::Findings, "no Zuul");
    assert_eq!(exit(&["validate", "-f", "no/such/file"], b""), Exit::Failure);
    assert_eq!(exit(&["validate"], b""), Exit::Failure);
    assert_eq!(exit(&["render", "-o", "toml", "-f", "-"], ZUUL), Exit::Failure);
    assert_eq!(exit(&["--help"], b""), Exit::Fine);
}

#[test]
fn help_teaches() {
    for (args, word) in [
        (["render", "--help"], "-o dir=rendered"),
        (["validate", "--help"], "--strict -f deploy/"),
        (["crd", "--help"], "| kubectl apply"),
    ] {
        let said = plain_command(&args, b"");
        assert!(said.stdout.contains(word), "{}", said.stdout);
    }
}

#[test]
fn render_writes_nothing_when_there_is_an_error() {
    let said = plain_command(&["render", "-f", "-"], b"a: b: c");
    assert_eq!((said.exit, said.stdout.as_str()), (Exit::Findings, ""));
    assert!(said.stderr.contains("error[YamlSyntax]"), "{}", said.stderr);
    let said = plain_command(&["render", "-f", "-", "-o", "json"], WARNING);
    let list: Value = serde_json::from_str(&said.stdout).expect("JSON");
    assert_eq!((said.exit, &list["kind"]), (Exit::Fine, &Value::from("List")));
    assert!(said.stderr.contains("warning[Yaml11Boolean]"), "{}", said.stderr);
}

#[test]
fn json_has_all_keys() {
    let said = plain_command(&["validate", "-o", "json", "-f", "-"], WARNING);
    let report: Value = serde_json::from_str(&said.stdout).expect("JSON");
    // The other one: a Zuul without a scheduler.
    assert_eq!((&report["warnings"], &report["files"]), (&Value::from(2), &Value::from(1)));
    let findings = report["findings"].as_array().expect("a list");
    let finding = findings.iter().find(|finding| finding["code"] == "Yaml11Boolean");
    let finding = finding.and_then(Value::as_object).expect("the old boolean");
    let mut keys: Vec<_> = finding.keys().map(String::as_str).collect();
    keys.sort_unstable();
    let expected = "code column cure endColumn endLine expected file line message object path severity";
    assert_eq!(keys.join(" "), expected);
    assert_eq!(finding["path"], "spec.zuul.report_times");
    assert_eq!(
        (&finding["line"], &finding["column"], &finding["endColumn"]),
        (&4.into(), &29.into(), &32.into())
    );
}

/// What would be ignored is refused, with what to do.
#[test]
fn explain_refuses_what_does_not_go_together() {
    let said = |args: &[&str]| {
        let said = case::command(&[&["explain"], args].concat());
        (said.exit, said.stdout.chars().next(), said.stderr)
    };
    for output in ["tree", "markdown", "json-schema"] {
        let sentence =
            "error: what --search finds is shown as text or JSON; write -o json, or leave -o out\n";
        assert_eq!(
            said(&["--search", "timeout", "-o", output]),
            (Exit::Failure, None, sentence.to_owned()),
            "{output}"
        );
    }
    for topic in ["drivers.git", "drivers.nothing"] {
        let (exit, stdout, stderr) = said(&[topic, "-o", "json-schema"]);
        assert_eq!((exit, stdout), (Exit::Failure, None), "{topic}");
        assert!(stderr.contains(&format!("{topic:?}")), "{stderr}");
    }
    assert_eq!(said(&["-o", "json-schema"]), (Exit::Fine, Some('{'), String::new()));
    assert_eq!(said(&["--search", "timeout", "-o", "json"]), (Exit::Fine, Some('['), String::new()));
}

#[test]
fn colours_are_used_when_asked_for() {
    let said = plain_command(&["validate", "--color", "always", "-f", "-"], b"a: b: c");
    assert!(said.stdout.contains("\u{1b}["));
}

/// A text option that is written as a number would arrive as another text.
#[test]
fn numbers_that_lose_their_text_are_told() {
    let warned = |options: &str| {
        let text = format!(
            "apiVersion: zuul-ci.org/v1alpha1\nkind: Zuul\nmetadata: {{name: z}}\nspec:\n  statsd: &s {{prefix: 1.10}}\n\
             \u{20} connections:\n    a: {{driver: gerrit, server: s, user: u, sshkey: {{secretName: k}}, {options}}}\n"
        );
        let said = plain_command(&["validate", "-o", "json", "-f", "-"], text.as_bytes());
        let report: Value = serde_json::from_str(&said.stdout).expect("JSON");
        let findings = report["findings"].as_array().expect("a list");
        let warned = findings.iter().filter(|finding| finding["code"] == "UnquotedNumber");
        let place = |it: &Value| format!("{} {}", it["path"].as_str().unwrap_or_default(), it["line"]);
        warned.map(place).collect::<Vec<_>>().join(", ")
    };
    let other = "spec.statsd.prefix 5";
    for lost in ["1.10", "0777", "1_000", "1e3", "+1", "0x1F", "1.0", "007"] {
        assert_eq!(warned(&format!("password: {lost}")), format!("{other}, spec.connections.a.password 7"));
    }
    for kept in ["password: 1.1", "password: 12", "password: \"1.10\"", "port: 0777", "port: 1_000"] {
        assert_eq!(warned(kept), other, "{kept}");
    }
    assert_eq!(warned("unchecked: {new: 1.10}"), format!("{other}, spec.connections.a.unchecked.new 7"));
    assert_eq!(warned("unchecked: {new: &a 1.5, b: *a}"), other, "nothing is lost, and an alias is no text");
}

/// A limit is obeyed by the plugins of a command, and set as its table says.
#[test]
fn limits_of_plugins_can_be_set() {
    let zuul = "apiVersion: zuul-ci.org/v1alpha1\nkind: Zuul\nmetadata: {name: z}\n\
        spec: {connections: {a: {driver: git, baseurl: \"https://a\"}}}\n";
    for command_name in ["validate", "render"] {
        let with = |limits: &[&str]| {
            let args = [&[command_name, "-f", "-"], limits].concat();
            let said = plain_command(&args, zuul.as_bytes());
            (said.exit, said.stdout + &said.stderr)
        };
        assert_eq!(with(&["--limit", "fuel-render=100000000", "--limit", "queue=1"]).0, Exit::Fine);
        let (exit, said) = with(&["--limit", "fuel-render=1"]);
        assert_eq!(exit, Exit::Findings, "{said}");
        assert!(said.contains("PluginOutOfFuel"), "{said}");
        assert_eq!(with(&["--limit", "fuel-render=1", "--limit", "fuel-render=100000000"]).0, Exit::Fine);
        for (wrong, sentence) in [
            ("fule-render=1", "there is no limit named \"fule-render\"; there are component-bytes, "),
            ("fuel-render", "expected NAME=VALUE"),
            ("fuel-render=many", "expected a number of instructions, at most 5000000000"),
            ("fuel-render=0", "must be between 1 and 5000000000 instructions, not 0"),
            ("fuel-render=5000000001", "must be between 1 and 5000000000 instructions"),
        ] {
            let (exit, said) = with(&["--limit", wrong]);
            assert!(exit == Exit::Failure && said.contains(sentence), "{said}");
        }
    }
}

/// A name may hold what clears a screen, writes into a window's title or forges a line.
#[test]
fn names_do_not_steer_the_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a\u{1b}[2J\nerror\u{9b}\u{202e}.yaml");
    let other = "{apiVersion: v1, kind: \"a\\e[31m\", metadata: {name: \"b\\e]0;\\n\\u009b\"}}\n";
    let twice = "{apiVersion: v1, kind: ConfigMap, metadata: {name: \"\\e[1m\"}}\n";
    let key = "{apiVersion: zuul-ci.org/v1alpha1, kind: Zuul, metadata: {name: z}, spec: {\"c\\e[5m\": 1}}\n";
    std::fs::write(&path, format!("{other}---\n{twice}---\n{twice}---\n{key}")).expect("written");
    for path in [path.as_path(), &folder.path().join("no\u{1b}[2J")] {
        for command_name in ["validate", "render"] {
            let said = plain_command(&[command_name, "-f", path.to_str().expect("UTF-8")], b"");
            let all = said.stdout + &said.stderr;
            assert!(all.contains("\\u{1b}[2J"), "{all:?}");
            let steering = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
            assert!(!all.contains(steering) && !all.contains("\nerror\\"), "{all:?}");
        }
    }
}

/// A name with a dot is one step of a path, which leads to its line, whoever tells the finding.
#[test]
fn names_with_dots_are_one_step() {
    let zuul = "apiVersion: zuul-ci.org/v1alpha1\nkind: Zuul\nmetadata: {name: z}\nspec:\n  auth:\n\
        \u{20}   a:\n      driver: HS256\n    a.b:\n      driver: HS256\n      realm: x\n      bogus: 1\n    a.b c:\n      driver: HS256\n";
    let said = plain_command(&["validate", "-o", "json", "-f", "-"], zuul.as_bytes());
    let report: Value = serde_json::from_str(&said.stdout).expect("JSON");
    let findings = report["findings"].as_array().expect("a list");
    let found: Vec<_> = findings
        .iter()
        .filter(|finding| finding["severity"] == "error")
        .map(|finding| format!("{} {}", finding["path"].as_str().unwrap_or_default(), finding["line"]))
        .collect();
    let expected = [
        "spec.auth.a.secret 6",
        "spec.auth[\"a.b\"].secret 8",
        "spec.auth[\"a.b\"].bogus 11",
        "spec.auth[\"a.b c\"] 12",
    ];
    assert_eq!(found, expected);
}

/// `zuul-operator … | head -1` closes the pipe long before everything is written.
#[test]
fn a_closed_pipe_ends_it_quietly() {
    let mut child = Command::new(program())
        .args(["validate", "-f", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("its stdin");
    stdin.write_all(ZUUL).and_then(|()| stdin.write_all(&b"---\na: b: c\n".repeat(5000))).expect("written");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), stderr.as_ref()), (Some(141), ""));
}

/// A disk that is full, and a stdout that is only for reading.
#[test]
fn what_cannot_be_written_is_a_failure() {
    let zuul = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(zuul.path(), ZUUL).expect("written");
    for (redirection, why) in [("> /dev/full", "No space left"), ("1< /dev/null", "Bad file descriptor")] {
        for arguments in ["validate -f \"$1\"", "render -f \"$1\"", "crd", "--help"] {
            let script = format!("\"$0\" {arguments} {redirection}");
            let output = Command::new("sh").args(["-c", &script]).arg(program()).arg(zuul.path()).output();
            let output = output.expect("a shell");
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{script}: {stderr}");
            let sentence = format!("error: cannot write to stdout: {why}");
            assert!(stderr.lines().any(|line| line.starts_with(&sentence)), "{script}: {stderr}");
        }
    }
}

#[test]
fn a_plugin_is_packed_as_the_operator_takes_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path.display().to_string()
    };
    let good = file("my_forge.wasm", &component("harmless", 0));
    let said = case::command(&["plugin", "pack", &good, "--namespace", "ci"]);
    assert_eq!((said.exit, said.stderr.as_str()), (Exit::Fine, ""));
    let object = documents(&said.stdout).remove(0);
    let (map, bytes) = read(serde_json::from_value(object).expect("a ConfigMap"));
    assert_eq!((map.name.as_str(), map.plugin.as_str()), ("zuul-plugin-my-forge", "my-forge"));
    assert_eq!((map.namespace.as_str(), map.digest.len(), map.is_accepted), ("ci", 64, false));
    assert!(bytes.is_ok_and(|bytes| bytes.starts_with(&[0x1f, 0x8b])), "it is compressed");

    let refused = |path: &str, words: &[&str], what: &str| {
        let said = case::command(&[&["plugin", "pack", path], words].concat());
        assert_eq!((said.exit, said.stdout.as_str()), (Exit::Failure, ""));
        assert!(said.stderr.contains(what), "{}", said.stderr);
    };
    refused(&file("bad.wasm", b"hello"), &[], "NotAComponent: it is not WebAssembly");
    refused(&file("world.wasm", &component("wrong_world", 0)), &[], "WrongWorld");
    refused(&good, &["--name", "My Forge"], "\"My Forge\" is no name");
    refused("no/such.wasm", &[], "No such file");
    let mut state = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
    .take(2 << 20)
    .collect();
    refused(&file("noise.wasm", &noise), &[], "a ConfigMap holds 1048576");
}
