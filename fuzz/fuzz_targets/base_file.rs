//! Base files, as they are and with hashes that fit.
#![no_main]

use std::cell::RefCell;
use std::fs::File;
use std::io::Write;

use batos_fuzz::image::fuzz::{base, base_with_sums};
use libfuzzer_sys::fuzz_target;

thread_local! {
    static FILE: RefCell<tempfile::NamedTempFile> = RefCell::new(fresh());
}

/// In memory where there is such a folder.
fn fresh() -> tempfile::NamedTempFile {
    tempfile::NamedTempFile::new_in("/dev/shm")
        .or_else(|_| tempfile::NamedTempFile::new())
        .unwrap()
}

fuzz_target!(|bytes: &[u8]| {
    read(bytes);
    let whole = base_with_sums(bytes);
    let Some(entries) = read(&whole) else {
        return;
    };
    // Each entry has a byte and two lengths.
    assert!(entries * 17 <= whole.len());
});

fn read(bytes: &[u8]) -> Option<usize> {
    FILE.with_borrow(|file| {
        let mut written = File::create(file.path()).unwrap();
        written.write_all(bytes).unwrap();
        base(file.path())
    })
}
