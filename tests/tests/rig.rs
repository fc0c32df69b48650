//! Clients of kube reach the control plane of the tests. What that does itself is tested in `tests/rig/tests`.
#![allow(missing_docs, clippy::unwrap_used)]

use k8s_openapi::api::core::v1::Node;
use kube::api::ListParams;
use kube::{Api, Error};
use zuul_operator_tests::rig::{client, rig_or_skip};

#[test]
fn a_client_is_known_by_its_certificate() {
    let Some(rig) = rig_or_skip("a_client_is_known_by_its_certificate") else { return };
    let nodes = |user: &'static str| async move {
        let api: Api<Node> = Api::all(client(rig, user).await.unwrap());
        api.list(&ListParams::default()).await
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    assert_eq!(runtime.block_on(nodes("admin")).unwrap().items.len(), 3);
    let refused = runtime.block_on(nodes("nobody-in-particular")).unwrap_err();
    assert!(matches!(&refused, Error::Api(status) if status.code == 403), "{refused}");
}
