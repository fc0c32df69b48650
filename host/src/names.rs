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

/// The name of an object of a Zuul: `NAME-WHAT`, legal as a DNS label, unique and stable.
///
/// What is not legal is replaced, and what is too long is cut; then a hash of the whole is added,
/// so that two names never fall together.
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
    if legal == wanted && legal.len() <= LONGEST {
        return legal;
    }
    legal.truncate(LONGEST - 9);
    format!("{}-{}", legal.trim_end_matches('-'), short_hash(&[&wanted]))
}

/// The value of a label for any text: legal, unique and stable.
#[must_use]
pub fn label_value(text: &str) -> String {
    let legal: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    let ends = |c: Option<char>| c.is_none_or(|c| c.is_ascii_alphanumeric());
    if legal == text && legal.len() <= 63 && ends(legal.chars().next()) && ends(legal.chars().next_back()) {
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
        let made: std::collections::BTreeSet<String> =
            wanted.iter().map(|(zuul, what)| object(zuul, what)).collect();
        assert_eq!(made.len(), wanted.len());
        for name in made {
            assert!(name.len() <= LONGEST && is_subdomain(&name) && !name.contains('.'), "{name}");
            assert!(name.starts_with(|c: char| c.is_ascii_lowercase()), "{name}");
        }
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
