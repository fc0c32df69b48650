//! Keys and certificates: one authority, which the API server believes for itself and for its users.

use std::fs;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose};
use rcgen::{IsCa, Issuer, KeyPair, KeyUsagePurpose};

use crate::layout::Layout;

/// The names of the API server inside of a cluster, and on this machine.
const NAMES: [&str; 6] = [
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
    "localhost",
    "127.0.0.1",
];

/// A certificate and its key, both PEM.
pub struct Identity {
    /// The certificate.
    pub certificate: String,
    /// Its private key.
    pub key: String,
}

/// Makes the authority, the API server's certificate and the key that signs the tokens of service accounts.
///
/// # Errors
/// A file cannot be written.
pub fn create(layout: &Layout) -> Result<()> {
    let key = KeyPair::generate()?;
    write(&layout.pki("ca.crt"), &authority().self_signed(&key)?.pem())?;
    write(&layout.pki("ca.key"), &key.serialize_pem())?;
    let names = NAMES.map(str::to_owned).to_vec();
    let mut server = CertificateParams::new(names)?;
    server.distinguished_name = named("kube-apiserver", &[]);
    let server = sign(layout, server, ExtendedKeyUsagePurpose::ServerAuth)?;
    write(&layout.pki("server.crt"), &server.certificate)?;
    write(&layout.pki("server.key"), &server.key)?;
    let accounts = KeyPair::generate()?;
    write(&layout.pki("accounts.key"), &accounts.serialize_pem())?;
    write(&layout.pki("accounts.pub"), &accounts.public_key_pem())
}

/// A certificate as which the API server knows a user and its groups.
///
/// # Errors
/// There is no authority.
pub fn user(layout: &Layout, name: &str, groups: &[&str]) -> Result<Identity> {
    let mut params = CertificateParams::default();
    params.distinguished_name = named(name, groups);
    sign(layout, params, ExtendedKeyUsagePurpose::ClientAuth)
}

fn sign(layout: &Layout, mut params: CertificateParams, usage: ExtendedKeyUsagePurpose) -> Result<Identity> {
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![usage];
    let path = layout.pki("ca.key");
    let pem = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let issuer = Issuer::new(authority(), KeyPair::from_pem(&pem)?);
    let key = KeyPair::generate()?;
    Ok(Identity { certificate: params.signed_by(&key, &issuer)?.pem(), key: key.serialize_pem() })
}

/// The same each time, so that the key alone is the authority.
fn authority() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named("zuul-operator-rig", &[]);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    params
}

/// Kubernetes takes the common name for a user and the organisations for groups.
fn named(name: &str, groups: &[&str]) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    for group in groups {
        distinguished.push(DnType::OrganizationName, *group);
    }
    distinguished
}

/// Writes a file that is for this user alone, in a folder that is made.
///
/// # Errors
/// It cannot be written.
pub fn write(path: &Path, text: &str) -> Result<()> {
    use std::io::Write as _;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    // Beside its place and moved: another process never reads a half.
    let half = path.with_extension(format!("{}.{:?}.half", std::process::id(), std::thread::current().id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options
        .open(&half)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&half, path))
        .with_context(|| path.display().to_string())
}
