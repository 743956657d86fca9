//! Exports of objects, as they are and with hashes that fit.
#![no_main]

use batos_fuzz::image::fuzz::{export_with_sums, exported};
use batos_fuzz::image::transfer::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = decode(bytes);
    let Ok(package) = decode(&export_with_sums(bytes)) else {
        return;
    };
    assert!(package.object(package.root()).is_some());
    let again = exported(&package).expect("what was taken can be written");
    assert_eq!(decode(&again).expect("what was written is taken"), package);
});
