//! One call of a plugin: a fresh store and instance, every limit set, every failure named.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tracing::debug_span;
use tracing::field::Empty;
use wasmtime::{Engine, ResourceLimiter, Store, Trap};

use super::component::Refusal;
use super::engine::TICK_MILLIS;
use super::gate::{Closed, Gate};
use super::limits::{Limit, Limits};
use super::log::Log;
use crate::contract::FailureReason;

pub(super) use super::log::Level;

/// How much longer the second attempt may run when the first met its deadline: on a starved node
/// an innocent plugin meets it too.
const PATIENCE: u64 = 10;

/// How long a call waits until others have ended. One takes milliseconds, most of the time.
const WAIT: Duration = Duration::from_secs(60);

/// Where one plugin's calls run.
pub(super) struct Sandbox<'a> {
    pub(super) engine: &'a Engine,
    pub(super) limits: &'a Limits,
    /// The plugin's name, for its log.
    pub(super) plugin: &'a str,
    pub(super) tally: &'a Tally,
    pub(super) gate: &'a Gate,
}

/// What was done so far, for whoever measures.
#[derive(Default)]
pub(super) struct Tally {
    /// Guest calls that were begun, repeated ones included.
    pub(super) calls: AtomicU64,
    /// Instructions of all calls.
    pub(super) fuel: AtomicU64,
    /// Components compiled.
    pub(super) compiled: AtomicU64,
}

/// What the host keeps for one call.
pub(super) struct State {
    memory: Allowance,
    pub(super) log: Log,
    started: bool,
}

impl State {
    /// From here on an unreadable value is an answer's, not the component's own.
    pub(super) const fn started(&mut self) {
        self.started = true;
    }
}

