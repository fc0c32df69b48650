//! `zuul-operator draft-providers`.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::args::{DraftProviders, Shown};
use super::files::read_all;
use super::report::{Count, text};
use super::report_json::entries;
use super::run::{Exit, Failure, Streams};
use super::source::Source;
use crate::diagnostic::{FieldPath, Finding, Severity};
use crate::draft::{self, Connection, Draft};
use crate::render;
use crate::yaml::place::{Document, Remark};
use crate::yaml::remarks::Remarks;
use crate::yaml::{self, Limits};

/// Writes the draft to stdout and what could not be carried to stderr; as JSON, both to stdout. With an error
/// there is no draft.
pub(super) fn run(args: &DraftProviders, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (mut sources, remarks) = read_all(std::slice::from_ref(&args.file), streams.stdin)?;
    let [source] = sources.as_mut_slice() else {
        return Err(Failure::Told(format!("{} is a folder; give one nodepool.yaml", args.file.display())));
    };
    let (mut draft, remarks) = make(source, remarks);
    let is_wrong = remarks.iter().any(|remark| remark.finding.severity == Severity::Error);
    if is_wrong {
        (draft.objects, draft.connections) = (Vec::new(), Vec::new());
    }
    match args.output {
        Shown::Json => {
            let findings = entries(&sources, &remarks);
            let all = json!({
                "objects": draft.objects, "connections": connections(&draft.connections), "findings": findings,
            });
            streams.say(&(serde_json::to_string_pretty(&all)? + "\n"))?;
        }
        Shown::Yaml => {
            let report = text(&sources, &remarks, streams.stderr_styled);
            // Nobody reads stderr: the draft and the exit code still count.
            let _ = writeln!(streams.stderr, "{report}{}", Count::of(&remarks).summary(sources.len()));
            if !is_wrong {
                streams.say(&document(&draft)?)?;
            }
        }
    }
    Ok(if is_wrong { Exit::Findings } else { Exit::Fine })
}

/// The draft of a file, and all that is to be said.
fn make(source: &mut Source, remarks: Vec<Remark>) -> (Draft, Vec<Remark>) {
    // Nodepool puts values in before it parses, so `a: %(NODEPOOL_X)` is no YAML yet. One character stands in for
    // another: no column moves.
    let text = source.text().replace(MARK, STAND_IN);
    let mut all = Remarks::default();
    all.extend(remarks);
    let mut documents = Vec::new();
    for reading in yaml::read_as_python(0, &text, Limits::default()) {
        all.append(reading.remarks, |remark| is_told(source, &remark).then_some(remark));
        documents.extend(reading.documents);
    }
    // Such a file may hold anything, and Nodepool's option names tell nothing of secrets: no line is shown.
    source.hidden.hide(1, u32::MAX);
    if all.wrong().is_empty() {
        match documents.as_mut_slice() {
            [document] => {
                restore(&mut document.value);
                let mut draft = draft::draft(&document.value);
                let findings = std::mem::take(&mut draft.findings);
                all.extend(findings.into_iter().map(|finding| located(document, finding)));
                return (draft, all.sorted());
            }
            documents => all.push(Remark::nowhere(not_one(documents.len()))),
        }
    }
    (Draft::default(), all.sorted())
}

/// Nodepool's reader takes `yes` for a boolean as this one does, and only `y` and `n` for text.
fn is_told(source: &Source, remark: &Remark) -> bool {
    let word = remark.place.and_then(|place| source.scalar(place)).unwrap_or_default();
    remark.finding.code != "Yaml11Boolean" || word.len() == 1
}

const MARK: &str = "%(NODEPOOL_";
/// With a character of the private use area, which may start a value.
const STAND_IN: &str = "\u{e000}(NODEPOOL_";

fn restore(value: &mut Value) {
    match value {
        Value::String(text) if text.contains(STAND_IN) => *text = text.replace(STAND_IN, MARK),
        Value::Array(items) => items.iter_mut().for_each(restore),
        Value::Object(fields) => fields.values_mut().for_each(restore),
        _ => {}
    }
}

fn not_one(number: usize) -> Finding {
    let message = match number {
        0 => "no nodepool.yaml: the file is empty",
        _ => "no nodepool.yaml: Nodepool reads one YAML document, and here are several",
    };
    let finding = Finding::error("NotNodepool", FieldPath::root(), message);
    finding.cure("give the nodepool.yaml that nodepool-launcher reads")
}

fn located(document: &Document, finding: Finding) -> Remark {
    let place = document.node.nearest(&finding.path).0.mark();
    Remark::at(0, place, finding)
}

/// `{NAME: {driver: …}}`, as it stands below `spec.connections`.
fn connections(all: &[Connection]) -> Value {
    all.iter()
        .map(|connection| (connection.name.clone(), json!(connection)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn document(draft: &Draft) -> Result<String, Failure> {
    let mut text = "\
# A draft of provider configuration for Zuul 14.3, made by `zuul-operator draft-providers`.
# No cloud has seen it. Before it goes into a config project, as zuul.d/providers.yaml:
#   1. Read the findings, and replace every REPLACE-ME.
#   2. Write a job with `image-build-name` for each image of the type zuul.
#   3. Add to the Zuul object a launcher, and these connections:
"
    .to_owned();
    let wanted = json!({"spec": {"connections": connections(&draft.connections)}});
    for line in render::yaml::write(&wanted)?.lines() {
        // A comment ends where any reader sees the end of a line.
        let line: String =
            line.chars().map(|c| if c == ' ' || c.is_ascii_graphic() { c } else { '?' }).collect();
        writeln!(text, "#        {line}")?;
    }
    text.push_str(
        "#   4. Let one tenant load it; an untrusted project needs `include-provider-config: true` there. Labels that a
#      provider of the tenant has come from it, all others still from Nodepool.
",
    );
    text.push_str(&render::yaml::write(&draft.objects)?);
    Ok(text)
}
