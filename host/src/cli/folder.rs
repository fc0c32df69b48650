//! Writes a folder of objects so that it is never seen half-written.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::output::document;

/// Names every file that we wrote: only a folder with nothing else in it is replaced.
const MARKER: &str = ".zuul-operator";

/// Writes one file an object into `path`. An existing folder is replaced if all in it was written by
/// this function, or if it is empty.
///
/// # Errors
/// The folder holds something else, or cannot be written.
pub fn write(path: &Path, objects: &[Value], private: bool) -> io::Result<()> {
    let files = files(objects)?;
    let target = resolve(path)?;
    check(&target)?;
    let sibling = |suffix: &str| -> io::Result<PathBuf> {
        let name = target.file_name().ok_or_else(|| io::Error::other("this folder cannot be replaced"))?;
        Ok(target.with_file_name(format!(".{}.{suffix}-{}", name.to_string_lossy(), std::process::id())))
    };
    let fresh = sibling("new")?;
    let result = fill(&fresh, &files, private).and_then(|()| exchange(&fresh, &target, &sibling("old")?));
    if result.is_err() {
        // What could not be finished is not left behind; the error that counts is the first one.
        let _ = fs::remove_dir_all(&fresh);
    }
    result
}

/// `01-configmap-zuul-logging.yaml` and so on: in the order in which they are to be applied.
fn files(objects: &[Value]) -> io::Result<Vec<(String, String)>> {
    let width = objects.len().to_string().len().max(2);
    let word = |object: &Value, pointer: &str| -> String {
        let text = object.pointer(pointer).and_then(Value::as_str).unwrap_or("unnamed").to_lowercase();
        let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '.' { c } else { '_' };
        text.chars().map(safe).take(100).collect()
    };
    let file = |(number, object): (usize, &Value)| {
        let (kind, name) = (word(object, "/kind"), word(object, "/metadata/name"));
        let text = document(object).map_err(io::Error::other)?;
        Ok((format!("{:0width$}-{kind}-{name}.yaml", number + 1), text))
    };
    objects.iter().enumerate().map(file).collect()
}

/// The folder itself, where the path is a link to it.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            let name = path.file_name().ok_or(error)?;
            Ok(fs::canonicalize(parent.unwrap_or(Path::new(".")))?.join(name))
        }
        result => result,
    }
}

fn check(target: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let ours = fs::read_to_string(target.join(MARKER)).unwrap_or_default();
    let ours: BTreeSet<&str> = ours.lines().chain([MARKER]).collect();
    for entry in entries {
        let name = entry?.file_name();
        if name.to_str().is_none_or(|name| !ours.contains(name)) {
            let message = format!(
                "{} is in it, which was not written by this command; give a new or empty folder, or remove it",
                name.to_string_lossy()
            );
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
        }
    }
    Ok(())
}

fn fill(folder: &Path, files: &[(String, String)], private: bool) -> io::Result<()> {
    fs::DirBuilder::new().mode(if private { 0o700 } else { 0o777 }).create(folder)?;
    let names: String = files.iter().map(|(name, _)| format!("{name}\n")).collect();
    let marker = (MARKER.to_owned(), names);
    for (name, text) in files.iter().chain([&marker]) {
        let mode = if private { 0o600 } else { 0o666 };
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(folder.join(name))?;
        file.write_all(text.as_bytes())?;
    }
    Ok(())
}

/// Puts `fresh` where `target` is, which goes away.
fn exchange(fresh: &Path, target: &Path, old: &Path) -> io::Result<()> {
    if !target.exists() {
        return fs::rename(fresh, target);
    }
    fs::rename(target, old)?;
    if let Err(error) = fs::rename(fresh, target) {
        fs::rename(old, target)?;
        return Err(error);
    }
    fs::remove_dir_all(old)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_our_own_folder_is_replaced() {
        let base = std::env::temp_dir().join(format!("zuul-operator-folder-{}", std::process::id()));
        fs::create_dir_all(&base).expect("a folder");
        let path = base.join("out");
        let object = |name: &str| json!({"kind": "ConfigMap", "metadata": {"name": name}});
        write(&path, &[object("a"), object("../b")], false).expect("a new folder");
        write(&path, &[object("c")], true).expect("our own folder");
        let names = |folder: &Path| {
            let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
            let mut names: Vec<_> = entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
            names.sort();
            names
        };
        assert_eq!(names(&path), [MARKER, "01-configmap-c.yaml"]);
        fs::write(path.join("mine.txt"), "x").expect("a file");
        let error = write(&path, &[object("d")], false).expect_err("a foreign file");
        assert!(error.to_string().starts_with("mine.txt is in it"), "{error}");
        assert_eq!(names(&base), ["out"], "nothing is left behind");
        fs::remove_dir_all(base).expect("removed");
    }
}
