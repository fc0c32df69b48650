//! A site's own version of the gerrit driver in a running operator, and everything that can be wrong with the next one.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use zuul_operator_tests::hostile::{component, noted, of_driver};
use zuul_operator_tests::operator::{How, Operator, grant};
use zuul_operator_tests::plugins::{built_in, of_tests, pack, removing, wanted};
use zuul_operator_tests::rig::{Namespace, Rig, until};
use zuul_operator_tests::site::{apply, children, condition, get, is_ready, patch, site};

use crate::{ready, rig, writes};

const PLUGIN: &str = "site-gerrit";
/// What the plugin's option is set to, and where it stands.
const REPLICA: &str = "replica.example.org";
const OPTION: &str = "spec.connections.review.clone_server";

/// A site that runs, and its operator.
struct Site<'r> {
    rig: &'r Rig,
    namespace: Namespace<'r>,
    how: How,
    operator: Option<Operator>,
}

impl<'r> Site<'r> {
    fn ready(rig: &'r Rig) -> Self {
        let (namespace, how, operator) = ready(rig);
        Self { rig, namespace, how, operator: Some(operator) }
    }

    /// With the plugin and its option in force.
    fn with_the_plugin(rig: &'r Rig) -> Self {
        let site = Self::ready(rig);
        site.apply(&pack(&of_tests(PLUGIN)));
        site.set_option(json!(REPLICA));
        site.is_in_force();
        site
    }

    fn apply(&self, config_map: &str) {
        apply_in(&self.namespace, config_map);
    }

    fn set_option(&self, value: Value) {
        patch(&self.namespace, &json!({"spec": {"connections": {"review": {"clone_server": value}}}}));
    }

