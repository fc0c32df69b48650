//! How plugins are found, kept and run.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use wasmtime::MemoryCreator;

use super::cache::default_cache_dir;
use super::compile::Compile;
use super::limits::Limits;

/// How a [`super::Catalog`] is opened.
#[derive(Clone)]
pub struct Options {
    /// The limits of every call.
    pub limits: Limits,
    /// Where compiled plugins are kept; `None` compiles them in each process again.
    pub cache_dir: Option<PathBuf>,
    /// A folder with more plugins, which replace built-in ones.
    pub plugins_dir: Option<PathBuf>,
    /// Whether the plugins of the binary serve.
    pub built_ins: bool,
    /// Where plugins are compiled.
    pub compile: Compile,
    /// Whether answers are remembered. Off for measuring.
    pub memoise: bool,
    /// For tests that look into the guests' memory. Plugins run slower with it.
    pub memory_creator: Option<Arc<dyn MemoryCreator>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            cache_dir: default_cache_dir(),
            plugins_dir: None,
            built_ins: true,
            compile: Compile::suited(),
            memoise: true,
            memory_creator: None,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { limits, cache_dir, plugins_dir, built_ins, compile, memoise, memory_creator } = self;
        f.debug_struct("Options")
            .field("limits", limits)
            .field("cache_dir", cache_dir)
            .field("plugins_dir", plugins_dir)
            .field("built_ins", built_ins)
            .field("compile", compile)
            .field("memoise", memoise)
            .field("memory_creator", &memory_creator.is_some())
            .finish()
    }
}
