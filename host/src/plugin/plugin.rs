//! One plugin: loaded at first use, described once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde::{Deserialize, Serialize};
use wasmtime::Engine;

use super::artifact::Artifact;
use super::cache::Cache;
use super::call::{Sandbox, Tally};
use super::check;
use super::compile::{Compile, compile};
use super::component::{self, Refusal, Version, World};
use super::engine;
use super::gate::Gate;
use super::limits::Limits;
use super::once::Once;
use super::source::Source;
use super::v0_1;
use crate::contract::{CodeInfo, DriverInfo, RendererInfo};

/// What all plugins of a process share.
pub(super) struct Workshop {
    pub(super) engine: Engine,
    pub(super) limits: Limits,
    pub(super) compile: Compile,
    pub(super) cache: Option<Cache>,
    pub(super) tally: Tally,
    pub(super) gate: Arc<Gate>,
}

/// What must be known of every plugin before any is used. Small enough to be noted on disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Summary {
    pub(super) world: World,
    /// The driver names; empty for other worlds.
    pub(super) drivers: Vec<String>,
}

impl Summary {
    /// What is asked of it, in words.
    pub(super) fn serves(&self) -> BTreeSet<String> {
        match self.world {
            World::ConnectionDriver => self.drivers.iter().map(|name| format!("the driver {name}")).collect(),
            world => BTreeSet::from([format!("the world {world}")]),
        }
    }
}

/// One component, whoever offers it and under which name. Everything in it is made once.
pub(super) struct Plugin {
    pub(super) source: Source,
    summary: Once<Summary>,
    loaded: Once<(World, v0_1::Guest)>,
    driver: Once<Arc<DriverInfo>>,
    renderer: Once<RendererInfo>,
    sharder: Once<Vec<CodeInfo>>,
}

impl Plugin {
    pub(super) fn new(source: Source) -> Self {
        Self {
            source,
            summary: Once::default(),
            loaded: Once::default(),
            driver: Once::default(),
            renderer: Once::default(),
            sharder: Once::default(),
        }
    }

    /// What it is and serves, if that is known without compiling anything.
    pub(super) fn known(&self, workshop: &Workshop) -> bool {
        if !self.summary.is_made()
            && let Some(summary) = noted(workshop, &self.source.digest)
        {
            self.summary.set(summary);
        }
        self.summary.is_made()
    }

    /// What it is and serves.
    pub(super) fn summary(&self, workshop: &Workshop) -> Result<&Summary, Refusal> {
        self.summary.get(|| {
            if let Some(summary) = noted(workshop, &self.source.digest) {
                return Ok(summary);
            }
            let summary = self.summarise(workshop)?;
            if let (Some(cache), Ok(note)) = (&workshop.cache, serde_json::to_vec(&summary)) {
                cache.keep_note(&self.source.digest, &note);
            }
            Ok(summary)
        })
    }

    fn summarise(&self, workshop: &Workshop) -> Result<Summary, Refusal> {
        let (world, _) = self.loaded(workshop)?;
        let drivers = match world {
            World::ConnectionDriver => self.driver_info(workshop)?.drivers.clone(),
            World::ConfigRenderer => self.renderer_info(workshop).map(|_| Vec::new())?,
            World::NodepoolSharder => self.sharder_codes(workshop).map(|_| Vec::new())?,
        };
        Ok(Summary { world: *world, drivers })
    }

    /// A connection driver's description.
    pub(super) fn driver_info(&self, workshop: &Workshop) -> Result<&Arc<DriverInfo>, Refusal> {
        self.driver.get(|| {
            let info = self.guest(workshop)?.describe_driver(&self.sandbox(workshop))?;
            check::driver_info(&info, &workshop.limits)?;
            Ok(Arc::new(info))
        })
    }

    /// A config renderer's description.
    pub(super) fn renderer_info(&self, workshop: &Workshop) -> Result<&RendererInfo, Refusal> {
        self.renderer.get(|| {
            let info = self.guest(workshop)?.describe_renderer(&self.sandbox(workshop))?;
            check::renderer_info(&info, &workshop.limits)?;
            Ok(info)
        })
    }

    /// The codes that a sharder described.
    fn sharder_codes(&self, workshop: &Workshop) -> Result<&Vec<CodeInfo>, Refusal> {
        self.sharder.get(|| {
            let codes = self.guest(workshop)?.describe_sharder(&self.sandbox(workshop))?;
            check::codes(&codes, &workshop.limits)?;
            Ok(codes)
        })
    }

    /// The codes of the findings that it may make.
    pub(super) fn codes(&self, workshop: &Workshop) -> Result<&[CodeInfo], Refusal> {
        Ok(match self.summary(workshop)?.world {
            World::ConnectionDriver => &self.driver_info(workshop)?.codes,
            World::ConfigRenderer => &self.renderer_info(workshop)?.codes,
            World::NodepoolSharder => self.sharder_codes(workshop)?,
        })
    }

    /// The loaded component.
    pub(super) fn guest(&self, workshop: &Workshop) -> Result<&v0_1::Guest, Refusal> {
        self.loaded(workshop).map(|(_, guest)| guest)
    }

    fn loaded(&self, workshop: &Workshop) -> Result<&(World, v0_1::Guest), Refusal> {
        self.loaded.get(|| self.load(workshop))
    }

    fn load(&self, workshop: &Workshop) -> Result<(World, v0_1::Guest), Refusal> {
        let digest = &self.source.digest;
        let cached = workshop.cache.as_ref().and_then(|cache| cache.artifact(digest));
        let component = match cached.and_then(|artifact| artifact.load(&workshop.engine).ok()) {
            Some(component) => component,
            None => self
                .compile(workshop)?
                .load(&workshop.engine)
                .map_err(|error| engine::load_refusal(&error))?,
        };
        let (world, Version::V0_1) = component::read(&component)?;
        Ok((world, v0_1::Guest::new(&component, world)?))
    }

    #[tracing::instrument(level = "debug", skip_all, fields(plugin = self.source.name))]
    fn compile(&self, workshop: &Workshop) -> Result<Artifact, Refusal> {
        workshop.tally.compiled.fetch_add(1, Ordering::Relaxed);
        let wasm = self.source.bytes(&workshop.limits, &workshop.compile)?;
        let artifact = compile(&workshop.engine, &workshop.compile, &workshop.limits, &wasm)?;
        if let Some(cache) = &workshop.cache {
            cache.keep_artifact(&self.source.digest, &artifact);
        }
        Ok(artifact)
    }

    /// Where its calls run.
    pub(super) fn sandbox<'a>(&'a self, workshop: &'a Workshop) -> Sandbox<'a> {
        Sandbox {
            engine: &workshop.engine,
            limits: &workshop.limits,
            plugin: &self.source.name,
            tally: &workshop.tally,
            gate: &workshop.gate,
        }
    }
}

fn noted(workshop: &Workshop, digest: &str) -> Option<Summary> {
    serde_json::from_slice(&workshop.cache.as_ref()?.note(digest)?).ok()
}
