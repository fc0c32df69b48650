//! Kinds of edit × workloads: what is touched is what the table says, what the plan predicts, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use zuul_operator::cli::bundle::Bundle;
use zuul_operator::cli::files::read_all;
use zuul_operator::desired::object::Object;
use zuul_operator::desired::{Causes, Id};
use zuul_operator::fill;
use zuul_operator::inputs::Inputs;
use zuul_operator::plan::{Plan, plan};
use zuul_operator::plugin::{Catalog, Options};
use zuul_operator_tests::rig::{Namespace, until};
use zuul_operator_tests::site::{apply, condition, get, id, site};

use crate::{ready, rig, writes};

/// An edit, and the workloads that it restarts: E executor, M merger, S scheduler, W web, F fingergw, K and O the
/// launchers of Kubernetes and OpenStack.
struct Edit {
    what: &'static str,
    restarts: &'static str,
    edit: fn(&mut Model),
}

const fn edit(what: &'static str, restarts: &'static str, edit: fn(&mut Model)) -> Edit {
    Edit { what, restarts, edit }
}

const EDITS: [Edit; 33] = [
    edit("a Gerrit password", "EMS", |it| it.text("Secret/gerrit", "http_password", "rotated")),
    edit("a GitHub webhook token", "EMSW", |it| it.text("Secret/github", "webhook_token", "rotated")),
    edit("the executors' key", "E", |it| it.text("Secret/executor-ssh", "more", "rotated")),
    edit("the database", "SW", |it| {
        it.text("Secret/database", "dburi", "mariadb+pymysql://zuul:rotated@db/zuul")
    }),
    edit("ZooKeeper's certificate", "EMSWFKO", |it| it.text("Secret/zookeeper", "tls.crt", "rotated")),
    edit("clouds.yaml", "KO", |it| {
        it.text("Secret/clouds", "clouds.yaml", "clouds: {cloud-a: {auth: {}}}\n")
    }),
    edit("tenants", "", |it| it.replace("ConfigMap/tenants", "main.yaml", "example", "example-2")),
    edit("a provider's pool", "", |it| {
        it.replace("ConfigMap/nodepool", "nodepool.yaml", "max-servers: 4", "max-servers: 5")
    }),
    edit("labels of the Zuul", "", |it| it.object("Zuul/zuul")["metadata"]["labels"] = json!({"team": "a"})),
    edit("the number of executors", "", |it| it.spec("executor")["count"] = json!(3)),
    edit("the number of webs", "", |it| it.spec("web")["count"] = json!(2)),
    edit("an option of executors", "E", |it| it.spec("executor")["disk_limit_per_job"] = json!(500)),
    edit("an option of mergers", "EMS", |it| it.spec("merger")["git_timeout"] = json!(400)),
    edit("an option of the scheduler", "S", |it| it.spec("scheduler")["relative_priority"] = json!(true)),
    edit("an option of web", "W", |it| it.spec("web")["static_cache_expiry"] = json!(60)),
    edit("placement of fingergw", "F", |it| {
        it.spec("fingergw")["tolerations"] = json!([{"operator": "Exists"}])
    }),
    edit("resources of executors", "E", |it| {
        it.spec("executor")["resources"] = json!({"requests": {"cpu": "10m"}})
    }),
    edit("labels of web's pods", "W", |it| it.spec("web")["labels"] = json!({"mesh": "on"})),
    edit("annotations of scheduler's pods", "S", |it| {
        it.spec("scheduler")["annotations"] = json!({"a": "b"})
    }),
    edit("a variable of the merger", "M", |it| {
        it.spec("merger")["env"] = json!([{"name": "A", "value": "b"}])
    }),
    edit("a variable for all", "MSWFKO", |it| {
        it.object("Zuul/zuul")["spec"]["env"] = json!([{"name": "B", "value": "c"}])
    }),
    edit("one image", "E", |it| it.spec("executor")["image"] = json!("example.org/executor:14.3.0")),
    edit("Zuul's version", "MSWF", |it| it.object("Zuul/zuul")["spec"]["zuulImageVersion"] = json!("14.3.1")),
    edit("Nodepool's version", "KO", |it| {
        it.object("Zuul/zuul")["spec"]["nodepoolImageVersion"] = json!("11.0.1")
    }),
    edit("pull secrets", "EMSWFKO", |it| {
        it.object("Zuul/zuul")["spec"]["imagePullSecrets"] = json!([{"name": "pull"}])
    }),
    edit("the grace of executors", "E", |it| {
        it.spec("executor")["terminationGracePeriodSeconds"] = json!(60)
    }),
    edit("the type of web's Service", "", |it| it.spec("web")["serviceType"] = json!("NodePort")),
    edit("a probe of web", "W", |it| it.spec("web")["livenessProbe"] = json!({"tcpSocket": {"port": 9000}})),
    edit("a job volume", "E", |it| {
        it.object("Zuul/zuul")["spec"]["jobVolumes"] = json!([{"context": "trusted", "access": "ro", "path": "/authdir", "volume": {"name": "auth", "emptyDir": {}}}]);
    }),
    edit("a new connection", "SW", |it| {
        it.spec("connections")["mail"] = json!({"driver": "smtp", "server": "mail.example.org"});
    }),
    edit("a patch", "F", |it| it.spec("fingergw")["patch"] = json!({"spec": {"hostname": "finger"}})),
    edit("debugging", "EMSWFKO", |it| it.object("Zuul/zuul")["spec"]["logging"] = json!({"debug": true})),
    edit("no fingergw", "", |it| {
        drop(it.object("Zuul/zuul")["spec"].as_object_mut().unwrap().remove("fingergw"))
    }),
];

