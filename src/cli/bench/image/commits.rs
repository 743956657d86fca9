//! Durable commits: threads that change different objects, each commit waited for.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde::Serialize;

use super::machine::FileSystem;
use super::objects::{Sizes, name, text};
use super::place::micros;
use super::{Measured, Random, Rate};
use crate::image::{Author, Image, ImageError, Oid, Read as _, Transaction};

#[derive(Debug, Serialize)]
pub(super) struct Commits {
    pub writers: u32,
    #[serde(rename = "commits")]
    pub count: u64,
    #[serde(flatten)]
    pub rate: Rate,
    /// Groups of transactions that were written and synced: as many calls of `fdatasync`.
    pub syncs: u64,
    /// How often the disk was told to empty its cache meanwhile, by anybody.
    pub flushes: Option<u64>,
    pub conflicts: u64,
    /// From the beginning of a transaction to its answer.
    pub median_us: f64,
    pub p99_us: f64,
    pub longest_us: f64,
}

/// How long each commit of one writer took.
pub(super) type Times = Vec<Duration>;

pub(super) fn measure(
    image: &Image,
    sizes: Sizes,
    writers: u32,
    time: Duration,
    file_system: &FileSystem,
) -> Measured<Commits> {
    let before = (image.statistics(), file_system.flushes());
    let mut times = Times::new();
    let rate = Rate::of(|| {
        let start = Instant::now();
        let all = all_writers(writers, |writer| {
            let mut times = Times::new();
            let mut random = Random::new(u64::from(writer));
            while start.elapsed() < time {
                let begun = Instant::now();
                let index = own_object(sizes, writer, writers, &mut random);
                change(image, index, sizes, &mut random)?;
                times.push(begun.elapsed());
            }
            Ok(times)
        })?;
        times = all.concat();
        Ok(times.len() as u64)
    })?;
    let (statistics, flushes) = (image.statistics(), file_system.flushes());
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).copied();
    Ok(Commits {
        writers,
        count: times.len() as u64,
        rate,
        syncs: statistics.groups - before.0.groups,
        flushes: before.1.zip(flushes).map(|(before, after)| after - before),
        conflicts: statistics.conflicts - before.0.conflicts,
        median_us: micros(at(50).unwrap_or_default()),
        p99_us: micros(at(99).unwrap_or_default()),
        longest_us: micros(times.last().copied().unwrap_or_default()),
    })
}

/// Runs one thread for each writer, and gives what each has.
pub(super) fn all_writers<T: Send>(
    writers: u32,
    work: impl Fn(u32) -> Measured<T> + Sync,
) -> Measured<Vec<T>> {
    thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..writers)
            .map(|writer| scope.spawn(move || work(writer)))
            .collect();
        let ended = threads.into_iter().map(thread::ScopedJoinHandle::join);
        ended
            .map(|ended| ended.ok().context("a writer panicked")?)
            .collect()
    })
}

/// An object that no other writer takes, if there are enough.
pub(super) fn own_object(sizes: Sizes, writer: u32, writers: u32, random: &mut Random) -> u64 {
    let (writer, writers) = (u64::from(writer), u64::from(writers));
    let round = random.below((sizes.objects / writers).max(1));
    (round * writers + writer).min(sizes.objects - 1)
}

/// Finds an object by its name and gives it another text, in a transaction of its own.
pub(super) fn change(
    image: &Image,
    index: u64,
    sizes: Sizes,
    random: &mut Random,
) -> Measured<u64> {
    let slot = text(sizes, random);
    let work = |transaction: &mut Transaction| -> Measured<()> {
        let oid = named(transaction, index)?.context("an object is not there")?;
        Ok(transaction.set_slot(oid, slot.clone())?)
    };
    let ((), tid) = image.transact(Author::Person, work)?;
    Ok(tid)
}

/// The object of a number.
pub(super) fn named(transaction: &Transaction, index: u64) -> Result<Option<Oid>, ImageError> {
    transaction.oid_named(&name(index))
}
