//! Plugins in ConfigMaps of a real API server: a leader and a follower come to the same, and so does who starts later.
#![allow(missing_docs, clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use zuul_operator::cluster::lease::Leadership;
use zuul_operator::cluster::plugins::{Following, follow};
use zuul_operator::cluster::{Clients, Scope, requests};
use zuul_operator::contract::{PluginInfo, Plugins};
use zuul_operator::metrics::Metrics;
use zuul_operator::plugin::{Library, Options};
use zuul_operator::supply::{Changed, Map, packed};
use zuul_operator_tests::hostile::{Rig as Folder, component, git_request, noted, of_driver};
use zuul_operator_tests::plugins::removing;
use zuul_operator_tests::rig::{Namespace, Rig, rig_or_skip, until};

/// A process of the operator, as far as plugins go.
struct Operator {
    library: Arc<Library>,
    changes: Arc<AtomicUsize>,
    last: Arc<Mutex<Option<Changed>>>,
    _following: Following,
}

impl Operator {
    /// After everything was listed.
    fn start(runtime: &Runtime, rig: &Rig, namespace: &str, leadership: Leadership) -> Self {
        let options = Options { plugins_dir: None, ..Folder::new().options() };
        let library = Arc::new(Library::open(options, namespace).unwrap());
        let (changes, last) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(None)));
        let scope = Scope::Namespaces(vec![namespace.to_owned()]);
        let following = runtime.block_on(async {
            let (counter, noted) = (Arc::clone(&changes), Arc::clone(&last));
            let on_change = move |changed: &Changed| {
                counter.fetch_add(1, Ordering::Relaxed);
                *noted.lock().unwrap() = Some(changed.clone());
            };
            let clients = clients(rig, leadership).await;
            let mut following = follow(&clients, &scope, namespace, Arc::clone(&library), on_change);
            following.have_listed().await;
            following
        });
        Self { library, changes, last, _following: following }
    }

    fn is_own(&self) -> bool {
        self.library.catalog("any").connection(&git_request()).unwrap().lines.is_empty()
    }

    fn info(&self) -> PluginInfo {
        let infos = self.library.catalog("any").list();
        let is_ours = |info: &PluginInfo| info.name == "git" && info.source != "built-in";
        infos.into_iter().find(is_ours).unwrap_or_default()
    }

    fn says(&self, what: &str) -> bool {
        self.info().why.unwrap_or_default().contains(what)
    }
}

async fn clients(rig: &Rig, leadership: Leadership) -> Clients {
    let kubeconfig = Kubeconfig::read_from(rig.kubeconfig("admin")).unwrap();
    let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await.unwrap();
    let acting = requests::client(config.clone(), Arc::new(Metrics::default()), leadership).unwrap();
    Clients { watching: Client::try_from(config).unwrap(), lease: acting.clone(), acting }
}

fn apply(namespace: &Namespace<'_>, library: &Library, bytes: &[u8]) {
    let digest = library.digest(bytes).unwrap();
    let (name, plugin) = ("mine".to_owned(), "git".to_owned());
    let object = packed(&Map { name, plugin, digest, ..Map::default() }, bytes.to_vec());
    let words = ["apply", "--server-side", "--force-conflicts", "-f", "-"];
    namespace.must_with(&words, &serde_json::to_string(&object).unwrap());
}

fn copies(namespace: &Namespace<'_>) -> Vec<Value> {
    let words = ["get", "configmaps", "-l", "zuul-ci.org/accepted-plugin=git", "-o", "json"];
    let list: Value = serde_json::from_str(&namespace.must(&words)).unwrap();
    list["items"].as_array().unwrap().clone()
}

#[test]
fn leader_follower_and_successor_come_to_the_same() {
    let Some(rig) = rig_or_skip("leader_follower_and_successor_come_to_the_same") else { return };
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    let namespace = rig.namespace();
    let start = |leadership| Operator::start(&runtime, rig, namespace.name(), leadership);
    let follower = start(Leadership::default());
    // No cache knows it, so it has to be asked what it is.
    let own = noted(&of_driver("harmless", "git"), namespace.name());
    apply(&namespace, &follower.library, &own);
    until("the follower looked at it", || follower.library.counts().calls > 0);
    assert!(!follower.is_own() && copies(&namespace).is_empty(), "it may not accept it");

    let leader = start(Leadership::always());
    until("the leader has it", || leader.is_own());
    until("the follower has it", || follower.is_own());
    let copy = copies(&namespace).remove(0);
    assert_eq!(
        (copy["immutable"].as_bool(), copy["metadata"]["ownerReferences"].is_null()),
        (Some(true), true)
    );
    assert_eq!(follower.info(), leader.info());
    until("all are told", || *leader.last.lock().unwrap() == Some(Changed::All));

    // What has nothing to do with it changes nothing.
    let changes = leader.changes.load(Ordering::Relaxed);
    namespace.must(&["label", "configmap", "mine", "a=b"]);
    namespace.must(&["create", "configmap", "other"]);

    apply(&namespace, &leader.library, &component("wrong_world", 0));
    until("both say why", || leader.says("WrongWorld") && follower.says("WrongWorld"));
    // Twice, if it took its time to be compiled.
    assert!(leader.changes.load(Ordering::Relaxed) <= changes + 2);
    assert!(leader.is_own() && follower.is_own());

    apply(&namespace, &leader.library, &noted(&own, "2"));
    until("the newer one is kept alone", || {
        let copies = copies(&namespace);
        copies.len() == 1 && copies[0]["metadata"]["uid"] != copy["metadata"]["uid"]
    });
    until("both have it", || leader.info().why.is_none() && leader.info() == follower.info());
    let newer = leader.info();
    assert_ne!(newer.source, format!("ConfigMap {}/{}", namespace.name(), copy["metadata"]["name"]));

    namespace.must(&["delete", "configmap", "mine"]);
    until("both say that it is gone", || leader.says("deleted") && follower.says("deleted"));
    drop((leader, follower));
    for leadership in [Leadership::always(), Leadership::default()] {
        let successor = start(leadership);
        assert!(successor.is_own() && successor.says("deleted"), "from its first plan on");
        assert_eq!(successor.info().digest, newer.digest);
    }
    let last = start(Leadership::always());
    for words in removing("git") {
        namespace.must(&words.iter().map(String::as_str).collect::<Vec<_>>());
    }
    until("the built-in one serves again", || !last.is_own());
    assert_eq!(last.info(), PluginInfo::default());
}
