//! What was measured, as one JSON document or as a table.

use std::io;
use std::path::Path;

use serde::Serialize;

use super::beside::{Beside, Waits};
use super::commits::Commits;
use super::machine;
use super::objects::{Filled, Sizes};
use super::opening::{Opening, Openings};
use super::pack::Pack;
use super::past::History;
use super::place::Disk;
use super::reads::{ColdReads, Reads};
use super::{Rate, float};
use crate::cli::output::table;

/// What was not asked for is not in it.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub version: &'static str,
    pub disk: Disk,
    pub sizes: Sizes,
    /// None when the objects were there already.
    pub filled: Option<Filled>,
    pub commits: Vec<Commits>,
    pub reads: Option<Reads>,
    pub cold_reads: Option<ColdReads>,
    pub history: Option<History>,
    pub open: Option<Openings>,
    pub pack: Option<Pack>,
    pub beside_pack: Vec<Beside>,
    pub bytes: Bytes,
}

/// What the image takes on the disk.
#[derive(Debug, Default, Serialize)]
pub(super) struct Bytes {
    pub all: u64,
    pub log: u64,
    pub store: u64,
    pub base: u64,
}

impl Bytes {
    pub(super) fn of(image: &Path) -> io::Result<Self> {
        Ok(Self {
            all: machine::bytes_of(image)?,
            log: machine::bytes_of(&image.join("log"))?,
            store: machine::bytes_of(&image.join("store"))?,
            base: machine::bytes_of(&image.join("base"))?,
        })
    }
}

impl Report {
    pub(super) fn new(version: &'static str, disk: Disk, sizes: Sizes) -> Self {
        Self {
            version,
            disk,
            sizes,
            filled: None,
            commits: Vec::new(),
            reads: None,
            cold_reads: None,
            history: None,
            open: None,
            pack: None,
            beside_pack: Vec::new(),
            bytes: Bytes::default(),
        }
    }

    pub(super) fn text(&self) -> String {
        let mut rows = Rows::default();
        let rate = |rate: Rate| format!("{:.0}/s", rate.per_second);
        if let Some(filled) = &self.filled {
            let note = format!("{} in a transaction", filled.per_transaction);
            rows.add(
                "objects made",
                format!("{:.0}/s", filled.objects_per_second),
                note,
            );
        }
        for commits in &self.commits {
            let flushes = commits
                .flushes
                .map(|flushes| format!(", {flushes} flushes of the disk"));
            let note = format!(
                "{} in {} syncs{}; median {:.0} µs, 99 % within {:.0} µs, longest {}",
                commits.count,
                commits.syncs,
                flushes.unwrap_or_default(),
                commits.median_us,
                commits.p99_us,
                milliseconds(commits.longest_us)
            );
            let writers = commits.writers;
            rows.add(
                &format!("durable commits, {writers} at once"),
                rate(commits.rate),
                note,
            );
        }
        if let Some(reads) = &self.reads {
            rows.add("reads by number", rate(reads.by_oid), "in memory");
            rows.add("reads by name", rate(reads.by_name), "in memory");
            rows.add(
                "reads by name",
                rate(reads.few_by_name),
                "in memory, of 20,000 at most",
            );
            let note = "in memory, a snapshot each";
            rows.add("reads by name", rate(reads.by_name_each_snapshot), note);
        }
        if let Some(cold) = &self.cold_reads {
            rows.add(
                "first reads by number",
                rate(cold.by_oid),
                from_disk(cold, None),
            );
            rows.add(
                "first reads by name",
                rate(cold.by_name),
                from_disk(cold, cold.read_bytes),
            );
        }
        if let Some(history) = &self.history {
            rows.add("objects as they were", rate(history.past_states), "");
            rows.add(
                "what changed an object",
                rate(history.histories),
                "20 transactions",
            );
        }
        if let Some(open) = &self.open {
            rows.opening("open after a stop", &open.clean, "");
            rows.opening("open after a stop", &open.clean_cold, cold_note(open));
            rows.opening("open after a kill", &open.killed, "");
            rows.opening("open after a kill", &open.killed_cold, cold_note(open));
        }
        if let Some(pack) = &self.pack {
            let (before, after) = (mib(pack.before.all), mib(pack.after.all));
            let note = format!("{} versions dropped; {before}, then {after}", pack.versions);
            rows.add("pack", format!("{:.3} s", pack.seconds), note);
        }
        for beside in &self.beside_pack {
            rows.beside(beside);
        }
        let Bytes { log, store, .. } = self.bytes;
        let note = format!("log {}, store {}", mib(log), mib(store));
        rows.add("on the disk", mib(self.bytes.all), note);
        self.heading() + &table(&["MEASURE", "FIGURE", "NOTE"], &rows.0)
    }