/// What the user has written.
struct Model(Vec<Value>);

impl Model {
    fn object(&mut self, name: &str) -> &mut Value {
        self.0.iter_mut().find(|object| id(object) == name).unwrap()
    }

    fn spec(&mut self, section: &str) -> &mut Value {
        &mut self.object("Zuul/zuul")["spec"][section]
    }

    fn text(&mut self, name: &str, key: &str, text: &str) {
        let field = if name.starts_with("Secret") { "stringData" } else { "data" };
        self.object(name)[field][key] = json!(text);
    }

    fn replace(&mut self, name: &str, key: &str, from: &str, to: &str) {
        let text = self.object(name)["data"][key].as_str().unwrap().to_owned();
        assert!(text.contains(from));
        self.text(name, key, &text.replace(from, to));
    }

    /// What the plan makes of it, without a cluster.
    fn planned(&self, catalog: &Catalog) -> (Plan, Inputs) {
        let folder = tempfile::tempdir().unwrap();
        for (number, object) in self.0.iter().enumerate() {
            std::fs::write(folder.path().join(format!("{number}.json")), object.to_string()).unwrap();
        }
        let (sources, remarks) = read_all(&[folder.path().to_owned()], &mut std::io::empty()).unwrap();
        let mut inputs = Bundle::read(sources, remarks).zuuls().next().unwrap().inputs;
        // As a server does, which gives each content a version of its own.
        for object in &self.0 {
            let name = object["metadata"]["name"].as_str().unwrap();
            let version = format!("{}{}", object["stringData"], object["data"]);
            match object["kind"].as_str() {
                Some("Secret") => inputs.secrets.get_mut(name).unwrap().version = version,
                Some("ConfigMap") => inputs.config_maps.get_mut(name).unwrap().version = version,
                _ => {}
            }
        }
        let plan = plan(&inputs, catalog);
        assert!(!plan.has_errors(), "{:#?}", plan.findings);
        (plan, inputs)
    }
}

/// Each object as it is applied, with the versions of its secrets.
fn contents((plan, inputs): &(Plan, Inputs)) -> BTreeMap<Id, String> {
    let content = |object: &Object| {
        let mut text = fill::object(object, None).unwrap().value().to_string();
        if let Object::Secret(secret) = object {
            let versions = secret.secrets().filter_map(|it| inputs.secrets.get(&it.secret));
            versions.for_each(|facts| text.push_str(&facts.version));
        }
        text
    };
    plan.objects.iter().map(|object| (Id::of(object), content(object))).collect()
}

