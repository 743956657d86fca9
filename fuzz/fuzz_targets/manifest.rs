//! Manifests of backups, with a hash that fits.
#![no_main]

use batos_fuzz::image::fuzz::accepts_manifest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = accepts_manifest(bytes);
});
