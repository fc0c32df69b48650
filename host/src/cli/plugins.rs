//! The plugins that `--plugins`, `--cache-dir` and `--limit` ask for.

use super::args::PluginArgs;
use super::run::Failure;
use crate::plugin::{Catalog, Limits, Options, default_cache_dir};

/// Opens the plugins.
pub(super) fn open(args: &PluginArgs) -> Result<Catalog, Failure> {
    let cache_dir = args.cache_dir.clone().or_else(default_cache_dir);
    let limits = args.limits.iter().try_fold(Limits::default(), |limits, set| limits.with(set.0, set.1))?;
    let options = Options { limits, cache_dir, plugins_dir: args.plugins.clone(), ..Options::default() };
    Catalog::open(options).map_err(|error| Failure::Told(format!("cannot open the plugins: {error:#}")))
}
