//! Pack: all history is dropped, so that the image is as large as what is in it.

use std::path::Path;
use std::time::Instant;

use serde::Serialize;

use super::Measured;
use super::report::Bytes;
use crate::image::{Image, PackOptions, PackUntil};

#[derive(Debug, Serialize)]
pub(super) struct Pack {
    pub seconds: f64,
    pub transactions: u64,
    pub versions: u64,
    pub before: Bytes,
    /// When the image was closed afterwards: the store gives its room back bit by bit.
    pub after: Bytes,
}

pub(super) fn measure(folder: &Path) -> Measured<Pack> {
    let before = Bytes::of(folder)?;
    let image = Image::open(folder)?;
    let options = PackOptions {
        until: PackUntil::Newest,
        collect: true,
        dry_run: false,
    };
    let start = Instant::now();
    let packed = image.pack(&options, &mut |_, _| {})?;
    let seconds = start.elapsed().as_secs_f64();
    image.close()?;
    Ok(Pack {
        seconds,
        transactions: packed.transactions,
        versions: packed.versions,
        before,
        after: Bytes::of(folder)?,
    })
}
