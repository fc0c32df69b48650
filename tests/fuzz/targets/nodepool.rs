#![no_main]

use zuul_operator_fuzz::run;
use zuul_operator_tests::fuzz::{nodepool, prepare};

libfuzzer_sys::fuzz_target!(init: prepare(), |data: &[u8]| run(nodepool, data));
libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    zuul_operator_fuzz::change(data, size, most, seed)
});
