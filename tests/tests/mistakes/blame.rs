//! Whose fault it is when a plugin gives no good answer.

use std::sync::Arc;

use super::*;

/// A plugin of a site's own that writes a key itself which nobody described.
struct Own(Catalog);

impl Plugins for Own {
    fn connection(&self, request: &ConnectionRequest) -> Result<Rendering, PluginFailure> {
        if request.options.iter().any(|entry| entry.name == "own") {
            let (plugin, detail) = ("site".to_owned(), "it wrote the key \"own\" twice".to_owned());
            return Err(PluginFailure { plugin, reason: FailureReason::BadAnswer, detail });
        }
        self.0.connection(request)
    }
    fn list(&self) -> Vec<PluginInfo> {
        self.0.list()
    }
    fn findings(&self) -> Vec<PluginFinding> {
        self.0.findings()
    }
    fn driver(&self, driver: &str) -> Result<Arc<DriverInfo>, PluginFailure> {
        self.0.driver(driver)
    }
    fn drivers(&self) -> Vec<String> {
        self.0.drivers()
    }
    fn sections(&self) -> Result<Arc<[SectionInfo]>, PluginFailure> {
        self.0.sections()
    }
    fn codes(&self) -> Result<Vec<CodeInfo>, PluginFailure> {
        self.0.codes()
    }
    fn zuul_conf(&self, request: &ZuulConfRequest) -> Result<ZuulConfAnswer, PluginFailure> {
        self.0.zuul_conf(request)
    }
    fn shard(&self, request: &ShardRequest) -> Result<ShardAnswer, PluginFailure> {
        self.0.shard(request)
    }
}

#[test]
fn a_plugin_is_not_blamed_for_what_the_user_forced() {
    let text =
        changed(&site(), "      driver: git\n", "      driver: git\n      unchecked: {own: x, other: z}\n");
    assert_eq!(
        said(&text, &Own(Rig::new().catalog())),
        [("ForcedOption".to_owned(), "spec.connections.opendev.unchecked".to_owned())]
    );
}

#[test]
fn a_plugin_is_not_blamed_for_too_much_input() {
    let comment = format!("  nodepool.yaml: |\n    # {}\n", "x".repeat(1024 * 1024));
    let bundle = Bundle::read(
        vec![Source::new("site.yaml", changed(&site(), "  nodepool.yaml: |\n", &comment))],
        Vec::new(),
    );
    let remarks = plan_all(bundle, &Rig::new().catalog(), &plan, &mut |_, _| vec![]).remarks;
    let [remark] = remarks.as_slice() else { panic!("{remarks:?}") };
    let finding = &remark.finding;
    assert_eq!(
        (finding.code.as_str(), finding.path.to_string().as_str()),
        ("PluginInputTooLarge", "spec.launcher.config")
    );
    assert!(finding.message.contains("(limit input-bytes)"), "{}", finding.message);
}
