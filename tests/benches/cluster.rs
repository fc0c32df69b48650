//! What the operator costs on a real control plane: requests counted in its audit log, memory and CPU from /proc.
#![allow(missing_docs, clippy::print_stderr, clippy::print_stdout, clippy::unwrap_used)]

use std::time::{Duration, Instant};

use k8s_openapi::jiff::Timestamp;
use serde_json::{Value, json};
use zuul_operator_tests::operator::{How, Operator, metrics};
use zuul_operator_tests::read::read;
use zuul_operator_tests::rig::audit::{AuditEvent, Mark};
use zuul_operator_tests::rig::{Namespace, Rig, until};
use zuul_operator_tests::site::{apply, children, is_ready, patch, patch_secret, site};

/// The site that the targets are about: 5 executors, 2 mergers, 2 web, 4 Nodepool providers, 3 connections.
fn reference() -> Vec<Value> {
    let mut objects = site();
    let zuul = objects.last_mut().unwrap();
    zuul["spec"]["executor"]["count"] = json!(5);
    zuul["spec"]["merger"]["count"] = json!(2);
    zuul["spec"]["web"]["count"] = json!(2);
    let provider = |name: &str| {
        format!(
            "  - name: {name}\n    driver: openstack\n    cloud: cloud-a\n    region-name: {name}\n    diskimages: [{{name: noble}}]\n    pools: [{{name: main, max-servers: 4, labels: [{{name: small, diskimage: noble, flavor-name: m1}}]}}]\n"
        )
    };
    let nodepool = objects.iter_mut().find(|it| it["metadata"]["name"] == "nodepool").unwrap();
    let text = nodepool["data"]["nodepool.yaml"].as_str().unwrap().to_owned();
    nodepool["data"]["nodepool.yaml"] = json!(text + &provider("b") + &provider("c"));
    objects
}

fn named(objects: &[Value], name: &str) -> Vec<Value> {
    let mut zuul = objects.last().unwrap().clone();
    zuul["metadata"]["name"] = json!(name);
    vec![zuul]
}

fn own(rig: &Rig, namespace: &Namespace<'_>, since: Mark) -> Vec<AuditEvent> {
    let user = format!("operator-{}", namespace.name());
    rig.audit(since).into_iter().filter(|it| it.user == user).collect()
}

fn is_child(event: &AuditEvent) -> bool {
    event.is_write() && event.subresource.is_empty() && event.resource != "events"
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Resident memory in MiB.
fn memory(operator: &Operator) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{}/status", operator.id())).unwrap();
    let line = text.lines().find(|it| it.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

/// CPU time so far, in seconds.
fn cpu(operator: &Operator) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{}/stat", operator.id())).unwrap();
    let after = text.rsplit(')').next().unwrap();
    let fields: Vec<f64> =
        after.split_whitespace().skip(1).map(|it| it.parse().unwrap_or_default()).collect();
    (fields[10] + fields[11]) / rustix::param::clock_ticks_per_second() as f64
}

fn row(what: &str, measured: f64, most: f64, unit: &str) {
    let verdict = if measured <= most { "met" } else { "MISSED" };
    println!("{what}\t{measured:.2} {unit}\t≤ {most} {unit}\t{verdict}");
}

fn plain(what: &str, measured: &str) {
    println!("{what}\t{measured}\t\t");
}

fn main() {
    let rig = Rig::shared();
    rig.crd();
    let made = one(rig);
    for count in [10, 20, 50, 200] {
        many(rig, count);
    }
    idle(rig, &made);
}

/// A site, and the operator that looks after it.
struct Made<'r> {
    namespace: Namespace<'r>,
    operator: Operator,
    address: String,
}

