//! The plugins that serve the Zuuls of one place, behind the core's trait [`Plugins`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::check;
use super::component::World;
use super::memo::is_exact;
use super::offer::Offer;
use super::options::Options;
use super::plugin::Plugin;
use super::routes::{Routes, finding, refused};
use super::shared::{Counts, Shared};
use super::source;
use crate::contract::{
    CodeInfo, ConnectionRequest, DriverInfo, FailureReason, PluginFailure, PluginFinding, PluginInfo,
    Plugins, Rendering, SectionInfo, ShardAnswer, ShardRequest, ZuulConfAnswer, ZuulConfRequest,
};
use crate::diagnostic::Severity;
use crate::supply::Note;

/// The driver name of the plugin that serves all drivers without a plugin of their own.
const ANY_DRIVER: &str = "*";

/// What could not be decided, as a plugin failed in passing, is decided again after this.
const UNDECIDED: Duration = Duration::from_secs(10);
/// Nobody else decides for so long.
const DECIDING: Duration = Duration::from_secs(300);

/// The built-in plugins and those that were added. Nothing is compiled or loaded before it is needed.
pub struct Catalog {
    shared: Arc<Shared>,
    /// In the order of precedence.
    offers: Vec<Offer>,
    /// About files that are no plugins at all.
    findings: Vec<PluginFinding>,
    /// About plugins that are wanted, and do not serve.
    notes: Vec<Note>,
    /// Who serves what, and when that was decided.
    routes: Mutex<Option<(Arc<Routes>, Instant)>>,
}

/// What every catalog of a process has: the plugins of a folder and of the binary.
#[derive(Clone, Default)]
pub(super) struct Base {
    pub(super) offers: Vec<Offer>,
    pub(super) findings: Vec<PluginFinding>,
}

impl Base {
    pub(super) fn find(options: &Options) -> Self {
        let mut base = Self::default();
        if let Some(path) = &options.plugins_dir {
            match source::folder(path, &options.limits, &options.compile) {
                Err(error) => base.findings.push(finding(
                    Severity::Error,
                    "PluginFolder",
                    format!("the folder of plugins {} cannot be read: {error}", path.display()),
                    "name a folder that exists",
                )),
                Ok(found) => found.into_iter().for_each(|found| match found {
                    Ok(source) => base.offers.push(Offer::fixed(Plugin::new(source))),
                    Err(it) => base.findings.push(refused(&it.name, &it.source, &it.refusal)),
                }),
            }
        }
        if options.built_ins {
            base.offers.extend(source::builtins().map(Plugin::new).map(Offer::fixed));
        }
        base
    }
}

impl Catalog {
    /// The built-in plugins and those of a folder, for a process that needs no others.
    ///
    /// # Errors
    /// wasmtime cannot run on this machine, or no thread can be started. Plugins that cannot be
    /// used are findings instead.
    pub fn open(options: Options) -> anyhow::Result<Self> {
        let shared = Arc::new(Shared::open(&options)?);
        Ok(Self::new(shared, Base::find(&options), Vec::new()))
    }

    /// Of plugins in the order of precedence. One that is there already, from a nearer place, counts once.
    pub(super) fn new(shared: Arc<Shared>, base: Base, notes: Vec<Note>) -> Self {
        let Base { mut offers, findings } = base;
        let mut nearest = BTreeMap::new();
        offers
            .retain(|offer| *nearest.entry(offer.digest().to_owned()).or_insert(offer.level) == offer.level);
        Self { shared, offers, findings, notes, routes: Mutex::default() }
    }

    /// What the process has done with plugins so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.shared.counts()
    }

    /// Stands for all plugins that there are, for what is to be said about them, and for the program: with the same
    /// one, the same requests get the same answers. Nothing is compiled or called for it.
    #[must_use]
    pub fn identity(&self) -> String {
        let mut all = format!("{}\n{:?}", env!("CARGO_PKG_VERSION"), self.shared.workshop.limits);
        for offer in &self.offers {
            let since = offer.since.as_ref().map(|since| since.0);
            let _ = write!(all, "\n{}={} {} {since:?}", offer.name, offer.digest(), offer.source);
        }
        self.findings.iter().for_each(|finding| all.extend(["\n", &finding.message]));
        self.notes.iter().for_each(|note| {
            let _ = write!(all, "\n{note:?}");
        });
        all
    }

    fn routes(&self) -> Arc<Routes> {
        let decide = || Arc::new(Routes::new(&self.offers, &self.shared.workshop));
        let mut known = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((routes, since)) = known.as_mut() else {
            let routes = decide();
            *known = Some((Arc::clone(&routes), Instant::now()));
            return routes;
        };
        if !routes.is_doubtful || since.elapsed() < UNDECIDED {
            return Arc::clone(routes);
        }
        // Compiling takes long: others go on with what is known meanwhile.
        *since = Instant::now() + DECIDING;
        drop(known);
        let routes = decide();
        let mut known = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some((Arc::clone(&routes), Instant::now()));
        routes
    }

    /// The plugins that serve something, each once.
    fn serving(&self) -> impl Iterator<Item = &Offer> {
        let routes = self.routes();
        let indices: BTreeSet<usize> =
            routes.drivers.values().copied().chain(routes.renderer).chain(routes.sharder).collect();
        indices.into_iter().map(|index| &self.offers[index])
    }

    fn serving_driver(&self, driver: &str) -> Result<&Offer, PluginFailure> {
        let routes = self.routes();
        let drivers = &routes.drivers;
        // `*` is no driver that a user could name.
        let own = drivers.get(driver).filter(|_| driver != ANY_DRIVER);
        let found = own.or_else(|| drivers.get(ANY_DRIVER)).map(|index| &self.offers[*index]);
        found.ok_or_else(|| missing(driver, &format!("no plugin serves the driver {driver:?}")))
    }

    fn serving_world(&self, world: World, index: Option<usize>) -> Result<&Offer, PluginFailure> {
        let found = index.map(|index| &self.offers[index]);
        found.ok_or_else(|| missing(world.as_str(), &format!("there is no plugin of the world {world}")))
    }

    fn info(&self, offer: &Offer) -> Option<PluginInfo> {
        let world = offer.plugin.summary(&self.shared.workshop).ok()?.world;
        Some(PluginInfo {
            name: offer.name.clone(),
            world: world.to_string(),
            digest: offer.digest().to_owned(),
            source: offer.source.clone(),
            since: offer.since.clone(),
            ..PluginInfo::default()
        })
    }

    /// Puts what is wanted to what serves in its place; beside the rest if nothing does.
    fn add_note(infos: &mut Vec<PluginInfo>, note: &Note) {
        let serves = |info: &&mut PluginInfo| {
            info.name == note.plugin && info.since.is_some() && note.serving.as_ref() == Some(&info.digest)
        };
        let (wanted, why) = (Some(note.wanted.clone()).filter(|it| !it.is_empty()), Some(note.why.told()));
        match infos.iter_mut().find(serves) {
            Some(info) => (info.wanted, info.why) = (wanted, why),
            None => {
                let (name, source) = (note.plugin.clone(), note.source.clone());
                infos.push(PluginInfo { name, source, wanted, why, ..PluginInfo::default() });
            }
        }
    }
}

