//! A plan that is made again only when something changed.

use std::sync::Arc;

use super::{Plan, plan};
use crate::contract::{PluginFinding, PluginInfo, Plugins};
use crate::inputs::Inputs;

/// Plans one Zuul over and over. As [`plan()`] is pure, the last plan is the next one while its inputs and the
/// plugins are the same.
#[derive(Debug, Default)]
pub struct Planner {
    last: Option<Made>,
}

/// A plan, and all that it was made of.
#[derive(Debug)]
struct Made {
    inputs: Arc<Inputs>,
    plugins: (Vec<PluginInfo>, Vec<PluginFinding>),
    plan: Arc<Plan>,
}

impl Planner {
    /// What [`plan()`] gives for these inputs. One with errors is made anew each time: a plugin may have been
    /// too slow, or too busy, for reasons that no input shows.
    pub fn plan(&mut self, inputs: &Arc<Inputs>, plugins: &dyn Plugins) -> Arc<Plan> {
        let serving = (plugins.list(), plugins.findings());
        if let Some(made) =
            self.last.as_ref().filter(|made| made.inputs == *inputs && made.plugins == serving)
        {
            return Arc::clone(&made.plan);
        }
        let plan = Arc::new(plan(inputs, plugins));
        let made = Made { inputs: Arc::clone(inputs), plugins: serving, plan: Arc::clone(&plan) };
        self.last = (!plan.has_errors()).then_some(made);
        plan
    }
}
