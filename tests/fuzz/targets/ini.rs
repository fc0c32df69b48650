#![no_main]

use zuul_operator_fuzz::run;
use zuul_operator_tests::fuzz::ini;

libfuzzer_sys::fuzz_target!(|data: &[u8]| run(ini, data));
