//! Lines from the named pipe.
#![no_main]

use batos_fuzz::pipe_line::{MAX_LINE_BYTES, PipeLine, lines};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let found = lines(bytes);
    for line in &found {
        let PipeLine::Mission(text) = line else {
            continue;
        };
        assert!(text.len() <= MAX_LINE_BYTES && text == text.trim() && !text.is_empty());
        assert!(!text.contains(['\n', '\0']));
    }
    // No line changes what the next one is.
    let parts = bytes.split_inclusive(|byte| *byte == b'\n');
    let apart: Vec<_> = parts.flat_map(lines).collect();
    assert_eq!(found, apart);
});
