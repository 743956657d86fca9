//! Cuts of power: at every moment of recorded runs, with whatever the disk may have kept of what was not
//! synced, the image opens and has everything that was acknowledged before.
//!
//! `BATOS_POWER_SUBSETS` tries so many at every moment (`scripts/torture.sh`); else some moments are drawn.

use std::path::Path;

use batos::image::Image;
use nix::errno::Errno;
use tempfile::TempDir;

use super::super::oracle::Oracle;
use super::super::work::{Place, THREADS, advance, set_up};
use super::super::worker::{STEPS, worker};
use super::calls::{Call, What};
use super::disk::{Kept, after_cut};
use super::record::{Event, Recorder};
use super::trace::{Ended, Supervisor, Verdict, is_forbidden, supervise};
use crate::image::model::change::Random;
use crate::image::model::number;

/// With this one every kind of step comes soon.
const SEED: u64 = 7;
/// States in the short form of one run.
const SHORT: u64 = 24;
const KEPT: [Kept; 5] = [
    Kept::Nothing,
    Kept::Some,
    Kept::TornBeginning,
    Kept::All,
    Kept::Beginning,
];

/// What happens to a worker besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Closes,
    /// Is killed when it is about to change something for the `nth` time.
    Killed(u64),
    /// Is killed when it is about to sync the folder of this name.
    KilledBeforeSyncOf(&'static str),
    /// Its `nth` sync of the log fails.
    SyncFails(u64),
}

/// Records a worker.
struct Watch<'a> {
    recorder: &'a mut Recorder,
    fate: Fate,
    count: u64,
}

impl Supervisor for Watch<'_> {
    fn before(&mut self, call: &Call) -> Verdict {
        self.recorder.before(call);
        let is_log = call.path.extension().is_some_and(|is| is == "log");
        let verdict = match self.fate {
            Fate::Killed(nth) if call.what.changes() => (nth, Verdict::Kill),
            Fate::KilledBeforeSyncOf(name)
                if call.what == What::Sync && call.path.ends_with(name) =>
            {
                (1, Verdict::Kill)
            }
            Fate::SyncFails(nth) if is_log && call.what == What::Sync => {
                (nth, Verdict::Fail(Errno::EIO))
            }
            _ => return Verdict::GoOn,
        };
        self.count += 1;
        if self.count == verdict.0 {
            verdict.1
        } else {
            Verdict::GoOn
        }
    }

    fn after(&mut self, call: &Call, result: Result<u64, Errno>) {
        self.recorder.after(call, result);
    }
}

/// Workers one after the other on one image, recorded.
struct Run {
    recorder: Recorder,
    /// When each worker had ended.
    ends: Vec<usize>,
    kills: u32,
    _folder: TempDir,
}

fn record(workers: &[(u64, Fate)]) -> Run {
    let folder = super::folder();
    let root = folder.path().canonicalize().unwrap();
    let image = root.join("image");
    let mut recorder = Recorder::new(&root);
    let (mut ends, mut kills) = (Vec::new(), 0);
    for (steps, fate) in workers {
        let mut command = worker("worker::works_through_a_script", &image, SEED);
        command.env(STEPS, steps.to_string());
        let mut watch = Watch {
            recorder: &mut recorder,
            fate: *fate,
            count: 0,
        };
        let ended = supervise(command, &root, &mut watch);
        // It may have come to its end before its kill.
        let as_told = match ended {
            Ended::Exited(code) => code == 0,
            Ended::Killed(_) => !matches!(fate, Fate::Closes | Fate::SyncFails(_)),
        };
        assert!(as_told, "{ended:?}");
        kills += u32::from(ended != Ended::Exited(0));
        ends.push(recorder.events.len());
    }
    Run {
        recorder,
        ends,
        kills,
        _folder: folder,
    }
}

impl Run {
    /// Cuts the power after so many events, opens what is there, and goes on.
    fn check(&self, moment: usize, kept: Kept, random: &mut Random) {
        let folder = super::folder();
        let events = &self.recorder.events[..moment];
        after_cut(
            events,
            &self.recorder.folders(),
            kept,
            random,
            folder.path(),
        );
        let image = folder.path().join("image");
        let mut oracle = Oracle::new(SEED);
        for event in events {
            if let Event::Said(line) = event {
                oracle.hear(line);
            }
        }
        let deaths = 1 + self.ends.iter().filter(|end| **end <= moment).count();
        let what = format!(
            "cut after {moment} of {} events, {kept:?}",
            self.recorder.events.len()
        );
        println!("{what}");
        go_on(&image, &mut oracle, deaths as u64);
    }

