//! What the process uses, from /proc. The names are those of Prometheus' own libraries.

use std::fmt;
use std::fs;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;

/// This process. What /proc does not tell is left out.
#[derive(Debug)]
pub(super) struct Process;

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
        if let Some(ticks) = ticks(&stat) {
            let seconds = ticks as f64 / rustix::param::clock_ticks_per_second() as f64;
            put(
                &mut encoder,
                "process_cpu",
                "CPU time, user and system",
                Some(Unit::Seconds),
                &ConstCounter::new(seconds),
            )?;
        }
        let statm = fs::read_to_string("/proc/self/statm").unwrap_or_default();
        if let Some(pages) = resident(&statm) {
            let bytes = pages.saturating_mul(rustix::param::page_size() as u64);
            let gauge = ConstGauge::new(i64::try_from(bytes).unwrap_or(i64::MAX));
            put(&mut encoder, "process_resident_memory", "Memory in use", Some(Unit::Bytes), &gauge)?;
        }
        if let Ok(files) = fs::read_dir("/proc/self/fd") {
            let gauge = ConstGauge::new(i64::try_from(files.count()).unwrap_or(i64::MAX));
            put(&mut encoder, "process_open_fds", "Open files and connections", None, &gauge)?;
        }
        Ok(())
    }
}

/// One value without labels.
pub(super) fn put(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    unit: Option<Unit>,
    value: &impl EncodeMetric,
) -> fmt::Result {
    value.encode(encoder.encode_descriptor(name, help, unit.as_ref(), value.metric_type())?)
}

/// `utime` and `stime` of /proc/PID/stat (proc_pid_stat(5)): the 14th and 15th word. The second is the program's
/// name in parentheses, which may hold blanks and parentheses.
fn ticks(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut words = rest.split(' ').skip(11);
    let (user, system) = (words.next()?.parse::<u64>().ok()?, words.next()?.parse::<u64>().ok()?);
    user.checked_add(system)
}

/// `resident` of /proc/PID/statm (proc_pid_statm(5)), in pages: the second word.
fn resident(statm: &str) -> Option<u64> {
    statm.split(' ').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_blanks_do_not_shift_the_words() {
        let rest = "S 1 2 2 0 -1 4194560 1 0 0 0 70 5 0 0 20 0 1 0 100 0 0";
        for name in ["cat", "a) b (c", ") "] {
            assert_eq!(ticks(&format!("42 ({name}) {rest}")), Some(75), "{name}");
        }
        for broken in ["", "42 (cat", "42 (cat) S 1", "42 (cat) S 1 2 2 0 -1 4194560 1 0 0 0 x 5 0"] {
            assert_eq!(ticks(broken), None, "{broken}");
        }
        assert_eq!(resident("100 42 7 1 0 9 0\n"), Some(42));
        assert_eq!(resident(""), None);
    }
}
