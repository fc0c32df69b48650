//! Patches of pods: what is wrong in them, as it would be beside them.

use super::Row;

pub const ROWS: &[Row] = &[
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {spec: {tolerations: [{key: a, operator: Foo}]}}",
        &["KubernetesRefuses spec.web.patch.spec.tolerations[0].operator"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {spec: {nodeSelector: {a: \"b c\"}}}",
        &["KubernetesRefuses spec.web.patch.spec.nodeSelector.a"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {spec: {priorityClassName: A}}",
        &["KubernetesRefuses spec.web.patch.spec.priorityClassName"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {spec: {volumes: [{name: a, emptyDir: {}, hostPath: {path: /x}}]}}",
        &["KubernetesRefuses spec.web.patch.spec.volumes[0]"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {spec: {containers: [{name: web, image: \"\"}]}}",
        &["KubernetesRefuses spec.web.patch.spec.containers[0].image"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {spec: {containers: [{name: web, env: [{name: ZUUL_DB, value: x}]}]}}",
        &["ZuulVariable spec.web.patch.spec.containers[0].env[0].name"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {spec: {containers: [{name: web, env: [{name: HOME, value: /x}]}]}}",
        &["HomeChanged spec.web.patch.spec.containers[0].env[0].name"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {spec: {containers: [{name: web, env: [{name: A, valueFrom: {secretKeyRef: {name: gerrit, key: none}}}]}]}}",
        &["SecretKeyMissing spec.web.patch.spec.containers[0].env[0].valueFrom.secretKeyRef.key"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {spec: {containers: [{name: web, livenessProbe: {periodSeconds: 5}}]}}",
        &[],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {spec: {containers: [{name: web, livenessProbe: {periodSeconds: -5}}]}}",
        &["KubernetesRefuses spec.web.patch.spec.containers[0].livenessProbe.periodSeconds"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {spec: {containers: [{name: web, resources: {limits: {cpus: 1}}}]}}",
        &["KubernetesRefuses spec.web.patch.spec.containers[0].resources.limits.cpus"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {spec: {containers: [{name: web, volumeMounts: [{name: tmp, mountPath: //a}]}]}}",
        &["KubernetesRefuses spec.web.patch.spec.containers[0].volumeMounts[0].mountPath"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {spec: {containers: [{name: a, image: b, env: [{name: ZUUL_DB, value: x}]}]}}",
        &[],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {spec: {initContainers: [{name: a}]}}",
        &["KubernetesRefuses spec.web.patch.spec.initContainers[0].image"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    labels: {app.kubernetes.io/name: foo}",
        &["FieldWithoutEffect spec.web.labels[\"app.kubernetes.io/name\"]"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    labels: {app.kubernetes.io/part-of: zuul, a: b}\n    patch: {metadata: {labels: {a: c}}}",
        &[],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    annotations: {zuul-ci.org/config-hash: x}",
        &["FieldWithoutEffect spec.web.annotations[\"zuul-ci.org/config-hash\"]"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {metadata: {labels: {app.kubernetes.io/component: foo}}}",
        &["FieldWithoutEffect spec.web.patch.metadata.labels[\"app.kubernetes.io/component\"]"],
    ),
];
