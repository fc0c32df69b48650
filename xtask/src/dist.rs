//! What is delivered, and how large it is.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::folders::Folders;
use crate::guests;
use crate::step::{Outcome, run, step};

/// What the API server takes in one ConfigMap.
const CONFIG_MAP: u64 = 1024 * 1024;

/// Builds the binary as it is delivered, and says how large it and the plugins are.
pub fn dist(folders: &Folders) -> Outcome {
    guests::prepare(folders)?;
    step("host", || run(&mut folders.cargo(&["build", "--profile", "dist", "--package", "zuul-operator"])))?;
    let binary = folders.target.join("dist/zuul-operator");
    println!("{:<32} {:>10} {:>10}", "", "bytes", "gzip -9");
    let (size, small) = sizes(&binary)?;
    println!("{:<32} {size:>10} {small:>10}", "zuul-operator");
    let (mut sum, mut small_sum) = (0, 0);
    for plugin in guests::read(&folders.plugins())? {
        let (size, small) = sizes(&plugin)?;
        let name = plugin.file_name().unwrap_or_default().to_string_lossy();
        println!("{name:<32} {size:>10} {small:>10}");
        sum += size;
        small_sum += small;
    }
    println!("{:<32} {sum:>10} {small_sum:>10}", "plugins");
    let of_a_map = |bytes: u64| bytes * 100 / CONFIG_MAP;
    println!("One ConfigMap holds {CONFIG_MAP}: {} %, {} % compressed", of_a_map(sum), of_a_map(small_sum));
    Ok(())
}

/// Bytes as they are and compressed; 0 where there is no gzip.
fn sizes(file: &Path) -> Outcome<(u64, u64)> {
    let size = fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?.len();
    let gzip = Command::new("gzip").args(["-9", "-c"]).arg(file).stdin(Stdio::null()).output();
    Ok((size, gzip.map_or(0, |output| output.stdout.len() as u64)))
}
