//! Pods: what Kubernetes refuses, and what clashes with what is the operator's.

use super::Row;

pub const ROWS: &[Row] = &[
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    labels: {\"a b\": c}",
        &["KubernetesRefuses spec.web.labels[\"a b\"]"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    nodeSelector: {a: \"b c\"}",
        &["KubernetesRefuses spec.web.nodeSelector.a"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    env: [{name: \"A=B\", value: x}]",
        &["KubernetesRefuses spec.web.env[0].name"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    resources: {limits: {cpu: 1x}}",
        &["KubernetesRefuses spec.web.resources.limits.cpu"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    resources: {limits: {cpus: 1}}",
        &["KubernetesRefuses spec.web.resources.limits.cpus"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    resources: {limits: {cpu: 1}, requests: {cpu: 1500m}}",
        &["KubernetesRefuses spec.web.resources.requests.cpu"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    livenessProbe: {periodSeconds: 5}",
        &["KubernetesRefuses spec.web.livenessProbe"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    livenessProbe: {exec: {command: [a]}, successThreshold: 2}",
        &["KubernetesRefuses spec.web.livenessProbe.successThreshold"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    livenessProbe: {httpGet: {port: 70000}}",
        &["KubernetesRefuses spec.web.livenessProbe.httpGet.port"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    livenessProbe: {httpGet: {port: http}}",
        &["NoPort spec.web.livenessProbe.httpGet.port"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    topologySpreadConstraints: [{maxSkew: 1, topologyKey: \"\", whenUnsatisfiable: DoNotSchedule}]",
        &["KubernetesRefuses spec.web.topologySpreadConstraints[0].topologyKey"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    tolerations: [{operator: Exist, key: a}]",
        &["KubernetesRefuses spec.web.tolerations[0].operator"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: \"\"}]}}",
        &[
            "KubernetesRefuses spec.web.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey",
        ],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    hostAliases: [{ip: here, hostnames: [a]}]",
        &["KubernetesRefuses spec.web.hostAliases[0].ip"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    image: \"a b\"",
        &["KubernetesRefuses spec.web.image"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    storageSize: \"0\"",
        &["KubernetesRefuses spec.web.storageSize"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a, emptyDir: {}, hostPath: {path: /x}}]",
        &["KubernetesRefuses spec.web.volumes[0]"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a}, {name: a}]",
        &["PodClash spec.web.volumes[1].name"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a}]\n    volumeMounts: [{name: a, mountPath: //a}]",
        &["KubernetesRefuses spec.web.volumeMounts[0].mountPath"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: a}]\n    volumeMounts: [{name: a, mountPath: /tmp}]",
        &["PodClash spec.web.volumeMounts[0].mountPath"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumeMounts: [{name: a, mountPath: /a}]",
        &["NoVolume spec.web.volumeMounts[0].name"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    volumes: [{name: config}]\n    volumeMounts: [{name: config, mountPath: /a}]",
        &["ReservedName spec.web.volumes[0].name"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    sidecars: [{name: web, image: a}]",
        &["PodClash spec.web.sidecars[0].name"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    sidecars: [{name: a}]",
        &["KubernetesRefuses spec.web.sidecars[0].image"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {spec: {containers: null}}",
        &["PatchRemoves spec.web.patch.spec.containers"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {spec: {containers: [{name: wbe}]}}",
        &["PodClash spec.web.patch.spec.containers[0]"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    patch: {spec: {volumes: [{name: config, emptyDir: {}}]}}",
        &["PodClash spec.web.patch.spec.volumes[0]"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    listen_address: 127.0.0.1",
        &["Unreachable spec.web.listen_address"],
    ),
    (
        "  fingergw:\n",
        "  preview: {hostNetwork: true}\n  fingergw:\n",
        &["KubernetesRefuses spec.preview.hostNetwork"],
    ),
    (
        "    count: 6",
        "    hostNetwork: true\n    mode: UserNamespace",
        &["KubernetesRefuses spec.executor.hostNetwork"],
    ),
    (
        "    count: 6",
        "    trusted_ro_paths: /srv:/etc/zuul/executor",
        &["JobPath spec.executor.trusted_ro_paths"],
    ),
    ("      path: /var/lib/ci-tokens", "      path: /etc/zuul/x", &["JobPath spec.jobVolumes[0].path"]),
    ("      path: /var/lib/ci-tokens", "      path: /a/../b", &["JobPath spec.jobVolumes[0].path"]),
    (
        "  jobVolumes:\n",
        "  jobVolumes:\n    - {context: untrusted, access: ro, path: /var/lib/ci-tokens, volume: {name: a, emptyDir: {}}}\n",
        &["PodClash spec.jobVolumes[1].path"],
    ),
    (
        "  name: zuul\n  namespace: ci\nspec",
        "  name: zuul\n  namespace: ci\n  labels: {\"a b\": c}\nspec",
        &["KubernetesRefuses metadata.labels[\"a b\"]"],
    ),
    (
        "spec:\n  scheduler:\n",
        "status: {version: 14.3.0}\nspec:\n  zuulImageVersion: 16.0.0\n  scheduler:\n",
        &["VersionSkipped spec.zuulImageVersion"],
    ),
    (
        "spec:\n  scheduler:\n",
        "status: {version: 14.3.0}\nspec:\n  zuulImageVersion: 14.2.0\n  scheduler:\n",
        &["VersionDowngrade spec.zuulImageVersion"],
    ),
    (
        "spec:\n  scheduler:\n",
        "status: {version: 14.3.0}\nspec:\n  zuulImageVersion: 16.0.0\n  upgradePolicy: Any\n  scheduler:\n",
        &[],
    ),
    (
        "  scheduler:\n",
        "  zuulImageVersion: \"14 3\"\n  scheduler:\n",
        &["KubernetesRefuses spec.zuulImageVersion"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    env: [{name: C, valueFrom: {secretKeyRef: {name: a}}}]",
        &["RequiredField spec.web.env[0].valueFrom.secretKeyRef.key"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    env: [{name: C, value: yes}]",
        &["WrongType spec.web.env[0].value"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    env: [{name: C, value: a}, {name: C, value: b}]",
        &["DuplicateVariable spec.web.env[1].name"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    env: [{name: HOME, value: /x}]",
        &["HomeChanged spec.web.env[0].name"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    sidecars: [{name: a, image: b, volumeMounts: [{name: x, mountPath: /x}]}]",
        &["NoVolume spec.web.sidecars[0].volumeMounts[0].name"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    sidecars: [{name: a, image: b, ports: [{name: web, containerPort: 99}]}]",
        &["PodClash spec.web.sidecars[0].ports[0].name"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    sidecars: [{name: a, image: b, livenessProbe: {tcpSocket: {port: x}}}]",
        &["NoPort spec.web.sidecars[0].livenessProbe.tcpSocket.port"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    image: \"Foo/Bar:latest:1\"",
        &["KubernetesRefuses spec.web.image"],
    ),
    (
        "  scheduler:\n",
        "  imagePrefix: https://r.example.org/x\n  scheduler:\n",
        &["KubernetesRefuses spec.imagePrefix"],
    ),
    ("      path: /var/lib/ci-tokens", "      path: /var/lib/zuul", &["JobPath spec.jobVolumes[0].path"]),
    (
        "  externalConfig:\n",
        "  externalConfig:\n    zuul: {secretName: clouds, components: [scheduler]}\n",
        &["IllegalName spec.externalConfig.zuul"],
    ),
];
