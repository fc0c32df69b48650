//! The plugins that `--plugins`, `--cache-dir` and `--limit` ask for.

use super::args::Input;
use super::run::Failure;
use crate::plugin::{Catalog, Limits, Options, default_cache_dir};

/// Opens the plugins.
pub(super) fn open(input: &Input) -> Result<Catalog, Failure> {
    let cache_dir = input.cache_dir.clone().or_else(default_cache_dir);
    let limits = input.limits.iter().try_fold(Limits::default(), |limits, set| limits.with(set.0, set.1))?;
    let options = Options { limits, cache_dir, plugins_dir: input.plugins.clone(), ..Options::default() };
    Catalog::open(options).map_err(|error| Failure::Told(format!("cannot open the plugins: {error:#}")))
}
