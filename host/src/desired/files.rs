//! The files that pods read: each pod has exactly those that its component uses.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    ConfigMapProjection, ConfigMapVolumeSource, KeyToPath, ProjectedVolumeSource, SecretProjection,
    SecretVolumeSource, Volume, VolumeMount, VolumeProjection,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::causes::{Causes, digest};
use super::context::Context;
use crate::validate::ConfigFile;

/// Readable for the group that Kubernetes gives the files (fsGroup); ssh refuses keys that others can
/// read.
const MODE: i32 = 0o440;

/// The input that is cut by its sections.
pub const ZUUL_CONF: &str = "zuul.conf";

/// Files of one pod, and what of them makes it restart.
#[derive(Default)]
pub struct Files {
    /// `(is Secret, name)` → key and path below the folder.
    sources: BTreeMap<(bool, String), Vec<(String, String)>>,
    /// Whole objects, each with a folder of its own.
    folders: Vec<(ConfigFile, String)>,
    /// What the hash is made of.
    inputs: BTreeMap<String, Value>,
    /// What is read again when the running pods are told so.
    reloads: BTreeMap<String, Value>,
}

impl Files {
    /// A key of a Secret, as the file `path` below the folder. The pod restarts when it changes.
    pub fn secret(&mut self, context: &Context<'_>, name: &str, key: &str, path: &str) {
        self.uses(context, true, name);
        self.live(&ConfigFile { is_secret: true, name: name.to_owned(), key: key.to_owned() }, path);
    }

    /// A file of the user's. The pod restarts when it changes.
    pub fn file(&mut self, context: &Context<'_>, file: &ConfigFile, path: &str) {
        self.uses(context, file.is_secret, &file.name);
        self.live(file, path);
    }

    /// A file that is read again and again: its change restarts nothing.
    pub fn live(&mut self, file: &ConfigFile, path: &str) {
        let items = self.sources.entry((file.is_secret, file.name.clone())).or_default();
        items.push((file.key.clone(), path.to_owned()));
    }

    /// All keys of an object, in a folder of their own. Running pods are to be told when it changes.
    pub fn reloaded_folder(&mut self, context: &Context<'_>, file: &ConfigFile, folder: &str) {
        if let Some((object, version)) = version(context, file.is_secret, &file.name) {
            self.reloads.insert(object, version);
        }
        self.folders.push((file.clone(), folder.to_owned()));
    }

    /// All keys of a Secret, in a folder of their own. The pod restarts when it changes.
    pub fn secret_folder(&mut self, context: &Context<'_>, name: &str, folder: &str) {
        self.uses(context, true, name);
        let file = ConfigFile { is_secret: true, name: name.to_owned(), key: String::new() };
        self.folders.push((file, folder.to_owned()));
    }

    /// Something else that makes the pod restart when it changes.
    pub fn input(&mut self, name: &str, value: Value) {
        self.inputs.insert(name.to_owned(), value);
    }

    /// A Secret or ConfigMap that the pod has otherwise than as a file of these. The pod restarts when it changes,
    /// and when it comes to be there.
    pub fn uses(&mut self, context: &Context<'_>, is_secret: bool, name: &str) {
        self.inputs.extend(version(context, is_secret, name));
    }

    /// The inputs by name, each section of zuul.conf being one.
    pub fn causes(&self) -> Causes {
        let mut restart = BTreeMap::new();
        for (name, value) in &self.inputs {
            match value.as_array().filter(|_| name == ZUUL_CONF) {
                Some(sections) => restart.extend(sections.iter().map(|section| {
                    let title = section["header"].as_str().unwrap_or_default();
                    (format!("{ZUUL_CONF} [{title}]"), digest(section))
                })),
                None => drop(restart.insert(name.clone(), digest(value))),
            }
        }
        let reload = self.reloads.iter().map(|(name, value)| (name.clone(), digest(value))).collect();
        Causes { restart, reload }
    }

    /// sha256 of everything that makes the pod restart. It holds references and versions, no secret.
    pub fn hash(&self) -> String {
        let sources: Vec<_> = self.sources.iter().collect();
        let folders: Vec<_> = self.folders.iter().map(|(file, folder)| (&file.name, folder)).collect();
        let text = json!({"inputs": self.inputs, "sources": sources, "folders": folders}).to_string();
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The volumes, and where they are mounted; `folder` is that of the single files.
    pub fn volumes(&self, folder: &str) -> (Vec<Volume>, Vec<VolumeMount>) {
        let (mut volumes, mut mounts) = (Vec::new(), Vec::new());
        if !self.sources.is_empty() {
            volumes.push(self.projected());
            mounts.push(mount("config", folder));
        }
        for (index, (file, folder)) in self.folders.iter().enumerate() {
            let name = format!("config-{index}");
            mounts.push(mount(&name, folder));
            volumes.push(whole(name, file));
        }
        (volumes, mounts)
    }

    /// One volume for all single files: it follows changes, which a subPath never does.
    fn projected(&self) -> Volume {
        let sources = self.sources.iter().map(|((is_secret, name), items)| {
            let items = items.iter().map(|(key, path)| KeyToPath {
                key: key.clone(),
                path: path.clone(),
                ..KeyToPath::default()
            });
            let (name, items) = (name.clone(), Some(items.collect()));
            match is_secret {
                true => VolumeProjection {
                    secret: Some(SecretProjection { name, items, optional: None }),
                    ..VolumeProjection::default()
                },
                false => VolumeProjection {
                    config_map: Some(ConfigMapProjection { name, items, optional: None }),
                    ..VolumeProjection::default()
                },
            }
        });
        Volume {
            name: "config".to_owned(),
            projected: Some(ProjectedVolumeSource {
                default_mode: Some(MODE),
                sources: Some(sources.collect()),
            }),
            ..Volume::default()
        }
    }
}

/// The version of an object of the user's, if it has one.
fn version(context: &Context<'_>, is_secret: bool, name: &str) -> Option<(String, Value)> {
    let object = format!("{}/{name}", if is_secret { "Secret" } else { "ConfigMap" });
    let version = context.instance.versions.get(&object)?;
    Some((object, json!(version)))
}

fn whole(name: String, file: &ConfigFile) -> Volume {
    let mut volume = Volume { name, ..Volume::default() };
    if file.is_secret {
        volume.secret = Some(SecretVolumeSource {
            secret_name: Some(file.name.clone()),
            default_mode: Some(MODE),
            ..SecretVolumeSource::default()
        });
    } else {
        volume.config_map = Some(ConfigMapVolumeSource {
            name: file.name.clone(),
            default_mode: Some(MODE),
            ..ConfigMapVolumeSource::default()
        });
    }
    volume
}

fn mount(name: &str, path: &str) -> VolumeMount {
    VolumeMount {
        name: name.to_owned(),
        mount_path: path.to_owned(),
        read_only: Some(true),
        ..VolumeMount::default()
    }
}
