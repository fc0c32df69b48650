#![no_main]

use zuul_operator_fuzz::run;
use zuul_operator_tests::fuzz::{answer, prepare};

libfuzzer_sys::fuzz_target!(init: prepare(), |data: &[u8]| run(answer, data));