    /// As docs/operate/plugins.md says.
    fn remove(&self) {
        for words in removing(PLUGIN) {
            self.namespace.must(&words.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }

    fn status(&self) -> Value {
        get(&self.namespace, "zuul/zuul")["status"].take()
    }

    /// What `status.plugins` has of the site's plugin.
    fn row(&self) -> Value {
        let all = self.status()["plugins"].as_array().cloned().unwrap_or_default();
        all.into_iter().find(|it| it["name"] == PLUGIN).unwrap_or_default()
    }

    /// Whether there is a finding with this code about this field.
    fn says(&self, code: &str, field: &str) -> bool {
        let all = self.status()["findings"].as_array().cloned().unwrap_or_default();
        all.iter().any(|it| it["code"] == code && it["field"].as_str().unwrap_or_default() == field)
    }

    fn is_valid(&self) -> bool {
        condition(&self.namespace, "Valid").0 == "True"
    }

    /// What all objects of the Zuul hold, the bytes of Secrets too.
    fn configuration(&self) -> BTreeMap<String, Value> {
        let content = |object: &Value| json!([object["spec"], object["data"]]);
        children(&self.namespace).iter().map(|(id, object)| (id.clone(), content(object))).collect()
    }

    /// The zuul.conf that a component is given.
    fn zuul_conf(&self, component: &str) -> String {
        let secret = get(&self.namespace, &format!("secret/zuul-{component}-config"));
        let bytes = secret["data"]["zuul.conf"].as_str().unwrap_or_default();
        String::from_utf8(base64::Engine::decode(&base64::prelude::BASE64_STANDARD, bytes).unwrap()).unwrap()
    }

    /// Waits until executors are given the option, and all is ready.
    fn is_in_force(&self) {
        let line = format!("clone_server={REPLICA}\n");
        until("it is in force", || self.zuul_conf("executor").contains(&line));
        is_ready(&self.namespace);
        until("all waves are done", || self.status()["rollout"].is_null());
    }

    /// Ends the operator, starts another one, and waits until that has looked at the Zuul.
    fn restart(&mut self) {
        drop(self.operator.take().map(Operator::end));
        self.operator = Some(self.how.start());
        let zuul = get(&self.namespace, "zuul/zuul");
        let policy = if zuul["spec"]["upgradePolicy"].is_null() { json!("Any") } else { Value::Null };
        // It changes no object.
        patch(&self.namespace, &json!({"spec": {"upgradePolicy": policy}}));
        until("the new operator has seen the edit", || {
            let zuul = get(&self.namespace, "zuul/zuul");
            zuul["status"]["observedGeneration"] == zuul["metadata"]["generation"]
        });
    }

    /// Does something; `shows` tells once the operator knows it. Then, and after a restart, nothing was written but the
    /// operator's own copies of plugins, and all objects are as they were.
    fn changes_nothing(&mut self, what: &str, act: impl FnOnce(&Self), shows: impl Fn(&Self) -> bool) {
        let (before, mark) = (self.configuration(), self.rig.audit_mark());
        act(self);
        until(&format!("{what}: it is said"), || shows(self));
        for when in ["at once", "after a restart"] {
            let written = writes(self.rig, &self.namespace, mark);
            let others: Vec<_> = written.iter().filter(|it| !is_of_a_copy(it)).collect();
            assert!(others.is_empty(), "{what}, {when}: {others:#?}");
            assert_eq!(self.configuration(), before, "{what}, {when}");
            // After a restart it is checked once more, which takes a while.
            until(&format!("{what}, {when}: it is said"), || shows(self));
            if when == "at once" {
                self.restart();
            }
        }
    }
}

fn apply_in(namespace: &Namespace<'_>, config_map: &str) {
    namespace.must_with(&["apply", "--server-side", "--force-conflicts", "-f", "-"], config_map);
}

/// Whether a write is about what the operator keeps of a plugin.
fn is_of_a_copy(write: &str) -> bool {
    write.contains(&format!("configmaps/zuul-operator-plugin-{PLUGIN}-"))
}

/// The site's component.
fn own() -> Vec<u8> {
    std::fs::read(of_tests(PLUGIN)).unwrap()
}

/// As its author packs it: the file has the plugin's name.
fn packed(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(format!("{PLUGIN}.wasm"));
    std::fs::write(&file, bytes).unwrap();
    pack(&file)
}

#[test]
fn a_sites_own_driver_takes_the_place_of_the_built_in_one() {
    let Some(rig) = rig("a_sites_own_driver_takes_the_place_of_the_built_in_one") else { return };
    let mut site = Site::ready(rig);
    site.changes_nothing(
        "an option that the built-in driver does not have",
        |site| site.set_option(json!(REPLICA)),
        |site| site.says("UnknownOption", OPTION) && !site.is_valid(),
    );
    let config_map = pack(&of_tests(PLUGIN));
    let mark = rig.audit_mark();
    site.apply(&config_map);
    site.is_in_force();
    until("all is written", || writes(rig, &site.namespace, mark).len() >= 5);
    let row = site.row();
    let copy = format!(
        "create configmaps/zuul-operator-plugin-{PLUGIN}-{}",
        &row["digest"].as_str().unwrap_or_default()[..12]
    );
    let mut written = writes(rig, &site.namespace, mark);
    written.sort();
    // Who clones, and nobody else; the operator keeps the plugin.
    let cloning = ["executor", "merger"];
    let secrets = cloning.map(|it| format!("patch secrets/zuul-{it}-config"));
    let workloads = cloning.map(|it| format!("patch statefulsets/zuul-{it}"));
    assert_eq!(written, [vec![copy], secrets.to_vec(), workloads.to_vec()].concat());
    assert!(["scheduler", "web"].iter().all(|it| !site.zuul_conf(it).contains(REPLICA)));
    assert!(site.is_valid() && site.says("PluginReplaced", "") && row["why"].is_null(), "{}", site.status());
    site.changes_nothing(
        "another version with the same answers",
        |site| site.apply(&packed(&noted(&own(), "2"))),
        |site| site.row()["digest"] != row["digest"] && site.row()["why"].is_null(),
    );
}

#[test]
fn what_is_refused_leaves_the_last_good_one() {
    let Some(rig) = rig("what_is_refused_leaves_the_last_good_one") else { return };
    let mut site = Site::with_the_plugin(rig);
    let good = site.row();
    let mut wrong_digest: Value = serde_json::from_str(&wanted(PLUGIN, &noted(&own(), "x"))).unwrap();
    wrong_digest["metadata"]["annotations"]["zuul-ci.org/sha256"] = json!("0".repeat(64));
    let sharder = std::fs::read(built_in().join("nodepool-sharder.wasm")).unwrap();
    let of = |name: &str| wanted(PLUGIN, &of_driver(name, "gerrit"));
    for (what, config_map, code, why) in [
        ("one that traps", of("start_trap"), "PluginRefused", "Trapped: "),
        ("a slow one", of("start_loop"), "PluginRefused", "OutOfFuel: "),
        ("one of no world", wanted(PLUGIN, &component("wrong_world", 0)), "PluginRefused", "WrongWorld: "),
        ("one of another world", packed(&sharder), "PluginServesLess", "it does not serve the driver gerrit"),
        ("a wrong digest", wrong_digest.to_string(), "PluginDigest", "its sha256 is "),
    ] {
        let says_why = |site: &Site<'_>| {
            let row = site.row();
            let is_told =
                row["why"].as_str().is_some_and(|it| it.starts_with(why)) && row["wanted"].is_string();
            let serves_on = row["digest"] == good["digest"] && row["since"] == good["since"];
            is_told && serves_on && site.says(code, "") && site.is_valid()
        };
        site.changes_nothing(what, |site| site.apply(&config_map), says_why);
    }
    let is_deleted = |site: &Site<'_>| {
        let row = site.row();
        let is_told = row["why"] == "its ConfigMap was deleted" && site.says("PluginWithdrawn", "");
        is_told && row["digest"] == good["digest"] && site.is_valid()
    };
    let delete = ["delete", "configmap", &format!("zuul-plugin-{PLUGIN}")];
    site.changes_nothing("a deleted ConfigMap", |site| drop(site.namespace.must(&delete)), is_deleted);
    site.changes_nothing("its return", |site| site.apply(&packed(&own())), |site| site.row() == good);
}

