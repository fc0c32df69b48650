//! The inputs of `draft-providers` in `tests/drafts`.

use std::path::{Path, PathBuf};

use crate::case::{Said, folders, plain_command};

/// The folder of each case, sorted.
#[must_use]
pub fn cases() -> Vec<PathBuf> {
    folders(&Path::new(env!("CARGO_MANIFEST_DIR")).join("drafts"))
}

/// What `draft-providers` says of the nodepool.yaml in a folder; named as from `tests/`.
///
/// # Panics
/// The folder has no name that is text.
#[must_use]
pub fn drafted(case: &Path, output: &str) -> Said {
    let name = case.file_name().and_then(|name| name.to_str()).expect("the names of cases are text");
    plain_command(&["draft-providers", "-f", &format!("drafts/{name}/nodepool.yaml"), "-o", output], b"")
}
