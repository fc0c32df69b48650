//! Secrets and ConfigMaps from which the user's own variables and volumes come.

use super::Row;

pub const ROWS: &[Row] = &[
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    env: [{name: A, valueFrom: {secretKeyRef: {name: gerrit, key: sshkey}}}]",
        &[],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    env: [{name: A, valueFrom: {secretKeyRef: {name: gerrit, key: ssh_key}}}]",
        &["SecretKeyMissing spec.web.env[0].valueFrom.secretKeyRef.key"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    env: [{name: A, valueFrom: {secretKeyRef: {name: gerrit, key: none, optional: true}}}]",
        &[],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    env: [{name: A, valueFrom: {configMapKeyRef: {name: nodepool, key: none}}}]",
        &["ConfigMapKeyMissing spec.web.env[0].valueFrom.configMapKeyRef.key"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    env: [{name: A, valueFrom: {configMapKeyRef: {name: none, key: a}}}]",
        &["ConfigMapNotGiven spec.web.env[0].valueFrom.configMapKeyRef.name"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    env: [{name: A, valueFrom: {configMapKeyRef: {name: none, key: a, optional: true}}}]",
        &[],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    env: [{name: A, valueFrom: {secretKeyRef: {name: zuul-keystore, key: password}}}]",
        &[],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    env: [{name: A, valueFrom: {configMapKeyRef: {name: a_b, key: a}}}]",
        &["IllegalName spec.web.env[0].valueFrom.configMapKeyRef.name"],
    ),
    (
        "  scheduler:\n",
        "  env: [{name: A, valueFrom: {secretKeyRef: {name: gerrit, key: none}}}]\n  scheduler:\n",
        &["SecretKeyMissing spec.env[0].valueFrom.secretKeyRef.key"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    sidecars: [{name: a, image: b, env: [{name: A, valueFrom: {secretKeyRef: {name: gerrit, key: none}}}]}]",
        &["SecretKeyMissing spec.web.sidecars[0].env[0].valueFrom.secretKeyRef.key"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    sidecars: [{name: a, image: b, envFrom: [{secretRef: {name: gerrit}}, {configMapRef: {name: none}}]}]",
        &["ConfigMapNotGiven spec.web.sidecars[0].envFrom[1].configMapRef.name"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, secret: {secretName: none}}]",
        &["SecretNotGiven spec.web.volumes[0].secret.secretName"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, secret: {secretName: gerrit, items: [{key: sshkey, path: a}, {key: none, path: b}]}}]",
        &["SecretKeyMissing spec.web.volumes[0].secret.items[1].key"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, configMap: {name: nodepool, items: [{key: none, path: a}]}}]",
        &["ConfigMapKeyMissing spec.web.volumes[0].configMap.items[0].key"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, projected: {sources: [{secret: {name: gerrit, items: [{key: none, path: a}]}}, {configMap: {name: none, optional: true}}]}}]",
        &["SecretKeyMissing spec.web.volumes[0].projected.sources[0].secret.items[0].key"],
    ),
    (
        "          secretName: ci-tokens",
        "          secretName: none",
        &["SecretNotGiven spec.jobVolumes[0].volume.secret.secretName"],
    ),
    (
        "          secretName: ci-tokens",
        "          secretName: ci-tokens\n          items: [{key: none, path: a}]",
        &["SecretKeyMissing spec.jobVolumes[0].volume.secret.items[0].key"],
    ),
];
