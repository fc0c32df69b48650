//! What the codes of findings mean.

use zuul_plugin_sdk::CodeRow;

/// All codes, in the order of their names.
pub const ALL: &[CodeRow] = &[
    (
        "NodepoolAbstractDiskimage",
        "A provider or a label names a diskimage that is abstract, which is never built.",
    ),
    (
        "NodepoolBackingDiffers",
        "Labels that share one backing host slice it differently; Nodepool takes only one of them.",
    ),
    ("NodepoolBadKey", "A key of a mapping is itself a list or a mapping, which Nodepool cannot read."),
    ("NodepoolBadMerge", "A merge key `<<` has a value that cannot be merged."),
    (
        "NodepoolBadTag",
        "A YAML tag is one that Nodepool's safe loader refuses, or that changes what is read.",
    ),
    ("NodepoolBareIndicator", "A plain scalar begins with a character that YAML keeps for itself."),
    ("NodepoolCloudImageNotInProvider", "A label names a cloud-image that its provider does not list."),
    ("NodepoolControlCharacter", "The file has a character that PyYAML refuses to read."),
    ("NodepoolDedicatedHost", "A label or pool of dedicated hosts has a combination that Nodepool refuses."),
    ("NodepoolDiskimageNotInProvider", "A label names a diskimage that its provider does not list."),
    ("NodepoolDriverMissing", "A provider has no `driver`: Nodepool takes openstack."),
    ("NodepoolDuplicateDiskimage", "Two diskimages have one name; the later one wins without a word."),
    ("NodepoolDuplicateKey", "A mapping has a key twice; Nodepool takes the last one without a word."),
    ("NodepoolDuplicateLabel", "Two labels have one name; the later one wins without a word."),
    ("NodepoolDuplicatePool", "Two pools of a provider have one name; Nodepool keeps one of them."),
    ("NodepoolDuplicatePoolLabel", "A pool has a label twice; Nodepool keeps one of them."),
    ("NodepoolDuplicateProvider", "Two providers have one name; Nodepool keeps one of them."),
    ("NodepoolDuplicateTenant", "A tenant has two entries among tenant-resource-limits; the last one wins."),
    ("NodepoolEmptyName", "A provider's name is empty."),
    ("NodepoolLineEnd", "The file has a line end that YAML 1.1 and YAML 1.2 understand differently."),
    ("NodepoolMissing", "A key is missing without which Nodepool cannot load the file."),
    ("NodepoolMoreFindings", "There are more findings about the file than are shown."),
    ("NodepoolNegative", "A number is below zero where Nodepool counts."),
    (
        "NodepoolNoProviders",
        "The file has no provider: there is nothing to launch nodes with, and the launchers stay as they are.",
    ),
    ("NodepoolNoZooKeeper", "No ZooKeeper server is known, and every launcher needs one."),
    ("NodepoolNotMapping", "The file is no mapping at its outermost level."),
    ("NodepoolNotYaml", "The file is not YAML."),
    ("NodepoolOverwritten", "The operator writes this key itself; what stands in the file is not used."),
    ("NodepoolParentCircle", "Diskimages are one another's parents in a circle."),
    ("NodepoolRecursiveAlias", "An alias stands inside of the value that it repeats."),
    ("NodepoolSeveralDocuments", "The file has more than one YAML document; Nodepool reads one."),
    ("NodepoolTimeout", "zookeeper-timeout is a whole number or no number; Nodepool's check wants a float."),
    ("NodepoolTooDeep", "Values are nested more deeply than any Nodepool configuration."),
    (
        "NodepoolTooLarge",
        "The file, with its aliases written out or cut into launchers' files, is too large.",
    ),
    (
        "NodepoolUnknownDiskimage",
        "A provider names a diskimage that the file does not define; the launcher dies of it.",
    ),
    ("NodepoolUnknownDriver", "Nodepool 11 has no driver of this name."),
    ("NodepoolUnknownKey", "Nodepool 11 knows no such key at the outermost level of its file."),
    ("NodepoolUnknownLabel", "A pool serves a label that the file does not define; the launcher dies of it."),
    ("NodepoolUnknownParent", "A diskimage has a parent that the file does not define."),
    ("NodepoolUnservedBackingLabel", "A label is backed by one that its pool does not serve."),
    ("NodepoolUnservedLabel", "No pool serves this label: jobs that want it wait for ever."),
    ("NodepoolUnusedDiskimage", "No provider uses this diskimage, which is built all the same."),
    ("NodepoolWrongType", "A value has another type than the one that Nodepool reads there."),
];
