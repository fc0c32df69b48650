//! `zuul-operator plugin`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::Compression;
use flate2::read::GzEncoder;

use super::args::{Pack, PluginCommand};
use super::run::{Exit, Failure, Streams};
use super::{output, plugins};
use crate::plugin::{Library, Limit, Limits};
use crate::supply::{Map, Supplier, key, packed, read};

/// What the API server takes in one ConfigMap: the sum of the decoded values.
const MOST_BYTES: usize = 1 << 20;
/// What it takes in the annotations of an object, where `kubectl apply` alone keeps a copy of the manifest.
const MOST_ANNOTATIONS: usize = 256 << 10;

/// One of its commands.
pub(super) fn run(command: &PluginCommand, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    match command {
        PluginCommand::Pack(args) => pack(args, streams),
    }
}

/// Prints the ConfigMap of a plugin, once it went through all checks that the operator makes.
fn pack(args: &Pack, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let shown = args.file.display();
    let told = |why: String| Failure::Told(format!("{shown}: {why}"));
    let library = Library::open(plugins::options(&args.plugins)?, "")
        .map_err(|error| Failure::Told(format!("cannot open the plugins: {error:#}")))?;
    let bytes = bytes(&args.file).map_err(|error| told(error.to_string()))?;
    let plugin = args.name.clone().unwrap_or_else(|| name(&args.file));
    let map = Map {
        name: format!("zuul-plugin-{plugin}"),
        namespace: args.namespace.clone().unwrap_or_default(),
        digest: library.digest(&bytes).map_err(|why| told(why.told()))?,
        plugin,
        ..Map::default()
    };
    let object = packed(&map, compressed(bytes));
    let (map, bytes) = read(object.clone());
    let bytes = bytes.map_err(|why| told(why.told()))?;
    let size = bytes.len();
    if size > MOST_BYTES {
        return Err(told(format!(
            "compressed it has {size} bytes, and a ConfigMap holds {MOST_BYTES}; strip it, build it with lto = true, \
             or compress it with `zstd -19` first"
        )));
    }
    library.check(&map, bytes).map_err(|why| told(why.told()))?;
    let document = output::document(&serde_json::to_value(object)?)?;
    if document.len() > MOST_ANNOTATIONS {
        let hint = "warning: this is too large for `kubectl apply` alone, which keeps a copy in an annotation: use \
                    `kubectl apply --server-side`";
        // Nobody reads stderr: the ConfigMap still counts.
        let _ = writeln!(streams.stderr, "{hint}");
    }
    streams.say(&document).map(|()| Exit::Fine)
}

fn bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let most = Limit::ComponentBytes.row().ceiling + 1;
    let mut bytes = Vec::new();
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// `forge` for `target/forge.wasm.gz`.
fn name(path: &Path) -> String {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    file.split('.').next().unwrap_or_default().replace('_', "-")
}

/// What is compressed already stays as it is, and so does what is hardly larger than that.
fn compressed(bytes: Vec<u8>) -> Vec<u8> {
    let is_packed = key(&bytes) != key(&[]);
    let mut packed = Vec::new();
    let packing = GzEncoder::new(bytes.as_slice(), Compression::best()).read_to_end(&mut packed);
    // What grows by more than a plugin may is as good without.
    let ratio = Limits::default().get(Limit::InflateRatio) as usize;
    let is_fit = packed.len() < bytes.len() && bytes.len() <= packed.len().saturating_mul(ratio);
    if is_packed || packing.is_err() || !is_fit { bytes } else { packed }
}
