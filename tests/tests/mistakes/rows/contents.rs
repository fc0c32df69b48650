//! Other objects: what is missing in them, and what is wrong in their files.

use super::Row;

pub const ROWS: &[Row] = &[
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
    (
        "    debug: true\n",
        "    config: logs\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: logs, namespace: ci}\ndata: {logging.yaml: 'version: 2'}\n",
        &[
            "LoggingConfig data[\"logging.yaml\"].disable_existing_loggers",
            "LoggingConfig data[\"logging.yaml\"].version",
        ],
    ),
    // What is in them.
    ("          github:\n", "          github: !unsafe\n", &["NotYaml data[\"main.yaml\"]"]),
    ("  dburi: mariadb+pymysql://", "  dburi: mariadb+pymysql://a@b@", &["DatabaseUri stringData.dburi"]),
    ("  sshkey: |\n", "  sshkey: |-\n", &["KeyWithoutNewline stringData.sshkey"]),
    ("  dburi: mariadb+pymysql://", "  dburi: mysql://", &["DatabaseDriver stringData.dburi"]),
    ("  dburi: mariadb+pymysql://", "  dburi: mariadb+pymysql:/", &["DatabaseDriver stringData.dburi"]),
    ("  dburi: mariadb", "  dburi: \"\"\n  more: mariadb", &["SecretEmpty stringData.dburi"]),
    ("  http_password: ", "  http_password: \"a\\nb\"\n  more: ", &["IniValue stringData.http_password"]),
    ("  main.yaml: |\n", "  main.yaml: |\n    a: b: c\n", &["NotYaml data[\"main.yaml\"]"]),
    ("  main.yaml: |\n", "  main.yaml: |\n    a: b\n    ---\n", &["NotYaml data[\"main.yaml\"]"]),
    ("  main.yaml: |\n", "  main.yaml: |\n    - {<<: x}\n", &["NotYaml data[\"main.yaml\"]"]),
    ("  main.yaml: |\n", "  main.yaml: |\n    - &a [*a]\n", &["CyclicAlias data[\"main.yaml\"]"]),
    (
        "          github:\n",
        "          gihtub:\n",
        &["TenantSource data[\"main.yaml\"][0].tenant.source.gihtub"],
    ),
    ("          github:\n", "          mail:\n", &["TenantSource data[\"main.yaml\"][0].tenant.source.mail"]),
    ("    allow_unzoned: true\n", "", &["ZoneWithoutNodes data[\"nodepool.yaml\"].providers"]),
    (
        "    storageSize: 500Gi\n",
        "    storageSize: 2Gi\n",
        &["ImagesNeedSpace data[\"nodepool.yaml\"].diskimages"],
    ),
    // Rules.
    ("    config: nodepool\n", "    config: nodepool\n    count: 2\n", &["Rule spec.launcher"]),
];
