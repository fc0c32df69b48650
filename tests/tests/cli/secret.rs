//! Whatever is wrong with a Secret, nothing of it is shown: not in an excerpt, a message or a path.

use zuul_operator_tests::case::{self, plain_command};

const HEAD: &str = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n";

/// What is written in a file, and the finding that it gives.
fn cases() -> Vec<(String, &'static str)> {
    let secret = |rest: &str| format!("{HEAD}{rest}");
    vec![
        // What cannot be read, and may be a Secret.
        (secret("stringData:\n  a: CANARY\n  b: c: CANARY\n"), "YamlSyntax"),
        (
            "apiVersion: v1\nkind: \"S\\x65cret\"\nstringData:\n  kind: Zuul\n  a: b: CANARY\n".into(),
            "YamlSyntax",
        ),
        ("kind: Zuul\n\"kind\": \"\\x53ecret\"\nstringData:\n  a: b: CANARY\n".into(), "YamlSyntax"),
        ("kind: !!binary U2VjcmV0\nstringData:\nkind: Zuul\na: b: CANARY\n".into(), "YamlSyntax"),
        ("kind: ConfigMap\n...\n---x\n{kind: \"\\u0053ecret\", a: b: CANARY}\n".into(), "YamlSyntax"),
        (format!("{HEAD}stringData:\n  a: |\n---\n  kind: Zuul\n  b: c: CANARY\n"), "YamlSyntax"),
        ("kind: Zuul\nspec:\n  password: one\n    CANARY: b\n".into(), "YamlSyntax"),
        ("kind: Zuul\rspec:\r  password: one\r    CANARY: b\r".into(), "YamlSyntax"),
        // What can be read, and is refused.
        (secret("stringData:\n  CANARY: a\n  CANARY: a\n"), "DuplicateKey"),
        (secret("stringData:\n  a:\n    CANARY: a\n    CANARY: a\n"), "DuplicateKey"),
        (secret("stringData: {password:CANARY}\n"), "IllegalKey"),
        (secret("stringData: {password=CANARY: a}\n"), "IllegalKey"),
        (secret("stringData: {password:CANARY: [a]}\n"), "IllegalKey"),
        (secret("stringData: {a: {CANARY: .inf}}\n"), "NotFinite"),
        (secret("stringData: {a: {CANARY: !!int CANARY}}\n"), "BadTag"),
        (secret("stringData: {a: {CANARY: {[CANARY]: CANARY}}}\n"), "BadKey"),
        (secret("stringData: {a: &a {CANARY: *a}}\n"), "CyclicAlias"),
        (secret("stringData: {a: {CANARY: {<<: CANARY}}}\n"), "BadMerge"),
        (secret("stringData: CANARY\n"), "NotAMapping"),
        (secret("stringData: {a: [CANARY]}\n"), "NotText"),
        (secret("data: {a: CANARY.}\n"), "BadBase64"),
        (secret("data: {a: CANARY.}\n").replace("apiVersion: v1\n", ""), "NotAnObject"),
        (
            format!(
                "apiVersion: v1\nkind: List\nitems:\n- {{{}, data: {{a: CANARY.}}}}\n",
                HEAD.trim().replace('\n', ", ")
            ),
            "BadBase64",
        ),
    ]
}

#[test]
fn nothing_of_a_secret_is_shown() {
    for (text, code) in cases() {
        for args in
            [&["validate", "-f", "-"][..], &["validate", "-o", "json", "-f", "-"], &["render", "-f", "-"]]
        {
            let said = plain_command(args, text.as_bytes());
            let all = said.stdout + &said.stderr;
            assert!(all.contains(code), "{code} for\n{text}\n{all}");
            assert!(!all.contains("CANARY"), "{text}\n{all}");
        }
    }
}

/// The rule is not that nothing is shown at all.
#[test]
fn what_is_no_secret_is_shown() {
    for text in [
        "apiVersion: zuul-ci.org/v1alpha1\nkind: Zuul\nspec:\n  connections:\n    a: {sshkey: {secretName: x}}\n  b: c: SHOWN\n",
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  token: a\n  SHOWN: a\n  SHOWN: b\n",
    ] {
        let said = plain_command(&["validate", "-f", "-"], text.as_bytes());
        assert!(said.stdout.contains("SHOWN"), "{}", said.stdout);
    }
}

/// A plugin quotes what is no number: it is not given what only should be one.
#[test]
fn a_plugin_cannot_quote_a_masked_value() {
    let folder = tempfile::tempdir().expect("a folder");
    let zuul = "apiVersion: zuul-ci.org/v1alpha1\nkind: Zuul\nmetadata: {name: z}\n\
        spec: {launcher: {config: {secretName: nodepool}}}\n";
    let nodepool = "labels: [{name: l, min-ready: \"CANARY\"}]\n\
        providers: [{name: p, driver: static, pools: [{name: main, max-servers: CANARY, nodes: []}]}]\n\
        diskimages: [{name: i, abstract: CANARY}]\n";
    let secret = serde_json::json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "nodepool"},
        "stringData": {"nodepool.yaml": nodepool}});
    std::fs::write(folder.path().join("all.yaml"), format!("{zuul}---\n{secret}")).expect("written");
    for output in ["text", "json"] {
        let said = case::command(&["validate", "-o", output, "-f", folder.path().to_str().expect("UTF-8")]);
        assert!(said.stdout.contains("NodepoolUnservedLabel"), "{}", said.stdout);
        assert!(!said.stdout.contains("CANARY"), "{}", said.stdout);
    }
}