impl Sandbox<'_> {
    /// Runs `function`, which instantiates and calls, within all limits; `fuel` says which limit
    /// holds for its instructions.
    ///
    /// # Errors
    /// The reason, and a sentence about it.
    pub(super) fn call<T>(
        &self,
        fuel: Limit,
        function: impl Fn(&mut Store<State>) -> wasmtime::Result<T>,
    ) -> Result<T, Refusal> {
        let deadline = self.limits.get(Limit::DeadlineMillis);
        let first = self.attempt(fuel, deadline, &function);
        if !matches!(first, Err((FailureReason::DeadlineExceeded, _))) {
            return first;
        }
        let longer = deadline.saturating_mul(PATIENCE).min(Limit::DeadlineMillis.row().ceiling);
        if longer == deadline {
            return first;
        }
        tracing::warn!(plugin = self.plugin, "met its deadline of {deadline} ms; once more with {longer} ms");
        self.attempt(fuel, longer, &function)
    }

    fn attempt<T>(
        &self,
        fuel: Limit,
        deadline: u64,
        function: &impl Fn(&mut Store<State>) -> wasmtime::Result<T>,
    ) -> Result<T, Refusal> {
        let span = debug_span!("plugin call", plugin = self.plugin, fuel = Empty, otel.status_code = Empty);
        let _in_it = span.enter();
        let _pass = self.gate.enter(WAIT).map_err(|closed| self.busy(closed))?;
        self.tally.calls.fetch_add(1, Ordering::Relaxed);
        let state = State {
            memory: Allowance::new(self.limits),
            log: Log::new(self.plugin, self.limits),
            started: false,
        };
        let mut store = Store::new(self.engine, state);
        store.limiter(|state| &mut state.memory);
        store.set_hostcall_fuel(self.limits.size(Limit::OutputBytes));
        // A store without a deadline traps at once. The tick under way does not count.
        store.set_epoch_deadline(ticks(deadline) + 1);
        let given = self.limits.get(fuel);
        let result = store.set_fuel(given).and_then(|()| function(&mut store));
        let used = given.saturating_sub(store.get_fuel().unwrap_or(given));
        self.tally.fuel.fetch_add(used, Ordering::Relaxed);
        span.record("fuel", used as i64);
        if result.is_err() {
            span.record("otel.status_code", "error");
        }
        let state = store.data_mut();
        state.log.close();
        result.map_err(|error| self.refusal(&error, fuel, deadline, state))
    }

    fn busy(&self, closed: Closed) -> Refusal {
        let sentence = match closed {
            Closed::QueueIsFull => {
                format!("as many others were waiting as may: {}", self.limits.shown(Limit::Queue))
            }
            Closed::WaitedTooLong => {
                let calls = self.limits.shown(Limit::Calls);
                format!("of {calls} none ended within {} s", WAIT.as_secs())
            }
        };
        (FailureReason::Busy, sentence)
    }

    fn refusal(&self, error: &wasmtime::Error, fuel: Limit, deadline: u64, state: &State) -> Refusal {
        use FailureReason as Reason;
        let limit = |limit: Limit| self.limits.shown(limit);
        if let Some(Exceeded(which)) = error.downcast_ref::<Exceeded>() {
            let reason =
                if *which == Limit::MemoryBytes { Reason::OutOfMemory } else { Reason::TableTooLarge };
            return (reason, format!("it wanted more than {}", limit(*which)));
        }
        match error.downcast_ref::<Trap>() {
            Some(Trap::OutOfFuel) => (Reason::OutOfFuel, format!("it used up its {}", limit(fuel))),
            Some(Trap::Interrupt) => {
                let name = Limit::DeadlineMillis.row().name;
                (Reason::DeadlineExceeded, format!("it ran longer than {deadline} ms (limit {name})"))
            }
            Some(Trap::StackOverflow) => {
                (Reason::StackOverflow, format!("it used up its stack of {}", limit(Limit::StackBytes)))
            }
            Some(Trap::UnreachableCodeReached) => match state.log.last_words() {
                Some(words) => (Reason::Panicked, words.to_owned()),
                None => (Reason::Trapped, "it gave up without a message".to_owned()),
            },
            Some(trap) => (Reason::Trapped, trap.to_string()),
            None => self.untyped(&format!("{error:#}"), state),
        }
    }

    /// Errors for which wasmtime has no public type are known by their words; the tests of the
    /// limits notice when these change.
    fn untyped(&self, words: &str, state: &State) -> Refusal {
        use FailureReason as Reason;
        let limit = |limit: Limit| format!("it wanted more than {}", self.limits.shown(limit));
        if words.contains("fuel allocated for hostcalls has been exhausted") {
            let most = self.limits.shown(Limit::OutputBytes);
            return (Reason::OutputTooLarge, format!("it answered more than {most}"));
        }
        if words.contains("memory count too high") {
            return (Reason::OutOfMemory, limit(Limit::Memories));
        }
        if words.contains("table count too high") {
            return (Reason::TableTooLarge, limit(Limit::Tables));
        }
        if words.contains("instance count too high") {
            return (Reason::TooLarge, limit(Limit::CoreInstances));
        }
        if words.contains("failed to convert function to given type") {
            return (Reason::WrongWorld, format!("its functions have other types: {words}"));
        }
        if state.started {
            return (Reason::BadAnswer, format!("its answer cannot be read: {words}"));
        }
        (Reason::Trapped, format!("it cannot be started: {words}"))
    }
}

fn ticks(millis: u64) -> u64 {
    millis.div_ceil(TICK_MILLIS)
}

/// A limit on memory or tables that a call ran into. It ends the call: most guests would only
/// abort without saying why.
#[derive(Debug)]
struct Exceeded(Limit);

impl std::fmt::Display for Exceeded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "more than the limit {}", self.0.row().name)
    }
}

impl std::error::Error for Exceeded {}

/// What one call may still take of memory and tables.
struct Allowance {
    memory: usize,
    memories: usize,
    table: usize,
    tables: usize,
    instances: usize,
}

impl Allowance {
    fn new(limits: &Limits) -> Self {
        Self {
            memory: limits.size(Limit::MemoryBytes),
            memories: limits.size(Limit::Memories),
            table: limits.size(Limit::TableElements),
            tables: limits.size(Limit::Tables),
            instances: limits.size(Limit::CoreInstances),
        }
    }
}

impl ResourceLimiter for Allowance {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // One allowance for all memories of the call.
        let Some(left) = self.memory.checked_sub(desired.saturating_sub(current)) else {
            return Err(Exceeded(Limit::MemoryBytes).into());
        };
        self.memory = left;
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if desired > self.table {
            return Err(Exceeded(Limit::TableElements).into());
        }
        Ok(true)
    }

    fn instances(&self) -> usize {
        self.instances
    }

    fn memories(&self) -> usize {
        self.memories
    }

    fn tables(&self) -> usize {
        self.tables
    }
}
