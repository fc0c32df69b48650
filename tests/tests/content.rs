//! What stands in Secrets is held against the plan, whoever gathered it.

use zuul_operator::cli::bundle::Bundle;
use zuul_operator::cli::files::read_all;
use zuul_operator::cluster::gather::Gathered;
use zuul_operator::diagnostic::{Finding, Severity};
use zuul_operator::fill::SecretBytes;
use zuul_operator::plan::plan;
use zuul_operator::plugin::{Catalog, Options};
use zuul_operator_tests::source::workspace;

/// The site example, as a cluster would have it.
fn site() -> Gathered {
    let folder = workspace().join("deploy/examples/site");
    let (sources, remarks) = read_all(&[folder], &mut std::io::empty()).expect("the example");
    let bundle = Bundle::read(sources, remarks);
    let mut zuul = bundle.zuuls().next().expect("one Zuul");
    zuul.inputs.zuul["metadata"]["namespace"] = "ci".into();
    Gathered { inputs: zuul.inputs, secrets: zuul.secrets }
}

#[test]
fn a_key_that_ssh_refuses_stops_the_plan() {
    let catalog = Catalog::open(Options::default()).expect("the built-in plugins");
    let mut gathered = site();
    let good = plan(&gathered.inputs, &catalog);
    let wrong = |findings: &[Finding]| findings.iter().any(|it| it.severity == Severity::Error);
    assert!(!wrong(&gathered.check(&good)), "{:?}", gathered.check(&good));
    let keys = gathered.secrets.0.get_mut("zuul-executor-ssh").expect("given");
    keys.values_mut().for_each(|bytes| *bytes = SecretBytes::new(b"hunter2".to_vec()));
    let found = gathered.check(&good);
    assert!(!format!("{found:?}").contains("hunter2"));
    let objects = good.objects.len();
    let bad = good.with_findings(&gathered.inputs, found);
    let first = &bad.findings[0];
    assert_eq!((first.code.as_str(), first.object.namespace.as_str()), ("KeyWithoutNewline", "ci"));
    assert_eq!((bad.objects.len(), bad.drafts.len()), (0, objects), "nothing is applied");
    assert!(bad.actions.is_empty() && bad.needs.is_empty());
}

#[test]
fn findings_are_merged_as_the_plan_has_them() {
    let catalog = Catalog::open(Options::default()).expect("the built-in plugins");
    let mut inputs = site().inputs;
    inputs.complete = true;
    inputs.secrets.remove("zuul-executor-ssh").expect("given");
    let bad = plan(&inputs, &catalog);
    assert!(bad.has_errors() && !bad.drafts.is_empty(), "{:?}", bad.findings);
    let again = bad.clone().with_findings(&inputs, bad.findings.clone());
    assert_eq!(
        (&again.findings, &again.drafts),
        (&bad.findings, &bad.drafts),
        "each once, and no draft lost"
    );
}
