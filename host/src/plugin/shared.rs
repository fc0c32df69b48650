//! What all catalogs of a process share: one engine, one cache, one memory of answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use serde::Serialize;

use super::cache::Cache;
use super::call::Tally;
use super::compile::Compile;
use super::component::Refusal;
use super::engine;
use super::gate::Gate;
use super::limits::Limit;
use super::memo::{Key, Memo};
use super::offer::Offer;
use super::options::Options;
use super::plugin::Workshop;
use super::traps::Traps;
use crate::contract::{FailureReason, PluginFailure, Rendering, ShardAnswer, ZuulConfAnswer};

/// What the plugins of a process have done so far.
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

/// Answers of one kind. They are remembered by the digest of the plugin, so that it does not matter who asks.
type Answers<T> = Memo<Result<T, PluginFailure>>;

/// What all catalogs of a process share.
pub(super) struct Shared {
    pub(super) workshop: Workshop,
    memoise: bool,
    remembered: AtomicU64,
    traps: Traps,
    pub(super) renderings: Answers<Rendering>,
    pub(super) zuul_confs: Answers<ZuulConfAnswer>,
    pub(super) shards: Answers<ShardAnswer>,
}

impl Shared {
    /// Opens the engine.
    ///
    /// # Errors
    /// wasmtime cannot run on this machine, or no thread can be started.
    pub(super) fn open(options: &Options) -> anyhow::Result<Self> {
        let Options { limits, cache_dir, compile, memoise, memory_creator, .. } = options.clone();
        let compile = if memory_creator.is_some() { Compile::InProcess } else { compile };
        let gate = Arc::new(Gate::new(limits.get(Limit::Calls), limits.get(Limit::Queue)));
        let engine = engine::open(&limits, memory_creator, &gate)?;
        let cache = cache_dir.and_then(|path| Cache::open(&path, engine::compatibility(&engine)));
        Ok(Self {
            workshop: Workshop { engine, limits, compile, cache, tally: Tally::default(), gate },
            memoise,
            remembered: AtomicU64::new(0),
            traps: Traps::default(),
            renderings: Memo::default(),
            zuul_confs: Memo::default(),
            shards: Memo::default(),
        })
    }

    pub(super) fn counts(&self) -> Counts {
        let Tally { calls, fuel, compiled } = &self.workshop.tally;
        Counts {
            calls: calls.load(Ordering::Relaxed),
            fuel: fuel.load(Ordering::Relaxed),
            remembered: self.remembered.load(Ordering::Relaxed),
            compiled: compiled.load(Ordering::Relaxed),
            traps: self.traps.all(),
        }
    }

    /// The answer to `request`: a remembered one, else that of `call`, which also checks it.
    pub(super) fn answer<T: Clone + Serialize>(
        &self,
        offer: &Offer,
        memo: Option<&Answers<T>>,
        request: &impl Serialize,
        call: impl FnOnce() -> Result<T, Refusal>,
    ) -> Result<T, PluginFailure> {
        let limits = &self.workshop.limits;
        let json = serde_json::to_vec(request)
            .map_err(|error| offer.failure((FailureReason::InputTooLarge, error.to_string())))?;
        if json.len() > limits.size(Limit::InputBytes) {
            let most = limits.shown(Limit::InputBytes);
            let sentence = format!("the request has {} bytes, more than {most}", json.len());
            return Err(offer.failure((FailureReason::InputTooLarge, sentence)));
        }
        let key = Key::new(offer.digest(), &json);
        let memo = memo.filter(|_| self.memoise);
        if let Some(answer) = memo.and_then(|memo| memo.get(&key)) {
            self.remembered.fetch_add(1, Ordering::Relaxed);
            return answer;
        }
        if self.traps.reach(&key, limits.size(Limit::Traps), Instant::now()) {
            let most = limits.shown(Limit::Traps);
            let sentence = format!("within ten minutes it was stopped for this by {most}");
            return Err(offer.failure((FailureReason::Suspended, sentence)));
        }
        let answer = call().map_err(|refusal| offer.failure(refusal));
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
