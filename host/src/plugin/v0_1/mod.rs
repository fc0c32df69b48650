//! WIT 0.1: the only place that knows it. Converts between its types and the core's contract.

mod bindings;
mod driver;
mod renderer;
mod sharder;
mod types;

use wasmtime::component::{Component, HasSelf, Linker};

use super::call::{Level, State};
use super::component::World;
use crate::contract::FailureReason;
use bindings::config_renderer::ConfigRendererPre;
use bindings::connection_driver::ConnectionDriverPre;
use bindings::nodepool_sharder::NodepoolSharderPre;
use bindings::shared::zuul_operator::plugin::log;

use super::component::Refusal;

/// A component whose imports are resolved and whose exports have the types of its world.
pub(super) enum Guest {
    Driver(ConnectionDriverPre<State>),
    Renderer(ConfigRendererPre<State>),
    Sharder(NodepoolSharderPre<State>),
}

impl Guest {
    /// Resolves `component`, which exports `world`.
    ///
    /// # Errors
    /// [`FailureReason::ForeignImport`] or [`FailureReason::WrongWorld`]: the names are those of
    /// the world, their types are not.
    pub(super) fn new(component: &Component, world: World) -> Result<Self, Refusal> {
        let mut linker = Linker::new(component.engine());
        let refuse = |reason| move |error: wasmtime::Error| (reason, format!("{error:#}"));
        log::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state)
            .map_err(refuse(FailureReason::ForeignImport))?;
        let resolved = linker.instantiate_pre(component).map_err(refuse(FailureReason::ForeignImport))?;
        let guest = match world {
            World::ConnectionDriver => ConnectionDriverPre::new(resolved).map(Self::Driver),
            World::ConfigRenderer => ConfigRendererPre::new(resolved).map(Self::Renderer),
            World::NodepoolSharder => NodepoolSharderPre::new(resolved).map(Self::Sharder),
        };
        guest.map_err(refuse(FailureReason::WrongWorld))
    }
}

impl log::Host for State {
    fn write(&mut self, level: log::Level, message: String) {
        let level = match level {
            log::Level::Trace => Level::TRACE,
            log::Level::Debug => Level::DEBUG,
            log::Level::Info => Level::INFO,
            log::Level::Warn => Level::WARN,
            log::Level::Error => Level::ERROR,
        };
        self.log.write(level, &message);
    }
}

/// A call of a function that the plugin's world does not have.
fn other_world(wanted: World) -> Refusal {
    (FailureReason::WrongWorld, format!("it is not of the world {wanted}"))
}
