//! Combinations of options that Zuul accepts badly or not at all. Nothing is changed here.

use zuul_plugin_sdk::renderer::Section;
use zuul_plugin_sdk::{Components, Finding, error, truth, warning};

use crate::telemetry;

/// All findings about the sections.
pub fn check(components: Components, sections: &[Section]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for section in sections {
        match section.name.as_str() {
            "auth" => findings.extend(auth(section)),
            "statsd" => findings.extend(telemetry::statsd(section)),
            "tracing" => {
                findings.extend(tracing(section));
                findings.extend(telemetry::compression(section));
            }
            "web" => findings.extend(web(section)),
            "oidc" => findings.extend(oidc(section)),
            _ => {}
        }
    }
    findings.extend(default_realms(sections));
    if components.contains(Components::SCHEDULER) {
        findings.extend(tenant_config(sections.iter().find(|section| section.name == "scheduler")));
    }
    findings
}

fn tenant_config(section: Option<&Section>) -> Option<Finding> {
    let set = |option: &str| section.is_some_and(|section| section.is_set(option));
    match (set("tenant_config"), set("tenant_config_script")) {
        (true, true) => Some(
            error("TenantConfigTwice", "scheduler.tenant_config_script", "with both, the scheduler stops")
                .expected("`tenant_config` or `tenant_config_script`")
                .cure("remove `tenant_config_script`"),
        ),
        (false, true) => Some(
            warning(
                "TenantConfigScript",
                "scheduler.tenant_config_script",
                "if the program ever fails or is not executable, Zuul deletes all tenants",
            )
            .expected("`tenant_config`: a broken file is refused, and the old tenants stay")
            .cure("write the program's output to a ConfigMap and use `tenant_config`"),
        ),
        // Without both the operator starts no scheduler, and says so.
        (true | false, false) => None,
    }
}

/// What the driver of an `auth` section needs (`driver/auth/jwt.py`).
fn auth(section: &Section) -> Option<Finding> {
    let driver = section.text("driver")?;
    let needed: &[&str] = match driver {
        "HS256" => &["secret"],
        "RS256" => &["public_key"],
        // The keys' URL is asked of the issuer if it is not given.
        "RS256withJWKS" | "OpenIDConnect" => &["keys_url", "issuer_id"],
        _ => return None,
    };
    let first = needed.first()?;
    (!needed.iter().any(|option| section.is_set(option))).then(|| {
        let message = format!("the driver {driver} cannot verify tokens without `{}`", needed.join("` or `"));
        error("AuthOptionMissing", &section.path(first), &message).cure(&format!("set `{first}`"))
    })
}

/// The last one wins (`lib/auth.py`).
fn default_realms(sections: &[Section]) -> Vec<Finding> {
    let is_default =
        |section: &&Section| section.name == "auth" && section.get("default").and_then(truth) == Some(true);
    let second = |section: &Section| {
        let message = "another authenticator is the default already; the last one would be";
        warning("AuthDefaultTwice", &section.path("default"), message)
            .cure("keep `default: true` of one authenticator")
    };
    sections.iter().filter(is_default).skip(1).map(second).collect()
}

/// All links to Zuul are joined with it (`model.py`, `SystemAttributes`), and it is the issuer of OIDC tokens.
fn web(section: &Section) -> Option<Finding> {
    let root = section.text("root").filter(|root| !root.is_empty())?;
    (!["http://", "https://"].iter().any(|scheme| root.starts_with(scheme))).then(|| {
        error("WebRoot", &section.path("root"), "without a scheme this is no URL: no link to Zuul would work")
            .expected("https://HOST/ or http://HOST/")
            .cure("write the scheme")
    })
}

/// Zuul makes keys for what it supports; both are RS256 unless they are set (`model.py`, `SystemAttributes`).
fn oidc(section: &Section) -> Option<Finding> {
    let text = |option: &str| match section.is_set(option) {
        true => section.text(option),
        false => Some("RS256"),
    };
    let (default, supported) = (text("default_signing_algorithm")?, text("supported_signing_algorithms")?);
    (!supported.split(',').any(|algorithm| algorithm.trim() == default)).then(|| {
        let message =
            format!("{default} signs by default, but is not among the algorithms that are supported");
        warning("OidcAlgorithm", &section.path("default_signing_algorithm"), &message)
            .expected(&format!("one of {supported}"))
            .cure(
                "set `default_signing_algorithm` to one of them, or add it to `supported_signing_algorithms`",
            )
    })
}

/// Each protocol refuses the other's options by an exception at start (`lib/tracing.py`).
fn tracing(section: &Section) -> Vec<Finding> {
    if section.get("enabled").and_then(truth) != Some(true) {
        return Vec::new();
    }
    let foreign: &[&str] = match section.text("protocol") {
        Some("http/protobuf") => &["insecure", "tls_cert", "tls_key", "tls_ca"],
        None | Some("" | "grpc") => &["certificate_file"],
        Some(_) => &[],
    };
    let finding = |option: &&str| {
        error("TracingOption", &section.path(option), "the protocol does not know it: Zuul does not start")
            .expected("certificate_file with http/protobuf; tls_cert, tls_key, tls_ca and insecure with grpc")
            .cure("remove it, or change `protocol`")
    };
    foreign.iter().filter(|option| is_on(section, option)).map(finding).collect()
}

/// Set, and not to `false`.
fn is_on(section: &Section, option: &str) -> bool {
    section.is_set(option) && section.get(option).and_then(truth) != Some(false)
}
