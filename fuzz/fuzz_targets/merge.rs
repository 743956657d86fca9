//! Merging of slots whose values are whatever bytes.
#![no_main]

use batos_fuzz::image::fuzz::merged;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8], &[u8], &[u8])| {
    let (kind, base, mine, theirs) = input;
    let rust_type = ["Counter", "SharedSet<T>", "SharedList<T>", "i64"][usize::from(kind % 4)];
    let Some(both) = merged(rust_type, [base, mine, theirs]) else {
        return;
    };
    // Taken over unread when only one side changed anything.
    if mine == base || theirs == base {
        return;
    }
    let turned = merged(rust_type, [base, theirs, mine]).expect("the other way round as well");
    if rust_type != "SharedList<T>" {
        assert_eq!(both, turned, "whose change came first matters");
    }
    // What came out can be merged again, unless a sum grows too large for a counter.
    let again = merged(rust_type, [base, &both, mine]);
    assert!(again.is_some() || rust_type == "Counter");
});
