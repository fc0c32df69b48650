//! Compiled components on disk, in a folder that belongs to this user alone.
//!
//! Machine code that is loaded is machine code that is run. So every file carries a MAC under a
//! random key that lies in the same private folder, and whatever fails it is as good as absent.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, DirBuilder, DirBuilderExt, Metadata, MetadataExt, OpenOptions, OpenOptionsExt};

use super::artifact::Artifact;

const KEY_FILE: &str = "key";
const MAC_BYTES: usize = 32;
/// Far above what any component within its limits compiles to.
const MOST_BYTES: u64 = 1024 * 1024 * 1024;

/// An open folder with its key.
pub(super) struct Cache {
    folder: Dir,
    key: [u8; MAC_BYTES],
    /// Distinguishes engines and operators: `-<compatibility>-<version>`.
    suffix: String,
}

/// The folder for this user: `$XDG_CACHE_HOME/zuul-operator`, else `$HOME/.cache/zuul-operator`.
#[must_use]
pub fn default_cache_dir() -> Option<PathBuf> {
    let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))?;
    Some(base.join("zuul-operator"))
}

impl Cache {
    /// Opens the folder, and makes it and its key if they are missing. `None`, and a warning in
    /// the log, when it cannot be used: plugins are compiled again then.
    pub(super) fn open(path: &Path, compatibility: u64) -> Option<Self> {
        match Self::try_open(path, compatibility) {
            Ok(cache) => Some(cache),
            Err(error) => {
                tracing::warn!(folder = %path.display(), "no cache of compiled plugins: {error}");
                None
            }
        }
    }

    fn try_open(path: &Path, compatibility: u64) -> io::Result<Self> {
        let folder = open_private(path)?;
        let key = key(&folder)?;
        let suffix = format!("-{compatibility:016x}-{}", env!("CARGO_PKG_VERSION"));
        Ok(Self { folder, key, suffix })
    }

    /// The code of the component with this digest, if it is there and ours.
    pub(super) fn artifact(&self, digest: &str) -> Option<Artifact> {
        self.read(&self.name(digest, "cwasm")).map(Artifact::compiled_here)
    }

    /// Keeps the code of the component with this digest.
    pub(super) fn keep_artifact(&self, digest: &str, artifact: &Artifact) {
        self.write(&self.name(digest, "cwasm"), artifact.bytes());
    }

    /// What was noted about the component with this digest, if it is there and ours.
    pub(super) fn note(&self, digest: &str) -> Option<Vec<u8>> {
        self.read(&self.name(digest, "json"))
    }

    /// Notes something about the component with this digest.
    pub(super) fn keep_note(&self, digest: &str, note: &[u8]) {
        self.write(&self.name(digest, "json"), note);
    }

    fn name(&self, digest: &str, extension: &str) -> String {
        format!("{digest}{}.{extension}", self.suffix)
    }

    fn read(&self, name: &str) -> Option<Vec<u8>> {
        let file = self.folder.open(name).ok()?;
        // Only a hint, but without it a large file is read in many small pieces and copied for each.
        let size = file.metadata().ok()?.len().min(MOST_BYTES);
        let mut content = Vec::with_capacity(usize::try_from(size).ok()?);
        file.take(MOST_BYTES).read_to_end(&mut content).ok()?;
        let (content_end, mac) = content.split_last_chunk::<MAC_BYTES>()?;
        // `blake3::Hash` compares in constant time.
        if self.mac(name, content_end) != blake3::Hash::from_bytes(*mac) {
            tracing::warn!(file = name, "a damaged or forged file in the cache of plugins is ignored");
            return None;
        }
        content.truncate(content.len() - MAC_BYTES);
        Some(content)
    }

    /// A cache that cannot be written is worth a word, and no failure.
    fn write(&self, name: &str, content: &[u8]) {
        let mac = self.mac(name, content);
        if let Err(error) = replace(&self.folder, name, &[content, mac.as_bytes()]) {
            tracing::warn!(file = name, "cannot write to the cache of plugins: {error}");
        }
    }

    /// The name is authenticated too: one component's code must not stand in for another's.
    fn mac(&self, name: &str, content: &[u8]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(name.as_bytes()).update(b"\0").update(content);
        hasher.finalize()
    }
}

fn open_private(path: &Path) -> io::Result<Dir> {
    let Some((parent, name)) = path.parent().zip(path.file_name()) else {
        return Err(io::Error::other("it is no path of a folder"));
    };
    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    Dir::create_ambient_dir_all(parent, ambient_authority())?;
    let parent = Dir::open_ambient_dir(parent, ambient_authority())?;
    let mut builder = DirBuilder::new();
    builder.mode(0o700);
    match parent.create_dir_with(name, &builder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let folder = parent.open_dir(name)?;
    check_private("the folder", &folder.dir_metadata()?)?;
    Ok(folder)
}

fn check_private(what: &str, metadata: &Metadata) -> io::Result<()> {
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(io::Error::other(format!("{what} belongs to another user")));
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(io::Error::other(format!("others have access to {what}; it must be private")));
    }
    Ok(())
}

/// Reads the key; makes it first if there is none. Of several processes that make one at the same
/// time one wins, because a link to an existing name fails.
fn key(folder: &Dir) -> io::Result<[u8; MAC_BYTES]> {
    if !folder.try_exists(KEY_FILE)? {
        let key = random::<MAC_BYTES>()?;
        let temporary = write_temporary(folder, &[&key])?;
        let linked = folder.hard_link(&temporary, folder, KEY_FILE);
        folder.remove_file(&temporary)?;
        match linked {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    let file = folder.open(KEY_FILE)?;
    check_private("the key", &file.metadata()?)?;
    let mut key = Vec::new();
    file.take(MAC_BYTES as u64 + 1).read_to_end(&mut key)?;
    key.try_into().map_err(|_| io::Error::other("the key is damaged; remove the folder"))
}

/// Writes a whole file or none: readers see the old one or the new one.
fn replace(folder: &Dir, name: &str, parts: &[&[u8]]) -> io::Result<()> {
    let temporary = write_temporary(folder, parts)?;
    folder.rename(&temporary, folder, name).inspect_err(|_| drop(folder.remove_file(&temporary)))
}

fn write_temporary(folder: &Dir, parts: &[&[u8]]) -> io::Result<String> {
    let name = format!("tmp-{:016x}", u64::from_le_bytes(random()?));
    let mut file = folder.open_with(&name, OpenOptions::new().write(true).create_new(true).mode(0o600))?;
    for part in parts {
        file.write_all(part).inspect_err(|_| drop(folder.remove_file(&name)))?;
    }
    Ok(name)
}

fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes)
}
