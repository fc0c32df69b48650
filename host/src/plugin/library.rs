//! The catalogs of all namespaces, which change while the process runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, Weak};

use super::catalog::{Base, Catalog};
use super::inflate::inflate;
use super::limits::Limit;
use super::offer::{Level, Offer};
use super::options::Options;
use super::plugin::Plugin;
use super::shared::{Counts, Shared};
use super::source::{Source, hex};
use crate::contract::FailureReason;
use crate::supply::{Changed, Map, Note, Serves, Serving, Shelves, Supplier, Why};

/// A plugin that was found good.
#[derive(Clone)]
pub struct Loaded {
    plugin: Arc<Plugin>,
    serves: BTreeSet<String>,
}

impl Serves for Loaded {
    fn serves(&self) -> BTreeSet<String> {
        self.serves.clone()
    }
}

impl fmt::Debug for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Loaded").field(&self.plugin.source.digest).finish()
    }
}

/// All plugins of one process: of the binary, of a folder, and of ConfigMaps. A plan takes the catalog of its
/// namespace once and goes on with it; what changes meanwhile is for the next one.
pub struct Library {
    shared: Arc<Shared>,
    base: Base,
    operator_namespace: String,
    /// By digest, as long as somebody offers it: a component is compiled and described once, however many do.
    loaded: Mutex<BTreeMap<String, Weak<Plugin>>>,
    catalogs: RwLock<Catalogs>,
}

struct Catalogs {
    /// For namespaces without plugins of their own.
    common: Arc<Catalog>,
    own: BTreeMap<String, Arc<Catalog>>,
}

impl Library {
    /// Finds the plugins of the binary and of the folder. One process needs one library. Plugins of
    /// `operator_namespace` are for the Zuuls of all namespaces.
    ///
    /// # Errors
    /// wasmtime cannot run on this machine, or no thread can be started.
    pub fn open(options: Options, operator_namespace: &str) -> anyhow::Result<Self> {
        let shared = Arc::new(Shared::open(&options)?);
        let base = Base::find(&options);
        let common = Arc::new(Catalog::new(Arc::clone(&shared), base.clone(), Vec::new()));
        Ok(Self {
            shared,
            base,
            operator_namespace: operator_namespace.to_owned(),
            loaded: Mutex::default(),
            catalogs: RwLock::new(Catalogs { common, own: BTreeMap::new() }),
        })
    }

    /// The plugins for the Zuuls of this namespace: its own, then those of the operator's namespace, then those of
    /// the folder and of the binary.
    #[must_use]
    pub fn catalog(&self, namespace: &str) -> Arc<Catalog> {
        let catalogs = self.catalogs();
        Arc::clone(catalogs.own.get(namespace).unwrap_or(&catalogs.common))
    }

    /// What the plugins of all namespaces have done so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.shared.counts()
    }

    fn catalogs(&self) -> RwLockReadGuard<'_, Catalogs> {
        self.catalogs.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The digest of a component, compressed or not; in hex.
    ///
    /// # Errors
    /// It cannot be read, or is larger than a component may be.
    pub fn digest(&self, bytes: &[u8]) -> Result<String, Why> {
        self.component(bytes.to_vec()).map(|component| hex(&component))
    }

    fn component(&self, bytes: Vec<u8>) -> Result<Vec<u8>, Why> {
        let workshop = &self.shared.workshop;
        let component = inflate(bytes.into(), &workshop.limits, &workshop.compile);
        let component = component.map_err(|(reason, detail)| Why::Refused(reason, detail))?.into_owned();
        if component.len() > workshop.limits.size(Limit::ComponentBytes) {
            let most = workshop.limits.shown(Limit::ComponentBytes);
            return Err(Why::Refused(FailureReason::TooLarge, format!("it has more than {most}")));
        }
        Ok(component)
    }

    /// The plugin with this digest, if anybody has it already.
    fn known(&self, digest: &str) -> Option<Arc<Plugin>> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        loaded.retain(|_, plugin| plugin.strong_count() > 0);
        let known = loaded.get(digest).and_then(Weak::upgrade);
        known.or_else(|| {
            let same = self.base.offers.iter().find(|offer| offer.digest() == digest);
            same.map(|offer| Arc::clone(&offer.plugin))
        })
    }

    fn catalog_of(&self, levels: &[(Level, &str)], shelves: &Shelves<Loaded>) -> Catalog {
        let mut base = Base { offers: Vec::new(), ..self.base.clone() };
        let mut notes: Vec<Note> = Vec::new();
        for (level, namespace) in levels {
            base.offers.extend(shelves.serving(namespace).into_iter().map(|serving| offer(*level, serving)));
            notes.extend(shelves.notes(namespace));
        }
        base.offers.extend(self.base.offers.iter().cloned());
        Catalog::new(Arc::clone(&self.shared), base, notes)
    }
}