fn missing(name: &str, detail: &str) -> PluginFailure {
    PluginFailure { plugin: name.to_owned(), reason: FailureReason::Missing, detail: detail.to_owned() }
}

impl Plugins for Catalog {
    fn list(&self) -> Vec<PluginInfo> {
        let mut infos: Vec<PluginInfo> = self.serving().filter_map(|offer| self.info(offer)).collect();
        self.notes.iter().for_each(|note| Self::add_note(&mut infos, note));
        infos.sort();
        infos
    }

    fn findings(&self) -> Vec<PluginFinding> {
        let notes = self.notes.iter().filter_map(Note::finding);
        self.findings.iter().chain(&self.routes().findings).cloned().chain(notes).collect()
    }

    fn driver(&self, driver: &str) -> Result<Arc<DriverInfo>, PluginFailure> {
        let offer = self.serving_driver(driver)?;
        let info = offer.plugin.driver_info(&self.shared.workshop);
        info.cloned().map_err(|refusal| offer.failure(refusal))
    }

    fn drivers(&self) -> Vec<String> {
        self.routes().drivers.keys().filter(|driver| *driver != ANY_DRIVER).cloned().collect()
    }

    fn connection(&self, request: &ConnectionRequest) -> Result<Rendering, PluginFailure> {
        let offer = self.serving_driver(&request.driver)?;
        let memo = is_exact(request.options.iter()).then_some(&self.shared.renderings);
        self.shared.answer(offer, memo, request, || {
            let (plugin, workshop) = (&offer.plugin, &self.shared.workshop);
            let guest = plugin.guest(workshop)?;
            let answer = guest.render_connection(&plugin.sandbox(workshop), request)?;
            let info = plugin.driver_info(workshop)?;
            check::rendering(info, request, &answer, &workshop.limits)?;
            Ok(answer)
        })
    }

    fn sections(&self) -> Result<Arc<[SectionInfo]>, PluginFailure> {
        let offer = self.serving_world(World::ConfigRenderer, self.routes().renderer)?;
        let info = offer.plugin.renderer_info(&self.shared.workshop);
        info.map(|info| info.sections.clone()).map_err(|refusal| offer.failure(refusal))
    }

    fn codes(&self) -> Result<Vec<CodeInfo>, PluginFailure> {
        let mut codes = BTreeMap::new();
        for offer in self.serving() {
            let described = offer.plugin.codes(&self.shared.workshop);
            for info in described.map_err(|refusal| offer.failure(refusal))? {
                // Those of the SDK are in every driver that uses them.
                codes.entry(info.code.clone()).or_insert_with(|| info.clone());
            }
        }
        Ok(codes.into_values().collect())
    }

    fn zuul_conf(&self, request: &ZuulConfRequest) -> Result<ZuulConfAnswer, PluginFailure> {
        let offer = self.serving_world(World::ConfigRenderer, self.routes().renderer)?;
        let entries = request.sections.iter().flat_map(|section| &section.entries);
        let memo = is_exact(entries).then_some(&self.shared.zuul_confs);
        self.shared.answer(offer, memo, request, || {
            let (plugin, workshop) = (&offer.plugin, &self.shared.workshop);
            let guest = plugin.guest(workshop)?;
            let answer = guest.render_zuul_conf(&plugin.sandbox(workshop), request)?;
            check::zuul_conf(request, &answer, &workshop.limits)?;
            Ok(answer)
        })
    }

    fn shard(&self, request: &ShardRequest) -> Result<ShardAnswer, PluginFailure> {
        let offer = self.serving_world(World::NodepoolSharder, self.routes().sharder)?;
        self.shared.answer(offer, Some(&self.shared.shards), request, || {
            let (plugin, workshop) = (&offer.plugin, &self.shared.workshop);
            let guest = plugin.guest(workshop)?;
            let answer = guest.cut(&plugin.sandbox(workshop), request)?;
            check::shards(&answer, &workshop.limits)?;
            Ok(answer)
        })
    }
}
