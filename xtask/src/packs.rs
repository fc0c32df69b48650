//! The built-in plugins as ConfigMaps.

use std::fs;

use crate::folders::Folders;
use crate::guests;
use crate::step::{Outcome, output, step};

/// Writes one ConfigMap a plugin. Those of plugins that are gone are removed.
pub fn write(folders: &Folders) -> Outcome {
    guests::prepare(folders)?;
    let folder = folders.target.join("dist/plugins");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed)?;
    }
    fs::create_dir_all(&folder).map_err(failed)?;
    step("plugins", || {
        for plugin in guests::read(&folders.plugins())? {
            let path = plugin.display().to_string();
            let words = ["run", "--quiet", "--package", "zuul-operator", "--", "plugin", "pack", &path];
            let name = plugin.file_stem().unwrap_or_default().to_string_lossy();
            let text = output(&mut folders.cargo(&words))?;
            fs::write(folder.join(format!("{name}.yaml")), text).map_err(failed)?;
        }
        Ok(())
    })?;
    println!("{}", folder.display());
    Ok(())
}
