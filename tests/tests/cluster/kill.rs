//! The operator is killed at every write in turn, before it reached the API server and after; then it is started again.
//! Of a create each death has a site of its own; in a rollout and a prune one process after the other dies.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use rustix::process::Signal;
use serde_json::{Value, json};
use zuul_operator_tests::alike::{differences, essence};
use zuul_operator_tests::operator::{How, Operator};
use zuul_operator_tests::proxy::{Asked, Fault, Proxy, Rule, Which};
use zuul_operator_tests::rig::{Namespace, Rig, until};
use zuul_operator_tests::site::{children, condition, get, is_ready, patch};

use crate::faults::behind_proxy;
use crate::rig;

/// Whether the API server had the write at which the operator dies.
const DEATHS: [Fault; 2] = [Fault::Silence, Fault::AnswerKept];

/// Lets the operator work until its nth write, and kills it there. False if it did not come to that many before `ended`.
fn killed_at(nth: usize, death: &Fault, proxy: &Proxy, operator: Operator, ended: impl Fn() -> bool) -> bool {
    let mut at_it = false;
    until("it came to that write, or to an end", || {
        at_it = proxy.hits() > 0;
        at_it || ended()
    });
    // A status may still follow the last object.
    let is_dead = at_it || proxy.hits() > 0;
    operator.signal(Signal::KILL);
    drop(operator);
    let what =
        last_write(proxy).map(|it| format!("{} {} {}", it.verb, it.resource, it.name)).unwrap_or_default();
    say(&format!("death {nth}, {death:?}: {}", if is_dead { &what } else { "was not reached" }));
    proxy.rules([]);
    is_dead
}

fn last_write(proxy: &Proxy) -> Option<Asked> {
    proxy.since(0).into_iter().rfind(Asked::is_write)
}

#[allow(clippy::print_stderr, reason = "where a test that fails was")]
fn say(text: &str) {
    eprintln!("{text}");
}

fn dies_at(nth: usize, death: &Fault) -> Vec<Rule> {
    vec![Rule::new(Asked::is_write, Which::Nth(nth), death.clone())]
}

fn uids(namespace: &Namespace<'_>) -> BTreeMap<String, Value> {
    children(namespace).into_iter().map(|(id, child)| (id, child["metadata"]["uid"].clone())).collect()
}

/// What is there now and was there before is the same one.
fn none_was_made_again(before: &BTreeMap<String, Value>, now: &BTreeMap<String, Value>) {
    let again: Vec<_> = before.iter().filter(|(id, uid)| now.get(*id).is_some_and(|it| it != *uid)).collect();
    assert!(again.is_empty(), "made again: {again:?}");
}

fn keystore(namespace: &Namespace<'_>) -> Value {
    get(namespace, "secret/zuul-keystore")["data"].clone()
}

/// A site without pods, not looked after yet.
fn without_pods(rig: &Rig) -> (Namespace<'_>, Proxy, How) {
    let (namespace, proxy, how) = behind_proxy(rig);
    namespace.without_pods();
    (namespace, proxy, how)
}

fn is_applied(namespace: &Namespace<'_>) -> bool {
    condition(namespace, "Applied").0 == "True"
}

#[test]
fn a_create() {
    let Some(rig) = rig("a_create") else { return };
    let begin = Instant::now();
    let (namespace, proxy, how) = without_pods(rig);
    drop(how.start_until(|| until("all is applied", || is_applied(&namespace))));
    let wanted = essence(&namespace);
    let writes = proxy.since(0).into_iter().filter(Asked::is_write).count();
    assert!(writes > wanted.len(), "{writes}");
    let (next, points) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let one_after_another = || {
        while let nth = next.fetch_add(1, Ordering::Relaxed)
            && nth < 2 * writes
        {
            let is_dead = create_dies(rig, nth / 2 + 1, &DEATHS[nth % 2], &wanted);
            points.fetch_add(usize::from(is_dead), Ordering::Relaxed);
        }
    };
    std::thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(one_after_another))));
    let points = points.into_inner();
    assert!(points >= 2 * wanted.len(), "{points} points");
    say(&format!("{points} points of a create in {:?}", begin.elapsed()));
}

fn create_dies(rig: &Rig, nth: usize, death: &Fault, wanted: &BTreeMap<String, Value>) -> bool {
    let (namespace, proxy, how) = without_pods(rig);
    proxy.rules(dies_at(nth, death));
    let is_dead = killed_at(nth, death, &proxy, how.start(), || is_applied(&namespace));
    let (before, keys) = (uids(&namespace), keystore(&namespace));
    drop(how.start_until(|| until("all is applied", || is_applied(&namespace))));
    let differ = differences(wanted, &essence(&namespace));
    assert!(differ.is_empty(), "write {nth}, {death:?}: {differ:#?}");
    none_was_made_again(&before, &uids(&namespace));
    assert!(keys.is_null() || keys == keystore(&namespace), "write {nth}, {death:?}: the keystore changed");
    is_dead
}

/// A site that is ready and whose operator is started for each step.
struct Site<'r> {
    namespace: Namespace<'r>,
    proxy: Proxy,
    how: How,
}

impl<'r> Site<'r> {
    fn new(rig: &'r Rig) -> Self {
        let (namespace, proxy, how) = behind_proxy(rig);
        drop(how.start_until(|| is_ready(&namespace)));
        Self { namespace, proxy, how }
    }

