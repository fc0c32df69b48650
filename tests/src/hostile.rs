//! Hostile plugins, from the WebAssembly text in `hostile/`, and catalogs that hold them.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use zuul_operator::contract::{
    ConnectionRequest, Entry, FailureReason, PluginFailure, Plugins, Readers, Rendering, Setting,
};
use zuul_operator::plugin::{Catalog, Compile, Limits, Options};
use zuul_operator::secret::SecretRef;

/// The driver that the components of `hostile/` serve.
pub const DRIVER: &str = "hostile";

/// The component `hostile/<name>.wat`, with every `{N}` replaced.
///
/// # Panics
/// There is no such file, or it is no WebAssembly text.
#[must_use]
pub fn component(name: &str, n: u64) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("hostile");
    let read = |name: &str| fs::read_to_string(folder.join(format!("{name}.wat"))).expect("a fixture");
    let text = read(name).replace("{N}", &n.to_string());
    let is_whole = text.lines().any(|line| line.starts_with("(component") || line.starts_with("(module"));
    let text = if is_whole { text } else { read("world").replace(";;BODY", &text) };
    wat::parse_str(text).expect("WebAssembly text")
}

/// The component `hostile/<name>.wat`, which serves this driver instead, with whatever options; its name is not longer
/// than [`DRIVER`].
///
/// # Panics
/// As [`component`].
#[must_use]
pub fn of_driver(name: &str, driver: &str) -> Vec<u8> {
    // The name's place in memory and its length, as the fixture has them.
    let length = |length: usize| [0x50, 0, 0, 0, u8::try_from(length).expect("a short name"), 0, 0, 0];
    let padded = format!("{driver:\0<width$}", width = DRIVER.len());
    let bytes = replaced(&component(name, 0), DRIVER.as_bytes(), padded.as_bytes());
    let bytes = replaced(&bytes, &length(DRIVER.len()), &length(driver.len()));
    // Its description: where its one driver is, that it is a reporter, and that it takes no other options.
    let description = |is_open: u8| [0x40, 0, 0, 0, 1, 0, 0, 0, 2, is_open];
    replaced(&bytes, &description(0), &description(1))
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    let mut at = 0;
    while at + from.len() <= bytes.len() {
        if &bytes[at..at + from.len()] == from {
            bytes[at..at + from.len()].copy_from_slice(to);
        }
        at += 1;
    }
    bytes
}

/// The same component with another digest.
///
/// # Panics
/// The note is long.
#[must_use]
pub fn noted(component: &[u8], note: &str) -> Vec<u8> {
    // A custom section: its number, its size, and its name, which has a size, too.
    let size = u8::try_from(note.len()).ok().filter(|size| *size < 120).expect("a short note");
    [component, &[0, size + 1, size], note.as_bytes()].concat()
}

/// A folder of plugins, and a catalog of them; it goes away with this.
pub struct Rig {
    /// The plugins.
    pub folder: TempDir,
}

impl Default for Rig {
    fn default() -> Self {
        Self::new()
    }
}

impl Rig {
    /// An empty folder.
    ///
    /// # Panics
    /// There is no temporary folder.
    #[must_use]
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// With this file in it.
    ///
    /// # Panics
    /// It cannot be written.
    #[must_use]
    pub fn with(self, name: &str, bytes: &[u8]) -> Self {
        fs::write(self.folder.path().join(name), bytes).expect("written");
        self
    }

    /// With `hostile/<name>.wat` as `hostile.wasm`.
    #[must_use]
    pub fn hostile(name: &str, n: u64) -> Self {
        Self::new().with("hostile.wasm", &component(name, n))
    }

    /// What its catalogs are opened with: all built-in plugins, and a cache that all tests share.
    #[must_use]
    pub fn options(&self) -> Options {
        Options {
            cache_dir: Some(shared_cache()),
            plugins_dir: Some(self.folder.path().to_owned()),
            compile: Compile::InProcess,
            ..Options::default()
        }
    }

    /// A catalog with default limits.
    #[must_use]
    pub fn catalog(&self) -> Catalog {
        self.limited(Limits::default())
    }

    /// A catalog with these limits.
    ///
    /// # Panics
    /// wasmtime does not work here.
    #[must_use]
    pub fn limited(&self, limits: Limits) -> Catalog {
        Catalog::open(Options { limits, ..self.options() }).expect("a catalog")
    }
}

/// Compiled code that outlives a test run: an unoptimised compiler takes a second for a plugin.
#[must_use]
pub fn shared_cache() -> PathBuf {
    let target = option_env!("CARGO_TARGET_TMPDIR").map_or_else(std::env::temp_dir, PathBuf::from);
    target.join("zuul-operator-tests-cache")
}

/// A connection of the hostile driver with one secret, number 0.
#[must_use]
pub fn request() -> ConnectionRequest {
    let secret = Setting::Secret(SecretRef::new("mine", "password"));
    ConnectionRequest {
        name: "c".to_owned(),
        driver: DRIVER.to_owned(),
        options: vec![Entry { name: "password".to_owned(), setting: secret }],
        mount: "/m".to_owned(),
        components: Readers::new(),
    }
}

/// A connection of the built-in git driver.
#[must_use]
pub fn git_request() -> ConnectionRequest {
    let baseurl = Setting::Text("https://git.example.com".to_owned());
    ConnectionRequest {
        driver: "git".to_owned(),
        options: vec![Entry { name: "baseurl".to_owned(), setting: baseurl }],
        ..request()
    }
}

/// What the hostile driver answers.
///
/// # Errors
/// The failure's reason.
pub fn render(catalog: &Catalog) -> Result<Rendering, FailureReason> {
    answer(catalog).map_err(|failure| failure.reason)
}

/// What the hostile driver answers.
///
/// # Errors
/// The failure.
pub fn answer(catalog: &Catalog) -> Result<Rendering, PluginFailure> {
    catalog.connection(&request())
}

/// The plugin was refused with this reason, or the empty string.
#[must_use]
pub fn refusal(catalog: &Catalog) -> String {
    let is_refusal = |code: &str| code == "PluginRefused" || FailureReason::is_passing(code);
    let found = catalog.findings().into_iter().find(|finding| is_refusal(&finding.code));
    found.map(|finding| finding.message).unwrap_or_default()
}
