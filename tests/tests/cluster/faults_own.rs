//! The API server goes away: a control plane of the test's own.

use serde_json::json;
use zuul_operator_tests::proxy::Proxy;
use zuul_operator_tests::rig::{Rig, rig_or_skip, until};
use zuul_operator_tests::site::{children, get, is_back, is_ready, patch};

use crate::faults::{behind_proxy, is_quiet};

const API_SERVER: &str = "kube-apiserver";

/// `trouble` befalls the API server of a site that is ready, which is changed afterwards.
fn survives(test: &str, trouble: impl Fn(&Rig, &Proxy)) {
    if rig_or_skip(test).is_none() {
        return;
    }
    let rig = Rig::own();
    rig.crd();
    let (namespace, proxy, how) = behind_proxy(&rig);
    let mut operator = how.start();
    is_ready(&namespace);
    let before = children(&namespace);
    let mark = proxy.mark();
    trouble(&rig, &proxy);
    rig.wait();
    assert!(operator.runs());
    patch(&namespace, &json!({"spec": {"executor": {"count": 3}}}));
    namespace.must(&["delete", "deployment", "zuul-web", "--wait=false"]);
    until("the edit is carried out", || {
        get(&namespace, "statefulset/zuul-executor")["spec"]["replicas"] == 3
    });
    is_back(&namespace, "deployment/zuul-web", &before["Deployment/zuul-web"]);
    is_ready(&namespace);
    let asked = proxy.since(mark);
    let written: Vec<_> =
        asked.iter().filter(|it| it.is_of_a_child() && it.code < 300 && it.code > 0).collect();
    assert!(written.len() <= 4, "two objects are written, with what they lost: {written:#?}");
    assert!(asked.len() < 400, "{} requests", asked.len());
    is_quiet(&namespace, &proxy);
    drop(operator);
}

#[test]
fn an_api_server_that_is_started_again() {
    survives("an_api_server_that_is_started_again", |rig, _| {
        rig.stop(API_SERVER);
        rig.start(API_SERVER);
    });
}

#[test]
fn an_api_server_that_stands_still() {
    survives("an_api_server_that_stands_still", |rig, proxy| {
        rig.pause(API_SERVER);
        let mark = proxy.mark();
        // As long as a request is waited for, and some more: time is what this test is about.
        std::thread::sleep(std::time::Duration::from_secs(20));
        assert!(proxy.since(mark).len() < 100, "{:#?}", proxy.since(mark));
        rig.resume(API_SERVER);
    });
}
