//! Finds and reads the files that were named on the command line.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::chunk::line_starts;
use super::place::{Place, Remark};
use crate::diagnostic::{FieldPath, Finding};

/// Files larger than this hold no Kubernetes objects.
const LARGEST: u64 = 16 << 20;

/// Folders are entered this deep.
const DEEPEST: usize = 32;

/// A file. It may hold Secrets, so it is printed without its text.
#[derive(Clone)]
pub struct Source {
    /// As it is shown to people.
    pub name: String,
    text: String,
    starts: Vec<usize>,
    /// First and last lines of which nothing may be shown.
    pub hidden: Vec<(u32, u32)>,
    /// Scalars that are shown as dots.
    pub masked: Vec<Place>,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Source {
    /// A file with a text.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let starts = line_starts(&text);
        Self { name: name.into(), text, starts, hidden: Vec::new(), masked: Vec::new() }
    }

    /// A file of bytes, with what is wrong if they are no text.
    #[must_use]
    pub fn from_bytes(name: impl Into<String>, bytes: &[u8], number: usize) -> (Self, Option<Remark>) {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let name = name.into();
        match std::str::from_utf8(bytes) {
            Ok(text) => (Self::new(name, text), None),
            Err(error) => {
                let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
                let starts = line_starts(&before);
                let line = u32::try_from(starts.len()).unwrap_or(u32::MAX);
                let column = before[starts[starts.len() - 1]..].chars().count() + 1;
                let column = u32::try_from(column).unwrap_or(u32::MAX);
                let place = Place { line, column, end_line: line, end_column: column };
                (Self::new(name, ""), Some(Remark::at(number, place, not_utf8(bytes))))
            }
        }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// One line without its end, from one; empty where there is none.
    #[must_use]
    pub fn line(&self, line: u32) -> &str {
        let index = (line as usize).saturating_sub(1);
        let Some(&start) = self.starts.get(index) else { return "" };
        let end = self.starts.get(index + 1).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }
}

fn not_utf8(bytes: &[u8]) -> Finding {
    let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let message = if utf16 { "the file is UTF-16" } else { "the file is not UTF-8 from here on" };
    Finding::error("NotUtf8", FieldPath::root(), message).cure("save the file as UTF-8")
}

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
    let mut add = |name: String, bytes: &[u8]| {
        let (source, remark) = Source::from_bytes(name, bytes, sources.len());
        sources.push(source);
        remarks.extend(remark);
    };
    for name in names {
        if name.as_os_str() == "-" {
            if seen.insert(name.clone()) {
                add("<stdin>".to_owned(), &limited(stdin).map_err(|error| failed(name, error))?);
            }
            continue;
        }
        for path in list(name)? {
            let real = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
            if seen.insert(real) {
                let bytes = File::open(&path).and_then(|mut file| limited(&mut file));
                add(path.display().to_string(), &bytes.map_err(|error| failed(&path, error))?);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_yaml_ends_them() {
        let source = Source::new("a", "one\r\ntwo\rthree\n");
        assert_eq!([1, 2, 3, 4, 9].map(|n| source.line(n)), ["one", "two", "three", "", ""]);
    }

    #[test]
    fn bytes_that_are_no_text_have_a_place() {
        let (_, remark) = Source::from_bytes("a", b"\xEF\xBB\xBFa: 1\nb: \xC3\xA9\xFF", 0);
        let place = remark.and_then(|remark| remark.place).expect("a place");
        assert_eq!((place.line, place.column), (2, 5));
        assert!(Source::from_bytes("a", b"\xEF\xBB\xBFa: 1", 0).1.is_none());
    }
}