#[test]
fn what_fails_when_it_is_called_changes_nothing_until_it_is_replaced() {
    let Some(rig) = rig("what_fails_when_it_is_called_changes_nothing_until_it_is_replaced") else { return };
    let mut site = Site::with_the_plugin(rig);
    let good = site.row();
    for (what, name, code) in [
        ("one that traps", "trap", "PluginTrapped"),
        ("one that panics", "panic", "PluginPanicked"),
        ("a slow one", "endless_loop", "PluginOutOfFuel"),
    ] {
        let fails = |site: &Site<'_>| {
            let is_said = site.says(code, "spec.connections.review") && !site.is_valid();
            is_said && site.row()["digest"] != good["digest"]
        };
        // `pack` takes it: nobody knows before it is called.
        site.changes_nothing(what, |site| site.apply(&packed(&of_driver(name, "gerrit"))), fails);
    }
    let serves_again = |site: &Site<'_>| site.row()["digest"] == good["digest"] && site.is_valid();
    site.changes_nothing("the one before", |site| site.apply(&packed(&own())), serves_again);
    let is_gone = |site: &Site<'_>| site.row().is_null() && site.says("UnknownOption", OPTION);
    site.changes_nothing("its removal", Site::remove, is_gone);
    site.set_option(Value::Null);
    until("the built-in one serves", || !site.zuul_conf("executor").contains(REPLICA));
    is_ready(&site.namespace);
}

#[test]
fn the_nearest_one_serves() {
    let Some(rig) = rig("the_nearest_one_serves") else { return };
    let (own_namespace, namespace) = (rig.namespace(), rig.namespace());
    apply(&namespace, &site());
    let how = How::in_namespace(rig, namespace.name()).with(&["--own-namespace", own_namespace.name()]);
    grant(rig, own_namespace.name(), &format!("operator-{}", namespace.name()));
    let operator = Some(how.start());
    is_ready(&namespace);
    let near = namespace.name().to_owned();
    let far = own_namespace.name();
    let mut site = Site { rig, namespace, how, operator };
    let is_from = |site: &Site<'_>, place: &str| {
        let row = site.row();
        let source = row["source"].as_str().unwrap_or_default();
        row["why"].is_null() && source.starts_with(&format!("ConfigMap {place}/"))
    };
    let (all, nearer) = (packed(&own()), packed(&noted(&own(), "nearer")));
    site.changes_nothing("one for all", |_| apply_in(&own_namespace, &all), |site| is_from(site, far));
    site.changes_nothing("a nearer one", |site| site.apply(&nearer), |site| is_from(site, &near));
    site.changes_nothing("its removal", Site::remove, |site| is_from(site, far));
}
