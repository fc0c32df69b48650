//! What stops a component while it prepares to send statistics and traces.

use zuul_plugin_sdk::renderer::Section;
use zuul_plugin_sdk::{Finding, Setting, error, truth};

/// The client asks for the host's IPv4 address when it is made (`lib/statsd.py`), and raises if there is none.
pub fn statsd(section: &Section) -> Option<Finding> {
    let server = section.text("server")?;
    (server.contains(['/', ':']) && !server.contains(['\n', '\r'])).then(|| {
        let message = "`server` is no host name nor an IPv4 address: Zuul does not start";
        error("HostNameIsUrl", &section.path("server"), message)
            .expected("a host name, like statsd.example.com, or an IPv4 address")
            .cure("leave only the host name; the port goes into `port`")
    })
}

/// Zuul hands the text on as it is (`lib/tracing.py`). gRPC makes a number of it, 2 being gzip; the exporter for
/// HTTP takes no text at all.
pub fn compression(section: &Section) -> Option<Finding> {
    if section.get("enabled").and_then(truth) != Some(true) || !section.is_set("compression") {
        return None;
    }
    let cure = match section.text("protocol") {
        Some("http/protobuf") => "remove it",
        None | Some("" | "grpc") if is_text(section.get("compression")?) => "write 2 for gzip, or remove it",
        _ => return None,
    };
    Some(
        error(
            "TracingCompression",
            &section.path("compression"),
            "the exporter does not take this: Zuul does not start",
        )
        .expected("with grpc a number, like 2 for gzip; with http/protobuf nothing")
        .cure(&format!(
            "{cure}; OpenTelemetry reads OTEL_EXPORTER_OTLP_COMPRESSION=gzip, in each pod's environment"
        )),
    )
}

/// Text that is seen, and is no number.
fn is_text(setting: &Setting) -> bool {
    matches!(setting, Setting::Text(text) if text.trim().parse::<i64>().is_err())
}
