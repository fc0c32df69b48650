//! The mistakes.

/// What stands in the example, what is written instead, and what is said: `CODE PATH`.
pub const ALL: &[(&str, &str, &[&str])] = &[
    // Structure.
    ("    count: 6", "    count: six", &["WrongType spec.executor.count"]),
    ("    count: 6", "    counts: 6", &["UnknownOption spec.executor.counts"]),
    ("  executor:\n", "  excutor:\n", &["UnknownField spec.excutor"]),
    ("  scheduler:\n", "  schedular:\n", &["UnknownField spec.schedular"]),
    ("  database:\n    secretName: zuul-database", "  database: 5", &["WrongType spec.database"]),
    (
        "    secretName: zuul-database",
        "    secretname: zuul-database",
        &["UnknownField spec.database.secretname"],
    ),
    ("    hosts: zk-0.", "    host: zk-0.", &["UnknownField spec.zookeeper.host"]),
    ("      driver: git\n", "      drivr: git\n", &["RequiredField spec.connections.opendev.driver"]),
    ("    config: zuul-tenants", "    config: 5", &["WrongType spec.scheduler.config"]),
    ("    config: zuul-tenants", "    confg: zuul-tenants", &["UnknownOption spec.scheduler.confg"]),
    ("    config: nodepool\n", "    config: [nodepool]\n", &["WrongType spec.launcher.config"]),
    (
        "    config: nodepool\n",
        "    config: nodepool\n    type: nodpool\n",
        &["OutOfBounds spec.launcher.type"],
    ),
    ("    - context: trusted", "    - context: both", &["OutOfBounds spec.jobVolumes[0].context"]),
    ("        name: tokens\n", "", &["RequiredField spec.jobVolumes[0].volume.name"]),
    (
        "metadata:\n  name: zuul\n",
        "metadata:\n  name: zuul\n  labels: {a: 5}\n",
        &["WrongType metadata.labels.a"],
    ),
    ("        name: tokens\n", "        nam: tokens\n", &["UnknownField spec.jobVolumes[0].volume.nam"]),
    ("        name: tokens\n", "        name: 5\n", &["WrongType spec.jobVolumes[0].volume.name"]),
    ("    config: nodepool\n", "", &["NoNodepoolConfig spec.launcher.config"]),
    // Options and references.
    (
        "    sshkey:\n      secretName: zuul-executor-ssh",
        "    ssh_key:\n      secretName: zuul-executor-ssh",
        &["UnknownOption spec.executor.ssh_key"],
    ),
    (
        "    sshkey:\n      secretName: zuul-executor-ssh",
        "    sshkey: zuul-executor-ssh",
        &["WrongType spec.executor.sshkey"],
    ),
    (
        "      sshkey:\n        secretName: gerrit",
        "      sshkey:\n        secretname: gerrit",
        &["WrongType spec.connections[\"review.example.org\"].sshkey.secretname"],
    ),
    (
        "      sshkey:\n        secretName: gerrit",
        "      sshkeys:\n        secretName: gerrit",
        &["UnknownOption spec.connections[\"review.example.org\"].sshkeys"],
    ),
    (
        "      sshkey:\n        secretName: gerrit",
        "      sshkey: [gerrit]",
        &["WrongType spec.connections[\"review.example.org\"].sshkey"],
    ),
    (
        "        key: http_password",
        "        key: password",
        &["SecretKeyMissing spec.connections[\"review.example.org\"].password"],
    ),
    (
        "      server: review.example.org",
        "      sever: review.example.org",
        &["UnknownOption spec.connections[\"review.example.org\"].sever"],
    ),
    (
        "      server: review.example.org",
        "      server: \"\"",
        &["RequiredOption spec.connections[\"review.example.org\"].server"],
    ),
    ("      app_id: 1234", "      app_id: x1", &["WrongType spec.connections.github.app_id"]),
    ("      app_id: 1234", "      appid: 1234", &["UnknownOption spec.connections.github.appid"]),
    (
        "      webhook_token:\n        secretName: github",
        "      webhook_token:\n        secretName: Git_Hub",
        &["IllegalName spec.connections.github.webhook_token"],
    ),
    (
        "      driver: gerrit",
        "      driver: gerit",
        &["DriverTypo spec.connections[\"review.example.org\"].driver"],
    ),
    (
        "      driver: git\n      baseurl: https://opendev.org",
        "      driver: openstack\n      cloud: nowhere",
        &["CloudMissing spec.connections.opendev.cloud"],
    ),
    (
        "      driver: git\n      baseurl: https://opendev.org",
        "      driver: elasticsearch\n      uri: zuul:word@opendev.org",
        &["PlainSecret spec.connections.opendev.uri"],
    ),
    (
        "      driver: git\n      baseurl: https://opendev.org",
        "      driver: gitlab\n      cloneurl: ssh://git@opendev.org\n      sshkey: {secretName: gerrit}\n      \
         api_token: {secretName: github, key: app_key}\n      webhook_token: {secretName: github}",
        &[],
    ),
    ("    opendev:\n", "    database:\n", &["IllegalName spec.connections.database"]),
    (
        "      driver: git\n",
        "      driver: sql\n",
        &["DriverWithoutConnections spec.connections.opendev.driver"],
    ),
    (
        "      driver: git\n",
        "      driver: timer\n",
        &["DriverWithoutConnections spec.connections.opendev.driver"],
    ),
    ("      driver: OpenIDConnect", "      driver: OpenId", &["WrongType spec.auth.keycloak.driver"]),
    ("      issuer_id:", "      isuer_id:", &["UnknownOption spec.auth.keycloak.isuer_id"]),
    (
        "      secretName: clouds",
        "      secretName: Clouds",
        &["IllegalName spec.externalConfig.openstack.secretName"],
    ),
    (
        "    secretName: zuul-zookeeper-client",
        "    secretName: gerrit",
        &["SecretKeyMissing spec.zookeeper.secretName"],
    ),
    (
        "    hosts: zk-0.zk.ci.svc:2281",
        "    hosts: zk-0.zk.ci.svc:tls",
        &["ZookeeperHosts spec.zookeeper.hosts"],
    ),
    ("    root: https", "    port: many\n    root: https", &["OwnedByOperator spec.web.port"]),
    (
        "    relative_priority: true",
        "    relative_priority: maybe",
        &["WrongType spec.scheduler.relative_priority"],
    ),
    (
        "      sshkey:\n        secretName: gerrit\n      password:\n        secretName: gerrit\n        key: http_password\n",
        "",
        &["GerritCannotClone spec.connections[\"review.example.org\"].sshkey"],
    ),
    (
        "      password:\n        secretName: gerrit\n        key: http_password\n",
        "      password: true\n",
        &["WrongType spec.connections[\"review.example.org\"].password"],
    ),
    // Forced options.
    (
        "      driver: git\n",
        "      driver: git\n      unchecked: {driver: x}\n",
        &["DuplicateOption spec.connections.opendev.unchecked.driver"],
    ),
    (
        "      driver: git\n",
        "      driver: git\n      unchecked: {baseurl: x}\n",
        &["DuplicateOption spec.connections.opendev.unchecked.baseurl"],
    ),
    (
        "      driver: git\n",
        "      driver: git\n      unchecked: {Colour: x}\n",
        &["IllegalOption spec.connections.opendev.unchecked.Colour"],
    ),
    (
        "      driver: git\n",
        "      driver: git\n      unchecked: {\"a=b\": x}\n",
        &["IllegalOption spec.connections.opendev.unchecked[\"a=b\"]"],
    ),
    (
        "      driver: git\n",
        "      driver: git\n      unchecked: {\"\": x}\n",
        &["IllegalOption spec.connections.opendev.unchecked[\"\"]"],
    ),
    (
        "    root: https://zuul.example.org",
        "    root: https://zuul.example.org\n    unchecked: {Colour: red}",
        &["IllegalOption spec.web.unchecked.Colour"],
    ),
    // Pods.
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
        &["NoPort spec.web.livenessProbe"],
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
        &["PodClash spec.jobVolumes[1]"],
    ),
    (
        "  name: zuul\n  namespace: ci\nspec",
        "  name: zuul\n  namespace: ci\n  labels: {\"a b\": c}\nspec",
        &["KubernetesRefuses metadata.labels[\"a b\"]"],
    ),
    (
        "  scheduler:\n",
        "  zuulImageVersion: \"14 3\"\n  scheduler:\n",
        &["KubernetesRefuses spec.zuulImageVersion"],
    ),
    // Other objects.
    ("  nodepool.yaml: |", "  nodepol.yaml: |", &["ConfigMapKeyMissing spec.launcher.config"]),
    ("  main.yaml: |", "  mian.yaml: |", &["ConfigMapKeyMissing spec.scheduler.config"]),
    (
        "stringData:\n  dburi: mariadb",
        "data:\n  dburi: \"***\"\nstringData:\n  more: mariadb",
        &["BadBase64 data.dburi"],
    ),
    ("  nodepool.yaml: |", "  nodepool.yaml: 5\n  more: |", &["NotText data[\"nodepool.yaml\"]"]),
    (
        "    debug: true\n",
        "    config: {configMapName: logs, key: x.conf}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: logs, namespace: ci}\ndata: {x.conf: 'version: 1'}\n",
        &["LoggingFormat spec.logging.config"],
    ),
    (
        "    debug: true\n",
        "    config: logs\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: logs, namespace: ci}\ndata: {logging.yaml: '[loggers]'}\n",
        &["LoggingFormat spec.logging.config"],
    ),
    (
        "    debug: true\n",
        "    config: {configMapName: logs, key: x.conf}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: logs, namespace: ci}\ndata: {x.conf: '[loggers]'}\n",
        &[],
    ),
    // Rules.
    ("    config: nodepool\n", "    config: nodepool\n    count: 2\n", &["Rule spec.launcher"]),
];
