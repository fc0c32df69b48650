//! Files that are made to hurt: each ends, and with a finding. One that takes for ever is stopped with the
//! whole run.

use zuul_operator::cli::check::{MOST_ZUULS, plan_all};
use zuul_operator::cli::run::Exit;
use zuul_operator::contract::Plugins;
use zuul_operator::inputs::{Inputs, may_refer_to};
use zuul_operator::plan::{Action, Need, Plan, plan};
use zuul_operator::plugin::{Catalog, Options};
use zuul_operator_tests::case::{bundle, inputs, plain_command};
use zuul_operator_tests::no_plugins::NoPlugins;

fn refused(name: &str, text: &str, code: &str) {
    let said = plain_command(&["validate", "-f", "-"], text.as_bytes());
    assert_eq!(said.exit, Exit::Findings, "{name}");
    assert!(said.stdout.contains(&format!("error[{code}]")), "{name}: {:.2000}", said.stdout);
    assert!(said.stdout.len() < 200_000, "{name} makes {} bytes", said.stdout.len());
}

#[test]
fn nesting_is_refused() {
    refused("flow", &"[".repeat(10_000), "TooDeep");
    refused("flow mappings", &"{a: ".repeat(10_000), "TooDeep");
    refused("block", &"- ".repeat(10_000), "TooDeep");
    let stairs: String = (0..5_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    refused("stairs", &stairs, "TooDeep");
    let chain: String = (1..5_000).map(|n| format!("a{n}: &a{n} [*a{}]\n", n - 1)).collect();
    refused("aliases", &format!("a0: &a0 x\n{chain}"), "TooDeep");
}

#[test]
fn aliases_are_refused_before_they_unfold() {
    let row = |n: usize| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(","));
    let bomb: String = (1..12).map(row).collect();
    refused("a billion laughs", &format!("a0: &a0 lol\n{bomb}"), "TooLarge");
    let long = format!("a: &a \"{}\"\nb: [{}]", "x".repeat(1 << 20), "*a,".repeat(100_000));
    refused("a long text", &long, "TooLarge");
    refused("a cycle", "a: &a\n  b: *a\n", "CyclicAlias");
    refused("a cycle of a merge", "a: &a\n  <<: *a\n", "CyclicAlias");
}

#[test]
fn size_is_no_problem_of_its_own() {
    let entries: String = (0..80_000).map(|n| format!("  file-{n}: |\n    {}\n", "x".repeat(100))).collect();
    let zuul = "apiVersion: zuul-ci.org/v1alpha1\nkind: Zuul\nmetadata: {name: zuul}\nspec: {}\n---\n";
    let map = format!("{zuul}apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: big}}\ndata:\n{entries}");
    assert!(map.len() > 9_000_000);
    let said = plain_command(&["validate", "-f", "-"], map.as_bytes());
    assert_eq!(said.exit, Exit::Fine, "{:.2000}", said.stdout);
    refused("ten million nodes", &format!("[{}]", "1,".repeat(5_000_000)), "TooLarge");
    refused("a long line", &format!("{{\"a\": \"{}\", \"a\": 1}}", "x".repeat(8 << 20)), "DuplicateKey");
    refused("many documents", &"---\na: b: c\n".repeat(100_000), "YamlSyntax");
    refused("many duplicates", &"a: 1\n".repeat(200_000), "DuplicateKey");
    refused("many old booleans", &format!("kind: Zuul\nb: [{}\n", "yes,".repeat(140_000)), "YamlSyntax");
    // Each is joined with the error of its own field, of as many as a Zuul may hold.
    let variables: String = (0..4_900).map(|n| format!("  - {{name: V{n}, value: yes}}\n")).collect();
    let zuul = zuul.replace("spec: {}\n---\n", &format!("spec:\n  env:\n{variables}"));
    refused("many old booleans where text is needed", &zuul, "WrongType");
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    for (bytes, code) in [
        (&b"a: \xff\xfe"[..], "NotUtf8"),
        (b"\xff\xfea\0:\0", "NotUtf8"),
        (b"a: b\0c: d", "ControlCharacter"),
        (b"\x1b[2Ja: b", "ControlCharacter"),
    ] {
        let said = plain_command(&["validate", "-f", "-"], bytes);
        assert!(said.stdout.contains(code), "{}", said.stdout);
        assert!(!said.stdout.contains(['\0', '\u{1b}']), "control characters reach the terminal");
    }
}

fn zuul(name: usize) -> String {
    format!("---\napiVersion: zuul-ci.org/v1alpha1\nkind: Zuul\nmetadata: {{name: z{name}}}\nspec: {{}}\n")
}

fn config_map(name: &str) -> String {
    format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{a: b}}\n")
}

#[test]
fn more_zuuls_than_anybody_has_are_refused() {
    let codes = |number: usize| {
        let text: String = (0..number).map(zuul).collect();
        let mut planned = 0;
        let planner = |_: &Inputs, _: &dyn Plugins| Plan::default();
        let checked = plan_all(bundle(&text), &NoPlugins, &planner, &mut |_, _| {
            planned += 1;
            Vec::new()
        });
        let codes: Vec<_> = checked.remarks.into_iter().map(|remark| remark.finding.code).collect();
        (planned, codes.join(" "))
    };
    assert_eq!(codes(MOST_ZUULS), (MOST_ZUULS, String::new()));
    assert_eq!(codes(MOST_ZUULS + 2), (MOST_ZUULS, "TooManyZuuls".to_owned()));
}

/// A copy of everything for each Zuul would make time and memory grow with the square of the input.
#[test]
fn a_zuul_is_given_only_what_it_may_refer_to() {
    let zuul = "apiVersion: zuul-ci.org/v1alpha1\nkind: Zuul\nmetadata: {name: z}\n\
        spec: {scheduler: {config: tenants}, executor: {sshkey: {secretName: ssh}}}\n";
    let others: String = (0..1000).map(|n| config_map(&format!("other-{n}"))).collect();
    let given = inputs(&format!("{zuul}{others}{}", config_map("tenants")));
    assert_eq!(given.inputs.config_maps.keys().collect::<Vec<_>>(), ["tenants"]);
}

/// What a plan makes or waits for is among what a Zuul may refer to, by names that nobody wrote.
#[test]
fn made_names_may_be_referred_to() {
    let zuul = "apiVersion: zuul-ci.org/v1alpha1\nkind: Zuul\nmetadata: {name: z.1}\nspec: {registry: {}}\n";
    let given = inputs(zuul).inputs;
    let plan = plan(&given, &Catalog::open(Options::default()).expect("the built-in plugins"));
    let made = plan.actions.iter().map(|Action::CreateOnce { secret, .. }| secret.secret.clone());
    let needed = plan.needs.iter().map(|need| match need {
        Need::Database { uri } => uri.secret.clone(),
        Need::Zookeeper { secret, .. } => secret.clone(),
    });
    let names: Vec<_> = made.chain(needed).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    let may = may_refer_to(&given.zuul);
    assert!(names.iter().all(|name| may.contains(name)), "{names:?} {may:?}");
}

#[test]
fn documents_without_end_are_refused() {
    refused("empty documents", &"---\n".repeat(1 << 20), "TooLarge");
    // It stands behind the 200 that are shown, and is among those for programs.
    let many = "---\na: 1\n".repeat(11_000);
    let said = plain_command(&["validate", "-o", "json", "-f", "-"], many.as_bytes());
    assert!(said.stdout.contains("\"code\": \"TooManyFindings\""));
}
