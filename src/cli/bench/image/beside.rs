//! How long commits take while the image is packed, and how long they take when it is not.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde::Serialize;

use super::commits::{all_writers, named, own_object};
use super::objects::{Sizes, text};
use super::place::micros;
use super::{Measured, Random};
use crate::image::{Author, CommitError, Image, PackOptions, PackStep, PackUntil};

/// What no commit should take longer than while a pack is under way.
const LONG: Duration = Duration::from_millis(50);

/// Writers who commit first without a pack and then during one, which drops what they made before it.
#[derive(Debug, Serialize)]
pub(super) struct Beside {
    pub writers: u32,
    pub pack_seconds: f64,
    pub transactions_dropped: u64,
    pub versions_dropped: u64,
    pub without: Waits,
    pub during: Waits,
}

/// How long commits took to be answered, and before that their transactions to find what they change.
#[derive(Debug, Serialize)]
pub(super) struct Waits {
    pub commits: u64,
    pub longest_us: f64,
    /// The longest that the disk took to sync the log in that time: a commit cannot take less.
    pub longest_sync_us: f64,
    pub longest_search_us: f64,
    /// What pack was at when the longest had its answer.
    pub longest_at: Option<String>,
    pub p999_us: f64,
    pub median_us: f64,
    pub over_50_ms: u64,
}

pub(super) fn measure(
    image: &Image,
    sizes: Sizes,
    writers: u32,
    time: Duration,
) -> Measured<Beside> {
    let start = Instant::now();
    let step = Mutex::new(None);
    let without = write_while(image, sizes, writers, &step, &|| start.elapsed() < time)?;
    let is_packed = AtomicBool::new(false);
    let began = Instant::now();
    let (packed, during) = thread::scope(|scope| {
        let packing = scope.spawn(|| {
            let options = PackOptions {
                until: PackUntil::Newest,
                collect: true,
                dry_run: false,
            };
            let packed = image.pack(&options, &mut |at, _| {
                *step.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
            });
            is_packed.store(true, Ordering::Relaxed);
            packed.map(|packed| (packed, began.elapsed()))
        });
        let during = write_while(image, sizes, writers, &step, &|| {
            !is_packed.load(Ordering::Relaxed)
        });
        (packing.join(), during)
    });
    let (packed, took) = packed.ok().context("pack panicked")??;
    Ok(Beside {
        writers,
        pack_seconds: took.as_secs_f64(),
        transactions_dropped: packed.transactions,
        versions_dropped: packed.versions,
        without,
        during: during?,
    })
}

/// How long a commit took.
#[derive(Clone, Copy)]
struct Wait {
    commit: Duration,
    search: Duration,
    /// What pack had come to when it was answered.
    at: Option<PackStep>,
}

fn write_while(
    image: &Image,
    sizes: Sizes,
    writers: u32,
    step: &Mutex<Option<PackStep>>,
    goes_on: &(impl Fn() -> bool + Sync),
) -> Measured<Waits> {
    let _ = image.take_longest_sync();
    let all = all_writers(writers, |writer| {
        let mut waits = Vec::new();
        let mut random = Random::new(u64::from(writer));
        while goes_on() {
            let index = own_object(sizes, writer, writers, &mut random);
            let slot = text(sizes, &mut random);
            let begun = Instant::now();
            let mut transaction = image.begin(Author::Person);
            let oid = named(&transaction, index)?.context("an object is not there")?;
            transaction.set_slot(oid, slot)?;
            let search = begun.elapsed();
            let begun = Instant::now();
            match transaction.commit() {
                Ok(_) => {}
                // With another writer's, where there are fewer objects than writers.
                Err(CommitError::Conflict { .. }) => continue,
                Err(error) => return Err(error.into()),
            }
            let commit = begun.elapsed();
            let at = *step.lock().unwrap_or_else(PoisonError::into_inner);
            waits.push(Wait { commit, search, at });
        }
        Ok(waits)
    })?;
    Ok(Waits::of(all.concat(), image.take_longest_sync()))
}

impl Waits {
    fn of(mut waits: Vec<Wait>, longest_sync: Duration) -> Self {
        waits.sort_unstable_by_key(|wait| wait.commit);
        let at = |part: usize| {
            let wait = waits.get(waits.len() * part / 1000);
            micros(wait.map(|wait| wait.commit).unwrap_or_default())
        };
        let longest = waits.last();
        let search = waits.iter().map(|wait| wait.search).max();
        Self {
            commits: waits.len() as u64,
            longest_us: micros(longest.map(|wait| wait.commit).unwrap_or_default()),
            longest_sync_us: micros(longest_sync),
            longest_search_us: micros(search.unwrap_or_default()),
            longest_at: longest
                .and_then(|wait| wait.at)
                .map(|step| step.to_string()),
            p999_us: at(999),
            median_us: at(500),
            over_50_ms: waits.iter().filter(|wait| wait.commit > LONG).count() as u64,
        }
    }
}
