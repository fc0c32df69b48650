//! The manifests of `deploy/` give the operator what it uses and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use zuul_operator_tests::operator::How;
use zuul_operator_tests::rig::audit::AuditEvent;
use zuul_operator_tests::rig::{Namespace, Rig, until};
use zuul_operator_tests::site::{apply, children, condition, get, is_ready, patch, patch_secret, site};
use zuul_operator_tests::source::workspace;

use crate::rig;

/// A right: group, resource and verb.
type Right = (String, String, String);

#[test]
fn one_namespace_needs_a_role_alone() {
    let Some(rig) = rig("one_namespace_needs_a_role_alone") else { return };
    let namespace = rig.namespace();
    let objects = built(rig, "namespaced", Some(namespace.name()));
    let kinds: BTreeSet<&str> = objects.iter().filter_map(|it| it["kind"].as_str()).collect();
    assert!(!kinds.contains("ClusterRole") && !kinds.contains("CustomResourceDefinition"), "{kinds:?}");
    rights_suffice(rig, &objects, &namespace);
}

#[test]
fn all_namespaces_need_the_cluster_role_alone() {
    if rig("all_namespaces_need_the_cluster_role_alone").is_none() {
        return;
    }
    // It would take the Zuuls of all other tests.
    let own = Rig::own();
    own.crd();
    let namespace = own.namespace();
    rights_suffice(&own, &built(&own, "cluster", None), &namespace);
}

/// Runs the operator as the account and with the arguments of the manifests, takes it through all that it does, and
/// compares what it asked for with what it may.
fn rights_suffice(rig: &Rig, objects: &[Value], namespace: &Namespace<'_>) {
    let list = json!({"apiVersion": "v1", "kind": "List", "items": objects});
    rig.must_with(&["apply", "--server-side", "--force-conflicts", "-f", "-"], &list.to_string());
    let deployment = of_kind(objects, "Deployment");
    let own = deployment["metadata"]["namespace"].as_str().unwrap();
    let kubeconfig = rig.service_account(own, "zuul-operator");
    let mark = rig.audit_mark();
    let how = How { kubeconfig, arguments: arguments(deployment, own), variables: vec![], log: "info" };
    apply(namespace, &site());
    let operator = how.start();
    is_ready(namespace);
    everything(namespace);
    let log = operator.end();
    assert!(log.contains("lease given up"), "{log}");
    let user = format!("system:serviceaccount:{own}:zuul-operator");
    let requests: Vec<_> = rig.audit(mark).into_iter().filter(|it| it.user == user).collect();
    let forbidden: Vec<_> = requests.iter().filter(|it| it.code == 403).collect();
    assert!(forbidden.is_empty(), "{forbidden:#?}");
    let used: BTreeSet<Right> = requests.iter().flat_map(used).collect();
    assert_eq!(used, granted(objects));
}

/// All that an operator does with a Zuul.
fn everything(namespace: &Namespace<'_>) {
    patch_secret(namespace, "gerrit", &json!({"http_password":"new"}));
    until("its readers are changed", || {
        get(namespace, "zuul/zuul")["status"].to_string().contains("Secret/gerrit")
    });
    is_ready(namespace);
    patch(namespace, &json!({"spec": {"executor": {"count": 3}, "zuulImageVersion": "14.4.0"}}));
    until("the rollout is over", || get(namespace, "zuul/zuul")["status"]["version"] == "14.4.0");
    for child in children(namespace).keys() {
        namespace.must(&["delete", &child.to_lowercase(), "--wait=false"]);
    }
    until("the last child is back", || {
        get(namespace, "statefulset/zuul-scheduler")["metadata"]["uid"].is_string()
    });
    is_ready(namespace);
    // Something of each kind.
    let kinds = |children: BTreeMap<String, Value>| {
        children.keys().fold(BTreeMap::new(), |mut kinds: BTreeMap<String, usize>, id| {
            *kinds.entry(id.split('/').next().unwrap_or_default().to_owned()).or_default() += 1;
            kinds
        })
    };
    let before = kinds(children(namespace));
    patch(namespace, &json!({"spec": {"merger": null, "fingergw": null, "launcher": null}}));
    until("what is no longer wanted is gone", || {
        let now = kinds(children(namespace));
        before.iter().all(|(kind, count)| now.get(kind).unwrap_or(&0) < count)
    });
    // The second time within minutes the Event is counted, not made again.
    for _ in 0..2 {
        namespace.must(&["annotate", "zuul", "zuul", "zuul-ci.org/paused=true"]);
        until("it is paused", || condition(namespace, "Progressing").1 == "Paused");
        namespace.must(&["annotate", "zuul", "zuul", "zuul-ci.org/paused-"]);
        until("it goes on", || condition(namespace, "Progressing").1 != "Paused");
    }
    namespace.must(&["delete", "zuul", "zuul", "--timeout=30s"]);
    until("its objects are gone", || children(namespace).is_empty());
}

