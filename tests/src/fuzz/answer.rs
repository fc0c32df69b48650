//! Plugins' answers of any content → a plan: a secret is where it was given, or nowhere.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::Value as Json;
use zuul_operator::cli::bundle::Bundle;
use zuul_operator::cli::gather::ZuulInputs;
use zuul_operator::cli::source::Source;
use zuul_operator::contract::IniSection;
use zuul_operator::desired::object::{Content, DesiredSecret, Object};
use zuul_operator::fill;
use zuul_operator::inputs::may_refer_to;
use zuul_operator::names::Component;
use zuul_operator::plan::plan;
use zuul_operator::secret::SecretRef;

use super::check_finding;
use super::choices::Choices;
use super::fake::Fake;
use crate::reference_site::{Size, site};

/// Where the single files of a Zuul component are.
const FOLDER: &str = "/etc/zuul";

/// A Zuul with a secret at every place, and one with many connections.
fn sites() -> &'static [ZuulInputs] {
    static SITES: OnceLock<Vec<ZuulInputs>> = OnceLock::new();
    SITES.get_or_init(|| {
        let canary = [
            include_str!("../../canary/input/zuul.yaml"),
            include_str!("../../canary/input/secrets.yaml"),
            include_str!("../../canary/input/tenants.yaml"),
        ];
        let size = Size { connections: 5, providers: 3, labels: 6, zones: 2 };
        [canary.join("\n---\n"), site("zuul", size, 1)]
            .into_iter()
            .flat_map(|text| {
                let bundle = Bundle::read(vec![Source::new("site.yaml", text)], Vec::new());
                bundle.zuuls().collect::<Vec<_>>()
            })
            .collect()
    })
}

/// Answers that the checks let through place no secret where it was not given; others do no harm.
///
/// # Panics
/// It is not so.
pub fn answer(data: &[u8]) {
    let mut choices = Choices(data);
    let is_checked = choices.below(4) > 0;
    let is_twice = choices.below(8) == 0;
    let zuul = choices.of(sites()).expect("there are two");
    let fake = Fake::new(choices, is_checked);
    let plan = plan(&zuul.inputs, &fake);
    if is_twice {
        let again = self::plan(&zuul.inputs, &fake);
        assert_eq!(plan.findings, again.findings);
        assert_eq!((&plan.objects, &plan.drafts), (&again.objects, &again.drafts));
    }
    plan.findings.iter().for_each(check_finding);
    assert!(!plan.has_errors() || plan.objects.is_empty());
    for object in plan.objects.iter().chain(&plan.drafts) {
        let shown = fill::object(object, None).map(|it| it.value());
        assert!(plan.has_errors() || shown.is_ok(), "{shown:?}");
        if !is_checked {
            continue;
        }
        match object {
            Object::Secret(secret) => check_secret(&fake, secret),
            _ => shown.into_iter().for_each(|shown| check_pod(&fake, zuul, &shown, &plan.objects)),
        }
    }
}

fn check_secret(fake: &Fake<'_>, secret: &DesiredSecret) {
    let name = secret.metadata.name.as_deref().unwrap_or_default();
    let own = Component::ALL.into_iter().find(|it| name == format!("zuul-{it}-config"));
    for content in secret.files.values() {
        let Content::Ini(sections) = content else { continue };
        let component = own.expect("a zuul.conf is a component's");
        sections.iter().for_each(|section| check_section(fake, component, section));
    }
}

fn check_section(fake: &Fake<'_>, component: Component, IniSection { header, lines }: &IniSection) {
    for secret in lines.iter().flat_map(|(_, value)| value.secrets()) {
        let given = fake.given.borrow();
        let is_given = given.get(header).is_some_and(|secrets| secrets.contains(secret));
        assert!(is_given, "{component} has {secret} in [{header}], which was not given there");
        let Some(connection) = header.strip_prefix("connection ") else { continue };
        let renderings = fake.renderings.borrow();
        let mut lines =
            renderings.iter().filter(|(name, _)| name == connection).flat_map(|(_, it)| &it.lines);
        let is_meant = lines
            .any(|line| line.readers.contains(&component) && line.value.secrets().any(|it| it == secret));
        assert!(is_meant, "{component} has {secret} in [{header}], which its driver did not want");
    }
}

/// A pod mounts what its Zuul names, and of a connection's files those that are for its component.
fn check_pod(fake: &Fake<'_>, zuul: &ZuulInputs, object: &Json, all: &[Object]) {
    let named = may_refer_to(&zuul.inputs.zuul);
    let own: BTreeSet<&str> = all
        .iter()
        .filter_map(|object| match object {
            Object::Secret(secret) => secret.metadata.name.as_deref(),
            _ => None,
        })
        .collect();
    let component = object["metadata"]["labels"]["app.kubernetes.io/component"].as_str().unwrap_or_default();
    let volumes = object["spec"]["template"]["spec"]["volumes"].as_array();
    let sources =
        volumes.into_iter().flatten().filter_map(|volume| volume["projected"]["sources"].as_array());
    let mut paths = BTreeSet::new();
    for source in sources.flatten() {
        let Some(name) = source["secret"]["name"].as_str() else { continue };
        assert!(all.is_empty() || named.contains(name) || own.contains(name), "{component} mounts {name}");
        for item in source["secret"]["items"].as_array().into_iter().flatten() {
            let (Some(key), Some(path)) = (item["key"].as_str(), item["path"].as_str()) else { continue };
            assert!(all.is_empty() || paths.insert(path), "{component} has {path} twice");
            assert!(path.split('/').all(|step| !matches!(step, "" | "." | "..")), "{path:?}");
            check_file(fake, component, path, &SecretRef::new(name, key));
        }
    }
}

fn check_file(fake: &Fake<'_>, component: &str, path: &str, secret: &SecretRef) {
    let Some(rest) = path.strip_prefix("connections/") else { return };
    let renderings = fake.renderings.borrow();
    let connection = rest.split('/').next().unwrap_or_default();
    let files = renderings.iter().filter(|(name, _)| name == connection).flat_map(|(_, it)| &it.files);
    let is_meant = files.filter(|file| file.path == format!("{FOLDER}/{path}")).any(|file| {
        file.content == *secret && file.readers.iter().any(|reader| reader.as_str() == component)
    });
    assert!(is_meant, "{component} has {secret} at {path}, which its driver did not want");
}

#[cfg(test)]
mod tests {
    use zuul_operator::contract::Plugins;
    use zuul_operator::diagnostic::Severity;

    use super::*;

    /// Without this no other case counts.
    #[test]
    fn the_sites_are_good_and_their_secrets_found() {
        for zuul in sites() {
            let fake = Fake::new(Choices(&[]), true);
            let plan = plan(&zuul.inputs, &fake);
            assert!(!plan.findings.iter().any(|it| it.severity == Severity::Error), "{:?}", plan.findings);
            let files: usize = fake.renderings.borrow().iter().map(|(_, it)| it.files.len()).sum();
            let secrets: usize = fake.given.borrow().values().map(BTreeSet::len).sum();
            assert!(files > 0 && secrets > 3, "{files} files, {secrets} secrets");
            assert!(!fake.list().is_empty());
        }
    }
}
