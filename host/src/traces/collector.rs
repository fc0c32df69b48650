//! Where spans go, as an argument or the standard's variables say. No I/O: variables are given.

use std::time::Duration;

use hyper::Uri;

/// Appended to an address that is not about spans only.
const PATH: &str = "v1/traces";
/// The standard's, for one request.
const PATIENCE: Duration = Duration::from_secs(10);
/// The standard's names: <https://opentelemetry.io/docs/specs/otel/protocol/exporter/>.
const FOR_ALL: &str = "OTEL_EXPORTER_OTLP_";
const FOR_SPANS: &str = "OTEL_EXPORTER_OTLP_TRACES_";

/// A collector that takes OTLP over HTTP, as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collector {
    uri: Uri,
    patience: Duration,
}

impl Collector {
    /// The collector that is meant, if any: that of `flag`, an address or `off`, else that of the variables.
    ///
    /// # Errors
    /// It cannot be used; the sentence says why, and does not repeat the address, in which some write a password.
    pub fn find(
        flag: Option<&str>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, String> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let either = |what: &str| {
            let names = [FOR_SPANS, FOR_ALL].map(|prefix| format!("{prefix}{what}"));
            names.into_iter().find_map(|name| variable(&name).map(|value| (name, value)))
        };
        let (name, address) = match flag {
            Some("off") => return Ok(None),
            Some(flag) => ("--traces".to_owned(), flag.to_owned()),
            None if is_off(variable) => return Ok(None),
            None => match either("ENDPOINT") {
                Some(found) => found,
                None => return Ok(None),
            },
        };
        // Whoever gives the option knows what is spoken.
        let protocol = if flag.is_none() { either("PROTOCOL") } else { None };
        if let Some((name, _)) = protocol.filter(|(_, protocol)| protocol == "grpc") {
            return Err(format!(
                "{name}: grpc is not spoken, expected http/json, for which collectors have another port, \
                 usually 4318; give its address with --traces, or --traces off"
            ));
        }
        let patience = either("TIMEOUT").and_then(|(_, value)| value.parse().ok());
        let patience = patience.map_or(PATIENCE, Duration::from_millis);
        let mut uri = checked(&name, &address)?;
        // The one for spans only is used as it is.
        if !name.starts_with(FOR_SPANS) {
            uri = checked(&name, &below(&address))?;
        }
        Ok(Some(Self { uri, patience }))
    }

    /// Where requests go.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// How long one batch may take.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.patience
    }

    /// The address as it may be told: what stands behind `?` may be a token.
    #[must_use]
    pub fn place(&self) -> String {
        let scheme = self.uri.scheme_str().unwrap_or_default();
        let authority = self.uri.authority().map_or("", |authority| authority.as_str());
        format!("{scheme}://{authority}{}", self.uri.path())
    }
}

fn is_off(variable: impl Fn(&str) -> Option<String>) -> bool {
    let is = |name: &str, what: &str| variable(name).is_some_and(|value| value.eq_ignore_ascii_case(what));
    is("OTEL_SDK_DISABLED", "true") || is("OTEL_TRACES_EXPORTER", "none")
}

fn below(address: &str) -> String {
    let separator = if address.ends_with('/') { "" } else { "/" };
    format!("{address}{separator}{PATH}")
}

fn checked(name: &str, uri: &str) -> Result<Uri, String> {
    let expected = "expected an address such as http://collector:4318";
    let uri: Uri = uri.parse().map_err(|error| format!("{name}: {error}; {expected}"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(format!("{name}: it is neither http nor https; {expected}"));
    }
    if uri.authority().is_none_or(|authority| authority.as_str().contains('@')) {
        let cure = "a password or token belongs into OTEL_EXPORTER_OTLP_HEADERS";
        return Err(format!("{name}: a user in an address is not sent; {cure}"));
    }
    Ok(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(flag: Option<&str>, variables: &[(&str, &str)]) -> Result<Option<String>, String> {
        let variable = |name: &str| {
            let known = variables.iter().find(|(known, _)| *known == name);
            known.map(|(_, value)| (*value).to_owned())
        };
        Collector::find(flag, variable).map(|it| it.map(|it| it.uri.to_string()))
    }

    #[test]
    fn the_flag_counts_before_the_variables() {
        let (all, spans) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        let off = ("OTEL_SDK_DISABLED", "TRUE");
        let none = ("OTEL_TRACES_EXPORTER", "none");
        for (flag, variables, expected) in [
            (None, &[] as &[_], None),
            (None, &[(all, "")], None),
            (None, &[(all, "http://a:4318")], Some("http://a:4318/v1/traces")),
            (None, &[(all, "https://a/otlp/")], Some("https://a/otlp/v1/traces")),
            (None, &[(all, "http://a"), (spans, "http://b/x?y=z")], Some("http://b/x?y=z")),
            (None, &[(all, "http://a"), (spans, "")], Some("http://a/v1/traces")),
            (Some("http://c:1"), &[(all, "http://a"), (spans, "http://b")], Some("http://c:1/v1/traces")),
            (Some("http://c:1"), &[off], Some("http://c:1/v1/traces")),
            (Some("off"), &[(all, "http://a")], None),
            (None, &[(all, "http://a"), off], None),
            (None, &[(all, "http://a"), none], None),
        ] {
            let expected = Ok(expected.map(str::to_owned));
            assert_eq!(find(flag, variables), expected, "{flag:?} {variables:?}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_told_and_not_repeated() {
        for address in ["collector:4318", "ftp://a", "", "/", "http://", "http://me:canary@a", "http://a b/"]
        {
            let told = find(Some(address), &[]).expect_err(address);
            assert!(told.starts_with("--traces: ") && !told.contains("canary"), "{told}");
        }
        let protocol = ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
        let told = find(None, &[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://a:4317"), protocol]);
        assert!(told.expect_err("it is not spoken").starts_with("OTEL_EXPORTER_OTLP_PROTOCOL: "));
        assert_eq!(find(None, &[protocol]), Ok(None), "what is not used is not wrong");
        let http = Some("http://a:4318/v1/traces".to_owned());
        assert_eq!(find(Some("http://a:4318"), &[protocol]), Ok(http), "as the cure says");
    }

    #[test]
    fn what_is_told_of_an_address_is_no_token() {
        let collector = |variables: &'static [(&str, &str)]| {
            let variable = move |name: &str| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            };
            Collector::find(None, variable).expect("fine").expect("on")
        };
        let one = collector(&[
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://a:1/b?token=canary"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "2500"),
        ]);
        assert_eq!((one.place().as_str(), one.patience().as_millis()), ("https://a:1/b", 2500));
        assert_eq!(collector(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://a")]).patience(), PATIENCE);
    }
}
