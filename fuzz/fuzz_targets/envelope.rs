//! Sealed records: kind, version, and whatever body with the checksum that fits it.
#![no_main]

use batos_fuzz::image::fuzz::{open, sealed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = open(bytes);
    let [kind, version, body @ ..] = bytes else {
        return;
    };
    let Some(first) = open(&sealed(*kind, *version, body)) else {
        return;
    };
    let second = open(&first.again).expect("what was sealed opens");
    assert_eq!(first.meaning, second.meaning);
    assert_eq!(first.again, second.again);
});
