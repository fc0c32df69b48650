//! Every limit in a pair: obeyed at its edge, violated just past it.
#![allow(missing_docs, clippy::unwrap_used)]

use std::io::Read;
use std::thread;

use flate2::Compression;
use flate2::read::GzEncoder;
use zuul_operator::contract::FailureReason::{self, *};
use zuul_operator::contract::{ConnectionRequest, Plugins};
use zuul_operator::plugin::{Catalog, Compile, Limit, Limits, Options};
use zuul_operator_tests::hostile::{DRIVER, Rig, answer, component, git_request, refusal, render, request};

fn limits(limit: Limit, value: u64) -> Limits {
    Limits::default().with(limit, value).unwrap()
}

/// How the hostile plugin ends with one limit set.
fn with(rig: &Rig, limit: Limit, value: u64) -> Result<(), FailureReason> {
    let options = Options { limits: limits(limit, value), built_ins: false, ..rig.options() };
    render(&Catalog::open(options).unwrap()).map(drop)
}

/// The smallest value with which the plugin answers; one less ends it for `reason`.
fn edge(rig: &Rig, limit: Limit, reason: FailureReason) -> u64 {
    let (mut fails, mut works) = (1, limit.row().ceiling);
    assert_eq!(with(rig, limit, works), Ok(()), "{}", limit.row().name);
    assert_eq!(with(rig, limit, fails), Err(reason), "{}", limit.row().name);
    while works - fails > 1 {
        let middle = fails.midpoint(works);
        match with(rig, limit, middle) {
            Ok(()) => works = middle,
            Err(_) => fails = middle,
        }
    }
    assert_eq!(with(rig, limit, works - 1), Err(reason), "{}", limit.row().name);
    works
}

#[test]
fn fuel_is_counted_to_the_instruction() {
    let rig = Rig::hostile("counted_loop", 0);
    let first = edge(&rig, Limit::FuelRender, OutOfFuel);
    assert!((5_000..20_000).contains(&first), "{first}");
    assert_eq!(edge(&rig, Limit::FuelRender, OutOfFuel), first, "the same in every run");
}

#[test]
fn describing_has_fuel_of_its_own() {
    let rig = Rig::hostile("harmless", 0);
    let options = |fuel| Options {
        limits: limits(Limit::FuelOther, fuel),
        built_ins: false,
        cache_dir: None,
        ..rig.options()
    };
    assert_eq!(refusal(&Catalog::open(options(100)).unwrap()), "");
    assert!(refusal(&Catalog::open(options(1)).unwrap()).contains("OutOfFuel"));
}

#[test]
fn memory_is_counted_to_the_byte() {
    // One page from the start, and 15 more.
    let rig = Rig::hostile("memory_growth", 15);
    assert_eq!(with(&rig, Limit::MemoryBytes, 16 * 65_536), Ok(()));
    assert_eq!(with(&rig, Limit::MemoryBytes, 16 * 65_536 - 1), Err(OutOfMemory));
}

#[test]
fn tables_and_their_elements_are_counted() {
    let rig = Rig::hostile("table_growth", 500);
    assert_eq!(with(&rig, Limit::TableElements, 500), Ok(()));
    assert_eq!(with(&rig, Limit::TableElements, 499), Err(TableTooLarge));
    let rig = Rig::hostile("tables", 0);
    assert_eq!(with(&rig, Limit::Tables, 3), Ok(()));
    assert!(refused(&rig, Limit::Tables, 2).contains("TableTooLarge"));
}

/// What the catalog says of a plugin that cannot even be described within the limit.
fn refused(rig: &Rig, limit: Limit, value: u64) -> String {
    let options =
        Options { limits: limits(limit, value), built_ins: false, cache_dir: None, ..rig.options() };
    refusal(&Catalog::open(options).unwrap())
}

