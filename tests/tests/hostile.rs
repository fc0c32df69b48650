//! Hostile plugins are stopped with their reason named, and hurt nobody else.
#![allow(missing_docs, clippy::unwrap_used)]

use zuul_operator::contract::FailureReason::{self, *};
use zuul_operator::contract::Plugins;
use zuul_operator::plugin::Catalog;
use zuul_operator_tests::hostile::{Rig, answer, component, git_request, refusal, render};

/// The good plugin beside the hostile one still answers.
fn others_work(catalog: &Catalog) {
    assert_eq!(catalog.connection(&git_request()).unwrap().lines.len(), 1);
}

#[test]
fn each_call_is_stopped_for_its_own_reason() {
    let cases: [(&str, u64, FailureReason); 19] = [
        ("endless_loop", 0, OutOfFuel),
        ("start_loop", 0, OutOfFuel),
        ("start_trap", 0, Trapped),
        ("endless_recursion", 0, StackOverflow),
        ("memory_flood", 0, OutOfMemory),
        ("memory_growth", 60_000, OutOfMemory),
        ("table_growth", 1_000_000, TableTooLarge),
        ("giant_answer", 60_000, OutputTooLarge),
        ("trap", 0, Trapped),
        ("gives_up", 0, Trapped),
        ("panic", 0, Panicked),
        ("forged_line", 1, ForgedReference),
        ("forged_line", 0xffff_ffff, ForgedReference),
        ("forged_file", 1, ForgedReference),
        ("foreign_file", 0, BadAnswer),
        ("driver_key", 0, BadAnswer),
        ("bad_utf8", 0, BadAnswer),
        ("bad_variant", 0, BadAnswer),
        ("bad_pointer", 0, BadAnswer),
    ];
    for (name, n, reason) in cases {
        let rig = Rig::hostile(name, n);
        let catalog = rig.catalog();
        if name.starts_with("start_") {
            // It cannot even describe itself.
            assert!(
                refusal(&catalog).contains(reason.code().trim_start_matches("Plugin")),
                "{}",
                refusal(&catalog)
            );
        } else {
            assert_eq!(render(&catalog).map(drop), Err(reason), "{name}");
        }
        others_work(&catalog);
    }
}

#[test]
fn each_file_is_refused_for_its_own_reason() {
    let truncated = &component("harmless", 0)[..1000];
    let cases: [(&str, &[u8], FailureReason); 8] = [
        ("wrong world", &component("wrong_world", 0), WrongWorld),
        ("wrong types", &component("wrong_types", 0), WrongWorld),
        ("wrong version", &component("wrong_version", 0), WrongVersion),
        ("foreign import", &component("foreign_import", 0), ForeignImport),
        ("core module", &component("core_module", 0), NotAComponent),
        ("truncated", truncated, NotAComponent),
        ("text", b"#!/bin/sh\n", NotAComponent),
        ("simd", &component("simd", 0), NotAComponent),
    ];
    for (name, bytes, reason) in cases {
        let rig = Rig::new().with("hostile.wasm", bytes);
        let catalog = rig.catalog();
        let refusal = refusal(&catalog);
        assert!(refusal.contains(&format!(": {reason:?}: ")), "{name}: {refusal}");
        assert!(catalog.list().iter().all(|plugin| plugin.name != "hostile"), "{name}");
        others_work(&catalog);
    }
    let rig = Rig::new().with("hostile.wasm", &component("foreign_import", 0));
    assert!(refusal(&rig.catalog()).contains("wasi:cli/environment@0.2.0"), "names what it imports");
}

#[test]
fn a_panic_is_told_in_its_own_words() {
    let failure = answer(&Rig::hostile("panic", 0).catalog()).unwrap_err();
    assert_eq!(failure.to_string(), "plugin hostile: Panicked: it is broken");
}

#[test]
fn a_log_flood_is_dropped_and_the_answer_is_taken() {
    assert!(render(&Rig::hostile("log_flood", 0).catalog()).is_ok());
}

#[test]
fn no_state_survives_a_call() {
    let rig = Rig::hostile("keeps_state", 0);
    let catalog = Catalog::open(zuul_operator::plugin::Options { memoise: false, ..rig.options() }).unwrap();
    for _ in 0..3 {
        assert!(render(&catalog).is_ok());
    }
}

#[test]
fn a_secret_that_was_given_may_be_placed() {
    assert_eq!(render(&Rig::hostile("forged_line", 0).catalog()).unwrap().lines.len(), 1);
    assert_eq!(render(&Rig::hostile("forged_file", 0).catalog()).unwrap().files.len(), 1);
}
