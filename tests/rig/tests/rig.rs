//! The control plane of the tests does what tests ask of one.
#![allow(missing_docs, clippy::unwrap_used)]

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use zuul_operator_rig::{HOLD, Rig, rig_or_skip, until};

/// Names a control plane's folder on standard output, by the process that is killed.
const HOLDER: &str = "ZUUL_OPERATOR_RIG_HOLDER";

fn deployment(name: &str) -> String {
    let labels = json!({"app.kubernetes.io/component": name});
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name},
        "spec": {
            "replicas": 2, "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "main", "image": "main"}]},
            },
        },
    })
    .to_string()
}

#[test]
fn nodes_are_ready_and_run_deployments() {
    let Some(rig) = rig_or_skip("nodes_are_ready_and_run_deployments") else { return };
    let ready = "jsonpath={.items[*].status.conditions[?(@.type==\"Ready\")].status}";
    assert_eq!(rig.must(&["get", "nodes", "-o", ready]), "True True True");
    let namespace = rig.namespace();
    namespace.must_with(&["apply", "-f", "-"], &deployment("web"));
    namespace.must(&["rollout", "status", "deployment/web", "--timeout=60s"]);
    let phases = namespace.must(&["get", "pods", "-o", "jsonpath={.items[*].status.phase}"]);
    assert_eq!(phases, "Running Running");
}

#[test]
fn who_was_given_nothing_is_refused() {
    let Some(rig) = rig_or_skip("who_was_given_nothing_is_refused") else { return };
    let namespace = rig.namespace();
    let name = namespace.name();
    let user = format!("system:serviceaccount:{name}:plain");
    let _ = rig.service_account(name, "plain");
    let _ = rig.kubeconfig("somebody");
    for user in [user.as_str(), "somebody"] {
        let said = rig.kubectl_as(user, &["get", "secrets", "-n", name], "");
        let errors = String::from_utf8_lossy(&said.stderr);
        assert!(errors.contains("Forbidden") && errors.contains(user), "{errors}");
    }
    namespace.must(&["create", "role", "reader", "--verb=list", "--resource=secrets"]);
    namespace.must(&[
        "create",
        "rolebinding",
        "reader",
        "--role=reader",
        &format!("--serviceaccount={name}:plain"),
    ]);
    until("a role is given", || rig.kubectl_as(&user, &["get", "secrets", "-n", name], "").status.success());
}

#[test]
fn requests_are_counted() {
    let Some(rig) = rig_or_skip("requests_are_counted") else { return };
    let namespace = rig.namespace();
    let name = namespace.name();
    let user = format!("counted-{name}");
    let _ = rig.kubeconfig(&user);
    namespace.must(&["create", "rolebinding", "all", "--clusterrole=admin", &format!("--user={user}")]);
    until("a role is given", || rig.kubectl_as(&user, &["get", "pods", "-n", name], "").status.success());
    let mark = rig.audit_mark();
    for kind in ["configmap", "secret"] {
        let kind_words = if kind == "secret" { vec![kind, "generic"] } else { vec![kind] };
        let words =
            [vec!["create"], kind_words, vec!["thing", "--from-literal=key=dG9wIHNlY3JldA", "-n", name]];
        assert!(rig.kubectl_as(&user, &words.concat(), "").status.success());
    }
    assert!(!rig.kubectl_as(&user, &["get", "nodes"], "").status.success());
    let events: Vec<_> = rig.audit(mark).into_iter().filter(|event| event.user == user).collect();
    let writes: Vec<_> = events.iter().filter(|event| event.is_write()).collect();
    assert_eq!(writes.len(), 2, "{writes:?}");
    let [map, secret] = [writes[0], writes[1]];
    assert_eq!((map.verb.as_str(), map.resource.as_str(), map.code), ("create", "configmaps", 201));
    assert_eq!(map.namespace, name);
    assert_eq!(map.response.as_ref().unwrap()["data"]["key"], "dG9wIHNlY3JldA");
    // Bytes of Secrets are never in the log.
    assert_eq!((secret.resource.as_str(), secret.level.as_str()), ("secrets", "Metadata"));
    assert!(secret.request.is_none() && secret.response.is_none());
    let refused: Vec<_> = events.iter().filter(|event| event.code == 403).collect();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert_eq!(refused[0].resource, "nodes");
    assert!(rig.audit(rig.audit_mark()).iter().all(|event| event.user != user));
}

#[test]
fn pods_that_are_held_become_ready_when_they_are_released() {
    let Some(rig) = rig_or_skip("pods_that_are_held_become_ready_when_they_are_released") else { return };
    let namespace = rig.namespace();
    let hold = namespace.hold("web");
    for name in ["web", "executor"] {
        namespace.must_with(&["apply", "-f", "-"], &deployment(name));
    }
    // What is not meant becomes ready at once.
    namespace.must(&["rollout", "status", "deployment/executor", "--timeout=60s"]);
    let held = || namespace.must(&["get", "pods", "-l", HOLD, "-o", "jsonpath={.items[*].status.phase}"]);
    until("both pods are there", || held() == "Pending Pending");
    let web = namespace.must(&["get", "deployment", "web", "-o", "jsonpath={.status.readyReplicas}"]);
    assert_eq!(web, "");
    hold.release();
    namespace.must(&["rollout", "status", "deployment/web", "--timeout=60s"]);
}

