//! What the codes of the host's own findings mean.

use super::{Kind, Topic};
use crate::contract::{PluginFailure, Plugins};

/// All codes, in the order of their names. A test compares them with the source, both ways.
const ALL: &[(&str, &str)] = &[
    ("BadBase64", "A value below a Secret's `data` is not base64."),
    ("BadKey", "A key of a YAML mapping is too long to be one."),
    ("BadMerge", "A merge key `<<` has a value that cannot be merged."),
    ("BadName", "The name or namespace of an object is no text."),
    ("BadTag", "A YAML tag says what the value is not, or is one that PyYAML does not know."),
    ("CloudMissing", "clouds.yaml does not have the cloud that a connection names."),
    ("CloudsFile", "An environment variable names another clouds file, of which openstacksdk makes nothing."),
    (
        "CloudsFrozen",
        "The Secret with clouds.yaml was not given: what scheduler and web get of it cannot be shown.",
    ),
    ("CloudsYaml", "The clouds.yaml in a Secret cannot be read."),
    ("ConfigMapKeyMissing", "A ConfigMap that is referred to lacks the key."),
    ("ConfigMapMissing", "A ConfigMap that is referred to does not exist."),
    (
        "ConfigMapNotGiven",
        "A ConfigMap that is referred to is not among the given files, so it was not checked.",
    ),
    ("ConnectionNeeded", "A draft of providers uses a connection that the Zuul object has to have."),
    ("ControlCharacter", "A file has a character that YAML does not allow."),
    ("CyclicAlias", "A YAML alias stands inside of the value that it repeats."),
    ("DatabaseDriver", "The database's URI names a driver that Zuul's images do not have."),
    ("DatabaseUri", "The database's URI is taken apart otherwise than it was meant, or names no database."),
    ("Deprecated", "An option is deprecated; the cure says what replaces it."),
    ("DriverTypo", "No plugin knows a connection's driver, and its name is near to one that is known."),
    ("DriverWithoutConnections", "This driver of Zuul's takes no connections: Zuul would not start."),
    ("DuplicateKey", "A mapping has a key twice; kubectl would silently take the last one."),
    ("DuplicateName", "Two volumes for jobs have one name and are not the same."),
    ("DuplicateObject", "An object of this kind and name is there twice."),
    ("DuplicateOption", "An option stands beside `unchecked` and in it."),
    ("DuplicateVariable", "An environment variable is there twice; the last one wins without a word."),
    ("EmptyOption", "An option is empty text, which Zuul would take for a value; it is left out."),
    ("FieldWithoutEffect", "A field does nothing for this component."),
    ("FolderMissing", "A folder has to be there when the executor starts, and nobody makes it."),
    ("ForcedOption", "A driver cannot do with what stands in `unchecked`."),
    (
        "FromEnvironment",
        "A value of nodepool.yaml comes from Nodepool's environment, which a draft of providers cannot know.",
    ),
    ("GeneratedSecret", "`--with-secrets` made a Secret with a random value, which has to be kept."),
    ("HomeChanged", "HOME is set, in place of the operator's, below which components write."),
    ("IgnoredObject", "An object of another kind is among the files; it is not read."),
    ("IllegalKey", "A key of a Secret or ConfigMap is not legal in Kubernetes."),
    ("IllegalName", "A name is not legal where it stands."),
    ("IllegalOption", "This cannot be the name of an option of zuul.conf."),
    ("ImageJobNeeded", "Zuul builds an image in a job, which a draft of providers does not have."),
    ("ImagesNeedSpace", "The images of nodepool.yaml hardly fit on the builders' disk."),
    ("IniOption", "An option's name cannot be written into zuul.conf."),
    ("IniSection", "A section's name cannot be written into zuul.conf."),
    (
        "IniValue",
        "A value cannot be written into zuul.conf so that Zuul reads back the same: line breaks, control characters, blanks at an end.",
    ),
    ("JobPath", "Jobs cannot have this path: it is the executor's, the image's or no plain path."),
    (
        "KeyWithoutNewline",
        "A private key in a Secret does not end with a newline: ssh cannot read it, and every job fails.",
    ),
    ("KeysNotKnown", "A Secret whose keys are options was not given: what is shown is incomplete."),
    ("KubernetesRefuses", "Kubernetes would refuse the pods, or not run them, with this value."),
    ("LabelDiffers", "A label has another image or flavor in one provider of a draft than elsewhere."),
    ("LabelLeftOut", "A label of nodepool.yaml is not in the draft, as no provider of it serves the label."),
    ("LoggingConfig", "Python does not take the logging configuration, or most loggers would be silent."),
    ("LoggingFormat", "A logging configuration is not what the end of its name says."),
    ("LookForSecrets", "A text of nodepool.yaml that may hold secrets is copied into a draft of providers."),
    ("ManagedDatabase", "There is no section database: its URI is expected from another operator."),
    ("ManagedZookeeper", "There is no section zookeeper: it is expected from another operator."),
    ("MissingName", "A Secret or ConfigMap has no name."),
    ("NameTaken", "A Secret or ConfigMap of the user's has the name of one that the operator would write."),
    ("NeedsRoot", "An option needs a container that runs as root."),
    ("NoClouds", "There is no clouds.yaml for a connection that names a cloud."),
    (
        "NoEffect",
        "Something is carried into a draft of providers, and this version of Zuul does nothing with it.",
    ),
    ("NoExecutorKey", "The executor has no private key: every job will fail."),
    ("NoKubeconfig", "A kubernetes connection has no kubeconfig, and pods have no service account token."),
    ("NoMerger", "Nobody merges, and the scheduler is not ready before someone did."),
    ("NoName", "The Zuul has no name."),
    ("NoNodepoolConfig", "There is no nodepool.yaml: no launcher, or nothing to build."),
    ("NoPort", "A probe or a Service names a port that its container does not have."),
    ("NoRegistryUsers", "The registry has no users: no job can push to it."),
    ("NoScheduler", "There is no scheduler, without which a Zuul does nothing."),
    ("NoTenantConfig", "There is no tenant configuration: no scheduler is started."),
    ("NoVolume", "A container mounts a volume that its pod does not have."),
    ("NoWeb", "There is a preview without a web server, which it asks for builds."),
    ("NoZuul", "No Zuul object is in the given files."),
    ("NodeDiffers", "Two static nodes of a label differ in what Zuul takes from the label."),
    ("NodepoolFrozen", "nodepool.yaml is missing or empty: what is made of it stays as it is."),
    ("NodepoolUnknownDriver", "Nodepool 11 has no driver of this name."),
    ("NodepoolYaml", "A nodepool.yaml in a Secret cannot be cut."),
    ("NotAMapping", "`data` or `stringData` of a Secret or ConfigMap is no mapping."),
    ("NotAnObject", "A document is no Kubernetes object."),
    ("NotCarried", "A draft of providers has nothing for this part of nodepool.yaml; the message says why."),
    ("NotFinite", "A number is infinite or none, which JSON cannot carry."),
    ("NotNodepool", "The file is no nodepool.yaml."),
    ("NotText", "A value of a Secret or ConfigMap is not text."),
    ("NotUtf8", "A file is not UTF-8."),
    ("NotUtf8Text", "A file in a Secret is to be text, and is not UTF-8."),
    ("NotWritable", "A component has to write to a folder that its pods cannot write to."),
    ("NotYaml", "A file in a ConfigMap or a Secret is to be YAML, and is none."),
    ("OptionNotSeen", "An option that the operator has to see comes from a Secret, or is no text."),
    ("OutOfBounds", "A value is outside of the schema's bounds: the API server refuses it."),
    ("OwnedByOperator", "The operator sets this option itself."),
    ("PatchRemoves", "A patch tries to remove something, which it cannot."),
    ("PlainSecret", "A secret stands in the object itself, for everyone who may read it."),
    ("PluginBadAnswer", "A plugin's answer breaks a rule of its world."),
    ("PluginBusy", "Too many calls of plugins were waiting already."),
    ("PluginClaimed", "Two ConfigMaps claim one name for a plugin; neither changes anything."),
    ("PluginCompileFailed", "A plugin could not be compiled within the limits."),
    ("PluginConflict", "Two plugins serve the same; the first by name is used."),
    ("PluginDeadlineExceeded", "A plugin ran longer than its deadline."),
    ("PluginDigest", "A plugin in a ConfigMap has another sha256 than the annotation says."),
    ("PluginFolder", "The folder of plugins cannot be read."),
    ("PluginForeignImport", "A plugin imports something other than `log`."),
    ("PluginForgedReference", "A plugin placed a secret that it was not given."),
    ("PluginForm", "A ConfigMap of a plugin is not as it must be."),
    ("PluginInputTooLarge", "A request is larger than a plugin may be given."),
    ("PluginMissing", "No plugin serves this."),
    ("PluginNotAComponent", "A plugin is not a component, or a damaged one."),
    ("PluginNotKept", "A plugin is good, and the copy from which it would serve cannot be written."),
    ("PluginOutOfFuel", "A plugin used up its instructions."),
    ("PluginOutOfMemory", "A plugin wanted more memory than it may have."),
    ("PluginOutputTooLarge", "A plugin answered more than it may."),
    ("PluginPanicked", "A plugin panicked; the message is its own."),
    ("PluginRefused", "A plugin is not used; the message has the reason."),
    ("PluginReplaced", "A plugin serves instead of a built-in one, or of one from a less near place."),
    (
        "PluginServesLess",
        "A plugin in a ConfigMap does not serve what the one in its place serves; that one serves on.",
    ),
    ("PluginStackOverflow", "A plugin recursed too deeply."),
    (
        "PluginSuspended",
        "A plugin was stopped too often for the same request, and is not called for it for a while.",
    ),
    ("PluginTableTooLarge", "A plugin wanted a larger table than it may have."),
    ("PluginTooLarge", "A plugin is larger than a component may be."),
    ("PluginTrapped", "A plugin trapped for another reason."),
    ("PluginWithdrawn", "The ConfigMap of a plugin was deleted; the accepted copy serves on."),
    ("PluginWrongVersion", "A plugin is of a world in a version that this operator does not speak."),
    ("PluginWrongWorld", "A plugin exports none of the known worlds."),
    ("PodClash", "A name or path of a pod is used twice, by the user and the operator maybe."),
    ("RegistryDisks", "Several pods of the registry have a disk each, and different images."),
    ("RequiredField", "A field is missing that the schema requires."),
    ("RequiredOption", "An option is missing without which Zuul cannot use the section."),
    ("ReservedName", "A volume has the name of one of the operator's."),
    ("Rule", "A rule of the schema is broken: the API server refuses the object with the same message."),
    ("SecretEmpty", "A value in a Secret is empty: it is checked as if it had one."),
    ("SecretKeyIgnored", "A key of a connection's Secret is no option, but a field of the object."),
    ("SecretKeyMissing", "A Secret that is referred to lacks the key."),
    ("SecretMissing", "A Secret that is referred to does not exist."),
    ("SecretNotGiven", "A Secret that is referred to is not among the given files, so it was not checked."),
    ("SecretNotText", "A secret that is to be written into a text file is not UTF-8."),
    (
        "SecureDiskimage",
        "secure.conf names a diskimage that nodepool.yaml does not have: the builder dies of it.",
    ),
    ("TenantSource", "A tenant takes projects from a connection that there is not, or that is no source."),
    ("TenantsFile", "The tenants' file has another shape than Zuul's scheduler takes."),
    ("ToBeFilledIn", "A draft of providers has a placeholder where nodepool.yaml does not say enough."),
    ("TooDeep", "YAML is nested more deeply than any Kubernetes object."),
    ("TooLarge", "There is more in a file, or in a Zuul, than is looked at."),
    ("TooManyFindings", "There are more findings than are kept."),
    ("TooManyZuuls", "There are more Zuul objects than are planned in one go."),
    ("Undecodable", "The object fits the schema, and cannot be read all the same."),
    ("UnknownAnchor", "A YAML alias has no anchor."),
    ("UnknownField", "There is no field of this name; the API server would drop it without a word."),
    (
        "UnknownOption",
        "The driver or section has no option of this name; Zuul would ignore it without a word.",
    ),
    ("UnknownReference", "A nodepool.yaml names something that it does not have."),
    ("UnlistedLabel", "A pool of nodepool.yaml serves a label that is not among the labels at its top."),
    ("UnquotedNumber", "A text is written as a number without quotes, and loses digits."),
    ("Unreachable", "A component would listen where its Service does not reach it."),
    ("UnsupportedVersion", "A Zuul object is of another API version."),
    ("Unwritable", "A file cannot be written; this is a mistake of the operator."),
    ("VersionDowngrade", "The wanted version of Zuul is older than the one that runs."),
    (
        "VersionSkipped",
        "Between the version of Zuul that runs and the wanted one a major version is left out.",
    ),
    ("WrongType", "A value has another type than the one that is read there."),
    ("Yaml11Boolean", "A word such as `yes` is text to some readers of YAML and a boolean to others."),
    ("YamlSyntax", "A file is not YAML."),
    ("ZoneWithoutNodes", "Executors serve a zone alone, and no pool has nodes in it."),
    ("ZookeeperHosts", "`zookeeper.hosts` is not what Zuul can use."),
    (
        "ZuulVariable",
        "An environment variable starts with ZUUL_: Zuul copies it into every section of its configuration.",
    ),
];

/// The host's codes and those of the plugins.
pub fn findings(plugins: &dyn Plugins) -> Result<Topic, PluginFailure> {
    let mut group =
        Topic::new("findings", Kind::Group, "Codes of findings. Each finding says itself what to do.");
    let own = ALL.iter().map(|(code, summary)| Topic::new(code, Kind::Finding, summary));
    group.topics = own.collect();
    for info in plugins.codes()? {
        // Plugins may use a code of the host's for the same thing.
        if ALL.binary_search_by_key(&info.code.as_str(), |(code, _)| code).is_err() {
            group.topics.push(Topic::new(&info.code, Kind::Finding, &info.summary));
        }
    }
    group.topics.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(group)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_order_and_summaries_are_sentences() {
        assert!(ALL.is_sorted_by(|a, b| a.0 < b.0));
        assert!(ALL.iter().all(|(_, summary)| summary.ends_with('.')));
    }
}
