//! Fields of pods of which Kubernetes takes few values.

use super::Row;

pub const ROWS: &[Row] = &[
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, hostPath: {path: /a, type: Dir}}]",
        &["KubernetesRefuses spec.web.volumes[0].hostPath.type"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, hostPath: {path: /a, type: \"\"}}]",
        &[],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, hostPath: {path: /a/../b}}]",
        &["KubernetesRefuses spec.web.volumes[0].hostPath.path"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, emptyDir: {sizeLimit: -1}}]",
        &["KubernetesRefuses spec.web.volumes[0].emptyDir.sizeLimit"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, emptyDir: {medium: Disk}}]",
        &["KubernetesRefuses spec.web.volumes[0].emptyDir.medium"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, emptyDir: {medium: HugePages-2Mi, sizeLimit: 1Gi}}]",
        &[],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, secret: {}}]",
        &["KubernetesRefuses spec.web.volumes[0].secret.secretName"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, secret: {secretName: gerrit, defaultMode: 512}}]",
        &["KubernetesRefuses spec.web.volumes[0].secret.defaultMode"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, secret: {secretName: gerrit, items: [{key: sshkey, path: ../a}]}}]",
        &["KubernetesRefuses spec.web.volumes[0].secret.items[0].path"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, configMap: {name: nodepool, items: [{key: nodepool.yaml, path: /a, mode: 292}]}}]",
        &["KubernetesRefuses spec.web.volumes[0].configMap.items[0].path"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, projected: {sources: [{secret: {name: gerrit}, configMap: {name: nodepool}}]}}]",
        &["KubernetesRefuses spec.web.volumes[0].projected.sources[0]"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, projected: {sources: [{}]}}]",
        &[],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, projected: {sources: [{serviceAccountToken: {path: a, expirationSeconds: 60}}]}}]",
        &["KubernetesRefuses spec.web.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, persistentVolumeClaim: {claimName: \"\"}}]",
        &["KubernetesRefuses spec.web.volumes[0].persistentVolumeClaim.claimName"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, csi: {driver: \"\"}}]",
        &["KubernetesRefuses spec.web.volumes[0].csi.driver"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, nfs: {server: a, path: b}}]",
        &["KubernetesRefuses spec.web.volumes[0].nfs.path"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, ephemeral: {}}]",
        &["KubernetesRefuses spec.web.volumes[0].ephemeral.volumeClaimTemplate"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, downwardAPI: {items: [{path: a}]}}]",
        &["KubernetesRefuses spec.web.volumes[0].downwardAPI.items[0]"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, downwardAPI: {items: [{path: a, fieldRef: {fieldPath: metadata.labels}}, {path: b, fieldRef: {fieldPath: spec.nodeName}}]}}]",
        &["KubernetesRefuses spec.web.volumes[0].downwardAPI.items[1].fieldRef.fieldPath"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    env: [{name: A, valueFrom: {fieldRef: {fieldPath: spec.nodename}}}]",
        &["KubernetesRefuses spec.web.env[0].valueFrom.fieldRef.fieldPath"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    env: [{name: A, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['a/b']\"}}}]",
        &[],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpus}}}]",
        &["KubernetesRefuses spec.web.env[0].valueFrom.resourceFieldRef.resource"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 10m}}}]",
        &["KubernetesRefuses spec.web.env[0].valueFrom.resourceFieldRef.divisor"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}]",
        &[],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    resources: {requests: {example.com/gpu: 1}}",
        &["KubernetesRefuses spec.web.resources.requests[\"example.com/gpu\"]"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    resources: {requests: {hugepages-2Mi: 2Mi}, limits: {hugepages-2Mi: 4Mi}}",
        &["KubernetesRefuses spec.web.resources.requests.hugepages-2Mi"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    resources: {requests: {example.com/gpu: 1}, limits: {example.com/gpu: \"1\"}}",
        &[],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    resources: {claims: [{name: a}]}",
        &["KubernetesRefuses spec.web.resources.claims[0]"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    resources: {claims: [{name: a}]}\n    patch: {spec: {resourceClaims: [{name: a, resourceClaimName: a}]}}",
        &[],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    livenessProbe: {httpGet: {port: web, scheme: https}}",
        &["KubernetesRefuses spec.web.livenessProbe.httpGet.scheme"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Is, values: [b]}]}]}}}",
        &[
            "KubernetesRefuses spec.web.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].operator",
        ],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    sidecars: [{name: a, image: b, imagePullPolicy: Sometimes}]",
        &["KubernetesRefuses spec.web.sidecars[0].imagePullPolicy"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    sidecars: [{name: a, image: b, restartPolicy: Sometimes}]",
        &["KubernetesRefuses spec.web.sidecars[0].restartPolicy"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    sidecars: [{name: a, image: b, ports: [{containerPort: 99, protocol: tcp}]}]",
        &["KubernetesRefuses spec.web.sidecars[0].ports[0].protocol"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    sidecars: [{name: a, image: b, ports: [{containerPort: 99, name: a-much-too-long-name}]}]",
        &["KubernetesRefuses spec.web.sidecars[0].ports[0].name"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    sidecars: [{name: a, image: b, envFrom: [{prefix: A}]}]",
        &["KubernetesRefuses spec.web.sidecars[0].envFrom[0]"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    sidecars: [{name: a, image: b, volumeMounts: [{name: tmp, mountPath: /a, mountPropagation: Bidirectional}]}]",
        &["KubernetesRefuses spec.web.sidecars[0].volumeMounts[0].mountPath"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    sidecars: [{name: a, image: b, securityContext: {privileged: true}, volumeMounts: [{name: tmp, mountPath: /a, mountPropagation: Bidirectional}]}]",
        &[],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    sidecars: [{name: a, image: b, volumeMounts: [{name: tmp, mountPath: /a, subPath: b, subPathExpr: c}]}]",
        &["KubernetesRefuses spec.web.sidecars[0].volumeMounts[0].subPathExpr"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {spec: {containers: [{name: web, resources: {requests: {example.com/gpu: 1}}}], volumes: [{name: a, secret: {secretName: gerrit, defaultMode: 512}}]}}",
        &["KubernetesRefuses spec.web.patch.spec.volumes[0].secret.defaultMode"],
    ),
    (
        "  scheduler:\n",
        "  imagePullSecrets: [{name: a_b}]\n  scheduler:\n",
        &["IllegalName spec.imagePullSecrets[0].name"],
    ),
];
