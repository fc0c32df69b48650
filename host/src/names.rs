//! Names: of components, and legal, stable, unique names for Kubernetes objects.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a Zuul is made of. The order is that of lists and tables shown to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Component {
    /// zuul-scheduler.
    Scheduler,
    /// zuul-executor.
    Executor,
    /// zuul-merger.
    Merger,
    /// zuul-web.
    Web,
    /// zuul-fingergw.
    Fingergw,
    /// zuul-launcher, which comes with Zuul.
    Launcher,
    /// nodepool-launcher, one a shard.
    NodepoolLauncher,
    /// nodepool-builder.
    NodepoolBuilder,
    /// zuul-preview.
    Preview,
    /// zuul-registry.
    Registry,
}

impl Component {
    /// All components, in order.
    pub const ALL: [Self; 10] = [
        Self::Scheduler,
        Self::Executor,
        Self::Merger,
        Self::Web,
        Self::Fingergw,
        Self::Launcher,
        Self::NodepoolLauncher,
        Self::NodepoolBuilder,
        Self::Preview,
        Self::Registry,
    ];

    /// The components that read a zuul.conf.
    pub const WITH_ZUUL_CONF: [Self; 6] =
        [Self::Scheduler, Self::Executor, Self::Merger, Self::Web, Self::Fingergw, Self::Launcher];

    /// The name in object names and labels: `scheduler`, `nodepool-launcher`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduler => "scheduler",
            Self::Executor => "executor",
            Self::Merger => "merger",
            Self::Web => "web",
            Self::Fingergw => "fingergw",
            Self::Launcher => "launcher",
            Self::NodepoolLauncher => "nodepool-launcher",
            Self::NodepoolBuilder => "nodepool-builder",
            Self::Preview => "preview",
            Self::Registry => "registry",
        }
    }
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The longest name of an object from which Kubernetes still makes legal labels and pod names: a
/// StatefulSet's controller appends a revision of eleven characters and uses it as a label.
pub const LONGEST: usize = 52;

/// The name of an object of a Zuul: `NAME-WHAT`, legal as a DNS label, stable, and no other object's: of no
/// two Zuuls in a namespace, whatever their names, either.
///
/// What is not legal is replaced, and what is too long is cut; then a hash is added. So it is where the name
/// could be read in another way: `zuul-nodepool` and its `launcher` would be `zuul` and its `nodepool-launcher`,
/// and a name that ends like a hash could be one.
#[must_use]
pub fn object(zuul: &str, what: &str) -> String {
    let wanted = format!("{zuul}-{what}");
    let mut legal: String = wanted
        .chars()
        .map(|c| c.to_ascii_lowercase())
        .map(|c| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '-' })
        .collect();
    if !legal.starts_with(|c: char| c.is_ascii_lowercase()) {
        legal.insert(0, 'z');
    }
    // Only such a word starts a `what`, so that one word of this kind shows where it starts.
    let is_clear = what.split('-').next().is_some_and(is_start) && !zuul.split('-').skip(1).any(is_start);
    if legal == wanted && legal.len() <= LONGEST && is_clear && !ends_in_hash(&legal) {
        return legal;
    }
    legal.truncate(LONGEST - 9);
    format!("{}-{}", legal.trim_end_matches('-'), short_hash(&[zuul, what]))
}

/// Whether an object's name may go on with this word after the name of its Zuul.
fn is_start(word: &str) -> bool {
    let first = |component: &Component| component.as_str().split('-').next() == Some(word);
    matches!(word, "clouds" | "database" | "keystore" | "zookeeper") || Component::ALL.iter().any(first)
}

fn ends_in_hash(text: &str) -> bool {
    let is_hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    text.rsplit('-').next().is_some_and(|last| last.len() == 8 && last.chars().all(is_hex))
}

/// The value of a label for any text: legal, unique and stable.
#[must_use]
pub fn label_value(text: &str) -> String {
    let legal: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    let ends = |c: Option<char>| c.is_none_or(|c| c.is_ascii_alphanumeric());
    let is_legal = legal == text && legal.len() <= 63;
    if is_legal && ends(legal.chars().next()) && ends(legal.chars().next_back()) && !ends_in_hash(text) {
        return legal;
    }
    let head: String = legal.trim_matches(|c: char| !c.is_ascii_alphanumeric()).chars().take(54).collect();
    format!("{head}{}{}", if head.is_empty() { "" } else { "-" }, short_hash(&[text]))
}