/// One Zuul: made, edited, found again.
fn one(rig: &Rig) -> Made<'_> {
    let namespace = rig.namespace();
    let objects = reference();
    let (given, zuul) = objects.split_at(objects.len() - 1);
    apply(&namespace, given);
    let (how, address) = How::in_namespace(rig, namespace.name()).with_signals();
    let mut operator = how.start();
    operator.has_logged("reconciling begins");
    let (mark, before) = (rig.audit_mark(), cpu(&operator));
    apply(&namespace, zuul);
    is_ready(&namespace);
    let used = cpu(&operator) - before;
    let all = rig.audit(mark);
    let accepted =
        all.iter().find(|it| it.resource == "zuuls" && it.user == "admin" && it.is_write()).unwrap();
    let asked = own(rig, &namespace, mark);
    let last = asked.iter().filter(|it| is_child(it)).map(|it| time(&it.received)).max().unwrap();
    row(
        "create: until the last object",
        last.duration_since(time(&accepted.received)).as_secs_f64(),
        0.4,
        "s",
    );
    row("create: CPU until ready", used, 0.05, "s");
    let made = children(&namespace).len();
    plain("create: objects", &format!("{} and the keystore", made));
    row(
        "create: writes beyond one an object",
        (asked.iter().filter(|it| is_child(it)).count() - made - 1) as f64,
        0.0,
        "",
    );
    row(
        "create: writes of status and Events",
        (asked.iter().filter(|it| it.is_write() && !is_child(it)).count()) as f64,
        4.0,
        "",
    );
    row("create: single reads", asked.iter().filter(|it| it.verb == "get").count() as f64, 0.0, "");
    plain("create: lists by name", &asked.iter().filter(|it| it.verb == "list").count().to_string());
    row("memory with one Zuul", memory(&operator), 24.0, "MiB");
    edits(rig, &namespace);
    let operator = restart(rig, &namespace, &how, operator);
    Made { namespace, operator, address }
}

fn edits(rig: &Rig, namespace: &Namespace<'_>) {
    let mark = rig.audit_mark();
    patch(namespace, &json!({"spec": {"executor": {"count": 6}}}));
    is_ready(namespace);
    row(
        "executors 5 → 6: writes",
        own(rig, namespace, mark).iter().filter(|it| is_child(it)).count() as f64,
        1.0,
        "",
    );
    let mark = rig.audit_mark();
    namespace.must(&["create", "secret", "generic", "unrelated", "--from-literal=a=b"]);
    patch_secret(namespace, "executor-ssh", &json!({"more":"1"}));
    answered(rig, namespace, mark, "a rotated Secret: until the first write", |it| it.name == "executor-ssh");
    is_ready(namespace);
    let asked = own(rig, namespace, mark);
    row(
        "an unrelated Secret: requests",
        asked.iter().filter(|it| it.uri.contains("unrelated")).count() as f64,
        0.0,
        "",
    );
    let mark = rig.audit_mark();
    namespace.must(&["delete", "service", "zuul-web"]);
    answered(rig, namespace, mark, "a deleted child: until it is written", |it| it.verb == "delete");
    is_ready(namespace);
}

/// Ten minutes and more: every Zuul is looked at again within ten.
const IDLE: Duration = Duration::from_secs(630);

/// Nothing changes.
fn idle(rig: &Rig, made: &Made<'_>) {
    let Made { namespace, operator, address } = made;
    let count = |name: &str| {
        let text = metrics(address);
        let rows = text.lines().filter(|line| line.starts_with(&format!("zuul_operator_{name}")));
        rows.map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()).sum::<f64>()
    };
    eprintln!("    nothing is changed for {} s", IDLE.as_secs());
    let counts = || (count("reconciles_total"), count("plugin_calls_total"), cpu(operator));
    let (mark, before) = (rig.audit_mark(), counts());
    std::thread::sleep(IDLE);
    let after = counts();
    let asked = own(rig, namespace, mark);
    let is_lease = |it: &AuditEvent| it.resource == "leases";
    plain("ten minutes of nothing: looks", &format!("{}", after.0 - before.0));
    row(
        "ten minutes of nothing: writes beside the lease",
        asked.iter().filter(|it| it.is_write() && !is_lease(it)).count() as f64,
        0.0,
        "",
    );
    row("ten minutes of nothing: plugin calls", after.1 - before.1, 0.0, "");
    plain("ten minutes of nothing: CPU", &format!("{:.2} s", after.2 - before.2));
}

