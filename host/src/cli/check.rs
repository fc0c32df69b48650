//! What `render` and `validate` share: files to plans and sorted remarks.

use super::args::Input;
use super::bundle::Bundle;
use super::files::read_all;
use super::gather::ZuulInputs;
use super::quotes;
use super::run::{Failure, Streams};
use super::source::Source;
use crate::content::{self, Known};
use crate::contract::Plugins;
use crate::diagnostic::{FieldPath, Finding, Severity};
use crate::plan::Plan;
use crate::yaml::place::Remark;

/// Decides what should be for one Zuul: [`crate::plan::plan`], or a stand-in in tests.
pub type Planner<'a> = dyn Fn(&crate::inputs::Inputs, &dyn Plugins) -> Plan + 'a;

/// What else is done with a Zuul and its plan; gives what stands against it.
pub type Use<'a> = dyn FnMut(&ZuulInputs, &Plan) -> Vec<Finding> + 'a;

/// Nobody has more Zuuls than this in one go; each takes time.
pub const MOST_ZUULS: usize = 5_000;

/// Files, read and planned.
#[derive(Debug)]
pub struct Checked {
    /// The files.
    pub sources: Vec<Source>,
    /// Everything that is to be said, in the order of the files.
    pub remarks: Vec<Remark>,
}

/// Reads the files, plans every Zuul in them, and hands each plan to `then`.
///
/// # Errors
/// A file cannot be read.
pub fn check(
    input: &Input,
    streams: &mut Streams<'_>,
    plugins: &dyn Plugins,
    then: &mut Use<'_>,
) -> Result<Checked, Failure> {
    let (sources, remarks) = read_all(&input.files, streams.stdin)?;
    Ok(plan_all(Bundle::read(sources, remarks), plugins, &crate::plan::plan, then))
}

/// Plans every Zuul of a bundle. No plan is kept: `then` takes of it what it needs.
#[must_use]
pub fn plan_all(
    mut bundle: Bundle,
    plugins: &dyn Plugins,
    planner: &Planner<'_>,
    then: &mut Use<'_>,
) -> Checked {
    let mut remarks = std::mem::take(&mut bundle.remarks);
    // What follows from a field that cannot even be read is not told.
    let wrong = remarks.wrong().clone();
    let mut known = Known::default();
    for (number, zuul) in bundle.zuuls().enumerate() {
        if number == MOST_ZUULS {
            remarks.push(bundle.locate(&zuul.object, too_many()));
            break;
        }
        let plan = planner(&zuul.inputs, plugins);
        let mut against = then(&zuul, &plan);
        against.extend(content::check(&zuul.inputs, &zuul.secrets, &plan, &mut known));
        let unquoted = quotes::check(&bundle, &zuul, plugins);
        let located = |finding| bundle.locate(&zuul.object, finding);
        let findings = plan.findings.into_iter().chain(unquoted).map(located);
        remarks.extend(findings.filter(|remark| !wrong.hold(remark)));
        // A secret that several components read is wrong once, whoever noticed.
        for remark in against.into_iter().map(located) {
            if !remarks.wrong().hold(&remark) {
                remarks.push(remark);
            }
        }
    }
    remarks.join_booleans();
    Checked { sources: bundle.sources, remarks: remarks.sorted() }
}

fn too_many() -> Finding {
    let message =
        "too many Zuul objects are in the given files; this one and those behind it were not planned";
    Finding::error("TooManyZuuls", FieldPath::root(), message)
        .expected(format!("at most {MOST_ZUULS}"))
        .cure("give fewer files at a time")
}

impl Checked {
    /// Whether something is at least this bad.
    #[must_use]
    pub fn has(&self, severity: Severity) -> bool {
        self.remarks.iter().any(|remark| remark.finding.severity <= severity)
    }
}
