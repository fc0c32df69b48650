//! A stand-in for tests that are about something else than plugins.

use std::sync::Arc;

use zuul_operator::contract::{
    CodeInfo, ConnectionRequest, DriverInfo, FailureReason, PluginFailure, PluginFinding, PluginInfo,
    Plugins, Rendering, SectionInfo, ShardAnswer, ShardRequest, ZuulConfAnswer, ZuulConfRequest,
};

/// No plugins: every call says that there is none.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPlugins;

fn missing<T>() -> Result<T, PluginFailure> {
    let detail = "there are no plugins".to_owned();
    Err(PluginFailure { plugin: String::new(), reason: FailureReason::Missing, detail })
}

impl Plugins for NoPlugins {
    fn list(&self) -> Vec<PluginInfo> {
        Vec::new()
    }
    fn findings(&self) -> Vec<PluginFinding> {
        Vec::new()
    }
    fn driver(&self, _: &str) -> Result<Arc<DriverInfo>, PluginFailure> {
        missing()
    }
    fn drivers(&self) -> Vec<String> {
        Vec::new()
    }
    fn connection(&self, _: &ConnectionRequest) -> Result<Rendering, PluginFailure> {
        missing()
    }
    fn sections(&self) -> Result<Arc<[SectionInfo]>, PluginFailure> {
        missing()
    }
    fn codes(&self) -> Result<Vec<CodeInfo>, PluginFailure> {
        missing()
    }
    fn zuul_conf(&self, _: &ZuulConfRequest) -> Result<ZuulConfAnswer, PluginFailure> {
        missing()
    }
    fn shard(&self, _: &ShardRequest) -> Result<ShardAnswer, PluginFailure> {
        missing()
    }
}
