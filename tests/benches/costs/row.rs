//! One row: what, measured, target, verdict, with tabs between; xtask aligns them.

use std::time::Duration;

/// A time that should be at most this long.
pub fn time(what: &str, measured: Duration, most: Duration) {
    let verdict = if measured <= most { "met" } else { "MISSED" };
    println!("{what}\t{}\t≤ {}\t{verdict}", shown(measured), shown(most));
}

/// A size in KiB that should be at most this large.
pub fn kib(what: &str, measured: u64, most: u64) {
    let verdict = if measured <= most { "met" } else { "MISSED" };
    println!("{what}\t{:.1} MiB\t≤ {} MiB\t{verdict}", measured as f64 / 1024.0, most / 1024);
}

/// A number that has no target.
pub fn count(what: &str, measured: impl std::fmt::Display) {
    println!("{what}\t{measured}\t\t");
}

/// The value in the middle.
pub fn median<T: Ord + Copy>(values: &mut [T]) -> T {
    values.sort_unstable();
    values[values.len() / 2]
}

/// A time with three digits.
pub fn shown(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    match micros {
        ..1e3 => format!("{micros:.1} µs"),
        1e3..1e6 => format!("{:.1} ms", micros / 1e3),
        _ => format!("{:.2} s", micros / 1e6),
    }
}
