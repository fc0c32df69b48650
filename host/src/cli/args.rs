//! The arguments.

mod plugin;
mod run;

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use plugin::{Pack, PluginArgs, PluginCommand, SetLimit};
use run::RUN_EXAMPLES;
pub use run::{Address, Run};

/// A Kubernetes operator for the Zuul project gating system.
#[derive(Debug, Parser)]
#[command(name = "zuul-operator", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    /// Say more in the log, which goes to stderr; twice for debugging. RUST_LOG wins.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

const EXIT_CODES: &str = "Exit codes: 0 all is well, or there are only warnings and notes, 1 there are errors in \
the given objects (with `validate --strict` warnings, too), 2 wrong usage, or a file or stdout cannot be read or written, 141 nobody read the output to its end.";

const RENDER_EXAMPLES: &str = "Examples:
  Show what would be applied for the objects of a folder:
      zuul-operator render -f deploy/
  Write one file an object, to be reviewed as a diff:
      zuul-operator render -f zuul.yaml -f secrets.yaml -o dir=rendered
  Use plugins of your own, and read from a pipe:
      kustomize build . | zuul-operator render -f - --plugins ./plugins

Secrets are shown as references. Nothing is written when there is an error.";

const VALIDATE_EXAMPLES: &str = "Examples:
  Check all files of a folder, in CI:
      zuul-operator validate --strict -f deploy/
  Give the findings to another program:
      zuul-operator validate -f zuul.yaml -o json | jq '.findings[].message'";

const EXPLAIN_EXAMPLES: &str = "Examples:
  What can be explained, and one driver with its options:
      zuul-operator explain
      zuul-operator explain drivers.gerrit
  Everything about timeouts:
      zuul-operator explain --search timeout
  Completion and checks in editors with the YAML language server; the first line of a manifest then is
  `# yaml-language-server: $schema=zuul.schema.json`:
      zuul-operator explain -o json-schema > zuul.schema.json";

const DRAFT_EXAMPLES: &str = "Examples:
  Draft the providers, and keep what could not be carried:
      zuul-operator draft-providers -f nodepool.yaml > providers.yaml 2> todo.txt
  From the Secret of a cluster:
      kubectl get secret nodepool -o jsonpath='{.data.nodepool\\.yaml}' | base64 -d |
        zuul-operator draft-providers -f -
  What is left to do, for another program:
      zuul-operator draft-providers -f nodepool.yaml -o json | jq -r '.findings[].message'

docs/draft-providers.md says what is carried, and what comes next.";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show the objects that a Zuul becomes, without a cluster
    #[command(after_help = RENDER_EXAMPLES)]
    Render(Render),
    /// Check a Zuul and what it refers to, without a cluster
    #[command(after_help = VALIDATE_EXAMPLES)]
    Validate(Validate),
    /// Explain drivers, options, fields and findings
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(Explain),
    /// Draft Zuul's provider configuration from a nodepool.yaml, on the way to zuul-launcher
    #[command(after_help = DRAFT_EXAMPLES)]
    DraftProviders(DraftProviders),
    /// Run the operator: keep the Zuuls of a cluster as they are meant
    #[command(after_help = RUN_EXAMPLES)]
    Run(Run),
    /// Plugins in ConfigMaps
    #[command(subcommand)]
    Plugin(PluginCommand),
    /// Print the CustomResourceDefinition of the Zuul object
    #[command(after_help = "Example:\n      zuul-operator crd | kubectl apply -f -")]
    Crd,
    /// Print the completions of a shell
    #[command(
        after_help = "Example:\n      zuul-operator completions bash > /etc/bash_completion.d/zuul-operator"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page of the program, or of one of its commands
    #[command(after_help = "Example:\n      zuul-operator man validate | man -l -")]
    Man {
        /// A command; without it the page of the whole program
        #[arg(default_value = "")]
        command: String,
    },
}

/// Where objects and plugins come from.
#[derive(Debug, Args)]
pub struct Input {
    /// A file of Zuul, Secret and ConfigMap objects, a folder (with all .yaml, .yml and .json files
    /// below it that are not hidden), or - for stdin; may be repeated
    #[arg(short = 'f', long = "filename", required = true, value_name = "FILE|DIR|-")]
    pub files: Vec<PathBuf>,
    /// Where plugins come from.
    #[command(flatten)]
    pub plugins: PluginArgs,
}

/// `render`.
#[derive(Debug, Args)]
pub struct Render {
    /// Where objects come from.
    #[command(flatten)]
    pub input: Input,
    /// yaml, json, or dir=PATH for one file an object
    #[arg(short, long, default_value = "yaml", value_name = "FORMAT")]
    pub output: Output,
    /// Write the bytes of Secrets instead of references to them
    #[arg(long)]
    pub with_secrets: bool,
}

/// `validate`.
#[derive(Debug, Args)]
pub struct Validate {
    /// Where objects come from.
    #[command(flatten)]
    pub input: Input,
    /// How to tell the findings
    #[arg(short, long, value_enum, default_value_t = Report::Text, value_name = "FORMAT")]
    pub output: Report,
    /// Warnings fail, too
    #[arg(long)]
    pub strict: bool,
}

/// `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// What to explain: a path such as drivers.gerrit.sshkey, spec.executor or findings.UnknownOption
    #[arg(value_name = "TOPIC", default_value = "")]
    pub topic: String,
    /// Show what has this text in its name or its sentence
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// How to show it
    #[arg(short, long, value_enum, default_value_t = Shape::Text, value_name = "FORMAT")]
    pub output: Shape,
    /// Where plugins come from.
    #[command(flatten)]
    pub plugins: PluginArgs,
}

/// `draft-providers`.
#[derive(Debug, Args)]
pub struct DraftProviders {
    /// The nodepool.yaml as Nodepool reads it, or - for stdin
    #[arg(short = 'f', long = "filename", value_name = "FILE|-")]
    pub file: PathBuf,
    /// yaml: the draft, with findings on stderr; json: both, and the connections
    #[arg(short, long, value_enum, default_value_t = Shown::Yaml, value_name = "FORMAT")]
    pub output: Shown,
}

/// How a draft is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shown {
    /// For a repository
    Yaml,
    /// For programs
    Json,
}

/// How something is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shape {
    /// For people
    Text,
    /// The names alone, indented
    Tree,
    /// For programs
    Json,
    /// As in docs/reference
    Markdown,
    /// A JSON Schema of manifests, for editors; it is always about the whole
    JsonSchema,
}

/// How findings are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Report {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// Workflow commands of GitHub, which annotate the lines of a change.
    Github,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How objects are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Documents behind one another.
    Yaml,
    /// A `List`.
    Json,
    /// One file an object.
    Dir(PathBuf),
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.strip_prefix("dir=")) {
            ("yaml", _) => Ok(Self::Yaml),
            ("json", _) => Ok(Self::Json),
            (_, Some(path)) if !path.is_empty() => Ok(Self::Dir(PathBuf::from(path))),
            _ => Err("expected yaml, json or dir=PATH".to_owned()),
        }
    }
}