    fn heading(&self) -> String {
        let disk = &self.disk;
        let cache = disk
            .file_system
            .device_cache
            .as_deref()
            .unwrap_or("unknown");
        let flushes = match disk.flushes {
            Some(flushes) => format!("; the disk was flushed {flushes} times"),
            None => String::new(),
        };
        let doubt = if disk.plausible {
            ""
        } else {
            "\nNothing is durable so fast: take no figure here for one of durable commits."
        };
        format!(
            "{} objects with a text of {} bytes, on {} ({}, its cache: {cache})\n\
             {} writes synced one by one: median {:.0} µs, least {:.0} µs{flushes}{doubt}\n\n",
            self.sizes.objects,
            self.sizes.bytes,
            disk.file_system.kind,
            disk.file_system.device,
            disk.probes,
            disk.median_sync_us,
            disk.least_sync_us,
        )
    }
}

#[derive(Default)]
struct Rows(Vec<Vec<String>>);

impl Rows {
    fn add(&mut self, measure: &str, figure: String, note: impl Into<String>) {
        self.0.push(vec![measure.to_owned(), figure, note.into()]);
    }

    fn opening(&mut self, measure: &str, opening: &Opening, cold: &str) {
        let resident = opening.resident_bytes.map_or_else(String::new, mib);
        let mut note = format!("{resident} resident{cold}");
        if opening.replayed > 0 {
            note.push_str(&format!(", {} transactions replayed", opening.replayed));
        }
        self.add(measure, format!("{:.3} s", opening.seconds), note);
    }

    fn beside(&mut self, beside: &Beside) {
        let writers = beside.writers;
        for (when, waits) in [("without", &beside.without), ("during", &beside.during)] {
            let Waits {
                commits,
                longest_us,
                longest_sync_us,
                longest_search_us,
                p999_us,
                over_50_ms,
                longest_at,
                ..
            } = waits;
            let mut note = format!(
                "of {commits}; 99.9 % within {}, {over_50_ms} over 50 ms; longest sync of the log {}, longest \
                 search before a commit {}",
                milliseconds(*p999_us),
                milliseconds(*longest_sync_us),
                milliseconds(*longest_search_us)
            );
            if let Some(step) = longest_at {
                note.push_str(&format!(
                    "; at: {step}; pack of {} versions in {:.3} s",
                    beside.versions_dropped, beside.pack_seconds
                ));
            }
            self.add(
                &format!("longest commit, {writers} at once, {when} a pack"),
                milliseconds(*longest_us),
                note,
            );
        }
    }
}

fn milliseconds(micros: f64) -> String {
    format!("{:.1} ms", micros / 1000.0)
}

fn from_disk(cold: &ColdReads, bytes: Option<u64>) -> String {
    let bytes = bytes.map(|bytes| format!(", {} came from it", mib(bytes)));
    let what = if cold.pages_dropped {
        "from the disk"
    } else {
        "pages could not be dropped"
    };
    format!("{what}{}", bytes.unwrap_or_default())
}

fn cold_note(open: &Openings) -> &'static str {
    if open.pages_dropped {
        ", from the disk"
    } else {
        ", pages could not be dropped"
    }
}

fn mib(bytes: u64) -> String {
    format!("{:.1} MiB", float(bytes) / float(1 << 20))
}
