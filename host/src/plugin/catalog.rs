//! All plugins of one process, behind the core's trait [`Plugins`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use serde::Serialize;

use super::cache::Cache;
use super::call::Tally;
use super::compile::Compile;
use super::component::{Refusal, World};
use super::gate::Gate;
use super::limits::Limit;
use super::memo::{Key, Memo, is_exact};
use super::options::Options;
use super::plugin::{Plugin, Workshop};
use super::routes::{Routes, finding, refused};
use super::traps::Traps;
use super::{check, engine, source};
use crate::contract::{
    CodeInfo, ConnectionRequest, DriverInfo, FailureReason, PluginFailure, PluginFinding, PluginInfo,
    Plugins, Rendering, SectionInfo, ShardAnswer, ShardRequest, ZuulConfAnswer, ZuulConfRequest,
};
use crate::diagnostic::Severity;

/// The driver name of the plugin that serves all drivers without a plugin of their own.
const ANY_DRIVER: &str = "*";

/// What a catalog has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls into plugins, those that failed or were repeated included.
    pub calls: u64,
    /// Instructions of those calls. The same calls have the same number on every machine.
    pub fuel: u64,
    /// Answers that were known already.
    pub remembered: u64,
    /// Components compiled.
    pub compiled: u64,
    /// Calls that were ended instead of giving an answer.
    pub traps: u64,
}

/// The built-in plugins and those of a folder. Nothing is compiled or loaded before it is needed.
pub struct Catalog {
    workshop: Workshop,
    /// In the order of precedence.
    plugins: Vec<Plugin>,
    /// About files that are no plugins at all.
    findings: Vec<PluginFinding>,
    routes: OnceLock<Routes>,
    memoise: bool,
    remembered: AtomicU64,
    traps: Traps,
    renderings: Memo<Result<Rendering, PluginFailure>>,
    zuul_confs: Memo<Result<ZuulConfAnswer, PluginFailure>>,
    shards: Memo<Result<ShardAnswer, PluginFailure>>,
}

impl Catalog {
    /// Finds the plugins. One process needs one catalog.
    ///
    /// # Errors
    /// wasmtime cannot run on this machine, or no thread can be started. Plugins that cannot be
    /// used are findings instead.
    pub fn open(options: Options) -> anyhow::Result<Self> {
        let Options { limits, cache_dir, plugins_dir, built_ins, compile, memoise, memory_creator } = options;
        let compile = if memory_creator.is_some() { Compile::InProcess } else { compile };
        let engine = engine::open(&limits, memory_creator)?;
        let cache = cache_dir.and_then(|path| Cache::open(&path, engine::compatibility(&engine)));
        let gate = Gate::new(limits.get(Limit::Calls), limits.get(Limit::Queue));
        let mut plugins = Vec::new();
        let mut findings = Vec::new();
        if let Some(path) = plugins_dir {
            match source::folder(&path, &limits) {
                Err(error) => findings.push(finding(
                    Severity::Error,
                    "PluginFolder",
                    format!("the folder of plugins {} cannot be read: {error}", path.display()),
                    "name a folder that exists",
                )),
                Ok(found) => found.into_iter().for_each(|found| match found {
                    Ok(source) => plugins.push(Plugin::new(source)),
                    Err(it) => findings.push(refused(&it.name, &it.source, &it.refusal)),
                }),
            }
        }
        if built_ins {
            plugins.extend(source::builtins().map(Plugin::new));
        }
        Ok(Self {
            workshop: Workshop { engine, limits, compile, cache, tally: Tally::default(), gate },
            plugins,
            findings,
            routes: OnceLock::new(),
            memoise,
            remembered: AtomicU64::new(0),
            traps: Traps::default(),
            renderings: Memo::default(),
            zuul_confs: Memo::default(),
            shards: Memo::default(),
        })
    }

