//! Sites that are larger than anybody's, and names at their limits: a plan, or a finding that says why not.

use std::collections::BTreeSet;

use zuul_operator::cli::check::plan_all;
use zuul_operator::diagnostic::{Finding, Severity};
use zuul_operator::plan::{Plan, plan};
use zuul_operator_tests::case::{bundle, inputs};
use zuul_operator_tests::hostile::Rig;
use zuul_operator_tests::reference_site::{Size, site};

fn planned(text: &str) -> Plan {
    plan(&inputs(text).inputs, &Rig::new().catalog())
}

fn errors(plan: &Plan) -> Vec<&Finding> {
    plan.findings.iter().filter(|finding| finding.severity == Severity::Error).collect()
}

#[test]
fn five_hundred_connections_are_planned() {
    let size = Size { connections: 500, providers: 1, labels: 1, zones: 1 };
    let plan = planned(&site("zuul", size, 1));
    assert_eq!(errors(&plan), Vec::<&Finding>::new());
    assert!(plan.objects.len() > 10);
}

/// Of the driver with the longest sections, each option written, beside every other section.
#[test]
fn five_hundred_long_connections_are_planned() {
    let mut text = String::from(
        "apiVersion: zuul-ci.org/v1alpha1\nkind: Zuul\nmetadata: {name: zuul}\nspec:\n  \
         scheduler: {config: tenants}\n  executor: {}\n  merger: {}\n  web: {}\n  fingergw: {}\n  \
         launcher: {type: both, config: pool}\n  builder: {}\n  preview: {}\n  registry: {}\n  auth:\n",
    );
    for number in 0..20 {
        text += &format!(
            "    a{number}: {{driver: HS256, realm: r{number}, issuer_id: i{number}, client_id: c, secret: {{secretName: a{number}}}}}\n"
        );
    }
    text += "  connections:\n";
    for number in 0..500 {
        let name = format!("review-{number}.{}", "x".repeat(50));
        text += &format!(
            "    {name}:\n      driver: gerrit\n      server: {name}.example.org\n      canonical_hostname: {name}\n      \
             port: 29418\n      baseurl: https://{name}.example.org/gerrit\n      gitweb_url_template: \"https://{name}/{{sha}}\"\n      \
             user: zuul\n      sshkey: {{secretName: s{number}, key: k}}\n      password: {{secretName: s{number}, key: p}}\n      \
             keepalive: 60\n      git_over_ssh: true\n      verify_ssl: true\n      max_dependencies: 100\n      auth_type: basic\n"
        );
    }
    let plan = planned(&text);
    assert_eq!(errors(&plan), Vec::<&Finding>::new());
}

/// The codes of all errors, each once.
fn codes(text: &str) -> Vec<String> {
    let catalog = Rig::new().catalog();
    let checked = plan_all(bundle(text), &catalog, &plan, &mut |_, _| Vec::new());
    let errors = checked.remarks.iter().filter(|remark| remark.finding.severity == Severity::Error);
    let codes: BTreeSet<_> = errors.map(|remark| remark.finding.code.clone()).collect();
    codes.into_iter().collect()
}

fn zuul(name: &str, spec: &str) -> String {
    format!(
        "apiVersion: zuul-ci.org/v1alpha1\nkind: Zuul\nmetadata: {{name: {name}}}\nspec:\n  \
         scheduler: {{config: tenants}}\n  executor: {{}}\n  web: {{}}\n{spec}"
    )
}

/// Each name is as long as it may be, and then one longer.
#[test]
fn names_are_as_long_as_they_may_be() {
    let long = |length: usize| format!("{}{}", "a.".repeat(length / 2), &"a"[..length % 2]);
    let label = |length: usize| "a".repeat(length);
    let connection = |name: &str| {
        zuul("z", &format!("  connections: {{{name}: {{driver: git, baseurl: \"https://x\"}}}}\n"))
    };
    let secret = |name: &str| zuul("z", &format!("  database: {{secretName: {name}}}\n"));
    for (at_its_end, too_long, code) in [
        (zuul(&long(253), ""), zuul(&long(255), ""), "IllegalName"),
        (zuul(&label(253), ""), zuul(&label(254), ""), "IllegalName"),
        (connection(&label(63)), connection(&label(64)), "Rule"),
        (secret(&long(253)), secret(&long(255)), "IllegalName"),
    ] {
        assert_eq!(codes(&at_its_end), Vec::<String>::new());
        assert_eq!(codes(&too_long), [code]);
    }
}

/// Bombs and giants where a plugin or the masking reads them, as the whole program meets them.
#[test]
fn what_is_in_a_secret_or_a_config_map_may_be_anything() {
    let bomb: String = (1..30).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}, *a{0}]\n", n - 1)).collect();
    let stairs: String = (0..500).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    let parents = "diskimages: [{name: a, parent: b}, {name: b, parent: a}]\n\
        providers: [{name: p, driver: static, diskimages: [{name: a}]}]\n";
    for (name, yaml, open, masked) in [
        ("a bomb", &format!("a0: &a0 [x]\n{bomb}"), "NodepoolTooLarge", "NodepoolYaml"),
        ("stairs", &stairs, "NodepoolTooDeep", "NodepoolYaml"),
        ("brackets", &"[".repeat(100_000), "NodepoolNotYaml", "NodepoolYaml"),
        ("ten megabytes", &"x".repeat(10 << 20), "PluginInputTooLarge", "NodepoolYaml"),
        ("many items", &"- a\n".repeat(300_000), "PluginInputTooLarge", "NodepoolYaml"),
        ("a cycle", &"a: &a [*a]\n".to_owned(), "NodepoolRecursiveAlias", "NodepoolYaml"),
        ("parents", &parents.to_owned(), "NodepoolParentCircle", "NodepoolParentCircle"),
    ] {
        let data = serde_json::json!({"nodepool.yaml": yaml});
        for (kind, field, reference, code) in
            [("ConfigMap", "data", "pool", open), ("Secret", "stringData", "{secretName: pool}", masked)]
        {
            let spec = format!("  launcher: {{type: nodepool, config: {reference}}}\n");
            let metadata = serde_json::json!({"name": "pool"});
            let object =
                serde_json::json!({"apiVersion": "v1", "kind": kind, "metadata": metadata, field: data});
            assert_eq!(codes(&format!("{}---\n{object}\n", zuul("z", &spec))), [code], "{name} in a {kind}");
        }
    }
}
