//! The tables of fields: of volumes, containers, probes and affinity.

use super::syntax;
use super::table::{Row, Rule};

use Rule::{Fields, Needs, OneField, OneOf, Range, Text};

/// Permissions of a file.
const MODE: Rule = Range(0, 0o777);
/// A file in a volume.
const FILE: Rule = Text(syntax::file);
/// Where a value of the pod's own comes from.
const DOWNWARD: Rule = OneField(&["fieldRef", "resourceFieldRef"]);

/// Of a volume. Kubelet alone refuses a medium that it does not know.
pub const VOLUME: &[Row] = &[
    ("hostPath", Needs("path")),
    ("hostPath.path", Text(syntax::without_backsteps)),
    (
        "hostPath.type",
        OneOf(&[
            "DirectoryOrCreate",
            "Directory",
            "FileOrCreate",
            "File",
            "Socket",
            "CharDevice",
            "BlockDevice",
        ]),
    ),
    ("emptyDir.medium", Text(syntax::medium)),
    ("emptyDir.sizeLimit", Text(syntax::size)),
    ("persistentVolumeClaim", Needs("claimName")),
    ("csi", Needs("driver")),
    ("nfs", Needs("server")),
    ("nfs.path", Text(syntax::absolute)),
    ("ephemeral", Needs("volumeClaimTemplate")),
    ("secret", Needs("secretName")),
    ("secret.defaultMode", MODE),
    ("secret.items[].mode", MODE),
    ("secret.items[].path", FILE),
    ("configMap", Needs("name")),
    ("configMap.defaultMode", MODE),
    ("configMap.items[].mode", MODE),
    ("configMap.items[].path", FILE),
    ("downwardAPI.defaultMode", MODE),
    ("downwardAPI.items[]", DOWNWARD),
    ("downwardAPI.items[].mode", MODE),
    ("downwardAPI.items[].path", FILE),
    ("downwardAPI.items[].fieldRef.fieldPath", Text(syntax::field_of_volume)),
    ("downwardAPI.items[].resourceFieldRef", Needs("containerName")),
    ("downwardAPI.items[].resourceFieldRef.resource", Text(syntax::resource_field)),
    ("projected.defaultMode", MODE),
    ("projected.sources[]", Fields),
    ("projected.sources[].secret", Needs("name")),
    ("projected.sources[].configMap", Needs("name")),
    ("projected.sources[].secret.items[].mode", MODE),
    ("projected.sources[].secret.items[].path", FILE),
    ("projected.sources[].configMap.items[].mode", MODE),
    ("projected.sources[].configMap.items[].path", FILE),
    ("projected.sources[].downwardAPI.items[]", DOWNWARD),
    ("projected.sources[].downwardAPI.items[].mode", MODE),
    ("projected.sources[].downwardAPI.items[].path", FILE),
    ("projected.sources[].downwardAPI.items[].fieldRef.fieldPath", Text(syntax::field_of_volume)),
    ("projected.sources[].downwardAPI.items[].resourceFieldRef", Needs("containerName")),
    ("projected.sources[].downwardAPI.items[].resourceFieldRef.resource", Text(syntax::resource_field)),
    ("projected.sources[].serviceAccountToken", Needs("path")),
    ("projected.sources[].serviceAccountToken.expirationSeconds", Range(600, 1 << 32)),
];

/// Of variables.
pub const ENV: &[Row] = &[
    ("[].valueFrom.fieldRef.fieldPath", Text(syntax::field_of_variable)),
    ("[].valueFrom.resourceFieldRef.resource", Text(syntax::resource_field)),
];

/// Of a container, its variables and probes aside. Since 1.34 each has a policy of its own.
pub const CONTAINER: &[Row] = &[
    ("imagePullPolicy", OneOf(&["Always", "IfNotPresent", "Never"])),
    ("restartPolicy", OneOf(&["Always", "OnFailure", "Never"])),
    ("ports[].name", Text(syntax::port_name)),
    ("ports[].protocol", OneOf(&["TCP", "UDP", "SCTP"])),
    ("ports[].hostPort", Range(0, 65535)),
    ("envFrom[]", OneField(&["configMapRef", "secretRef"])),
];

/// Of a probe.
pub const PROBE: &[Row] = &[("httpGet.scheme", OneOf(&["HTTP", "HTTPS"]))];

/// Of a mount.
pub const MOUNTS: &[Row] = &[
    ("[].mountPropagation", OneOf(&["None", "HostToContainer", "Bidirectional"])),
    ("[].recursiveReadOnly", OneOf(&["Disabled", "IfPossible", "Enabled"])),
    ("[].subPathExpr", Text(syntax::below)),
];

const OF_NODES: Rule = OneOf(&["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]);
const OF_NODE_FIELDS: Rule = OneOf(&["In", "NotIn"]);
const OF_PODS: Rule = OneOf(&["In", "NotIn", "Exists", "DoesNotExist"]);

/// Of affinity.
pub const AFFINITY: &[Row] = &[
    (
        "nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[].matchExpressions[].operator",
        OF_NODES,
    ),
    (
        "nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[].matchFields[].operator",
        OF_NODE_FIELDS,
    ),
    (
        "nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[].preference.matchExpressions[].operator",
        OF_NODES,
    ),
    (
        "nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[].preference.matchFields[].operator",
        OF_NODE_FIELDS,
    ),
    (
        "podAffinity.requiredDuringSchedulingIgnoredDuringExecution[].labelSelector.matchExpressions[].operator",
        OF_PODS,
    ),
    (
        "podAffinity.preferredDuringSchedulingIgnoredDuringExecution[].podAffinityTerm.labelSelector.matchExpressions[].operator",
        OF_PODS,
    ),
    (
        "podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[].labelSelector.matchExpressions[].operator",
        OF_PODS,
    ),
    (
        "podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[].podAffinityTerm.labelSelector.matchExpressions[].operator",
        OF_PODS,
    ),
];
