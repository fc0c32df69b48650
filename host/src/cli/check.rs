//! What `render` and `validate` share: files to plans and sorted remarks.

use super::args::Input;
use super::bundle::{Bundle, ZuulInputs};
use super::files::read_all;
use super::place::Remark;
use super::report::sort;
use super::run::{Failure, Streams};
use crate::contract::Plugins;
use crate::diagnostic::Severity;
use crate::plan::Plan;

/// Decides what should be for one Zuul: [`crate::plan::plan`], or a stand-in in tests.
pub type Planner<'a> = dyn Fn(&crate::inputs::Inputs, &dyn Plugins) -> Plan + 'a;

/// Files, read and planned.
#[derive(Debug)]
pub struct Checked {
    /// The files.
    pub bundle: Bundle,
    /// Each Zuul with its plan.
    pub plans: Vec<(ZuulInputs, Plan)>,
    /// Everything that is to be said, in the order of the files.
    pub remarks: Vec<Remark>,
}

/// Reads the files and plans every Zuul in them.
///
/// # Errors
/// A file cannot be read.
pub fn check(input: &Input, streams: &mut Streams<'_>, plugins: &dyn Plugins) -> Result<Checked, Failure> {
    let (sources, remarks) = read_all(&input.files, streams.stdin)?;
    Ok(plan_all(Bundle::read(sources, remarks), plugins, &crate::plan::plan))
}

/// Plans every Zuul of a bundle.
#[must_use]
pub fn plan_all(bundle: Bundle, plugins: &dyn Plugins, planner: &Planner<'_>) -> Checked {
    let mut remarks = bundle.remarks.clone();
    let mut plans = Vec::new();
    for zuul in bundle.zuuls() {
        let plan = planner(&zuul.inputs, plugins);
        let findings = zuul.findings.iter().chain(&plan.findings);
        let located = findings.map(|finding| bundle.locate(&zuul.object, finding.clone()));
        remarks.extend(located.filter(|remark| !is_told(&bundle.remarks, remark)));
        plans.push((zuul, plan));
    }
    sort(&mut remarks);
    Checked { bundle, plans, remarks }
}

/// Whether an error at the same field is told already: what follows from it is not.
pub(super) fn is_told(told: &[Remark], remark: &Remark) -> bool {
    let finding = &remark.finding;
    told.iter().map(|other| &other.finding).any(|other| {
        other.severity == Severity::Error && other.object == finding.object && other.path == finding.path
    })
}

impl Checked {
    /// Whether something is at least this bad.
    #[must_use]
    pub fn has(&self, severity: Severity) -> bool {
        self.remarks.iter().any(|remark| remark.finding.severity <= severity)
    }
}
