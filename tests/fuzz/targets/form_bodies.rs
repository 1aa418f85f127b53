#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| polls_fuzz::form_bodies(data));
