//! Every limit of the plugin runtime, with its default and its ceiling.
//!
//! The ceilings exist because a limit that can be set to anything is none. They are not settable.

use std::fmt;
use std::str::FromStr;

/// The name of one limit. [`Limit::row`] says what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
pub enum Limit {
    /// Size of a component, uncompressed.
    ComponentBytes,
    /// How much larger than its compressed form a component may be.
    InflateRatio,
    /// CPU time for compiling one component.
    CompileSeconds,
    /// Writable memory for compiling one component.
    CompileBytes,
    /// Components compiled at the same time.
    CompileParallel,
    /// Instructions of one `render` or `cut`.
    FuelRender,
    /// Instructions of any other call.
    FuelOther,
    /// Time of one call before it is stopped, or retried once with a longer deadline.
    DeadlineMillis,
    /// Linear memory of one call, all memories together.
    MemoryBytes,
    /// Linear memories of one call.
    Memories,
    /// Tables of one call.
    Tables,
    /// Elements of one table.
    TableElements,
    /// Core instances of one call.
    CoreInstances,
    /// Stack of one call.
    StackBytes,
    /// What an answer takes on the host once read.
    OutputBytes,
    /// Items in any one list of an answer.
    OutputItems,
    /// A request, as JSON.
    InputBytes,
    /// Log lines of one call.
    LogLines,
    /// One log line.
    LogLineBytes,
    /// Calls that run at the same time, of all plugins.
    Calls,
    /// Calls that wait until another one ends.
    Queue,
    /// Traps in ten minutes after which a plugin is not called for the same request for a while.
    Traps,
}

/// What there is to know of one limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which limit.
    pub limit: Limit,
    /// Its name on the command line and in objects.
    pub name: &'static str,
    /// What holds unless it is set.
    pub default: u64,
    /// The most that it can be set to; the least is 1.
    pub ceiling: u64,
    /// What is counted.
    pub unit: &'static str,
}

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
const COUNT: usize = Limit::Traps as usize + 1;

impl Limit {
    /// All limits, in the order of the enum. About 5 million units of fuel are a millisecond.
    pub const ALL: [Row; COUNT] = [
        row(Self::ComponentBytes, "component-bytes", 8 * MIB, 64 * MIB, "bytes"),
        row(Self::InflateRatio, "inflate-ratio", 32, 32, "times"),
        row(Self::CompileSeconds, "compile-seconds", 30, 120, "CPU seconds"),
        row(Self::CompileBytes, "compile-bytes", 1024 * MIB, 2048 * MIB, "bytes"),
        row(Self::CompileParallel, "compile-parallel", 2, 8, "processes"),
        row(Self::FuelRender, "fuel-render", 1_500_000_000, 5_000_000_000, "instructions"),
        row(Self::FuelOther, "fuel-other", 100_000_000, 5_000_000_000, "instructions"),
        row(Self::DeadlineMillis, "deadline-millis", 1_000, 10_000, "milliseconds"),
        row(Self::MemoryBytes, "memory-bytes", 32 * MIB, 256 * MIB, "bytes"),
        row(Self::Memories, "memories", 2, 4, "memories"),
        row(Self::Tables, "tables", 8, 64, "tables"),
        row(Self::TableElements, "table-elements", 20_000, 100_000, "elements"),
        row(Self::CoreInstances, "core-instances", 32, 128, "instances"),
        row(Self::StackBytes, "stack-bytes", 512 * KIB, MIB, "bytes"),
        row(Self::OutputBytes, "output-bytes", 4 * MIB, 16 * MIB, "bytes"),
        row(Self::OutputItems, "output-items", 1024, 4096, "items"),
        row(Self::InputBytes, "input-bytes", MIB, 4 * MIB, "bytes"),
        row(Self::LogLines, "log-lines", 64, 1024, "lines"),
        row(Self::LogLineBytes, "log-line-bytes", KIB, 16 * KIB, "bytes"),
        row(Self::Calls, "calls", 8, 64, "calls"),
        row(Self::Queue, "queue", 256, 4096, "calls"),
        row(Self::Traps, "traps", 5, 100, "traps"),
    ];

    /// What there is to know of it.
    #[must_use]
    pub const fn row(self) -> Row {
        Self::ALL[self as usize]
    }
}

const fn row(limit: Limit, name: &'static str, default: u64, ceiling: u64, unit: &'static str) -> Row {
    Row { limit, name, default, ceiling, unit }
}

impl FromStr for Limit {
    type Err = LimitError;

    /// # Errors
    /// No limit has this name.
    fn from_str(name: &str) -> Result<Self, LimitError> {
        let row = Self::ALL.iter().find(|row| row.name == name);
        row.map(|row| row.limit).ok_or_else(|| LimitError::Unknown(name.to_owned()))
    }
}

/// The limits that hold for all plugins of one catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits([u64; COUNT]);

impl Default for Limits {
    fn default() -> Self {
        Self(Limit::ALL.map(|row| row.default))
    }
}

impl Limits {
    /// With another value for one limit.
    ///
    /// # Errors
    /// The value is 0 or above the ceiling. The limits that are compared with sizes in memory fit
    /// `usize` because the ceilings do.
    pub fn with(mut self, limit: Limit, value: u64) -> Result<Self, LimitError> {
        let Row { ceiling, .. } = limit.row();
        if value == 0 || value > ceiling {
            return Err(LimitError::OutOfRange { limit, value });
        }
        self.0[limit as usize] = value;
        Ok(self)
    }

    /// What holds.
    #[must_use]
    pub const fn get(&self, limit: Limit) -> u64 {
        self.0[limit as usize]
    }

    /// What holds, for people: `1048576 bytes (limit input-bytes)`.
    #[must_use]
    pub fn shown(&self, limit: Limit) -> String {
        let Row { name, unit, .. } = limit.row();
        format!("{} {unit} (limit {name})", self.get(limit))
    }

    /// What holds, for comparing with sizes in memory.
    #[must_use]
    pub fn size(&self, limit: Limit) -> usize {
        usize::try_from(self.get(limit)).unwrap_or(usize::MAX)
    }
}

/// A limit cannot be set so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LimitError {
    /// There is no such limit.
    Unknown(String),
    /// 0, or above the ceiling.
    OutOfRange {
        /// The limit.
        limit: Limit,
        /// What was asked for.
        value: u64,
    },
}

impl fmt::Display for LimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "there is no limit named {name:?}"),
            Self::OutOfRange { limit, value } => {
                let Row { name, ceiling, unit, .. } = limit.row();
                write!(f, "{name} must be between 1 and {ceiling} {unit}, not {value}")
            }
        }
    }
}

impl std::error::Error for LimitError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (position, row) in Limit::ALL.iter().enumerate() {
            assert_eq!(row.limit as usize, position);
            assert!(row.default <= row.ceiling, "{}", row.name);
            assert_eq!(row.name.parse(), Ok(row.limit));
        }
    }

    #[test]
    fn a_limit_may_be_at_its_ceiling_and_not_above() {
        for row in Limit::ALL {
            let limits = Limits::default().with(row.limit, row.ceiling).expect("the ceiling is legal");
            assert_eq!(limits.get(row.limit), row.ceiling);
            assert!(limits.clone().with(row.limit, row.ceiling + 1).is_err());
            assert!(limits.with(row.limit, 0).is_err());
        }
    }
}
