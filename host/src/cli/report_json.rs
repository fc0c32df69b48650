//! Findings as JSON, for programs.

use serde::Serialize;

use super::report::Count;
use super::source::Source;
use crate::diagnostic::{FieldPath, ObjectRef, Severity};
use crate::yaml::place::Remark;

/// The whole report:
///
/// ```json
/// {
///   "errors": 1, "warnings": 0, "notes": 0, "files": 2,
///   "findings": [{
///     "severity": "error", "code": "MissingName",
///     "object": {"kind": "Zuul", "namespace": "", "name": ""},
///     "path": "metadata.name", "message": "…", "expected": "", "cure": "…",
///     "file": "zuul.yaml", "line": 3, "column": 1, "endLine": 3, "endColumn": 9
///   }]
/// }
/// ```
///
/// All keys are always there. `file` and the four numbers are `null` for a finding that no file can
/// be blamed for. Lines and columns start at one, columns count characters, and the end is behind the
/// last one. Keys may be added in later releases; none changes its meaning.
#[derive(Debug, Serialize)]
struct Report<'a> {
    errors: usize,
    warnings: usize,
    notes: usize,
    files: usize,
    findings: Vec<Entry<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry<'a> {
    severity: Severity,
    code: &'a str,
    object: Object<'a>,
    path: &'a FieldPath,
    message: &'a str,
    expected: &'a str,
    cure: &'a str,
    file: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
    end_line: Option<u32>,
    end_column: Option<u32>,
}

#[derive(Debug, Serialize)]
struct Object<'a> {
    kind: &'a str,
    namespace: &'a str,
    name: &'a str,
}

/// The report as JSON, with a line break at its end.
///
/// # Errors
/// Never for these types; the caller reports it all the same.
pub fn json(sources: &[Source], remarks: &[Remark]) -> serde_json::Result<String> {
    let Count { errors, warnings, notes } = Count::of(remarks);
    let findings = entries(sources, remarks);
    let report = Report { errors, warnings, notes, files: sources.len(), findings };
    serde_json::to_string_pretty(&report).map(|text| text + "\n")
}

/// Its `findings`.
pub(super) fn entries<'a>(sources: &'a [Source], remarks: &'a [Remark]) -> Vec<Entry<'a>> {
    remarks.iter().map(|remark| entry(sources, remark)).collect()
}

fn entry<'a>(sources: &'a [Source], remark: &'a Remark) -> Entry<'a> {
    let finding = &remark.finding;
    let ObjectRef { kind, namespace, name } = &finding.object;
    Entry {
        severity: finding.severity,
        code: &finding.code,
        object: Object { kind, namespace, name },
        path: &finding.path,
        message: &finding.message,
        expected: &finding.expected,
        cure: &finding.cure,
        file: remark.file.and_then(|file| sources.get(file)).map(|source| source.name.as_str()),
        line: remark.place.map(|place| place.line),
        column: remark.place.map(|place| place.column),
        end_line: remark.place.map(|place| place.end_line),
        end_column: remark.place.map(|place| place.end_column),
    }
}