/// The rights that a request took. Server-side apply of what is not there takes the one to create, too.
fn used(request: &AuditEvent) -> Vec<Right> {
    let resource = match request.subresource.as_str() {
        "" => request.resource.clone(),
        sub => format!("{}/{sub}", request.resource),
    };
    let right = |verb: &str| (request.group.clone(), resource.clone(), verb.to_owned());
    match (request.verb.as_str(), request.code) {
        ("patch", 201) => vec![right("patch"), right("create")],
        (verb, _) => vec![right(verb)],
    }
}

fn granted(objects: &[Value]) -> BTreeSet<Right> {
    let rules = roles(objects).flat_map(|role| role["rules"].as_array().unwrap());
    let rights = rules.flat_map(|rule| {
        let texts = |key: &str| serde_json::from_value::<Vec<String>>(rule[key].clone()).unwrap();
        let (groups, resources, verbs) = (texts("apiGroups"), texts("resources"), texts("verbs"));
        let of = move |resource: String| {
            let group = groups[0].clone();
            verbs.clone().into_iter().map(move |verb| (group.clone(), resource.clone(), verb))
        };
        resources.into_iter().flat_map(of).collect::<Vec<_>>()
    });
    rights.collect()
}

#[test]
fn no_rule_is_wider_than_it_looks() {
    let Some(rig) = rig("no_rule_is_wider_than_it_looks") else { return };
    let [cluster, namespaced] = ["cluster", "namespaced"].map(|what| built(rig, what, None));
    assert_eq!(granted(&cluster), granted(&namespaced));
    assert_eq!(roles(&built(rig, "base", None)).count(), 1);
    for rule in roles(&cluster).chain(roles(&namespaced)).flat_map(|role| role["rules"].as_array().unwrap()) {
        assert_eq!(rule["apiGroups"].as_array().unwrap().len(), 1, "{rule}");
        for word in ["*", "escalate", "bind", "impersonate", "deletecollection", "nonResourceURLs"] {
            assert!(!rule.to_string().contains(&format!("\"{word}\"")), "{word}: {rule}");
        }
    }
}

#[test]
fn the_operators_pod_is_restricted() {
    let Some(rig) = rig("the_operators_pod_is_restricted") else { return };
    let namespace = rig.namespace();
    let enforced = "pod-security.kubernetes.io/enforce=restricted";
    rig.must(&["label", "namespace", namespace.name(), enforced]);
    for what in ["cluster", "namespaced"] {
        let objects = built(rig, what, None);
        let pod = &of_kind(&objects, "Deployment")["spec"]["template"];
        let mut pod =
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "operator"}, "spec": pod["spec"]});
        pod["spec"]["serviceAccountName"] = json!("default");
        namespace.must_with(&["create", "--dry-run=server", "-f", "-"], &pod.to_string());
        let container = &pod["spec"]["containers"][0];
        assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true);
        assert_eq!(container["command"], Value::Null, "no shell");
        assert!(container["resources"]["limits"]["memory"].is_string(), "{container}");
        // The folder of compiled plugins is one that can be written.
        let folder = container["volumeMounts"][0]["mountPath"].as_str().unwrap();
        let cache = format!("--cache-dir={folder}/");
        let words = container["args"].as_array().unwrap();
        assert!(words.iter().any(|it| it.as_str().unwrap().starts_with(&cache)), "{words:?}");
    }
}

/// The words of the container, with what the kubelet fills in, and without what only a pod has.
fn arguments(deployment: &Value, namespace: &str) -> Vec<String> {
    let words = deployment["spec"]["template"]["spec"]["containers"][0]["args"].as_array().unwrap();
    let words = words.iter().map(|it| it.as_str().unwrap().replace("$(POD_NAMESPACE)", namespace));
    let words = words.filter(|it| it != "run" && !it.starts_with("--cache-dir="));
    words.chain(["--own-namespace", namespace, "--signals", "off"].map(str::to_owned)).collect()
}

fn roles(objects: &[Value]) -> impl Iterator<Item = &Value> {
    objects.iter().filter(|it| it["kind"] == "Role" || it["kind"] == "ClusterRole")
}

fn of_kind<'a>(objects: &'a [Value], kind: &str) -> &'a Value {
    objects.iter().find(|it| it["kind"] == kind).unwrap_or_else(|| panic!("no {kind}"))
}

/// What kustomize makes of a folder of `deploy/`, in another namespace if one is given: by an overlay, as a site does it.
fn built(rig: &Rig, what: &str, namespace: Option<&str>) -> Vec<Value> {
    let copy = tempfile::tempdir().unwrap();
    for folder in ["crds", "deploy/base", "deploy/cluster", "deploy/namespaced"] {
        copy_files(&workspace().join(folder), &copy.path().join(folder));
    }
    let overlay = json!({"resources": [format!("../deploy/{what}")], "namespace": namespace});
    fs::create_dir(copy.path().join("overlay")).unwrap();
    fs::write(copy.path().join("overlay/kustomization.yaml"), overlay.to_string()).unwrap();
    let text = rig.must(&["kustomize", copy.path().join("overlay").to_str().unwrap()]);
    // Which also turns YAML into JSON.
    let objects = rig.must_with(&["create", "--dry-run=client", "-o", "json", "-f", "-"], &text);
    serde_json::Deserializer::from_str(&objects).into_iter().map(Result::unwrap).collect()
}

fn copy_files(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap().map(Result::unwrap) {
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}
