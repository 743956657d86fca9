//! Looking into the past: objects as they were, and what changed them.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde::Serialize;

use super::commits::{all_writers, change};
use super::objects::{Sizes, first_oid};
use super::{Measured, Random, Rate};
use crate::image::{Image, Read as _};

/// Objects that are changed again and again before anything is measured.
const OBJECTS: u64 = 100;
const VERSIONS: u64 = 100;
/// How far back what changed an object is asked for.
const CHANGES: usize = 20;

/// Per second, by one thread.
#[derive(Debug, Serialize)]
pub(super) struct History {
    pub objects: u64,
    pub versions_each: u64,
    /// An object as it was after some transaction.
    pub past_states: Rate,
    /// The newest 20 transactions that changed an object, with time, author and lines.
    pub histories: Rate,
}

pub(super) fn measure(
    folder: &Path,
    sizes: Sizes,
    writers: u32,
    time: Duration,
) -> Measured<History> {
    let image = Image::open(folder)?;
    let first = first_oid(&image)?;
    let objects = OBJECTS.min(sizes.objects);
    let oldest = image.tid();
    all_writers(writers, |writer| {
        let mut random = Random::new(u64::from(writer));
        for _ in 0..VERSIONS {
            for index in (u64::from(writer)..objects).step_by(usize::try_from(writers)?) {
                change(&image, index, sizes, &mut random)?;
            }
        }
        Ok(())
    })?;
    let view = image.view();
    let mut random = Random::new(4);
    let past_states = rate(time, || {
        let tid = oldest + random.below(view.tid() - oldest + 1);
        let past = view.at(tid)?;
        let head = past.head(first + random.below(objects))?;
        std::hint::black_box(head.context("an object was not there")?);
        Ok(())
    })?;
    let histories = rate(time, || {
        let tids = view.versions(first + random.below(objects))?;
        for tid in tids.into_iter().take(CHANGES) {
            let entry = view.audit(tid)?;
            std::hint::black_box(entry.context("a transaction is not there")?);
        }
        Ok(())
    })?;
    Ok(History {
        objects,
        versions_each: VERSIONS,
        past_states,
        histories,
    })
}

fn rate(time: Duration, mut look: impl FnMut() -> Measured<()>) -> Measured<Rate> {
    Rate::of(|| {
        let start = Instant::now();
        let mut count = 0;
        while start.elapsed() < time {
            look()?;
            count += 1;
        }
        Ok(count)
    })
}
