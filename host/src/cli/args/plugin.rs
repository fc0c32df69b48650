//! The arguments about plugins.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand};

use crate::plugin::{Limit, LimitError, Limits, Row};

const PACK_EXAMPLES: &str = "Examples:
  A plugin for the Zuuls of one namespace:
      zuul-operator plugin pack forge.wasm --namespace ci | kubectl apply --server-side -f -
  Smaller than this program makes it:
      zstd -19 forge.wasm && zuul-operator plugin pack forge.wasm.zst

docs/operate/plugins.md says what becomes of it.";

/// Where plugins come from.
#[derive(Debug, Args)]
pub struct PluginArgs {
    /// A folder of plugins (.wasm, or compressed .wasm.gz or .wasm.zst) that add to the built-in ones, or take their place
    #[arg(long, value_name = "DIR")]
    pub plugins: Option<PathBuf>,
    /// Where compiled plugins are kept
    #[arg(long, value_name = "DIR")]
    pub cache_dir: Option<PathBuf>,
    /// A limit of plugins, such as fuel-render=3000000000; may be repeated. docs/plugins/README.md has
    /// the list, and so has the message about a wrong name
    #[arg(long = "limit", value_name = "NAME=VALUE")]
    pub limits: Vec<SetLimit>,
}

/// A limit and what it is set to, within its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetLimit(pub Limit, pub u64);

impl FromStr for SetLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
        let limit: Limit = name.parse().map_err(|error: LimitError| {
            let names: Vec<_> = Limit::ALL.iter().map(|row| row.name).collect();
            format!("{error}; there are {}", names.join(", "))
        })?;
        let Row { ceiling, unit, .. } = limit.row();
        let value = value.parse().map_err(|_| format!("expected a number of {unit}, at most {ceiling}"))?;
        Limits::default().with(limit, value).map_err(|error| error.to_string())?;
        Ok(Self(limit, value))
    }
}

/// `plugin`.
#[derive(Debug, Subcommand)]
pub enum PluginCommand {
    /// Print the ConfigMap of a plugin, if the operator would take it
    #[command(after_help = PACK_EXAMPLES)]
    Pack(Pack),
}

/// `plugin pack`.
#[derive(Debug, Args)]
pub struct Pack {
    /// The component, as it is (.wasm) or compressed (.wasm.gz, .wasm.zst)
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What the plugin is called; without it as the file
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The namespace: that of some Zuuls, or the operator's for all. Without it none stands in the ConfigMap
    #[arg(long, value_name = "NAMESPACE")]
    pub namespace: Option<String>,
    /// Where plugins come from.
    #[command(flatten)]
    pub plugins: PluginArgs,
}
