//! `zuul-operator render`.

use serde_json::Value;

use super::args::{Output, Render};
use super::check::{Checked, check, is_told};
use super::convert;
use super::generated::Generated;
use super::report::{Count, sort, text};
use super::run::{Exit, Failure, Streams};
use super::{folder, output, plugins};
use crate::diagnostic::Severity;

/// Writes the objects to stdout or into a folder, and findings to stderr. With an error among them,
/// no object is written.
pub(super) fn run(args: &Render, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let plugins = plugins::open(&args.input)?;
    let mut checked = check(&args.input, streams, &plugins)?;
    let objects = objects(&mut checked, args.with_secrets);
    tell(&checked, streams);
    if checked.has(Severity::Error) {
        return Ok(Exit::Findings);
    }
    write(&args.output, &objects, args.with_secrets, streams)?;
    Ok(Exit::Fine)
}

/// All objects; what stands against writing them is added to the remarks.
fn objects(checked: &mut Checked, with_secrets: bool) -> Vec<Value> {
    let (mut objects, mut refused) = (Vec::new(), Vec::new());
    for (zuul, plan) in &checked.plans {
        let generated = Generated::of(plan, zuul, with_secrets);
        objects.extend(generated.objects(&zuul.inputs.zuul));
        refused.extend(generated.findings(with_secrets).map(|it| checked.bundle.locate(&zuul.object, it)));
        let secrets = with_secrets.then_some(&generated.secrets);
        for object in &plan.objects {
            match convert::object(object, secrets) {
                Ok(object) => objects.push(object),
                Err(findings) => {
                    refused.extend(findings.into_iter().map(|it| checked.bundle.locate(&zuul.object, it)));
                }
            }
        }
    }
    // A secret that several components read is missing once.
    for remark in refused {
        if !is_told(&checked.remarks, &remark) {
            checked.remarks.push(remark);
        }
    }
    sort(&mut checked.remarks);
    objects
}

fn tell(checked: &Checked, streams: &mut Streams<'_>) {
    if checked.remarks.is_empty() {
        return;
    }
    let sources = &checked.bundle.sources;
    let report = text(sources, &checked.remarks, streams.stderr_styled);
    let summary = Count::of(&checked.remarks).summary(sources.len());
    // Nobody reads stderr: the objects and the exit code still count.
    let _ = writeln!(streams.stderr, "{report}{summary}");
}

/// Writes objects in the form that was asked for; `private` keeps a folder from other users.
///
/// # Errors
/// They cannot be written.
pub fn write(
    output: &Output,
    objects: &[Value],
    private: bool,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    match output {
        Output::Yaml => streams.say(&output::yaml(objects)?)?,
        Output::Json => streams.say(&output::json(objects)?)?,
        Output::Dir(path) => folder::write(path, objects, private)
            .map_err(|error| Failure(format!("cannot write {}: {error}", path.display())))?,
    }
    Ok(())
}
