//! Any text as manifests → a plan by the built-in plugins → reports and objects.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use zuul_operator::cli::args::Report;
use zuul_operator::cli::bundle::Bundle;
use zuul_operator::cli::check::plan_all;
use zuul_operator::cli::gather::ZuulInputs;
use zuul_operator::cli::output;
use zuul_operator::cli::source::Source;
use zuul_operator::cli::validate::tell;
use zuul_operator::desired::object::Object;
use zuul_operator::diagnostic::Finding;
use zuul_operator::fill;
use zuul_operator::mask::{mask, redact};
use zuul_operator::plan::{Plan, plan};
use zuul_operator::plugin::{Catalog, Compile, Options};
use zuul_operator::secret::SecretRef;

use super::{CANARY, check_finding};
use crate::hostile::shared_cache;
use crate::objects::documents;

/// What stands between manifests and the files in `inner`.
const SEPARATOR: &str = "\n%%%\n";
/// Secrets that a Zuul may refer to, each of its keys with a canary.
const SECRETS: &str = include_str!("../../canary/input/secrets.yaml");
/// More than this many Zuuls only make a case slow.
const MOST_ZUULS: usize = 8;

/// The built-in plugins, compiled once.
///
/// # Panics
/// wasmtime does not work here.
pub fn plugins() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        let options =
            Options { cache_dir: Some(shared_cache()), compile: Compile::InProcess, ..Options::default() };
        Catalog::open(options).expect("a catalog")
    })
}

/// The Secret and the ConfigMap `inner`, with what a Zuul has cut or read.
fn inner(nodepool: &str, clouds: &str) -> String {
    let data = serde_json::json!({
        "nodepool.yaml": nodepool, "clouds.yaml": clouds, "main.yaml": clouds, "password": clouds,
    });
    let object = |kind: &str, field: &str| {
        let object =
            serde_json::json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": "inner"}, field: data});
        object.to_string()
    };
    // What is in a ConfigMap may be told.
    let map = object("ConfigMap", "data").replace(CANARY, "canary");
    format!("{}\n---\n{map}\n", object("Secret", "stringData"))
}

/// Whatever is given is planned, twice the same, and told without a secret.
///
/// The bytes are manifests, and behind lines `%%%` a nodepool.yaml and a clouds.yaml, which are in the Secret
/// and in the ConfigMap `inner`.
///
/// # Panics
/// It is not so.
pub fn object(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.splitn(3, SEPARATOR);
    let mut part = || parts.next().unwrap_or_default();
    let (manifests, nodepool, clouds) = (part(), part(), part());
    let (source, remark) = Source::from_bytes("zuul.yaml", manifests.as_bytes().to_vec(), 0);
    let sources = vec![
        source,
        Source::new("secrets.yaml", SECRETS),
        Source::new("inner.yaml", inner(nodepool, clouds)),
    ];
    let bundle = Bundle::read(sources, remark.into_iter().collect());
    if bundle.zuuls().take(MOST_ZUULS + 1).count() > MOST_ZUULS {
        return;
    }
    let checked = plan_all(bundle, plugins(), &plan, &mut |zuul, plan| {
        check_plan(zuul, plan);
        Vec::new()
    });
    checked.remarks.iter().for_each(|remark| check_finding(&remark.finding));
    // Where the user put it himself it may be told.
    let secret = SecretRef::new("inner", "nodepool.yaml");
    let masked = [mask(nodepool, &secret), redact(clouds, &secret)].into_iter().flatten();
    let is_open = masked.chain([manifests.to_owned()]).any(|text| text.contains(CANARY));
    for report in [Report::Text, Report::Json, Report::Sarif, Report::Github] {
        let said = tell(&checked, report, false).expect("a report");
        assert!(is_open || !said.contains(CANARY), "{said}");
        // What is for programs only has what JSON leaves as it is.
        let is_for_people = matches!(report, Report::Text | Report::Github);
        let steers = said.chars().find(|c| c.is_control() && *c != '\n');
        assert!(!is_for_people || steers.is_none(), "{steers:?} in {said}");
    }
}

fn check_plan(zuul: &ZuulInputs, plan: &Plan) {
    // Half of the time would go into it.
    if plan.findings.len().is_multiple_of(4) {
        let again = self::plan(&zuul.inputs, plugins());
        assert_eq!(plan.findings, again.findings);
        assert_eq!(plan.objects, again.objects);
        assert_eq!(plan.drafts, again.drafts);
    }
    assert!(!plan.has_errors() || (plan.objects.is_empty() && plan.actions.is_empty()));
    assert!(plan.has_errors() || plan.drafts.is_empty());
    let mut names = BTreeSet::new();
    let mut shown = Vec::new();
    for object in plan.objects.iter().chain(&plan.drafts) {
        if let Object::Secret(secret) = object {
            let refused = fill::fill(secret, &zuul.secrets).err().unwrap_or_default();
            refused.iter().for_each(check_finding);
            check_canary(&refused);
        }
        match fill::object(object, None) {
            Ok(object) => {
                let value = object.value();
                let name = (value["kind"].to_string(), value["metadata"]["name"].to_string());
                assert!(plan.has_errors() || names.insert(name), "twice: {value}");
                shown.push(value);
            }
            Err(refused) => assert!(plan.has_errors(), "{refused:?}"),
        }
    }
    if !plan.has_errors() {
        let yaml = output::yaml(&shown).expect("YAML");
        assert_eq!(documents(&yaml), shown, "{yaml}");
    }
}

/// Those who put values in tell of keys only.
fn check_canary(findings: &[Finding]) {
    let told = format!("{findings:?}");
    assert!(!told.contains(CANARY), "{told}");
}