    /// Until it has settled, the operator dies at a write, before the API server has it, and is started again and dies
    /// at the same write, after the API server did it. What the status does not say yet is written again; so the next
    /// one dies at the first write that is new since the last status. How many died. No pod of `version` is made
    /// twice.
    fn is_reached(&self, version: &str, settled: impl Fn() -> bool) -> usize {
        let Self { namespace, proxy, how } = self;
        let (mut deaths, mut done) = (0, BTreeSet::new());
        while !settled() {
            for death in &DEATHS {
                let (before, keys, complete) = (uids(namespace), keystore(namespace), self.pods_of(version));
                let known = done.clone();
                let is_new = move |it: &Asked| it.is_write() && !known.contains(&it.uri);
                proxy.rules([Rule::new(is_new, Which::Nth(1), death.clone())]);
                deaths += usize::from(killed_at(deaths, death, proxy, how.start(), &settled));
                none_was_made_again(&before, &uids(namespace));
                assert_eq!(keys, keystore(namespace), "death {deaths}, {death:?}: the keystore changed");
                let now = self.pods_of(version);
                let replaced: Vec<_> = complete.difference(&now).collect();
                assert!(replaced.is_empty(), "death {deaths}, {death:?}: replaced again: {replaced:?}");
            }
            match last_write(proxy) {
                Some(it) if it.subresource == "status" => done.clear(),
                other => done.extend(other.map(|it| it.uri)),
            }
        }
        drop(how.start_until(|| is_ready(namespace)));
        deaths
    }

    /// The uids of the pods of a version.
    fn pods_of(&self, version: &str) -> BTreeSet<String> {
        let path = "jsonpath={range .items[*]}{.metadata.uid} {.spec.containers[0].image}{\"\\n\"}{end}";
        let text = self.namespace.must(&["get", "pods", "-o", path]);
        let (lines, tag) = (text.lines().filter_map(|line| line.split_once(' ')), format!(":{version}"));
        lines.filter(|(_, image)| image.ends_with(&tag)).map(|(uid, _)| uid.to_owned()).collect()
    }
}

#[test]
fn a_rollout() {
    let Some(rig) = rig("a_rollout") else { return };
    let begin = Instant::now();
    let site = Site::new(rig);
    let wanted = essence(&site.namespace);
    patch(&site.namespace, &json!({"spec": {"zuulImageVersion": "14.4.0"}}));
    let deaths = site.is_reached("14.4.0", || {
        let status = get(&site.namespace, "zuul/zuul")["status"].clone();
        status["version"] == "14.4.0"
            && status["rollout"].is_null()
            && condition(&site.namespace, "Ready").0 == "True"
    });
    assert!(site.pods_of("14.3.0").is_empty());
    let as_before =
        |object: Value| serde_json::from_str(&object.to_string().replace("14.4.0", "14.3.0")).unwrap();
    let now = essence(&site.namespace).into_iter().map(|(id, object)| (id, as_before(object))).collect();
    let differ = differences(&wanted, &now);
    assert!(differ.is_empty(), "{differ:#?}");
    assert!(deaths >= 24, "{deaths} deaths: eight workloads, four waves, twice");
    say(&format!("{deaths} deaths in a rollout in {:?}", begin.elapsed()));
}

#[test]
fn a_section_that_goes() {
    let Some(rig) = rig("a_section_that_goes") else { return };
    let begin = Instant::now();
    let site = Site::new(rig);
    let mut wanted = essence(&site.namespace);
    wanted.retain(|id, _| !id.contains("fingergw"));
    patch(&site.namespace, &json!({"spec": {"fingergw": null}}));
    let deaths = site.is_reached("none", || {
        children(&site.namespace).keys().all(|id| !id.contains("fingergw")) && is_applied(&site.namespace)
    });
    let differ = differences(&wanted, &essence(&site.namespace));
    assert!(differ.is_empty(), "{differ:#?}");
    assert!(deaths >= 6, "{deaths} deaths");
    say(&format!("{deaths} deaths in a prune in {:?}", begin.elapsed()));
}

#[test]
fn a_zuul_that_goes() {
    let Some(rig) = rig("a_zuul_that_goes") else { return };
    let site = Site::new(rig);
    let keys = keystore(&site.namespace);
    let mark = site.proxy.mark();
    let operator = site.how.start();
    site.namespace.must(&["delete", "zuul", "zuul", "--wait=false"]);
    operator.signal(Signal::KILL);
    drop(operator);
    until("its objects are gone", || children(&site.namespace).is_empty());
    let mut operator = site.how.start();
    operator.has_logged("reconciling begins");
    assert_eq!(keystore(&site.namespace), keys);
    zuul_operator_tests::site::apply(&site.namespace, &zuul_operator_tests::site::site());
    is_ready(&site.namespace);
    assert_eq!(keystore(&site.namespace), keys);
    // Nothing is deleted by us: whose owner is gone goes by itself.
    let deleted: Vec<_> = site.proxy.since(mark).into_iter().filter(|it| it.verb == "delete").collect();
    assert!(deleted.is_empty(), "{deleted:?}");
    drop(operator);
}

#[test]
fn an_edit_that_is_taken_back_while_nobody_runs() {
    let Some(rig) = rig("an_edit_that_is_taken_back_while_nobody_runs") else { return };
    let (namespace, proxy, how) = behind_proxy(rig);
    let operator = how.start();
    is_ready(&namespace);
    let executors = || get(&namespace, "statefulset/zuul-executor")["spec"]["replicas"].clone();
    let before = executors();
    // It is applied, and the status never says so.
    proxy.rules([Rule::new(|it| it.subresource == "status", Which::All, Fault::Silence)]);
    patch(&namespace, &json!({"spec": {"executor": {"count": 4}}}));
    until("the edit is carried out", || executors() == 4);
    operator.signal(Signal::KILL);
    drop(operator);
    proxy.rules([]);
    patch(&namespace, &json!({"spec": {"executor": {"count": before}}}));
    let operator = how.start();
    until("it is taken back", || executors() == before);
    is_ready(&namespace);
    drop(operator);
}