    fn check_all(&self, random: &mut Random) -> u64 {
        let events = self.recorder.events.len();
        let subsets = number("BATOS_POWER_SUBSETS", 0);
        let mut states = 0;
        if subsets == 0 {
            for n in 0..SHORT {
                // The first half goes to making an empty image.
                let begun = self.begun();
                let from = if n % 4 == 0 { 0 } else { begun };
                let moment =
                    from + usize::try_from(random.below((events - from) as u64 + 1)).unwrap();
                self.check(
                    moment,
                    KEPT[usize::try_from(n).unwrap() % KEPT.len()],
                    random,
                );
                states += 1;
            }
            return states;
        }
        for moment in 0..=events {
            // Between two changes nothing else can be lost than after the second.
            let last = moment
                .checked_sub(1)
                .map(|last| &self.recorder.events[last]);
            if !matches!(last, Some(Event::Sync { .. } | Event::Said(_))) && random.below(4) > 0 {
                continue;
            }
            for n in 0..subsets {
                let kept = KEPT[usize::try_from(n).unwrap() % KEPT.len()];
                self.check(moment, kept, random);
                states += 1;
            }
        }
        states
    }

    /// When the first transaction was acknowledged.
    fn begun(&self) -> usize {
        let told = |event: &Event| matches!(event, Event::Said(line) if line.contains("ok "));
        self.recorder.events.iter().position(told).unwrap()
    }

    fn acknowledged(&self) -> usize {
        let told = |event: &&Event| matches!(event, Event::Said(line) if line.contains("ok "));
        self.recorder.events.iter().filter(told).count()
    }
}

fn go_on(folder: &Path, oracle: &mut Oracle, deaths: u64) {
    let image = Image::open(folder).unwrap();
    oracle.check(&image, deaths);
    let report = image.fsck(&mut |_, _| {}).unwrap();
    assert_eq!(report.findings, []);
    set_up(&image).unwrap();
    for thread in 0..THREADS {
        let mut place = Place::found(&image, SEED, thread);
        let tid = advance(&image, &mut place, SEED, thread).unwrap();
        oracle.hear(&format!("ok {tid} mark {thread} {}", place.n));
    }
    oracle.check(&image, 0);
    image.close().unwrap();
}

fn cut_everywhere(workers: impl FnOnce(&mut Random) -> Vec<(u64, Fate)>) {
    if is_forbidden() {
        return;
    }
    let seed = number("BATOS_TORTURE_SEED", u64::from(std::process::id()));
    println!("seed {seed}");
    let mut random = Random::new(seed);
    let workers = workers(&mut random);
    let run = record(&workers);
    let states = run.check_all(&mut random);
    let is_killed = |(_, fate): &(u64, Fate)| matches!(fate, Fate::KilledBeforeSyncOf(_));
    assert!(run.kills > 0 || !workers.iter().any(is_killed));
    println!(
        "FIGURES {states} states after cuts of power, from {} changes, syncs and answers of {} workers, \
         {} of them killed; {} commits acknowledged, 0 lost",
        run.recorder.events.len(),
        run.ends.len(),
        run.kills,
        run.acknowledged()
    );
}

#[test]
fn a_cut_of_power_takes_nothing_that_was_acknowledged() {
    cut_everywhere(|_| vec![(32, Fate::Closes)]);
}

#[test]
fn neither_does_one_after_kills() {
    // Workers that were killed have left unsynced what the next one builds on.
    cut_everywhere(|random| {
        let killed = |limit: u64, random: &mut Random| (8, Fate::Killed(random.below(limit) + 1));
        let mut workers = vec![killed(250, random), killed(250, random), (8, Fate::Closes)];
        for _ in 0..5 {
            workers.push(killed(40, random));
        }
        workers.push((8, Fate::Closes));
        workers
    });
}

#[test]
fn neither_does_one_after_a_kill_before_a_folder_was_synced() {
    for folder in ["image/log", "image", "image/blobs"] {
        cut_everywhere(|_| vec![(16, Fate::KilledBeforeSyncOf(folder)), (8, Fate::Closes)]);
    }
}

#[test]
fn neither_does_one_after_a_sync_that_failed() {
    cut_everywhere(|_| {
        vec![
            (8, Fate::Closes),
            (8, Fate::SyncFails(5)),
            (8, Fate::Closes),
            (8, Fate::SyncFails(1)),
            (8, Fate::Closes),
        ]
    });
}