/// How long after an edit by a person the first object is written.
fn answered(
    rig: &Rig,
    namespace: &Namespace<'_>,
    mark: Mark,
    what: &str,
    is_edit: impl Fn(&AuditEvent) -> bool,
) {
    until("it is noticed", || own(rig, namespace, mark).iter().any(is_child));
    let all = rig.audit(mark);
    let edit = all.iter().find(|it| it.user == "admin" && is_edit(it)).unwrap();
    let first = own(rig, namespace, mark).into_iter().find(is_child).unwrap();
    row(what, time(&first.received).duration_since(time(&edit.received)).as_secs_f64(), 1.0, "s");
}

fn restart(rig: &Rig, namespace: &Namespace<'_>, how: &How, operator: Operator) -> Operator {
    drop(operator.end());
    let mark = rig.audit_mark();
    let start = Instant::now();
    let mut operator = how.start();
    operator.has_logged("reconciling begins");
    plain("restart: until reconciling begins", &format!("{:.2} s", start.elapsed().as_secs_f64()));
    row("restart: CPU", cpu(&operator), 0.08, "s");
    patch(namespace, &json!({"metadata": {"annotations": {"seen": "1"}}}));
    std::thread::sleep(Duration::from_secs(2));
    row(
        "restart: writes",
        own(rig, namespace, mark).iter().filter(|it| it.is_write()).count() as f64,
        0.0,
        "",
    );
    drop(operator.end());
    namespace.must(&["delete", "service", "zuul-web"]);
    let mark = rig.audit_mark();
    let start = Timestamp::now();
    let operator = how.start();
    until("it writes", || own(rig, namespace, mark).iter().any(is_child));
    let first = own(rig, namespace, mark).into_iter().find(is_child).unwrap();
    row("start: until the first write", time(&first.received).duration_since(start).as_secs_f64(), 0.2, "s");
    operator
}

/// More Zuuls have no pods: 3000 of them would keep the control plane busy for longer than the operator.
const MOST_WITH_PODS: usize = 50;

/// Many Zuuls at once.
fn many(rig: &Rig, count: usize) {
    let namespace = rig.namespace();
    let objects = reference();
    if count > MOST_WITH_PODS {
        namespace.without_pods();
    }
    apply(&namespace, &objects[..objects.len() - 1]);
    let how = How::in_namespace(rig, namespace.name());
    let mut operator = how.start();
    operator.has_logged("reconciling begins");
    let zuuls: Vec<Value> = (0..count).flat_map(|number| named(&objects, &format!("z{number}"))).collect();
    let (mark, before) = (rig.audit_mark(), cpu(&operator));
    apply(&namespace, &zuuls);
    until("all objects are there", || {
        let all = read(&namespace, "/apis/zuul-ci.org/v1alpha1", "zuuls");
        let is_applied = |zuul: &&Value| {
            let all = zuul["status"]["conditions"].as_array();
            all.into_iter().flatten().any(|it| it["type"] == "Applied" && it["status"] == "True")
        };
        all["items"].as_array().into_iter().flatten().filter(is_applied).count() >= count
    });
    let all = rig.audit(mark);
    let accepted =
        all.iter().find(|it| it.resource == "zuuls" && it.user == "admin" && it.is_write()).unwrap();
    let asked = own(rig, &namespace, mark);
    let last = asked.iter().filter(|it| is_child(it)).map(|it| time(&it.received)).max().unwrap();
    let took = last.duration_since(time(&accepted.received)).as_secs_f64();
    let used = cpu(&operator) - before;
    if count == 20 {
        row("20 Zuuls: until the last object", took, 6.0, "s");
        row("20 Zuuls: CPU", used, 1.0, "s");
        row("memory with 20 Zuuls", memory(&operator), 40.0, "MiB");
    } else {
        if count == 200 {
            row("memory with 200 Zuuls", memory(&operator), 150.0, "MiB");
        }
        plain(
            &format!("{count} Zuuls: until the last object, CPU, memory"),
            &format!("{took:.2} s, {used:.2} s, {:.1} MiB", memory(&operator)),
        );
    }
}
