//! Findings as SARIF 2.1.0, which code scanners read. Only what we have to say is modelled: the format's full
//! types are thousands of lines.

use std::collections::BTreeSet;

use serde::Serialize;

use super::source::Source;
use crate::diagnostic::Severity;
use crate::yaml::place::{Place, Remark};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

#[derive(Debug, Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    /// Columns count characters, as everywhere in our output.
    column_kind: &'static str,
    results: Vec<Entry<'a>>,
}

#[derive(Debug, Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Debug, Serialize)]
struct Driver<'a> {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule<'a>>,
}

#[derive(Debug, Serialize)]
struct Rule<'a> {
    id: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: Vec<Location<'a>>,
}

#[derive(Debug, Serialize)]
struct Message {
    text: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_location: Option<PhysicalLocation<'a>>,
    logical_locations: [LogicalLocation; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation<'a> {
    artifact_location: ArtifactLocation<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Debug, Serialize)]
struct ArtifactLocation<'a> {
    uri: std::borrow::Cow<'a, str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
}

/// The report, with a line break at its end.
///
/// # Errors
/// Never for these types; the caller reports it all the same.
pub fn sarif(sources: &[Source], remarks: &[Remark]) -> serde_json::Result<String> {
    let codes: BTreeSet<&str> = remarks.iter().map(|remark| remark.finding.code.as_str()).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let results = remarks.iter().map(|remark| entry(sources, &codes, remark)).collect();
    let driver = Driver {
        name: "zuul-operator",
        version: env!("CARGO_PKG_VERSION"),
        rules: codes.iter().map(|id| Rule { id }).collect(),
    };
    let run = Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    serde_json::to_string_pretty(&log).map(|text| text + "\n")
}

fn entry<'a>(sources: &'a [Source], codes: &[&str], remark: &'a Remark) -> Entry<'a> {
    let finding = &remark.finding;
    let parts = [
        ("", finding.message.as_str()),
        ("; expected: ", finding.expected.as_str()),
        ("; help: ", finding.cure.as_str()),
    ];
    let text = parts.into_iter().filter(|(_, words)| !words.is_empty());
    let source = remark.file.and_then(|file| sources.get(file));
    let object = &finding.object;
    let name = [&object.kind, &object.namespace, &object.name].map(String::as_str).join("/");
    Entry {
        rule_id: &finding.code,
        rule_index: codes.binary_search(&finding.code.as_str()).unwrap_or_default(),
        level: match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        message: Message { text: text.map(|(start, words)| format!("{start}{words}")).collect() },
        locations: vec![Location {
            physical_location: source.map(|source| PhysicalLocation {
                artifact_location: ArtifactLocation { uri: uri(&source.name) },
                region: remark.place.map(region),
            }),
            logical_locations: [LogicalLocation { fully_qualified_name: format!("{name}:{}", finding.path) }],
        }],
    }
}

fn region(place: Place) -> Region {
    let Place { line, column, end_line, end_column } = place;
    Region { start_line: line, start_column: column, end_line, end_column }
}

/// A path as a relative URI reference: RFC 3986 leaves these characters as they are.
fn uri(path: &str) -> std::borrow::Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte);
    if path.bytes().all(is_plain) {
        return path.into();
    }
    let escape = |byte: u8| match is_plain(byte) {
        true => (byte as char).to_string(),
        false => format!("%{byte:02X}"),
    };
    path.bytes().map(escape).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::diagnostic::{FieldPath, Finding};

    #[test]
    fn every_finding_is_a_result_of_a_rule_at_a_place() {
        let finding = |code| Finding::warning(code, FieldPath::spec().key("web"), "wrong").cure("mend it");
        let place = Place { line: 3, column: 5, end_line: 4, end_column: 1 };
        let remarks = [Remark::at(0, place, finding("Second")), Remark::nowhere(finding("First"))];
        let sources = [Source::new("my file.yaml", "")];
        let log: Value = serde_json::from_str(&sarif(&sources, &remarks).expect("JSON")).expect("JSON");
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        assert_eq!(run["tool"]["driver"]["rules"], json!([{"id": "First"}, {"id": "Second"}]));
        let result = &run["results"][0];
        assert_eq!((&result["ruleId"], &result["ruleIndex"]), (&json!("Second"), &json!(1)));
        assert_eq!(
            (&result["level"], &result["message"]["text"]),
            (&json!("warning"), &json!("wrong; help: mend it"))
        );
        let location = &result["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"]["uri"], "my%20file.yaml");
        assert_eq!(
            location["region"],
            json!({"startLine": 3, "startColumn": 5, "endLine": 4, "endColumn": 1})
        );
        assert_eq!(run["results"][1]["locations"][0].get("physicalLocation"), None);
    }
}