/// The pool, which knows ceilings alone, refuses what is above one before the first call.
#[test]
fn above_a_ceiling_the_reason_is_the_same() {
    let at = |name, n| refusal(&Rig::hostile(name, n).limited(ceilings()));
    // The world has a memory of one page beside.
    assert_eq!(at("memory_from_start", 4_095), "");
    assert!(at("memory_from_start", 4_096).contains("OutOfMemory"));
    assert!(at("memory_from_start", 4_097).contains("OutOfMemory"));
    assert_eq!(at("table_from_start", 100_000), "");
    assert!(at("table_from_start", 100_001).contains("TableTooLarge"));
}

fn ceilings() -> Limits {
    let limits = [Limit::MemoryBytes, Limit::TableElements];
    limits
        .into_iter()
        .fold(Limits::default(), |limits, limit| limits.with(limit, limit.row().ceiling).unwrap())
}

#[test]
fn memories_are_counted() {
    // The world's own, and the body's.
    let rig = Rig::hostile("memory_from_start", 1);
    assert_eq!(with(&rig, Limit::Memories, 2), Ok(()));
    assert!(refused(&rig, Limit::Memories, 1).contains("OutOfMemory"));
}

/// Each request is another one, so that none is remembered.
#[test]
fn a_request_that_stops_a_plugin_too_often_is_left_alone() {
    let rig = Rig::hostile("trap", 0);
    let catalog = rig.limited(limits(Limit::Traps, 2));
    let numbered = |n: u8| ConnectionRequest { name: format!("c{n}"), ..request() };
    let reason = |n| catalog.connection(&numbered(n)).unwrap_err().reason;
    assert_eq!([reason(1), reason(1)], [Trapped, Trapped]);
    let before = catalog.counts().calls;
    assert_eq!(reason(1), Suspended);
    assert_eq!(catalog.counts().calls, before);
    assert_eq!(reason(2), Trapped, "another request, of another Zuul maybe, is tried");
    assert!(catalog.connection(&git_request()).is_ok(), "others are called");
}

#[test]
fn only_some_calls_run_at_once_and_only_some_wait() {
    let rig = Rig::hostile("endless_loop", 0);
    let limits = limits(Limit::Calls, 1).with(Limit::Queue, 1).unwrap();
    let limits = limits.with(Limit::FuelRender, 200_000_000).unwrap();
    let catalog = rig.limited(limits);
    catalog.driver(DRIVER).unwrap();
    let numbered = |n: usize| ConnectionRequest { name: format!("c{n}"), ..request() };
    let begun = catalog.counts().calls;
    let reasons: Vec<_> = thread::scope(|scope| {
        let call = |n| {
            scope.spawn({
                let catalog = &catalog;
                move || catalog.connection(&numbered(n))
            })
        };
        let first = call(0);
        while catalog.counts().calls == begun {
            thread::yield_now();
        }
        // One of these waits; for the others there is no room, as long as the first one runs.
        let others: Vec<_> = (1..=3).map(call).collect();
        [first].into_iter().chain(others).map(|it| it.join().unwrap().unwrap_err().reason).collect()
    });
    assert_eq!(reasons[0], OutOfFuel);
    assert!(reasons[1..].contains(&OutOfFuel), "{reasons:?}");
    assert!(reasons[1..].contains(&Busy), "{reasons:?}");
}

#[test]
fn a_compressed_plugin_is_the_same_plugin() {
    let packed = |bytes: &[u8]| {
        let mut packed = Vec::new();
        GzEncoder::new(bytes, Compression::best()).read_to_end(&mut packed).unwrap();
        packed
    };
    let plain = component("harmless", 0);
    let rig = Rig::new().with("hostile.wasm.gz", &packed(&plain));
    let catalog = rig.catalog();
    assert_eq!(render(&catalog).map(drop), Ok(()));
    let info = |catalog: &Catalog| catalog.list().into_iter().find(|info| info.name == "hostile").unwrap();
    assert_eq!(info(&catalog).digest, info(&Rig::hostile("harmless", 0).catalog()).digest);
    let bomb = Rig::new().with("hostile.wasm.gz", &packed(&vec![0; 9 * 1024 * 1024]));
    assert!(refusal(&bomb.catalog()).contains("TooLarge"));
}

