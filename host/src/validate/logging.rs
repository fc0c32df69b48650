//! The logging configuration: its name says how it is read.

use super::ConfigFile;
use super::references::Facts;
use crate::diagnostic::{FieldPath, Finding};

/// Zuul and Nodepool tell YAML from INI by the name of the file alone.
pub fn check(file: &ConfigFile, path: FieldPath, facts: &mut Facts<'_>) {
    let source = facts.inputs.config_maps.get(&file.name).filter(|_| !file.is_secret);
    let Some(content) = source.and_then(|facts| facts.data.get(&file.key)) else { return };
    let is_comment = |line: &&str| line.is_empty() || line.starts_with(['#', ';']);
    let Some(first) = content.lines().map(str::trim).find(|line| !is_comment(line)) else { return };
    let name = |is_ini: bool| if is_ini { "INI" } else { "YAML" };
    let (read, is) = (!is_yaml(file), first.starts_with('['));
    if read != is {
        let message = format!("by its name {} is read as {}, but it is {}", file.key, name(read), name(is));
        facts.wrong(
            Finding::error("LoggingFormat", path, message)
                .expected("a key that ends in .yaml, .yml or .json for YAML and JSON, in .conf for INI")
                .cure("rename the key, and name it with `key:`"),
        );
    }
}

/// Whether it is read as YAML, of which JSON is a part; else as INI.
#[must_use]
pub fn is_yaml(file: &ConfigFile) -> bool {
    let extension = file.key.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["yaml", "yml", "json"].contains(&extension)
}
