//! The programs of the control plane that tests run against: built once, from Go modules.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::binaries::{self, BINARIES, Binary, STAGES};
use crate::folders::Folders;
use crate::go::Go;
use crate::step::{Outcome, output, run, step};

/// Builds what is missing and gives the folder. One after the other: each takes all cores, and up to 3 GB.
pub fn prepare(folders: &Folders) -> Outcome<PathBuf> {
    let folder = binaries::folder(&folders.root)?;
    let missing = binaries::missing(&folder);
    if missing.is_empty() {
        return Ok(folder);
    }
    step("control plane", || {
        eprintln!("    into {}, once: {}", folder.display(), missing.join(", "));
        // Private: compiled plugins are kept beside it, and the operator uses no folder that others can write to.
        let mut private = fs::DirBuilder::new();
        private.recursive(true).mode(0o700);
        private.create(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let modules = binaries::modules(&folders.root);
        let go = Go::find(&modules.join("k8s"))?;
        for binary in BINARIES.iter().filter(|binary| missing.contains(&binary.name)) {
            build(&go, &modules.join(binary.module), binary, &folder)?;
        }
        if missing.contains(&STAGES) { stages(&go, &modules.join("kwok"), &folder) } else { Ok(()) }
    })?;
    Ok(folder)
}

fn build(go: &Go, module: &Path, binary: &Binary, folder: &Path) -> Outcome {
    eprintln!("    {} …", binary.name);
    let start = Instant::now();
    // Built beside its place and moved: what is in its place is whole, also with two that build at once.
    let built = folder.join(format!(".{}.{}", binary.name, std::process::id()));
    let mut command = go.command(module, &["build", "-ldflags", &linker_flags(go, module)?, "-o"]);
    run(command.arg(&built).arg(binary.package).stdout(std::io::stderr()))?;
    place(&built, &folder.join(binary.name))?;
    eprintln!("    {}: {:.0} s", binary.name, start.elapsed().as_secs_f64());
    Ok(())
}

/// Servers and kubectl tell the version that they are linked with; without one they are v0.0.0-master, which breaks
/// who compares versions.
fn linker_flags(go: &Go, module: &Path) -> Outcome<String> {
    let mut flags = "-s -w".to_owned();
    if module.ends_with("k8s") {
        let words = ["list", "-m", "-f", "{{.Version}}", "k8s.io/kubernetes"];
        let version = output(&mut go.command(module, &words))?;
        let version = version.trim();
        let mut numbers = version.trim_start_matches('v').split('.');
        let (major, minor) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
        for (name, value) in [("gitVersion", version), ("gitMajor", major), ("gitMinor", minor)] {
            flags.push_str(&format!(" -X k8s.io/component-base/version.{name}={value}"));
        }
    }
    Ok(flags)
}

/// What kwok does by itself is nothing: its module has files that say how nodes and pods become ready.
fn stages(go: &Go, module: &Path, folder: &Path) -> Outcome {
    let words = ["list", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/kwok"];
    let source = output(&mut go.command(module, &words))?;
    let source = Path::new(source.trim()).join("kustomize/stage");
    let mut text = String::new();
    for file in [
        "node/fast/node-initialize",
        "node/heartbeat/node-heartbeat",
        "pod/fast/pod-ready",
        "pod/fast/pod-complete",
        "pod/fast/pod-delete",
    ] {
        let path = source.join(file).with_extension("yaml");
        let stage = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        text.push_str("---\n");
        text.push_str(&stage);
    }
    let written = folder.join(format!(".{STAGES}.{}", std::process::id()));
    fs::write(&written, text).map_err(|error| format!("{}: {error}", written.display()))?;
    place(&written, &folder.join(STAGES))
}

fn place(from: &Path, to: &Path) -> Outcome {
    fs::rename(from, to).map_err(|error| format!("{}: {error}", to.display()))
}
