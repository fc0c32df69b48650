//! Kubeconfigs, written as JSON, which is YAML.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::layout::Layout;
use crate::pki;

/// The group that may do everything.
const MASTERS: &str = "system:masters";

/// Writes the kubeconfig of a user who has a certificate.
///
/// # Errors
/// The control plane has no authority or no address yet, or the file cannot be written.
pub fn of_user(layout: &Layout, user: &str, groups: &[&str]) -> Result<PathBuf> {
    let identity = pki::user(layout, user, groups)?;
    let login = json!({
        "client-certificate-data": BASE64_STANDARD.encode(identity.certificate),
        "client-key-data": BASE64_STANDARD.encode(identity.key),
    });
    write(layout, user, "default", &login)
}

/// Writes the kubeconfigs of who may do everything, and of the control plane's own parts.
///
/// # Errors
/// As [`of_user`].
pub fn of_the_control_plane(layout: &Layout) -> Result<()> {
    of_user(layout, "admin", &[MASTERS])?;
    of_user(layout, "kwok", &[MASTERS])?;
    of_user(layout, "system:kube-controller-manager", &[])?;
    of_user(layout, "system:kube-scheduler", &[])?;
    Ok(())
}

/// Writes the kubeconfig of who has a token; `namespace` is where its requests go that name none.
///
/// # Errors
/// As [`of_user`].
pub fn of_token(layout: &Layout, user: &str, namespace: &str, token: &str) -> Result<PathBuf> {
    write(layout, user, namespace, &json!({"token": token}))
}

fn write(layout: &Layout, user: &str, namespace: &str, login: &Value) -> Result<PathBuf> {
    let read = |path: PathBuf| fs::read_to_string(&path).with_context(|| path.display().to_string());
    let server = read(layout.address())?;
    let authority = BASE64_STANDARD.encode(read(layout.pki("ca.crt"))?);
    let text = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "rig",
        "clusters": [{"name": "rig", "cluster": {"server": server, "certificate-authority-data": authority}}],
        "users": [{"name": user, "user": login}],
        "contexts": [{"name": "rig", "context": {"cluster": "rig", "user": user, "namespace": namespace}}],
    });
    let path = layout.kubeconfig(user);
    pki::write(&path, &text.to_string())?;
    Ok(path)
}
