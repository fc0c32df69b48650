//! The arguments of `run`.

use std::net::SocketAddr;
use std::str::FromStr;

use clap::Args;

use super::PluginArgs;
use crate::cli::logging::LogFormat;

pub(super) const RUN_EXAMPLES: &str = "Examples:
  For all namespaces of the cluster that KUBECONFIG names, or in a pod that of its service account:
      zuul-operator run
  For two namespaces, for which a Role in each is enough:
      zuul-operator run --namespace ci --namespace ci-test
  With spans for an OpenTelemetry collector:
      zuul-operator run --traces http://collector:4318";

/// `run`.
#[derive(Debug, Args)]
pub struct Run {
    /// Look after the Zuuls of this namespace; may be repeated. Without it after those of all namespaces
    #[arg(long = "namespace", value_name = "NAMESPACE")]
    pub namespaces: Vec<String>,
    /// With several replicas: elect the one that writes by a Lease in the operator's own namespace
    #[arg(long)]
    pub leader_election: bool,
    /// The operator's own namespace; in a pod it is known
    #[arg(long, value_name = "NAMESPACE", env = "POD_NAMESPACE")]
    pub own_namespace: Option<String>,
    /// Where /metrics, /healthz and /readyz are served; `off` for nowhere
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "0.0.0.0:8080")]
    pub signals: Address,
    /// What is logged, as in RUST_LOG, which counts where this is not given
    #[arg(long, value_name = "FILTER")]
    pub log: Option<String>,
    /// How lines of the log look
    #[arg(long, value_enum, default_value_t)]
    pub log_format: LogFormat,
    /// Send spans to an OpenTelemetry collector, by OTLP over HTTP; `off` for nowhere. Without it the variables
    /// OTEL_EXPORTER_OTLP_TRACES_ENDPOINT and OTEL_EXPORTER_OTLP_ENDPOINT count
    #[arg(long, value_name = "URL")]
    pub traces: Option<String>,
    /// Where plugins come from.
    #[command(flatten)]
    pub plugins: PluginArgs,
}

/// Where to listen, if anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address(pub Option<SocketAddr>);

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self(None)),
            text => text.parse().map(|address| Self(Some(address))).map_err(|_| {
                "expected an address and a port such as 0.0.0.0:8080 or [::]:8080, or off".to_owned()
            }),
        }
    }
}
