//! The plugins that `--plugins`, `--cache-dir` and `--limit` ask for.

use super::args::PluginArgs;
use super::run::Failure;
use crate::plugin::{Catalog, Limits, Options, default_cache_dir};

/// How they are opened.
pub(super) fn options(args: &PluginArgs) -> Result<Options, Failure> {
    let cache_dir = args.cache_dir.clone().or_else(default_cache_dir);
    let limits = args.limits.iter().try_fold(Limits::default(), |limits, set| limits.with(set.0, set.1))?;
    Ok(Options { limits, cache_dir, plugins_dir: args.plugins.clone(), ..Options::default() })
}

/// Opens the plugins.
pub(super) fn open(args: &PluginArgs) -> Result<Catalog, Failure> {
    Catalog::open(options(args)?)
        .map_err(|error| Failure::Told(format!("cannot open the plugins: {error:#}")))
}