/// The writes that lead from one plan to the next, as the audit log has them.
fn predicted_writes(before: &(Plan, Inputs), after: &(Plan, Inputs)) -> BTreeSet<String> {
    let (before, after) = (contents(before), contents(after));
    let told = |verb: &str, id: &Id| format!("{verb} {}s/{}", id.kind.as_str().to_lowercase(), id.name);
    let written =
        after.iter().filter(|(id, text)| before.get(*id) != Some(text)).map(|(id, _)| told("patch", id));
    let gone = before.keys().filter(|id| !after.contains_key(*id)).map(|id| told("delete", id));
    written.chain(gone).collect()
}

/// The workloads that the next plan restarts.
fn predicted_restarts((before, _): &(Plan, Inputs), (after, _): &(Plan, Inputs)) -> BTreeSet<String> {
    let causes = |plan: &Plan| -> BTreeMap<Id, Causes> {
        plan.objects.iter().filter_map(|object| Some((Id::of(object), Causes::of(object)?))).collect()
    };
    let (before, after) = (causes(before), causes(after));
    let is_restarted =
        |(id, causes): &(&Id, &Causes)| before.get(*id).is_some_and(|it| it.restart != causes.restart);
    after.iter().filter(is_restarted).map(|(id, _)| id.name.clone()).collect()
}

/// The pod template of each workload.
fn templates(namespace: &Namespace<'_>) -> BTreeMap<String, Value> {
    let text = namespace.must(&["get", "deployments,statefulsets", "-o", "json"]);
    let all: Value = serde_json::from_str(&text).unwrap();
    let items = all["items"].as_array().unwrap().iter();
    let template =
        |it: &Value| (it["metadata"]["name"].as_str().unwrap().to_owned(), it["spec"]["template"].clone());
    items.map(template).collect()
}

fn letter(workload: &str) -> char {
    match workload.trim_start_matches("zuul-") {
        name if name.starts_with("nodepool-launcher-kubernetes") => 'K',
        name if name.starts_with("nodepool-launcher-openstack") => 'O',
        name => name.chars().next().unwrap().to_ascii_uppercase(),
    }
}

fn letters<'a>(workloads: impl Iterator<Item = &'a String>) -> String {
    let all: BTreeSet<char> = workloads.map(|name| letter(name)).collect();
    "EMSWFKO".chars().filter(|letter| all.contains(letter)).collect()
}

#[test]
fn what_an_edit_touches() {
    let Some(rig) = rig("what_an_edit_touches") else { return };
    let (namespace, _, operator) = ready(rig);
    let catalog = Catalog::open(Options::default()).unwrap();
    let mut model = Model(site());
    let mut before = model.planned(&catalog);
    let mut failures = Vec::new();
    for Edit { what, restarts, edit } in EDITS {
        let had = templates(&namespace);
        let mark = rig.audit_mark();
        edit(&mut model);
        let after = model.planned(&catalog);
        let expected = predicted_writes(&before, &after);
        apply(&namespace, &model.0);
        until(&format!("{what}: all is written and ready"), || {
            let zuul = get(&namespace, "zuul/zuul");
            let is_seen = zuul["status"]["observedGeneration"] == zuul["metadata"]["generation"];
            let is_over = zuul["status"]["rollout"].is_null() && condition(&namespace, "Ready").0 == "True";
            is_seen && is_over && writes(rig, &namespace, mark).len() >= expected.len()
        });
        let written = writes(rig, &namespace, mark);
        let once: BTreeSet<String> = written.iter().cloned().collect();
        if once != expected || once.len() != written.len() {
            failures.push(format!("{what}: written {written:#?}, predicted {expected:#?}"));
        }
        let has = templates(&namespace);
        let changed = letters(
            has.iter().filter(|(name, it)| had.get(*name).is_some_and(|old| old != *it)).map(|it| it.0),
        );
        let predicted = letters(predicted_restarts(&before, &after).iter());
        if changed != restarts || predicted != restarts {
            failures.push(format!(
                "{what}: restarted {changed:?}, predicted {predicted:?}, expected {restarts:?}"
            ));
        }
        before = after;
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    drop(operator);
}
