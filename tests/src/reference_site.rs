//! A site of any size, made from a seed: what speed is measured on.

use std::fmt::Write;

use crate::random::Random;

/// How large a site is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Connections, of all kinds.
    pub connections: usize,
    /// Nodepool's providers.
    pub providers: usize,
    /// Labels of nodes, each served by one provider at least.
    pub labels: usize,
    /// Zones that the providers are spread over.
    pub zones: usize,
}

/// The site that targets speak of.
pub const REFERENCE: Size = Size { connections: 20, providers: 50, labels: 500, zones: 3 };

impl Size {
    /// So many times as large.
    #[must_use]
    pub const fn times(self, factor: usize) -> Self {
        Self {
            connections: self.connections * factor,
            providers: self.providers * factor,
            labels: self.labels * factor,
            zones: self.zones,
        }
    }
}

/// Manifests of a whole site: the Zuul, its Secrets and its ConfigMaps. The same seed gives the same bytes.
#[must_use]
pub fn site(name: &str, size: Size, seed: u64) -> String {
    let mut random = Random::new(seed);
    let mut text = format!(
        "apiVersion: zuul-ci.org/v1alpha1\nkind: Zuul\nmetadata:\n  name: {name}\nspec:\n  \
         database: {{secretName: {name}-db}}\n  zookeeper: {{hosts: \"zk:2281\", secretName: {name}-zk}}\n  \
         scheduler: {{config: {name}-tenants, count: 2}}\n  executor: {{count: 6, sshkey: {{secretName: {name}-ssh}}}}\n  \
         merger: {{count: 4}}\n  web: {{count: 2, root: \"https://zuul.example.org\"}}\n  fingergw: {{}}\n  \
         launcher: {{config: {name}-nodepool, shardBy: provider}}\n  builder: {{}}\n  connections:\n"
    );
    let mut secrets = String::new();
    for number in 0..size.connections {
        connection(&mut text, &mut secrets, name, number, &mut random);
    }
    secret(&mut secrets, &format!("{name}-db"), &["dburi"]);
    secret(&mut secrets, &format!("{name}-zk"), &["ca.crt", "tls.crt", "tls.key"]);
    secret(&mut secrets, &format!("{name}-ssh"), &["sshkey"]);
    config_map(&mut secrets, &format!("{name}-tenants"), "main.yaml", "- tenant:\n    name: one\n");
    config_map(&mut secrets, &format!("{name}-nodepool"), "nodepool.yaml", &nodepool(size, &mut random));
    text + &secrets
}

fn connection(text: &mut String, secrets: &mut String, name: &str, number: usize, random: &mut Random) {
    let key = format!("{name}-c{number}");
    let host = format!("host{}.example.org", random.below(1000));
    let _ = match number % 5 {
        0 | 1 => write!(
            text,
            "    gerrit{number}:\n      driver: gerrit\n      server: {host}\n      user: zuul\n      \
             sshkey: {{secretName: {key}}}\n      password: {{secretName: {key}}}\n      keepalive: {}\n",
            random.below(600)
        ),
        2 => write!(
            text,
            "    github{number}:\n      driver: github\n      app_id: {}\n      app_key: {{secretName: {key}}}\n      \
             webhook_token: {{secretName: {key}}}\n",
            random.below(100_000)
        ),
        3 => write!(
            text,
            "    git{number}:\n      driver: git\n      baseurl: https://{host}\n      poll_delay: {}\n",
            random.below(7200)
        ),
        _ => write!(
            text,
            "    smtp{number}:\n      driver: smtp\n      server: {host}\n      user: zuul\n      \
             password: {{secretName: {key}}}\n      use_starttls: true\n"
        ),
    };
    secret(secrets, &key, &["sshkey", "password", "app_key", "webhook_token"]);
}

fn secret(text: &mut String, name: &str, keys: &[&str]) {
    let _ = write!(text, "---\napiVersion: v1\nkind: Secret\nmetadata: {{name: {name}}}\nstringData:\n");
    for key in keys {
        let _ = writeln!(text, "  {key}: \"secret\"");
    }
}

fn config_map(text: &mut String, name: &str, key: &str, content: &str) {
    let _ =
        write!(text, "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata:\n  {key}: |\n");
    for line in content.lines() {
        let _ = writeln!(text, "    {line}");
    }
}

/// A nodepool.yaml of this size, as people write it: each label of a pool has the usual eight lines.
#[must_use]
pub fn nodepool(size: Size, random: &mut Random) -> String {
    let mut yaml = String::from("labels:\n");
    for label in 0..size.labels {
        let _ = writeln!(yaml, "  - name: label-{label}\n    min-ready: {}", random.below(3));
    }
    yaml.push_str(
        "diskimages:\n  - name: debian\n    elements: [debian-minimal, vm, simple-init]\n    release: trixie\nproviders:\n",
    );
    let each = size.labels.div_ceil(size.providers.max(1));
    for provider in 0..size.providers {
        let zone = provider % size.zones.max(1);
        let _ = write!(
            yaml,
            "  - name: provider-{provider}\n    driver: openstack\n    cloud: cloud-{provider}\n    \
             region-name: zone-{zone}\n    diskimages:\n      - name: debian\n        config-drive: true\n    \
             pools:\n      - name: main\n        max-servers: {}\n        labels:\n",
            random.below(200)
        );
        for label in (provider * each..(provider + 1) * each).filter(|label| *label < size.labels) {
            let _ = write!(
                yaml,
                "          - name: label-{label}\n            diskimage: debian\n            min-ram: 8192\n            \
                 flavor-name: 'standard.{}'\n            boot-from-volume: true\n            volume-size: 80\n            \
                 instance-properties:\n              owner: \"team {}\"\n",
                random.below(20),
                random.below(50)
            );
        }
    }
    yaml
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_one_site() {
        let small = Size { connections: 5, providers: 2, labels: 7, zones: 2 };
        assert_eq!(site("a", small, 1), site("a", small, 1));
        assert_ne!(site("a", small, 1), site("a", small, 2));
        assert_eq!(nodepool(small, &mut Random::new(1)).matches("min-ram").count(), 7);
    }
}