    /// What it has done so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let Tally { calls, fuel, compiled } = &self.workshop.tally;
        Counts {
            calls: calls.load(Ordering::Relaxed),
            fuel: fuel.load(Ordering::Relaxed),
            remembered: self.remembered.load(Ordering::Relaxed),
            compiled: compiled.load(Ordering::Relaxed),
            traps: self.traps.all(),
        }
    }

    /// Stands for all plugins that there are, and for the program: with the same one, the same requests get the same
    /// answers. Nothing is compiled or called for it.
    #[must_use]
    pub fn identity(&self) -> String {
        let plugins =
            self.plugins.iter().map(|plugin| format!("{}={}", plugin.source.name, plugin.source.digest));
        let findings = self.findings.iter().map(|finding| finding.message.clone());
        let all: Vec<_> = plugins.chain(findings).collect();
        format!("{}\n{:?}\n{}", env!("CARGO_PKG_VERSION"), self.workshop.limits, all.join("\n"))
    }

    fn routes(&self) -> &Routes {
        self.routes.get_or_init(|| Routes::new(&self.plugins, &self.workshop))
    }

    /// The plugins that serve something, each once.
    fn serving(&self) -> impl Iterator<Item = &Plugin> {
        let routes = self.routes();
        let indices: BTreeSet<usize> =
            routes.drivers.values().copied().chain(routes.renderer).chain(routes.sharder).collect();
        indices.into_iter().map(|index| &self.plugins[index])
    }

    fn serving_driver(&self, driver: &str) -> Result<&Plugin, PluginFailure> {
        let drivers = &self.routes().drivers;
        // `*` is no driver that a user could name.
        let own = drivers.get(driver).filter(|_| driver != ANY_DRIVER);
        let found = own.or_else(|| drivers.get(ANY_DRIVER)).map(|index| &self.plugins[*index]);
        found.ok_or_else(|| missing(driver, &format!("no plugin serves the driver {driver:?}")))
    }

    fn serving_world(&self, world: World, index: Option<usize>) -> Result<&Plugin, PluginFailure> {
        let found = index.map(|index| &self.plugins[index]);
        found.ok_or_else(|| missing(world.as_str(), &format!("there is no plugin of the world {world}")))
    }

    /// The answer to `request`: a remembered one, else that of `call`, which also checks it.
    fn answer<T: Clone + Serialize>(
        &self,
        plugin: &Plugin,
        memo: Option<&Memo<Result<T, PluginFailure>>>,
        request: &impl Serialize,
        call: impl FnOnce() -> Result<T, Refusal>,
    ) -> Result<T, PluginFailure> {
        let json = serde_json::to_vec(request)
            .map_err(|error| plugin.failure((FailureReason::InputTooLarge, error.to_string())))?;
        let most = self.workshop.limits.size(Limit::InputBytes);
        if json.len() > most {
            let most = self.workshop.limits.shown(Limit::InputBytes);
            let sentence = format!("the request has {} bytes, more than {most}", json.len());
            return Err(plugin.failure((FailureReason::InputTooLarge, sentence)));
        }
        let key = Key::new(&plugin.source.digest, &json);
        let memo = memo.filter(|_| self.memoise);
        if let Some(answer) = memo.and_then(|memo| memo.get(&key)) {
            self.remembered.fetch_add(1, Ordering::Relaxed);
            return answer;
        }
        if self.traps.reach(&key, self.workshop.limits.size(Limit::Traps), Instant::now()) {
            let most = self.workshop.limits.shown(Limit::Traps);
            let sentence = format!("within ten minutes it was stopped for this by {most}");
            return Err(plugin.failure((FailureReason::Suspended, sentence)));
        }
        let answer = call().map_err(|refusal| plugin.failure(refusal));
        if let Err(failure) = &answer {
            self.traps.note(key, failure.reason, Instant::now());
        }
        if let Some(memo) = memo
            && answer.as_ref().err().is_none_or(|failure| is_lasting(failure.reason))
        {
            memo.put(key, &answer);
        }
        answer
    }
}

/// Whether the same request would fail again in the same way, whatever else the machine does.
const fn is_lasting(reason: FailureReason) -> bool {
    use FailureReason as Reason;
    matches!(
        reason,
        Reason::OutOfFuel
            | Reason::OutOfMemory
            | Reason::TableTooLarge
            | Reason::StackOverflow
            | Reason::OutputTooLarge
            | Reason::Panicked
            | Reason::ForgedReference
            | Reason::BadAnswer
    )
}

