//! Finds and reads the files that were named on the command line.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::source::Source;
use crate::yaml::place::Remark;

/// Files of more bytes than this hold no Kubernetes objects.
pub const LARGEST: u64 = 16 << 20;

/// Folders are entered this deep.
const DEEPEST: usize = 32;

/// A file or folder that could not be read.
#[derive(Debug)]
pub struct ReadError {
    path: String,
    error: io::Error,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read {}: {}", self.path, self.error)
    }
}

impl std::error::Error for ReadError {}

/// Reads what `-f` names: files, folders with all below them, and `-` for `stdin`. A file that is
/// named twice is read once.
///
/// # Errors
/// Something cannot be read.
pub fn read_all(names: &[PathBuf], stdin: &mut dyn Read) -> Result<(Vec<Source>, Vec<Remark>), ReadError> {
    let (mut sources, mut remarks) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    let mut add = |name: String, bytes: Vec<u8>| {
        let (source, remark) = Source::from_bytes(name, bytes, sources.len());
        sources.push(source);
        remarks.extend(remark);
    };
    for name in names {
        if name.as_os_str() == "-" {
            if seen.insert(name.clone()) {
                add("<stdin>".to_owned(), limited(stdin).map_err(|error| failed(name, error))?);
            }
            continue;
        }
        for path in list(name)? {
            let real = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
            if seen.insert(real) {
                let bytes = File::open(&path).and_then(|mut file| limited(&mut file));
                add(path.display().to_string(), bytes.map_err(|error| failed(&path, error))?);
            }
        }
    }
    Ok((sources, remarks))
}

fn limited(reader: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        let message = format!("it is larger than {} MiB", LARGEST >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

fn failed(path: &Path, error: io::Error) -> ReadError {
    ReadError { path: path.display().to_string(), error }
}

/// The files below a folder, sorted by name; a file is itself.
fn list(path: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let kind = fs::metadata(path).map_err(|error| failed(path, error))?;
    if !kind.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    walk(path, &mut files, 0)?;
    if files.is_empty() {
        let message = "no .yaml, .yml or .json file is in this folder";
        return Err(failed(path, io::Error::new(io::ErrorKind::NotFound, message)));
    }
    Ok(files)
}

/// Hidden entries are skipped, and links to folders are not followed: in a mounted ConfigMap the
/// same files would come twice, and elsewhere they may lead in circles.
fn walk(folder: &Path, files: &mut Vec<PathBuf>, depth: usize) -> Result<(), ReadError> {
    let failure = |error| failed(folder, error);
    let mut entries =
        fs::read_dir(folder).map_err(failure)?.collect::<io::Result<Vec<_>>>().map_err(failure)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let is_folder = entry.file_type().map_err(failure)?.is_dir();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if is_folder && depth < DEEPEST {
            walk(&path, files, depth + 1)?;
        } else if is_manifest(&path) && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

fn is_manifest(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["yaml", "yml", "json"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}
