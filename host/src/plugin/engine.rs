//! The one wasmtime engine of a process, and all of its settings.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use wasmtime::{
    Config, Enabled, InstanceAllocationStrategy, MemoryCreator, OptLevel, PoolingAllocationConfig,
};

use super::component::Refusal;
use super::gate::Gate;
use super::limits::{Limit, Limits};
use crate::contract::FailureReason;

/// The time between two looks at deadlines, in milliseconds.
pub(super) const TICK_MILLIS: u64 = 10;

/// What of a memory or table stays mapped between calls, in bytes; a driver's call uses less.
const KEPT_BYTES: usize = 128 * 1024;

/// An engine for calls: its deadlines advance until it is dropped.
///
/// # Errors
/// wasmtime refuses the settings on this machine, or no thread can be started.
pub(super) fn open(
    limits: &Limits,
    memory_creator: Option<Arc<dyn MemoryCreator>>,
    gate: &Arc<Gate>,
) -> wasmtime::Result<wasmtime::Engine> {
    let pooled = memory_creator.is_none();
    let mut config = config(limits, memory_creator);
    let engine = if pooled { with_pool(&mut config, limits) } else { wasmtime::Engine::new(&config) }?;
    start_ticking(&engine, gate)?;
    Ok(engine)
}

/// Memory that is mapped once and reset between calls: mapping it anew is half of a small call.
fn with_pool(config: &mut Config, limits: &Limits) -> wasmtime::Result<wasmtime::Engine> {
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(limits)));
    wasmtime::Engine::new(config).or_else(|error| {
        // Address space may be rationed (`ulimit -v`). Without a pool calls are slower, nothing else.
        tracing::debug!("plugins run without a pool: {error:#}");
        wasmtime::Engine::new(config.allocation_strategy(InstanceAllocationStrategy::OnDemand))
    })
}

fn pool(limits: &Limits) -> PoolingAllocationConfig {
    let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let calls = number(limits.get(Limit::Calls));
    // What holds for a call is checked, and named, when it begins. The pool only has to have room for
    // what can be set at all: address space, which costs nothing until it is used.
    let most = |limit: Limit| number(limit.row().ceiling);
    let of_all = |limit: Limit| calls.saturating_mul(most(limit));
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(calls)
        .total_core_instances(of_all(Limit::CoreInstances))
        .total_memories(of_all(Limit::Memories))
        .total_tables(of_all(Limit::Tables))
        .max_core_instances_per_component(most(Limit::CoreInstances))
        .max_memories_per_component(most(Limit::Memories))
        .max_tables_per_component(most(Limit::Tables))
        .max_tables_per_module(most(Limit::Tables))
        .max_memory_size(most(Limit::MemoryBytes) as usize)
        .table_elements(most(Limit::TableElements) as usize)
        .max_unused_warm_slots(calls)
        .linear_memory_keep_resident(KEPT_BYTES)
        .table_keep_resident(KEPT_BYTES)
        // Where the kernel can tell which pages a call wrote (Linux 6.7), only those are reset.
        .pagemap_scan(Enabled::Auto);
    pool
}

/// An engine that only compiles, for the child process. One thread: several children run at once,
/// and the memory limit is for the sum of the threads.
///
/// # Errors
/// wasmtime refuses the settings on this machine.
pub(super) fn for_compiling() -> wasmtime::Result<wasmtime::Engine> {
    let mut config = config(&Limits::default(), None);
    config.parallel_compilation(false);
    wasmtime::Engine::new(&config)
}

/// Why the engine does not take a component that it compiled itself: the pool has no room for one that
/// is above a ceiling from the start. wasmtime has no type for it; the tests of the limits notice when
/// its words change.
pub(super) fn load_refusal(error: &wasmtime::Error) -> Refusal {
    let words = format!("{error:#}");
    let known = [
        ("core module instances", FailureReason::TooLarge),
        ("table", FailureReason::TableTooLarge),
        ("memor", FailureReason::OutOfMemory),
    ];
    let exceeds = words.contains("exceeds");
    let found = known.into_iter().find(|(word, _)| exceeds && words.contains(word));
    (found.map_or(FailureReason::CompileFailed, |(_, reason)| reason), words)
}

/// Changes whenever artifacts of one engine cannot be used by another.
pub(super) fn compatibility(engine: &wasmtime::Engine) -> u64 {
    // BLAKE3 instead of std's hasher: the result is part of file names, and std's may change.
    struct Fixed(blake3::Hasher);
    impl Hasher for Fixed {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            let mut first = [0; 8];
            first.copy_from_slice(&self.0.finalize().as_bytes()[..8]);
            u64::from_le_bytes(first)
        }
    }
    let mut hasher = Fixed(blake3::Hasher::new());
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.finish()
}

fn config(limits: &Limits, memory_creator: Option<Arc<dyn MemoryCreator>>) -> Config {
    let mut config = Config::new();
    // Fuel makes the verdict the same on every machine; epochs stop what fuel does not count.
    config.consume_fuel(true).epoch_interruption(true);
    config.cranelift_nan_canonicalization(true);
    config.cranelift_opt_level(OptLevel::Speed);
    config.max_wasm_stack(limits.size(Limit::StackBytes));
    // Calls are synchronous. wasmtime needs this said when it is built without async.
    config.concurrency_support(false);
    // What a pure function over records does not need is off. Threads, GC and exceptions are not
    // even compiled into this build of wasmtime.
    config.wasm_simd(false).wasm_relaxed_simd(false);
    config.wasm_memory64(false).wasm_multi_memory(false);
    config.wasm_tail_call(false).wasm_custom_page_sizes(false).wasm_wide_arithmetic(false);
    // Nobody reads addresses or backtraces of plugins; without them artifacts are smaller.
    config.generate_address_map(false).wasm_backtrace_max_frames(None).native_unwind_info(false);
    // Guests have one small memory that lives for microseconds: mapping its image copy-on-write
    // touches only the pages that the call writes. A host's own memory cannot be mapped so.
    config.memory_init_cow(memory_creator.is_none());
    match memory_creator {
        // The creator need not reserve address space or guard pages: all bounds are checked.
        Some(creator) => {
            config.memory_reservation(0).memory_guard_size(0).memory_reservation_for_growth(0);
            config.memory_may_move(true).signals_based_traps(false).with_host_memory(creator)
        }
        // 4 GiB of address space, not of memory: bounds need no checks in code.
        None => config.memory_reservation(1 << 32).memory_guard_size(1 << 16),
    };
    config
}

/// Advances the epoch while calls run, from a thread of its own, so that a busy executor cannot hold deadlines up.
fn start_ticking(engine: &wasmtime::Engine, gate: &Arc<Gate>) -> wasmtime::Result<()> {
    let (engine, gate) = (engine.weak(), Arc::downgrade(gate));
    thread::Builder::new().name("plugin-epoch".to_owned()).stack_size(64 * 1024).spawn(move || {
        while let Some(gate) = gate.upgrade() {
            let is_busy = gate.is_busy();
            drop(gate);
            let Some(engine) = engine.upgrade() else { break };
            if is_busy {
                engine.increment_epoch();
                drop(engine);
                thread::sleep(Duration::from_millis(TICK_MILLIS));
            }
        }
    })?;
    Ok(())
}
