//! Segments of the log, as they are and with hashes that fit.
#![no_main]

use batos_fuzz::image::fuzz::{group, segment, with_sums};
use libfuzzer_sys::fuzz_target;

/// Zeros behind the groups of the last segment are room for later ones, up to so many.
const ROOM_BYTES: usize = 256 * 1024;

fuzz_target!(|bytes: &[u8]| {
    read(bytes);
    let whole = with_sums(bytes);
    read(&whole);
    let mut rest = whole.get(56..).unwrap_or_default();
    while rest.len() >= 64 {
        let length = u64::from_le_bytes(rest[4..12].try_into().unwrap());
        let (frame, after) = rest.split_at(64 + length as usize);
        if let Some(first) = group(frame) {
            let second = group(&first.again).expect("what was written is read");
            assert_eq!(first.meaning, second.meaning);
            assert_eq!(first.again, second.again);
        }
        rest = after;
    }
});

fn read(bytes: &[u8]) {
    let Some(first) = bytes.get(8..16) else {
        return;
    };
    let first = u64::from_le_bytes(first.try_into().unwrap());
    let inner = segment(bytes.to_vec(), first, false);
    let last = segment(bytes.to_vec(), first, true);
    if let Some(inner) = &inner {
        assert!(!inner.torn);
        assert_eq!(last.as_ref(), Some(inner));
    }
    if let Some(last) = last {
        let whole_bytes = usize::try_from(last.whole_bytes).unwrap();
        let rest = &bytes[whole_bytes..];
        let is_room = rest.len() <= ROOM_BYTES && rest.iter().all(|byte| *byte == 0);
        assert_eq!(last.torn, !is_room);
        // Without its torn end it is an ordinary one.
        let cut = segment(bytes[..whole_bytes].to_vec(), first, false).expect("it was whole");
        assert_eq!((cut.records, cut.torn), (last.records, false));
    }
}