#[test]
fn every_claim_has_a_volume_while_it_is_there() {
    let Some(rig) = rig_or_skip("every_claim_has_a_volume_while_it_is_there") else { return };
    let namespace = rig.namespace();
    let claim = |name: &str, class: Option<&str>| {
        json!({
            "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name},
            "spec": {
                "storageClassName": class, "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": "20Gi"}},
            },
        })
    };
    let list =
        json!({"apiVersion": "v1", "kind": "List", "items": [claim("a", Some("fast")), claim("b", None)]});
    namespace.must_with(&["create", "-f", "-"], &list.to_string());
    let phases = || namespace.must(&["get", "pvc", "-o", "jsonpath={.items[*].status.phase}"]);
    until("both are bound", || phases() == "Bound Bound");
    let volume = namespace.must(&["get", "pvc", "a", "-o", "jsonpath={.spec.volumeName}"]);
    assert_eq!(rig.must(&["get", "pv", &volume, "-o", "jsonpath={.spec.capacity.storage}"]), "20Gi");
    namespace.must(&["delete", "pvc", "a"]);
    until("its volume goes, too", || rig.must(&["get", "pv", &volume, "--ignore-not-found"]).is_empty());
    assert_eq!(phases(), "Bound");
}

#[test]
fn a_zuul_is_checked_by_the_api_server() {
    let Some(rig) = rig_or_skip("a_zuul_is_checked_by_the_api_server") else { return };
    rig.crd();
    let namespace = rig.namespace();
    let create = |spec: Value| {
        let zuul = json!({
            "apiVersion": "zuul-ci.org/v1alpha1", "kind": "Zuul", "metadata": {"name": "zuul"}, "spec": spec,
        });
        rig.kubectl_as("admin", &["create", "-n", namespace.name(), "-f", "-"], &zuul.to_string())
    };
    let said = create(json!({"launcher": {"count": 2}}));
    let errors = String::from_utf8_lossy(&said.stderr);
    assert!(!said.status.success() && errors.contains("count is not for Nodepool's launcher"), "{errors}");
    assert!(create(json!({"launcher": {"count": 2, "type": "both"}})).status.success());
}

#[test]
fn an_api_server_comes_back_as_it_was() {
    if rig_or_skip("an_api_server_comes_back_as_it_was").is_none() {
        return;
    }
    let rig = Rig::own();
    rig.must(&["create", "configmap", "kept"]);
    rig.stop("kube-apiserver");
    assert!(!rig.kubectl(&["get", "--raw", "/readyz"]).status.success());
    rig.start("kube-apiserver");
    rig.wait();
    rig.must(&["get", "configmap", "kept"]);
    rig.pause("kube-apiserver");
    let said = rig.kubectl(&["get", "--raw", "/readyz", "--request-timeout=1s"]);
    assert!(!said.status.success());
    rig.resume("kube-apiserver");
    rig.wait();
}

/// Not a test of its own: the process that [`nothing_outlives_a_killed_test`] kills.
#[test]
fn holder() {
    if std::env::var_os(HOLDER).is_some() {
        let rig = Rig::own();
        use std::io::Write as _;
        writeln!(std::io::stdout(), "\nFOLDER {}", rig.layout().folder().display()).unwrap();
        std::thread::park();
    }
}

/// The processes whose command line names a folder.
fn processes(folder: &str) -> Vec<(u32, String)> {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let commands = pids.filter_map(|pid: u32| {
        let words = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        Some((pid, String::from_utf8_lossy(&words).replace('\0', " ")))
    });
    commands.filter(|(_, command)| command.contains(folder)).collect()
}

fn held() -> (std::process::Child, String) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "holder", "--nocapture"]).env(HOLDER, "1").stdout(Stdio::piped());
    let mut holder = command.spawn().unwrap();
    let lines = BufReader::new(holder.stdout.take().unwrap()).lines();
    let folder = lines.map(Result::unwrap).find_map(|line| line.strip_prefix("FOLDER ").map(str::to_owned));
    (holder, folder.expect("a control plane"))
}

#[test]
fn nothing_outlives_a_killed_test() {
    if rig_or_skip("nothing_outlives_a_killed_test").is_none() {
        return;
    }
    let (mut holder, folder) = held();
    assert!(processes(&folder).len() >= 6, "{:?}", processes(&folder));
    holder.kill().unwrap();
    holder.wait().unwrap();
    until("all have ended", || processes(&folder).is_empty());
    until("its folder is gone", || !std::path::Path::new(&folder).exists());
}

#[test]
fn nothing_outlives_a_killed_control_plane() {
    if rig_or_skip("nothing_outlives_a_killed_control_plane").is_none() {
        return;
    }
    let (mut holder, folder) = held();
    let all = processes(&folder);
    let (supervisor, _) = all.iter().find(|(_, command)| command.contains("--attached")).unwrap();
    assert!(Command::new("kill").args(["-KILL", &supervisor.to_string()]).status().unwrap().success());
    until("all have ended", || processes(&folder).is_empty());
    holder.kill().unwrap();
    holder.wait().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}
