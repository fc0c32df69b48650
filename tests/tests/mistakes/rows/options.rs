//! The object: structure, options and references.

use super::Row;

pub const ROWS: &[Row] = &[
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
    (
        "    secretName: zuul-database",
        "    secretName: zuul-database\n    pool_recycle: 60",
        &["UnknownField spec.database.pool_recycle"],
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
    // Bounds beyond which Zuul does nothing, or nothing else.
    ("    count: 6", "    count: 6\n    load_multiplier: 0", &["WrongType spec.executor.load_multiplier"]),
    (
        "    count: 6",
        "    count: 6\n    max_starting_builds: 0",
        &["WrongType spec.executor.max_starting_builds"],
    ),
    ("    count: 6", "    count: 6\n    min_avail_mem: 200", &["WrongType spec.executor.min_avail_mem"]),
    (
        "      driver: git\n",
        "      driver: git\n      poll_delay: -1\n",
        &["WrongType spec.connections.opendev.poll_delay"],
    ),
    // Forced options.
    (
        "      server: review.example.org",
        "      unchecked: {server: \"https://review.example.org\"}",
        &["HostNameIsUrl spec.connections[\"review.example.org\"].unchecked.server"],
    ),
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
    (
        "    relative_priority: true",
        "    unchecked: {foo: \"a\\nb\"}",
        &["IniValue spec.scheduler.unchecked.foo"],
    ),
    (
        "      driver: git\n      baseurl: https://opendev.org",
        "      driver: openstack\n      cloud: nowhere",
        &[
            "CloudMissing spec.connections.opendev.cloud",
            "TenantSource data[\"main.yaml\"][0].tenant.source.opendev",
        ],
    ),
    (
        "      driver: git\n      baseurl: https://opendev.org",
        "      driver: elasticsearch\n      uri: zuul:word@opendev.org",
        &[
            "PlainSecret spec.connections.opendev.uri",
            "TenantSource data[\"main.yaml\"][0].tenant.source.opendev",
        ],
    ),
    (
        "      driver: git\n      baseurl: https://opendev.org",
        "      driver: gitlab\n      cloneurl: ssh://git@opendev.org\n      sshkey: {secretName: gerrit}\n      \
         api_token: {secretName: github, key: webhook_token}\n      webhook_token: {secretName: github}",
        &[],
    ),
    (
        "    opendev:\n",
        "    database:\n",
        &[
            "IllegalName spec.connections.database",
            "TenantSource data[\"main.yaml\"][0].tenant.source.opendev",
        ],
    ),
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
];
