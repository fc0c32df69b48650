//! The operator is killed at every write in turn, before it reached the API server and after; then it is started again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use rustix::process::Signal;
use serde_json::{Value, json};
use zuul_operator_tests::alike::{differences, essence};
use zuul_operator_tests::operator::{How, Operator};
use zuul_operator_tests::proxy::{Asked, Fault, Proxy, Rule, Which};
use zuul_operator_tests::rig::{Namespace, until};
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
    let written = proxy.since(0).iter().filter(|it| it.is_write() && it.code > 0).count();
    say(&format!("write {nth}, {death:?}: {is_dead} after {written}"));
    proxy.rules([]);
    is_dead
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

#[test]
fn a_create() {
    let Some(rig) = rig("a_create") else { return };
    let begin = Instant::now();
    let (namespace, proxy, how) = behind_proxy(rig);
    let operator = how.start();
    is_ready(&namespace);
    let wanted = essence(&namespace);
    let writes = proxy.since(0).into_iter().filter(Asked::is_write).count();
    assert!(writes > wanted.len(), "{writes}");
    drop(operator);
    let (next, points) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let one_after_another = || {
        while let nth = next.fetch_add(1, Ordering::Relaxed)
            && nth < 2 * writes
        {
            let is_dead = create_dies(rig, nth / 2 + 1, &DEATHS[nth % 2], &wanted);
            points.fetch_add(usize::from(is_dead), Ordering::Relaxed);
        }
    };
    // Most of the time is waiting for pods.
    std::thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(one_after_another))));
    let points = points.into_inner();
    assert!(points >= 2 * wanted.len(), "{points} points");
    say(&format!("{points} points of a create in {:?}", begin.elapsed()));
}

fn create_dies(
    rig: &zuul_operator_tests::rig::Rig,
    nth: usize,
    death: &Fault,
    wanted: &BTreeMap<String, Value>,
) -> bool {
    let (namespace, proxy, how) = behind_proxy(rig);
    proxy.rules(dies_at(nth, death));
    let is_dead = killed_at(nth, death, &proxy, how.start(), || condition(&namespace, "Ready").0 == "True");
    let (before, keys) = (uids(&namespace), keystore(&namespace));
    let operator = how.start();
    is_ready(&namespace);
    let differ = differences(wanted, &essence(&namespace));
    assert!(differ.is_empty(), "write {nth}, {death:?}: {differ:#?}");
    none_was_made_again(&before, &uids(&namespace));
    assert!(keys.is_null() || keys == keystore(&namespace), "write {nth}, {death:?}: the keystore changed");
    drop(operator);
    is_dead
}

/// A site that is ready and whose operator is started for each step.
struct Site<'r> {
    namespace: Namespace<'r>,
    proxy: Proxy,
    how: How,
}

impl<'r> Site<'r> {
    fn new(rig: &'r zuul_operator_tests::rig::Rig) -> Self {
        let (namespace, proxy, how) = behind_proxy(rig);
        drop(how.start_until(|| is_ready(&namespace)));
        Self { namespace, proxy, how }
    }

    /// Changes the Zuul; the operator dies at its nth write, and does the rest when it is started again.
    fn step(&self, nth: usize, death: &Fault, change: &Value, settled: impl Fn() -> bool) -> bool {
        let Self { namespace, proxy, how } = self;
        proxy.rules(dies_at(nth, death));
        let operator = how.start();
        patch(namespace, change);
        let is_dead = killed_at(nth, death, proxy, operator, &settled);
        let (before, keys, complete) = (uids(namespace), keystore(namespace), self.complete(change));
        drop(how.start_until(|| {
            until("it settles", &settled);
            is_ready(namespace);
        }));
        none_was_made_again(&before, &uids(namespace));
        assert_eq!(keys, keystore(namespace), "write {nth}, {death:?}: the keystore changed");
        let now = self.pods();
        let replaced: Vec<_> = complete.iter().filter(|pod| !now.contains_key(*pod)).collect();
        assert!(replaced.is_empty(), "write {nth}, {death:?}: done before, and replaced again: {replaced:?}");
        is_dead
    }

    /// Pods by uid, with their image.
    fn pods(&self) -> BTreeMap<String, String> {
        let path = "jsonpath={range .items[*]}{.metadata.uid} {.spec.containers[0].image}{\"\\n\"}{end}";
        let text = self.namespace.must(&["get", "pods", "-o", path]);
        let lines = text.lines().filter_map(|line| line.split_once(' '));
        lines.map(|(uid, image)| (uid.to_owned(), image.to_owned())).collect()
    }

    /// The pods of the version that a change asks for.
    fn complete(&self, change: &Value) -> BTreeSet<String> {
        let Some(version) = change["spec"]["zuulImageVersion"].as_str() else { return BTreeSet::new() };
        let tag = format!(":{version}");
        self.pods().into_iter().filter(|(_, image)| image.ends_with(&tag)).map(|(uid, _)| uid).collect()
    }
}

#[test]
fn a_rollout() {
    let Some(rig) = rig("a_rollout") else { return };
    let begin = Instant::now();
    let site = Site::new(rig);
    let wanted = essence(&site.namespace);
    let (mut version, mut points) = (3, 0);
    for death in &DEATHS {
        // Until a rollout is over before it comes to so many writes.
        for nth in 1.. {
            version += 1;
            let text = format!("14.{version}.0");
            let change = json!({"spec": {"zuulImageVersion": text}});
            let settled = || {
                let status = get(&site.namespace, "zuul/zuul")["status"].clone();
                status["version"] == *text
                    && status["rollout"].is_null()
                    && condition(&site.namespace, "Ready").0 == "True"
            };
            let is_dead = site.step(nth, death, &change, settled);
            let now = essence(&site.namespace).into_iter().map(|(id, object)| {
                (id, serde_json::from_str(&object.to_string().replace(&text, "14.3.0")).unwrap())
            });
            let differ = differences(&wanted, &now.collect());
            assert!(differ.is_empty(), "write {nth}, {death:?}: {differ:#?}");
            if !is_dead {
                break;
            }
            points += 1;
        }
    }
    assert!(points >= 24, "{points} points: eight workloads, four waves, twice");
    say(&format!("{points} points of a rollout in {:?}", begin.elapsed()));
}

#[test]
fn a_section_that_goes() {
    let Some(rig) = rig("a_section_that_goes") else { return };
    let begin = Instant::now();
    let site = Site::new(rig);
    let with = essence(&site.namespace);
    let is_there = || !get(&site.namespace, "deployment/zuul-fingergw").is_null();
    let mut points = 0;
    for death in &DEATHS {
        for nth in 1.. {
            let gone = || children(&site.namespace).keys().all(|id| !id.contains("fingergw"));
            let is_dead = site.step(nth, death, &json!({"spec": {"fingergw": null}}), gone);
            assert_eq!(
                essence(&site.namespace).len(),
                with.len() - with.keys().filter(|it| it.contains("fingergw")).count()
            );
            drop(site.how.start_until(|| {
                patch(&site.namespace, &json!({"spec": {"fingergw": {}}}));
                until("it is back", is_there);
                is_ready(&site.namespace);
            }));
            let differ = differences(&with, &essence(&site.namespace));
            assert!(differ.is_empty(), "write {nth}, {death:?}: {differ:#?}");
            if !is_dead {
                break;
            }
            points += 1;
        }
    }
    assert!(points >= 6, "{points} points");
    say(&format!("{points} points of a prune in {:?}", begin.elapsed()));
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