#[test]
fn core_instances_are_counted() {
    let rig = Rig::hostile("harmless", 0);
    assert_eq!(refused(&rig, Limit::CoreInstances, 2), "");
    assert!(refused(&rig, Limit::CoreInstances, 1).contains("TooLarge"));
}

#[test]
fn the_stack_ends_where_it_is_said_to_end() {
    let rig = Rig::hostile("recursion", 2_000);
    let (small, large) = (16 * 1024, Limit::StackBytes.row().default);
    assert_eq!(with(&rig, Limit::StackBytes, large), Ok(()));
    assert_eq!(with(&rig, Limit::StackBytes, small), Err(StackOverflow));
}

#[test]
fn output_is_counted_to_the_byte_and_to_the_item() {
    let rig = Rig::hostile("giant_answer", 40);
    let first = edge(&rig, Limit::OutputBytes, OutputTooLarge);
    // 40 keys of 1 to 40 bytes, and what 40 lines take beside.
    assert!((820..8_192).contains(&first), "{first}");
    assert_eq!(with(&rig, Limit::OutputItems, 40), Ok(()));
    assert_eq!(with(&rig, Limit::OutputItems, 39), Err(OutputTooLarge));
}

#[test]
fn input_is_counted_to_the_byte() {
    let rig = Rig::hostile("harmless", 0);
    let size = serde_json::to_vec(&request()).unwrap().len() as u64;
    assert_eq!(with(&rig, Limit::InputBytes, size), Ok(()));
    assert_eq!(with(&rig, Limit::InputBytes, size - 1), Err(InputTooLarge));
}

#[test]
fn log_lines_are_cut() {
    let detail = |bytes: u64| answer(&Rig::hostile("long_panic", bytes).catalog()).unwrap_err().detail;
    let prefix = "panic: ".len();
    assert_eq!(detail(1024).len(), 1024 - prefix);
    assert_eq!(detail(1025).len(), 1024 - prefix);
}

#[test]
fn components_are_weighed() {
    let rig = Rig::hostile("harmless", 0);
    let size = component("harmless", 0).len() as u64;
    assert_eq!(with(&rig, Limit::ComponentBytes, size), Ok(()));
    assert!(refused(&rig, Limit::ComponentBytes, size - 1).contains("TooLarge"));
}

#[test]
fn a_deadline_is_met_twice_before_it_counts() {
    let rig = Rig::hostile("endless_log", 0);
    let limits = limits(Limit::DeadlineMillis, 10).with(Limit::FuelRender, 5_000_000_000).unwrap();
    let catalog = rig.limited(limits);
    catalog.driver("hostile").unwrap();
    let before = catalog.counts().calls;
    assert_eq!(render(&catalog).map(drop), Err(DeadlineExceeded));
    assert_eq!(catalog.counts().calls - before, 2);
    // It may have been the machine's fault: the next request tries again.
    assert_eq!(render(&catalog).map(drop), Err(DeadlineExceeded));
    assert_eq!(catalog.counts().calls - before, 4);
}

#[test]
fn a_child_compiles_within_its_memory() {
    let rig = Rig::hostile("harmless", 0);
    let child = Compile::Child(env!("CARGO_BIN_EXE_compile-plugin").into());
    let options = |bytes| Options {
        limits: limits(Limit::CompileBytes, bytes),
        compile: child.clone(),
        built_ins: false,
        cache_dir: None,
        ..rig.options()
    };
    let catalog = Catalog::open(options(1 << 30)).unwrap();
    assert_eq!((render(&catalog).map(drop), refusal(&catalog)), (Ok(()), String::new()));
    assert!(refusal(&Catalog::open(options(1)).unwrap()).contains("CompileFailed"));
}

#[test]
fn a_child_says_what_is_wrong_with_a_component() {
    let rig = Rig::new().with("broken.wasm", &component("simd", 0));
    let child = Compile::Child(env!("CARGO_BIN_EXE_compile-plugin").into());
    let options = Options { compile: child, built_ins: false, cache_dir: None, ..rig.options() };
    let refusal = refusal(&Catalog::open(options).unwrap());
    assert!(refusal.contains("NotAComponent") && refusal.contains("SIMD"), "{refusal}");
}
