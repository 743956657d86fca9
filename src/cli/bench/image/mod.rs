//! `batos bench image`: how fast the Living Image is on a disk, and how that was made sure.
//!
//! Every figure is of a temporary image with objects that are all alike. `benches/image.sh` sets it against
//! ZODB's `FileStorage`, in turns.

mod arguments;
mod beside;
mod commits;
mod machine;
mod objects;
mod opening;
mod pack;
mod past;
mod place;
mod reads;
mod report;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde::Serialize;

use crate::cli::Context;
use crate::cli::output::{Outcome, print, print_json, progress};
use crate::image::Image;

pub(in crate::cli) use arguments::ImageBenchArguments;
pub(super) use opening::{open_and_say, write_until_killed};

use arguments::Measure;
use objects::Sizes;
use place::Place;
use report::{Bytes, Report};

/// Threads that commit while an image is packed, beside the measure with one.
const WRITERS_BESIDE_PACK: u32 = 4;

type Measured<T> = anyhow::Result<T>;

pub(super) fn run(context: &Context, arguments: &ImageBenchArguments) -> Outcome {
    let place = Place::choose(context, arguments)?;
    let report = measure(&place, arguments)?;
    if context.json {
        print_json(&serde_json::to_value(&report)?)?;
    } else {
        print(&report.text())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn measure(place: &Place, arguments: &ImageBenchArguments) -> Measured<Report> {
    let sizes = Sizes {
        objects: arguments.objects,
        bytes: arguments.bytes,
    };
    let seconds = arguments.seconds;
    let wants = |measure| arguments.measure.contains(&measure);
    let disk = place.probe().context("cannot try the disk")?;
    let mut report = Report::new(env!("CARGO_PKG_VERSION"), disk, sizes);
    report.filled = objects::fill(&place.image, sizes)?;
    if wants(Measure::Commits) {
        let image = Image::open(&place.image)?;
        for writers in [1, arguments.writers] {
            progress(&format!("commits by {writers}"));
            let measured = commits::measure(&image, sizes, writers, seconds, &place.file_system)?;
            report.commits.push(measured);
        }
        image.close()?;
    }
    if wants(Measure::Reads) {
        progress("reads");
        report.reads = Some(reads::warm(&place.image, sizes, seconds)?);
        report.cold_reads = Some(reads::cold(&place.image, sizes, arguments.cold_reads)?);
    }
    if wants(Measure::History) {
        progress("history");
        report.history = Some(past::measure(
            &place.image,
            sizes,
            arguments.writers,
            seconds,
        )?);
    }
    if wants(Measure::Open) {
        progress("opening");
        report.open = Some(opening::measure(&place.image, arguments.writers, seconds)?);
    }
    if wants(Measure::Pack) {
        progress("pack");
        report.pack = Some(pack::measure(&place.image)?);
        let image = Image::open(&place.image)?;
        for writers in [1, WRITERS_BESIDE_PACK] {
            progress(&format!("pack beside commits by {writers}"));
            let measured = beside::measure(&image, sizes, writers, seconds)?;
            report.beside_pack.push(measured);
        }
        image.close()?;
    }
    report.bytes = Bytes::of(&place.image)?;
    Ok(report)
}

/// Numbers that only have to be spread; the same in every run (splitmix64).
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of 0 to `end` - 1; 0 when there is none.
    fn below(&mut self, end: u64) -> u64 {
        self.next().checked_rem(end).unwrap_or_default()
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "nothing here comes near 2 to the power of 52"
)]
fn float(count: u64) -> f64 {
    count as f64
}

fn per_second(count: u64, time: Duration) -> f64 {
    float(count) / time.as_secs_f64()
}

/// Something that was done again and again.
#[derive(Debug, Clone, Copy, Serialize)]
struct Rate {
    per_second: f64,
    /// Time on a processor for each.
    cpu_us: f64,
}

impl Rate {
    /// Does something that says how often, and how often that was done in a second.
    fn of(work: impl FnOnce() -> Measured<u64>) -> Measured<Self> {
        let (start, cpu) = (Instant::now(), machine::cpu_time());
        let count = work()?;
        let (elapsed, cpu) = (start.elapsed(), machine::cpu_time().saturating_sub(cpu));
        Ok(Self {
            per_second: per_second(count, elapsed),
            cpu_us: place::micros(cpu) / float(count),
        })
    }
}
