#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| asyncore_conformance::fuzzing::passes(data));
