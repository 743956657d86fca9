//! Reads of single objects at random, whole, with their text: from memory and from the disk.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde::Serialize;

use super::objects::{Sizes, first_oid, name};
use super::{Measured, Random, Rate, machine};
use crate::image::{Image, Oid, Read, View};

/// So few that they are all kept in memory ready for use.
const FEW: u64 = 20_000;

/// Per second, by one thread.
#[derive(Debug, Serialize)]
pub(super) struct Reads {
    /// In one snapshot, by the object's number.
    pub by_oid: Rate,
    /// In one snapshot, by its name.
    pub by_name: Rate,
    /// By its name, in a snapshot of its own.
    pub by_name_each_snapshot: Rate,
    /// In one snapshot, by name, of the first 20,000 objects only.
    pub few_by_name: Rate,
}

/// Of objects that the system has no page of in memory.
#[derive(Debug, Serialize)]
pub(super) struct ColdReads {
    pub reads: u64,
    pub by_oid: Rate,
    pub by_name: Rate,
    /// Whether the system could be asked to drop the pages.
    pub pages_dropped: bool,
    /// What came from the disk for the reads by name.
    pub read_bytes: Option<u64>,
}

pub(super) fn warm(folder: &Path, sizes: Sizes, time: Duration) -> Measured<Reads> {
    let image = Image::open(folder)?;
    let first = first_oid(&image)?;
    let view = image.view();
    let by_oid = |index| read(&view, first + index);
    let by_name = |index| read_named(&view, index);
    let objects = FEW.min(sizes.objects);
    let few = Sizes { objects, ..sizes };
    // Once without counting, so that what fits is in memory.
    rate(sizes, time / 2, by_oid)?;
    Ok(Reads {
        by_oid: rate(sizes, time, by_oid)?,
        by_name: rate(sizes, time, by_name)?,
        by_name_each_snapshot: rate(sizes, time, |index| read_named(&image.view(), index))?,
        few_by_name: rate(few, time, by_name)?,
    })
}

pub(super) fn cold(folder: &Path, sizes: Sizes, reads: u64) -> Measured<ColdReads> {
    let (by_oid, _, _) = cold_rate(folder, sizes, reads, |view, first, index| {
        read(view, first + index)
    })?;
    let (by_name, pages_dropped, read_bytes) =
        cold_rate(folder, sizes, reads, |view, _, index| {
            read_named(view, index)
        })?;
    Ok(ColdReads {
        reads,
        by_oid,
        by_name,
        pages_dropped,
        read_bytes,
    })
}

fn rate(sizes: Sizes, time: Duration, read: impl Fn(u64) -> Measured<()>) -> Measured<Rate> {
    Rate::of(|| {
        let mut random = Random::new(2);
        let start = Instant::now();
        let mut count = 0;
        while start.elapsed() < time {
            // The clock is not what is measured.
            for _ in 0..16 {
                read(random.below(sizes.objects))?;
                count += 1;
            }
        }
        Ok(count)
    })
}

/// The rate, whether pages were dropped before, and the bytes that came from the disk.
fn cold_rate(
    folder: &Path,
    sizes: Sizes,
    reads: u64,
    read: impl Fn(&View, Oid, u64) -> Measured<()>,
) -> Measured<(Rate, bool, Option<u64>)> {
    let dropped = machine::drop_pages(folder)?;
    let image = Image::open(folder)?;
    let first = first_oid(&image)?;
    let mut random = Random::new(3);
    let before = machine::read_from_disk();
    let rate = Rate::of(|| {
        let view = image.view();
        for _ in 0..reads {
            read(&view, first, random.below(sizes.objects))?;
        }
        Ok(reads)
    })?;
    let bytes = before.zip(machine::read_from_disk());
    Ok((rate, dropped, bytes.map(|(before, after)| after - before)))
}

fn read(view: &View, oid: Oid) -> Measured<()> {
    let head = view.shared_head(oid)?.context("an object is not there")?;
    let text = head.slot("text").context("an object has no text")?;
    std::hint::black_box(&text.value);
    Ok(())
}

fn read_named(view: &View, index: u64) -> Measured<()> {
    let oid = view.oid_named(&name(index))?;
    read(view, oid.context("a name is not there")?)
}
