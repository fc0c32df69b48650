//! Where plugins come from: the binary itself, a folder, and whoever gives the bytes.

use std::borrow::Cow;
use std::fmt::Write;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use sha2::{Digest, Sha256};

use super::builtin::{self, Builtin};
use super::compile::Compile;
use super::component::Refusal;
use super::inflate::inflate;
use super::limits::{Limit, Limits};
use crate::contract::FailureReason;

/// A component that was found, not yet looked into.
pub(super) struct Source {
    /// `gerrit`; for a file its name without `.wasm`, `.wasm.gz` or `.wasm.zst`.
    pub(super) name: String,
    /// sha256 of the component, in hex; the same however it is compressed.
    pub(super) digest: String,
    bytes: Bytes,
}

enum Bytes {
    Builtin(&'static [u8]),
    /// Read again when it is compiled, which is rare: most of the time its code is in the cache.
    File(PathBuf),
    /// The component, until it is loaded.
    Given(Mutex<Option<Vec<u8>>>),
}

/// A file of a folder that cannot be a plugin.
pub(super) struct Refused {
    pub(super) name: String,
    pub(super) source: String,
    pub(super) refusal: Refusal,
}

impl Source {
    /// A component whose digest is known to be this one.
    pub(super) fn given(name: &str, digest: &str, component: Vec<u8>) -> Self {
        let bytes = Bytes::Given(Mutex::new(Some(component)));
        Self { name: name.to_owned(), digest: digest.to_owned(), bytes }
    }

    /// It is loaded, and its bytes are not asked for again.
    pub(super) fn forget_bytes(&self) {
        if let Bytes::Given(component) = &self.bytes {
            component.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
    }

    pub(super) const fn is_builtin(&self) -> bool {
        matches!(self.bytes, Bytes::Builtin(_))
    }

    /// `built-in`, or the path.
    pub(super) fn shown(&self) -> String {
        match &self.bytes {
            Bytes::Builtin(_) => "built-in".to_owned(),
            Bytes::File(path) => path.display().to_string(),
            Bytes::Given(_) => "given".to_owned(),
        }
    }

    /// The component.
    ///
    /// # Errors
    /// The file changed since it was found, or cannot be read any more.
    pub(super) fn bytes(&self, limits: &Limits, how: &Compile) -> Result<Cow<'static, [u8]>, Refusal> {
        match &self.bytes {
            Bytes::Builtin(bytes) => inflate(Cow::Borrowed(bytes), limits, how),
            Bytes::Given(component) => {
                let taken = component.lock().unwrap_or_else(PoisonError::into_inner).take();
                taken.map(Cow::Owned).ok_or_else(|| {
                    (
                        FailureReason::NotAComponent,
                        "its bytes were given back before it was loaded".to_owned(),
                    )
                })
            }
            Bytes::File(path) => {
                let bytes = read_file(path, limits, how)?;
                if hex(&bytes) != self.digest {
                    return Err((
                        FailureReason::NotAComponent,
                        "the file changed while it was read".to_owned(),
                    ));
                }
                Ok(Cow::Owned(bytes))
            }
        }
    }
}

/// The plugins of the binary, by name.
pub(super) fn builtins() -> impl Iterator<Item = Source> {
    builtin::ALL.iter().map(|Builtin { name, digest, bytes }| Source {
        name: (*name).to_owned(),
        digest: (*digest).to_owned(),
        bytes: Bytes::Builtin(bytes),
    })
}

/// The `*.wasm`, `*.wasm.gz` and `*.wasm.zst` files of a folder, by name. Files that cannot be read spoil only themselves.
///
/// # Errors
/// The folder cannot be listed.
pub(super) fn folder(
    path: &Path,
    limits: &Limits,
    how: &Compile,
) -> io::Result<Vec<Result<Source, Refused>>> {
    let folder = Dir::open_ambient_dir(path, ambient_authority())?;
    let mut files = Vec::new();
    for entry in folder.entries()? {
        let file = PathBuf::from(entry?.file_name());
        if let Some(name) = name(&file) {
            files.push((name, file));
        }
    }
    files.sort();
    Ok(files.into_iter().map(|(name, file)| found(name, path.join(file), limits, how)).collect())
}

/// What the plugin in this file is called; `None` where the file is no plugin's.
fn name(file: &Path) -> Option<String> {
    let file = file.to_string_lossy();
    let packed = [".gz", ".zst"].into_iter().find_map(|ending| file.strip_suffix(ending));
    let name = packed.unwrap_or(&file).strip_suffix(".wasm")?;
    Some(name.to_owned())
}

fn found(name: String, path: PathBuf, limits: &Limits, how: &Compile) -> Result<Source, Refused> {
    match read_file(&path, limits, how) {
        Ok(bytes) => Ok(Source { name, digest: hex(&bytes), bytes: Bytes::File(path) }),
        Err(refusal) => Err(Refused { name, source: path.display().to_string(), refusal }),
    }
}

/// Reads no more than a component may have, whatever the file system says of the file's size.
fn read_file(path: &Path, limits: &Limits, how: &Compile) -> Result<Vec<u8>, Refusal> {
    let unreadable = |error: io::Error| (FailureReason::NotAComponent, format!("cannot be read: {error}"));
    let most = limits.get(Limit::ComponentBytes);
    // Opening a FIFO would wait for ever.
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err((FailureReason::NotAComponent, "it is not a file".to_owned()));
    }
    let file = cap_std::fs::File::open_ambient(path, ambient_authority()).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err((FailureReason::NotAComponent, "it is not a file".to_owned()));
    }
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > limits.size(Limit::ComponentBytes) {
        return Err((FailureReason::TooLarge, format!("it has more than {most} bytes")));
    }
    inflate(Cow::Owned(bytes), limits, how).map(Cow::into_owned)
}

/// The sha256 of these bytes, in hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
