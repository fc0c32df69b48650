//! Two operators, of which one leads: what befalls it, the other one goes on, and never do both write.

use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::json;
use zuul_operator_tests::operator::{How, Operator};
use zuul_operator_tests::proxy::{Asked, Proxy};
use zuul_operator_tests::rig::audit::AuditEvent;
use zuul_operator_tests::rig::{Namespace, Rig, until};
use zuul_operator_tests::site::{apply, condition, get, is_ready, patch, site};

use crate::faults::behind_proxy;
use crate::rig;

/// No leader is missed for longer.
const LONGEST: Duration = Duration::from_secs(20);
/// Who ends in good order gives the Lease up; the other one looks every two to three seconds.
const HANDED_OVER: Duration = Duration::from_secs(5);

/// One of the two.
struct Replica {
    user: String,
    proxy: Proxy,
    operator: Operator,
}

impl Replica {
    fn start(rig: &Rig, namespace: &Namespace<'_>, which: &str) -> Self {
        let user = format!("{which}-{}", namespace.name());
        let how = How::of_user(rig, namespace.name(), &user);
        let proxy = Proxy::start(rig, &user);
        let election = ["--leader-election", "--own-namespace", namespace.name()];
        let operator = how.through(&proxy).with(&election).start();
        Self { user, proxy, operator }
    }
}

/// Trouble befalls the leader in the middle of a rollout; the other one leads within `most`, and finishes it. Afterwards
/// the trouble is over, if it can be, and the first one still writes nothing.
fn is_followed(test: &str, most: Duration, trouble: impl Fn(&Replica), over: impl Fn(&Replica)) {
    let Some(rig) = rig(test) else { return };
    let namespace = rig.namespace();
    apply(&namespace, &site());
    let mark = rig.audit_mark();
    let mut first = Replica::start(rig, &namespace, "first");
    first.operator.has_logged("reconciling begins");
    is_ready(&namespace);
    let mut second = Replica::start(rig, &namespace, "second");
    second.operator.has_logged("everything is listed");
    let hold = namespace.hold("merger");
    patch(&namespace, &json!({"spec": {"zuulImageVersion": "14.4.0"}}));
    until("the second wave is under way", || get(&namespace, "zuul/zuul")["status"]["rollout"]["wave"] == 2);
    let begin = Instant::now();
    trouble(&first);
    second.operator.has_logged("reconciling begins");
    let took = begin.elapsed();
    assert!(took < most, "nobody led for {took:?}");
    hold.release();
    is_ready(&namespace);
    until("the rollout is done", || get(&namespace, "zuul/zuul")["status"]["version"] == "14.4.0");
    over(&first);
    patch(&namespace, &json!({"spec": {"executor": {"count": 3}}}));
    until("an edit is carried out", || get(&namespace, "statefulset/zuul-executor")["spec"]["replicas"] == 3);
    is_ready(&namespace);
    let writes: Vec<AuditEvent> =
        rig.audit(mark).into_iter().filter(|it| it.is_write() && it.resource != "leases").collect();
    let of = |replica: &Replica| writes.iter().filter(|it| it.user == replica.user).count();
    let begins = writes.iter().position(|it| it.user == second.user).expect("the second one wrote");
    let late: Vec<_> = writes[begins..].iter().filter(|it| it.user == first.user).collect();
    assert!(late.is_empty(), "written by both: {late:#?}");
    assert!(of(&first) > 20 && of(&second) > 3, "{} and {}", of(&first), of(&second));
}

#[test]
fn a_leader_that_is_cut_off() {
    is_followed(
        "a_leader_that_is_cut_off",
        LONGEST,
        |first| first.proxy.cut(),
        |first| {
            first.proxy.mend();
            assert!(first.operator.log().contains("reconciling ended"), "it knows");
        },
    );
}

#[test]
fn a_leader_that_is_killed() {
    is_followed("a_leader_that_is_killed", LONGEST, |first| first.operator.signal(Signal::KILL), |_| {});
}

#[test]
fn a_leader_that_is_frozen() {
    is_followed(
        "a_leader_that_is_frozen",
        LONGEST,
        |first| first.operator.signal(Signal::STOP),
        |first| {
            first.operator.signal(Signal::CONT);
            until("it knows", || first.operator.log().contains("reconciling ended"));
        },
    );
}

#[test]
fn a_leader_that_is_asked_to_end() {
    is_followed(
        "a_leader_that_is_asked_to_end",
        HANDED_OVER,
        |first| first.operator.signal(Signal::TERM),
        |first| assert!(first.operator.log().contains("lease given up"), "{}", first.operator.log()),
    );
}

#[test]
fn rights_that_are_taken_and_given_back() {
    let Some(rig) = rig("rights_that_are_taken_and_given_back") else { return };
    let (namespace, proxy, how) = behind_proxy(rig);
    let mut operator = how.start();
    is_ready(&namespace);
    let user = format!("operator-{}", namespace.name());
    let bind = |role: &str| {
        let user_flag = format!("--user={user}");
        rig.must(&["create", "clusterrolebinding", &user, &format!("--clusterrole={role}"), &user_flag]);
    };
    // It may read, and say what it lacks.
    let few = format!("few-{}", namespace.name());
    let resources = "--resource=zuuls.zuul-ci.org,zuuls.zuul-ci.org/status,events.events.k8s.io,secrets,configmaps,\
                     services,serviceaccounts,statefulsets.apps,deployments.apps,poddisruptionbudgets.policy";
    rig.must(&["create", "clusterrole", &few, "--verb=get,list,watch", resources]);
    let say = format!("say-{}", namespace.name());
    let told = "--resource=zuuls.zuul-ci.org/status,events.events.k8s.io";
    rig.must(&["create", "clusterrole", &say, "--verb=create,patch,update", told]);
    rig.must(&[
        "create",
        "clusterrolebinding",
        &say,
        &format!("--clusterrole={say}"),
        &format!("--user={user}"),
    ]);
    namespace.must(&["delete", "rolebinding", &format!("zuul-operator-{user}")]);
    bind(&few);
    patch(&namespace, &json!({"spec": {"executor": {"count": 3}}}));
    until("it is said", || condition(&namespace, "Applied").1 == "Forbidden");
    let message = get(&namespace, "zuul/zuul")["status"]["conditions"].to_string();
    assert!(message.contains("StatefulSet/zuul-executor: "), "{message}");
    // Without any right only the log is left.
    rig.must(&["delete", "clusterrolebinding", &user, &say]);
    proxy.end_watches();
    let mark = proxy.mark();
    patch(&namespace, &json!({"spec": {"executor": {"count": 4}}}));
    until("each watch was refused more than once", || {
        let refused = proxy.since(mark).into_iter().filter(|it| it.verb == "watch" || it.verb == "list");
        refused.filter(|it| it.code == 403).count() > 16
    });
    let asked = proxy.since(mark);
    assert!(asked.len() < 60, "{asked:#?}");
    let log = operator.log();
    assert!(log.contains("is forbidden") && log.contains("(403)"), "{log}");
    assert!(operator.runs());
    bind("cluster-admin");
    until("it goes on", || get(&namespace, "statefulset/zuul-executor")["spec"]["replicas"] == 4);
    is_ready(&namespace);
    let written = proxy.since(mark).into_iter().filter(Asked::is_of_a_child).filter(|it| it.code == 200);
    // The edit that it saw last may be carried out before the newest.
    assert!((1..=2).contains(&written.count()));
    rig.must(&["delete", "clusterrole", &few, &say]);
    crate::faults::is_quiet(&namespace, &proxy);
}
