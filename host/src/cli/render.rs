//! `zuul-operator render`.

use serde_json::Value;

use super::args::{Output, Render};
use super::check::{Checked, check};
use super::gather::ZuulInputs;
use super::generated::Generated;
use super::report::{Count, text};
use super::run::{Exit, Failure, Streams};
use super::{folder, output, plugins};
use crate::diagnostic::{Finding, Severity};
use crate::fill;
use crate::plan::Plan;

/// Writes the objects to stdout or into a folder, and findings to stderr. With an error among them,
/// no object is written.
pub(super) fn run(args: &Render, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let plugins = plugins::open(&args.input.plugins)?;
    let mut objects = Vec::new();
    let mut keep = |zuul: &ZuulInputs, plan: &Plan| {
        let mut refused = Vec::new();
        objects.extend(self::objects(zuul, plan, args.with_secrets, &mut refused));
        refused
    };
    let checked = check(&args.input, streams, &plugins, &mut keep)?;
    tell(&checked, streams);
    if checked.has(Severity::Error) {
        return Ok(Exit::Findings);
    }
    write(&args.output, &objects, args.with_secrets, streams)?;
    Ok(Exit::Fine)
}

/// All objects of a plan; what stands against writing them is added to `refused`.
fn objects(zuul: &ZuulInputs, plan: &Plan, with_secrets: bool, refused: &mut Vec<Finding>) -> Vec<Value> {
    let generated = Generated::of(plan, zuul, with_secrets);
    let mut objects: Vec<_> = generated.objects(&zuul.inputs.zuul).collect();
    refused.extend(generated.findings(with_secrets));
    let secrets = with_secrets.then_some(&generated.secrets);
    for object in &plan.objects {
        match fill::object(object, secrets) {
            Ok(object) => objects.push(object.value()),
            Err(findings) => refused.extend(findings),
        }
    }
    objects
}

fn tell(checked: &Checked, streams: &mut Streams<'_>) {
    if checked.remarks.is_empty() {
        return;
    }
    let sources = &checked.sources;
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
            .map_err(|error| Failure::Told(format!("cannot write {}: {error}", path.display())))?,
    }
    Ok(())
}
