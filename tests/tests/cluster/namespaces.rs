//! One operator for several namespaces.

use serde_json::json;
use zuul_operator_tests::operator::{How, grant};
use zuul_operator_tests::proxy::Proxy;
use zuul_operator_tests::rig::until;
use zuul_operator_tests::site::{apply, get, is_ready, patch, site};

use crate::rig;

#[test]
fn the_zuuls_of_all_are_looked_after() {
    let Some(rig) = rig("the_zuuls_of_all_are_looked_after") else { return };
    let namespaces = [rig.namespace(), rig.namespace(), rig.namespace()];
    namespaces.iter().for_each(|namespace| apply(namespace, &site()));
    let [first, others @ ..] = &namespaces;
    let user = format!("operator-{}", first.name());
    let more: Vec<&str> = others.iter().flat_map(|it| ["--namespace", it.name()]).collect();
    let how = How::in_namespace(rig, first.name()).with(&more);
    others.iter().for_each(|it| grant(rig, it.name(), &user));
    let proxy = Proxy::start(rig, &user);
    let operator = how.through(&proxy).start();
    namespaces.iter().for_each(is_ready);
    // Watches begin anew, with lists or without.
    proxy.end_watches();
    for namespace in &namespaces {
        patch(namespace, &json!({"spec": {"executor": {"count": 3}}}));
        until("an edit takes effect", || {
            get(namespace, "statefulset/zuul-executor")["spec"]["replicas"] == 3
        });
    }
    drop(operator);
}