fn missing(name: &str, detail: &str) -> PluginFailure {
    PluginFailure { plugin: name.to_owned(), reason: FailureReason::Missing, detail: detail.to_owned() }
}

impl Plugins for Catalog {
    fn list(&self) -> Vec<PluginInfo> {
        let info = |plugin: &Plugin| {
            let world = plugin.summary(&self.workshop).ok()?.world;
            let source = &plugin.source;
            Some(PluginInfo {
                name: source.name.clone(),
                world: world.to_string(),
                digest: source.digest.clone(),
                source: source.shown(),
            })
        };
        let mut infos: Vec<PluginInfo> = self.serving().filter_map(info).collect();
        infos.sort();
        infos
    }

    fn findings(&self) -> Vec<PluginFinding> {
        self.findings.iter().chain(&self.routes().findings).cloned().collect()
    }

    fn driver(&self, driver: &str) -> Result<Arc<DriverInfo>, PluginFailure> {
        let plugin = self.serving_driver(driver)?;
        plugin.driver_info(&self.workshop).cloned().map_err(|refusal| plugin.failure(refusal))
    }

    fn drivers(&self) -> Vec<String> {
        self.routes().drivers.keys().filter(|driver| *driver != ANY_DRIVER).cloned().collect()
    }

    fn connection(&self, request: &ConnectionRequest) -> Result<Rendering, PluginFailure> {
        let plugin = self.serving_driver(&request.driver)?;
        let memo = is_exact(request.options.iter()).then_some(&self.renderings);
        self.answer(plugin, memo, request, || {
            let guest = plugin.guest(&self.workshop)?;
            let answer = guest.render_connection(&plugin.sandbox(&self.workshop), request)?;
            let info = plugin.driver_info(&self.workshop)?;
            check::rendering(info, request, &answer, &self.workshop.limits)?;
            Ok(answer)
        })
    }

    fn sections(&self) -> Result<Arc<[SectionInfo]>, PluginFailure> {
        let plugin = self.serving_world(World::ConfigRenderer, self.routes().renderer)?;
        let info = plugin.renderer_info(&self.workshop);
        info.map(|info| info.sections.clone()).map_err(|refusal| plugin.failure(refusal))
    }

    fn codes(&self) -> Result<Vec<CodeInfo>, PluginFailure> {
        let mut codes = BTreeMap::new();
        for plugin in self.serving() {
            for info in plugin.codes(&self.workshop).map_err(|refusal| plugin.failure(refusal))? {
                // Those of the SDK are in every driver that uses them.
                codes.entry(info.code.clone()).or_insert_with(|| info.clone());
            }
        }
        Ok(codes.into_values().collect())
    }

    fn zuul_conf(&self, request: &ZuulConfRequest) -> Result<ZuulConfAnswer, PluginFailure> {
        let plugin = self.serving_world(World::ConfigRenderer, self.routes().renderer)?;
        let entries = request.sections.iter().flat_map(|section| &section.entries);
        let memo = is_exact(entries).then_some(&self.zuul_confs);
        self.answer(plugin, memo, request, || {
            let guest = plugin.guest(&self.workshop)?;
            let answer = guest.render_zuul_conf(&plugin.sandbox(&self.workshop), request)?;
            check::zuul_conf(request, &answer, &self.workshop.limits)?;
            Ok(answer)
        })
    }

    fn shard(&self, request: &ShardRequest) -> Result<ShardAnswer, PluginFailure> {
        let plugin = self.serving_world(World::NodepoolSharder, self.routes().sharder)?;
        self.answer(plugin, Some(&self.shards), request, || {
            let guest = plugin.guest(&self.workshop)?;
            let answer = guest.cut(&plugin.sandbox(&self.workshop), request)?;
            check::shards(&answer, &self.workshop.limits)?;
            Ok(answer)
        })
    }
}