fn offer(level: Level, serving: Serving<Loaded>) -> Offer {
    let Serving { plugin: name, source, since, code: Loaded { plugin, .. }, .. } = serving;
    Offer { name, level, source, since, plugin }
}

/// The old one, where nothing changed: what it found out need not be found out again.
fn old_or(old: Option<&Arc<Catalog>>, new: Catalog) -> Arc<Catalog> {
    let same = old.filter(|old| old.identity() == new.identity());
    same.map_or_else(|| Arc::new(new), Arc::clone)
}

impl Supplier for Library {
    type Plugin = Loaded;

    fn check(&self, map: &Map, bytes: Vec<u8>) -> Result<Loaded, Why> {
        let component = self.component(bytes)?;
        let digest = hex(&component);
        if digest != map.digest {
            return Err(Why::Digest(digest));
        }
        if let Some(plugin) = self.known(&digest) {
            return found_good(plugin, &self.shared);
        }
        let plugin = Arc::new(Plugin::new(Source::given(&map.plugin, &digest, component)));
        let loaded = plugin.guest(&self.shared.workshop).map(drop);
        plugin.source.forget_bytes();
        loaded.map_err(|(reason, detail)| Why::Refused(reason, detail))?;
        let good = found_good(plugin, &self.shared)?;
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        loaded.insert(digest, Arc::downgrade(&good.plugin));
        Ok(good)
    }

    fn publish(&self, shelves: &Shelves<Loaded>) -> Changed {
        let operator = (Level::Operator, self.operator_namespace.as_str());
        let mut namespaces = shelves.namespaces();
        namespaces.remove(&self.operator_namespace);
        let common = self.catalog_of(&[operator], shelves);
        let own: BTreeMap<String, Catalog> = namespaces
            .into_iter()
            .map(|name| {
                let catalog = self.catalog_of(&[(Level::Namespace, &name), operator], shelves);
                (name, catalog)
            })
            .collect();
        let mut catalogs = self.catalogs.write().unwrap_or_else(PoisonError::into_inner);
        let common = old_or(Some(&catalogs.common), common);
        let own: BTreeMap<_, _> = own
            .into_iter()
            .map(|(name, new)| {
                let catalog = old_or(catalogs.own.get(&name), new);
                (name, catalog)
            })
            .collect();
        let new = Catalogs { common, own };
        let changed = changed(&catalogs, &new);
        *catalogs = new;
        changed
    }
}

/// What is known to be good, or found so now: the description is asked for.
fn found_good(plugin: Arc<Plugin>, shared: &Shared) -> Result<Loaded, Why> {
    let serves = match plugin.summary(&shared.workshop) {
        Ok(summary) => summary.serves(),
        Err((reason, detail)) => return Err(Why::Refused(reason, detail)),
    };
    Ok(Loaded { plugin, serves })
}

fn changed(old: &Catalogs, new: &Catalogs) -> Changed {
    if !Arc::ptr_eq(&old.common, &new.common) {
        return Changed::All;
    }
    fn of<'a>(catalogs: &'a Catalogs, name: &str) -> &'a Arc<Catalog> {
        catalogs.own.get(name).unwrap_or(&catalogs.common)
    }
    let names: BTreeSet<&String> = old.own.keys().chain(new.own.keys()).collect();
    let differs = |name: &&&String| of(old, name).identity() != of(new, name).identity();
    Changed::Namespaces(names.iter().filter(differs).map(|name| (*name).clone()).collect())
}
