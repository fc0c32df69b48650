//! A site on a control plane: the Zuul that cluster tests work with, and questions about its objects.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use zuul_operator_rig::{Namespace, until};

use crate::read::{KINDS, read};

/// The Zuul of the cluster tests, with what it refers to: scheduler, 2 executors, merger, web, fingergw, two launcher
/// shards, two connections with Secrets.
#[must_use]
pub fn site() -> Vec<Value> {
    let secret = |name: &str, data: Value| json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": data});
    let key = "-----BEGIN OPENSSH PRIVATE KEY-----\nbm90IGEga2V5\n-----END OPENSSH PRIVATE KEY-----\n";
    let config = |name: &str, key: &str, text: &str| {
        let data = json!({ key: text });
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data})
    };
    vec![
        secret("gerrit", json!({"sshkey": key, "http_password": "canary-gerrit"})),
        secret("github", json!({"app_key": key, "webhook_token": "canary-github"})),
        secret("executor-ssh", json!({"sshkey": key})),
        secret("database", json!({"dburi": "mariadb+pymysql://zuul:canary-database@db/zuul"})),
        secret("zookeeper", json!({"ca.crt": "canary-ca", "tls.crt": "canary-crt", "tls.key": "canary-key"})),
        secret("clouds", json!({"clouds.yaml": "clouds: {cloud-a: {auth: {password: canary-cloud}}}\n"})),
        config(
            "tenants",
            "main.yaml",
            "- tenant:\n    name: example\n    source:\n      opendev:\n        untrusted-projects: [zuul/zuul-jobs]\n",
        ),
        config("nodepool", "nodepool.yaml", NODEPOOL),
        zuul(),
    ]
}

const NODEPOOL: &str = "
labels: [{name: small}, {name: pod}]
diskimages: [{name: noble, elements: [vm]}]
providers:
  - name: cloud-a
    driver: openstack
    cloud: cloud-a
    region-name: EU
    diskimages: [{name: noble}]
    pools: [{name: main, max-servers: 4, labels: [{name: small, diskimage: noble, flavor-name: m1}]}]
  - name: cluster
    driver: kubernetes
    context: ci
    pools: [{name: main, labels: [{name: pod, type: pod, image: fedora}]}]
";

/// The Zuul alone.
#[must_use]
pub fn zuul() -> Value {
    json!({
        "apiVersion": "zuul-ci.org/v1alpha1", "kind": "Zuul", "metadata": {"name": "zuul"},
        "spec": {
            "zuulImageVersion": "14.3.0",
            "scheduler": {"config": "tenants"},
            "executor": {"count": 2, "sshkey": {"secretName": "executor-ssh"}},
            "merger": {"count": 1},
            "web": {"root": "https://zuul.example.org"},
            "fingergw": {},
            "launcher": {"config": {"configMapName": "nodepool"}},
            "externalConfig": {"openstack": {"secretName": "clouds"}, "kubernetes": {"secretName": "clouds"}},
            "database": {"secretName": "database"},
            "zookeeper": {"hosts": "zk.example.org:2281", "secretName": "zookeeper"},
            "connections": {
                "opendev": {"driver": "git", "baseurl": "https://opendev.org"},
                "review": {
                    "driver": "gerrit", "server": "review.example.org", "user": "zuul",
                    "sshkey": {"secretName": "gerrit"}, "password": {"secretName": "gerrit", "key": "http_password"},
                },
                "github": {
                    "driver": "github", "app_id": 1,
                    "app_key": {"secretName": "github"}, "webhook_token": {"secretName": "github"},
                },
            },
        },
    })
}

/// Applies objects as a user does.
pub fn apply(namespace: &Namespace<'_>, objects: &[Value]) {
    let list = json!({"apiVersion": "v1", "kind": "List", "items": objects});
    namespace.must_with(&["apply", "--server-side", "--force-conflicts", "-f", "-"], &list.to_string());
}

/// Changes the Zuul by a JSON merge patch.
pub fn patch(namespace: &Namespace<'_>, patch: &Value) {
    namespace.must(&["patch", "zuul", "zuul", "--type=merge", "-p", &patch.to_string()]);
}

/// Changes a Secret's data, in the clear.
pub fn patch_secret(namespace: &Namespace<'_>, name: &str, data: &Value) {
    let patch = json!({ "stringData": data });
    namespace.must(&["patch", "secret", name, "--type=merge", "-p", &patch.to_string()]);
}

/// An object, as `deployment/zuul-web`; null if it is not there.
///
/// # Panics
/// It is of no kind that a Zuul becomes.
#[must_use]
pub fn get(namespace: &Namespace<'_>, what: &str) -> Value {
    let (kind, name) = what.split_once('/').expect("a kind and a name");
    let known = KINDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(kind));
    let (kind, group) = known.unwrap_or_else(|| panic!("{what}: its kind is not in `read::KINDS`"));
    read(namespace, group, &format!("{}s/{name}", kind.to_lowercase()))
}

/// A condition of the Zuul: its status and its reason; empty if it has none.
#[must_use]
pub fn condition(namespace: &Namespace<'_>, type_: &str) -> (String, String) {
    let zuul = get(namespace, "zuul/zuul");
    let all = zuul["status"]["conditions"].as_array().cloned().unwrap_or_default();
    let one = all.into_iter().find(|it| it["type"] == type_).unwrap_or_default();
    let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
    (text("status"), text("reason"))
}

/// Waits until the Zuul is ready and the operator has seen its last edit.
pub fn is_ready(namespace: &Namespace<'_>) {
    until("the Zuul is ready", || {
        let zuul = get(namespace, "zuul/zuul");
        zuul["status"]["observedGeneration"] == zuul["metadata"]["generation"]
            && condition(namespace, "Ready").0 == "True"
    });
}

/// Waits until an object of this name is there that is not `before`: the deleted one came back.
pub fn is_back(namespace: &Namespace<'_>, what: &str, before: &Value) {
    until(&format!("{what} is back"), || {
        let now = get(namespace, what);
        now["metadata"]["uid"].is_string() && now["metadata"]["uid"] != before["metadata"]["uid"]
    });
}

/// The objects that the Zuul controls, by kind and name.
#[must_use]
pub fn children(namespace: &Namespace<'_>) -> BTreeMap<String, Value> {
    let of_kind = |(kind, group): &(&str, &str)| {
        let mut list = read(namespace, group, &format!("{}s", kind.to_lowercase()));
        let items = list["items"].as_array_mut().map(std::mem::take).unwrap_or_default().into_iter();
        // In a list they do not say what they are.
        let named = items.map(|mut item| {
            item["kind"] = json!(kind);
            item
        });
        named.collect::<Vec<_>>()
    };
    let ours = |item: &Value| item["metadata"]["ownerReferences"][0]["kind"] == "Zuul";
    KINDS.iter().flat_map(of_kind).filter(ours).map(|item| (id(&item), item)).collect()
}

/// `Deployment/zuul-web`.
#[must_use]
pub fn id(object: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    format!("{}/{}", text(&object["kind"]), text(&object["metadata"]["name"]))
}
