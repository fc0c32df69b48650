//! What one plan asks of plugins, and what a second one need not ask again.

use std::path::PathBuf;
use std::time::Instant;

use zuul_operator::cli::bundle::Bundle;
use zuul_operator::cli::check::plan_all;
use zuul_operator::cli::files::read_all;
use zuul_operator::diagnostic::Severity;
use zuul_operator::plugin::{Catalog, Counts};
use zuul_operator_tests::source::workspace;

use crate::call::options;
use crate::row::{count, median, shown};

/// The example site.
pub fn site() -> PathBuf {
    workspace().join("deploy/examples/site")
}

/// Calls, instructions and answers known already: of a first plan, then of the same one again.
pub fn rows() {
    let catalog = Catalog::open(options()).expect("a catalog");
    plan(&catalog);
    let first = catalog.counts();
    count("plan of the site: calls of plugins", first.calls);
    count("plan of the site: instructions, all calls", first.fuel);
    plan(&catalog);
    let second = since(first, catalog.counts());
    count("the same plan again: calls", second.calls);
    count("the same plan again: answers known already", second.remembered);
    let mut times: Vec<_> = (0..51).map(|_| timed(&catalog)).collect();
    count("the same plan again: files to plan, median", shown(median(&mut times)));
}

fn timed(catalog: &Catalog) -> std::time::Duration {
    let begun = Instant::now();
    plan(catalog);
    begun.elapsed()
}

fn plan(catalog: &Catalog) {
    let (sources, remarks) = read_all(&[site()], &mut std::io::empty()).expect("the example can be read");
    let bundle = Bundle::read(sources, remarks);
    let checked = plan_all(bundle, catalog, &zuul_operator::plan::plan, &mut |_, _| Vec::new());
    assert!(!checked.has(Severity::Error), "the example has no errors");
}

fn since(before: Counts, now: Counts) -> Counts {
    Counts {
        calls: now.calls - before.calls,
        fuel: now.fuel - before.fuel,
        remembered: now.remembered - before.remembered,
        compiled: now.compiled - before.compiled,
        traps: now.traps - before.traps,
    }
}
