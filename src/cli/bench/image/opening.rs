//! Opening: in a process of its own, after a clean stop and after a kill in the middle of commits.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};

use super::commits::{all_writers, change, own_object};
use super::objects::{Sizes, first_oid, sizes_of};
use super::{Measured, Random, machine};
use crate::cli::output::{Outcome, print};
use crate::image::{Image, Read as _};
use crate::wire::own_binary::own_binary;

/// How often a process that writes says how far it has come.
const SAY: Duration = Duration::from_millis(20);

#[derive(Debug, Serialize)]
pub(super) struct Openings {
    pub clean: Opening,
    /// With no page of the image in memory.
    pub clean_cold: Opening,
    pub killed: Opening,
    pub killed_cold: Opening,
    pub pages_dropped: bool,
}

/// What a process that opened the image said about it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Opening {
    pub seconds: f64,
    /// The first read of an object after it.
    pub first_read_seconds: f64,
    pub tid: u64,
    /// Transactions that were in the log and not in the store.
    pub replayed: u64,
    /// Bytes of an unfinished group that were cut off.
    pub torn: u64,
    pub resident_bytes: Option<u64>,
    pub most_resident_bytes: Option<u64>,
    /// Transactions of which the killed process had said that they were committed.
    #[serde(default)]
    pub acknowledged: Option<u64>,
}

pub(super) fn measure(folder: &Path, writers: u32, time: Duration) -> Measured<Openings> {
    let clean = open_elsewhere(folder)?;
    let pages_dropped = machine::drop_pages(folder)?;
    let clean_cold = open_elsewhere(folder)?;
    let killed = open_killed(folder, writers, time, false)?;
    let killed_cold = open_killed(folder, writers, time, true)?;
    Ok(Openings {
        clean,
        clean_cold,
        killed,
        killed_cold,
        pages_dropped,
    })
}

fn open_elsewhere(folder: &Path) -> Measured<Opening> {
    let output = Command::new(own_binary()?)
        .args(["bench", "image-open"])
        .arg(folder)
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start a process that opens the image")?;
    ensure!(output.status.success(), "the image could not be opened");
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn open_killed(folder: &Path, writers: u32, time: Duration, cold: bool) -> Measured<Opening> {
    let acknowledged = write_and_kill(folder, writers, time)?;
    if cold {
        machine::drop_pages(folder)?;
    }
    let mut opening = open_elsewhere(folder)?;
    ensure!(
        opening.tid >= acknowledged,
        "transaction {acknowledged} was said to be committed and is lost: the image ends at {}",
        opening.tid
    );
    opening.acknowledged = Some(acknowledged);
    Ok(opening)
}

/// Lets a process write for a while and kills it; the newest transaction of which it said that it is
/// committed.
fn write_and_kill(folder: &Path, writers: u32, time: Duration) -> Measured<u64> {
    let mut child = Command::new(own_binary()?)
        .args(["bench", "image-load"])
        .arg(folder)
        .arg(writers.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start a process that writes")?;
    let lines = BufReader::new(child.stdout.take().context("it has no output")?).lines();
    let mut newest = 0;
    let mut start = None;
    for line in lines {
        // The last line may be cut off by the kill.
        newest = line?.parse().map_or(newest, |tid: u64| newest.max(tid));
        let begun = start.get_or_insert_with(Instant::now);
        if begun.elapsed() >= time {
            child.kill()?;
        }
    }
    child.wait()?;
    ensure!(
        newest > 0,
        "the process that was to write committed nothing"
    );
    Ok(newest)
}

/// `batos bench image-open`: opens an image, reads an object, and says what that took.
pub(in crate::cli::bench) fn open_and_say(folder: &Path) -> Outcome {
    let start = Instant::now();
    let image = Image::open(folder)?;
    let seconds = start.elapsed();
    let start = Instant::now();
    image.view().head(first_oid(&image)?)?;
    let recovery = image.recovery();
    let opening = Opening {
        seconds: seconds.as_secs_f64(),
        first_read_seconds: start.elapsed().as_secs_f64(),
        tid: image.tid(),
        replayed: recovery.replayed,
        torn: recovery.torn.as_ref().map_or(0, |torn| torn.bytes),
        resident_bytes: machine::resident_bytes(),
        most_resident_bytes: machine::most_resident_bytes(),
        acknowledged: None,
    };
    print(&(serde_json::to_string(&opening)? + "\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// `batos bench image-load`: commits, and says again and again which transactions are, until it is killed or
/// nobody listens.
pub(in crate::cli::bench) fn write_until_killed(folder: &Path, writers: u32) -> Outcome {
    let image = Image::open(folder)?;
    let sizes = sizes_of(&image)?;
    let newest = AtomicU64::new(0);
    thread::scope(|scope| -> Outcome {
        // Ends with the process only.
        scope.spawn(|| say_newest(&newest));
        write_on(&image, sizes, writers, &newest)?;
        Ok(ExitCode::SUCCESS)
    })
}

fn write_on(image: &Image, sizes: Sizes, writers: u32, newest: &AtomicU64) -> Measured<()> {
    all_writers(writers, |writer| -> Measured<()> {
        let mut random = Random::new(u64::from(writer));
        loop {
            let index = own_object(sizes, writer, writers, &mut random);
            let tid = change(image, index, sizes, &mut random)?;
            newest.fetch_max(tid, Ordering::Relaxed);
        }
    })?;
    Ok(())
}

fn say_newest(newest: &AtomicU64) {
    loop {
        thread::sleep(SAY);
        let tid = newest.load(Ordering::Relaxed);
        if tid > 0 && writeln!(io::stdout(), "{tid}").is_err() {
            std::process::exit(1);
        }
    }
}