/// Whether Kubernetes takes it as the name of a Secret, a ConfigMap or a Zuul.
#[must_use]
pub fn is_subdomain(name: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

/// Whether it may be the name of a connection: it stands in URLs, paths and section headers.
#[must_use]
pub fn is_connection(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 63
        && !matches!(name, "." | "..")
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

/// Whether Python's configparser reads it back as this very key: it lower-cases keys, and ends them at `=`
/// or `:`.
#[must_use]
pub fn is_option(name: &str) -> bool {
    let is_odd = |c: char| c.is_control() || c.is_uppercase() || matches!(c, '=' | ':' | '[' | ']');
    !name.is_empty() && name == name.trim() && !name.starts_with(['#', ';']) && !name.contains(is_odd)
}

/// Eight hex digits of the sha256 of the parts.
fn short_hash(parts: &[&str]) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn legal_names_stay_as_they_are() {
        assert_eq!(object("zuul", "scheduler"), "zuul-scheduler");
    }

    /// Cases 6 and 44: capitals, underscores, 63 and 80 characters.
    #[test]
    fn other_names_are_made_legal_unique_and_short() {
        let wanted = [
            ("z".repeat(63), "executor".to_owned()),
            ("z".repeat(63), "merger".to_owned()),
            ("zuul".to_owned(), "nodepool-RegionOne".to_owned()),
            ("zuul".to_owned(), "nodepool-regionone_".to_owned()),
            ("zuul".to_owned(), format!("nodepool-{}", "p".repeat(80))),
            ("my.zuul".to_owned(), "web".to_owned()),
            ("9zuul".to_owned(), "web".to_owned()),
        ];
        let made: BTreeSet<String> = wanted.iter().map(|(zuul, what)| object(zuul, what)).collect();
        assert_eq!(made.len(), wanted.len());
        for name in made {
            assert!(name.len() <= LONGEST && is_subdomain(&name) && !name.contains('.'), "{name}");
            assert!(name.starts_with(|c: char| c.is_ascii_lowercase()), "{name}");
        }
    }

    /// Of Zuuls in one namespace whose names are those of parts of others.
    #[test]
    fn names_are_of_one_object_alone() {
        let mut zuuls: BTreeSet<String> = ["z", "zuul", "zuul-1", "1-zuul", "z.zuul", "web", "nodepool"]
            .into_iter()
            .chain([
                "zuul-nodepool",
                "zuul-nodepool-launcher",
                "zuul-nodepool-launcher-a",
                "zuul-web",
                "web-web",
            ])
            .map(str::to_owned)
            .collect();
        let mut whats: BTreeSet<String> = Component::ALL.iter().map(ToString::to_string).collect();
        for what in [
            "clouds",
            "database",
            "keystore",
            "zookeeper",
            "zookeeper-client",
            "registry-secret",
            "web-config",
        ] {
            whats.insert(what.to_owned());
        }
        for shard in ["a", "a-web", "web", "config", "A", "a.b", "launcher"] {
            whats.insert(format!("nodepool-launcher-{shard}"));
        }
        // What is made of the above, as the name of a Zuul and of a shard.
        for made in [object("zuul-nodepool", "launcher"), object("zuul.", "web"), "0123abcd".to_owned()] {
            whats.extend(made.strip_prefix("zuul-").map(str::to_owned));
            whats.extend(made.rsplit('-').next().map(|hash| format!("nodepool-launcher-{hash}")));
            zuuls.insert(made);
        }
        let mut made = BTreeMap::new();
        for (zuul, what) in zuuls.iter().flat_map(|zuul| whats.iter().map(move |what| (zuul, what))) {
            let name = object(zuul, what);
            assert!(name.len() <= LONGEST && is_subdomain(&name) && !name.contains('.'), "{name}");
            let before = made.insert(name.clone(), (zuul, what));
            assert_eq!(before, None, "{name} is {zuul}'s {what}, too");
        }
        let labels: BTreeSet<String> = zuuls.iter().map(|zuul| label_value(zuul)).collect();
        assert_eq!(labels.len(), zuuls.len());
        assert_ne!(label_value(&label_value("a/b")), label_value("a/b"));
    }

    #[test]
    fn label_values_are_legal() {
        assert_eq!(label_value("review.example.com"), "review.example.com");
        for text in ["", "a/b", "-a", "ü", &"x".repeat(80), "openstack/cloud/RegionOne"] {
            let value = label_value(text);
            assert!(value.len() <= 63, "{value}");
            assert!(
                value.is_empty() || value.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
            );
        }
    }
}
