//! `kill -9` at random moments under load: while it works, while it opens, while it recovers from the kill
//! before.
//!
//! `BATOS_TORTURE_KILLS` runs longer (`scripts/torture.sh`), `BATOS_TORTURE_SEED` is where the random numbers begin.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Child;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use batos::image::Image;
use batos::image::check::fsck;

use super::oracle::Oracle;
use super::worker::worker;
use crate::image::model::change::Random;
use crate::image::model::number;

const KILLS: u64 = 16;
/// Each image is killed so often before a new one begins.
const KILLS_OF_AN_IMAGE: u64 = 125;
/// A worker that says nothing for so long hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// When a worker is killed.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// So long after it was started.
    Started(Duration),
    /// So long after it has acknowledged so many transactions.
    Acknowledged(u64, Duration),
}

fn moment(random: &mut Random) -> Moment {
    match random.below(4) {
        0 => Moment::Started(Duration::from_micros(random.below(60_000))),
        1 => Moment::Acknowledged(1, Duration::from_micros(random.below(3_000))),
        _ => {
            let count = random.below(200) + 1;
            Moment::Acknowledged(count, Duration::from_micros(random.below(2_000)))
        }
    }
}

/// Runs a worker until the moment and a kill; the oracle hears all that it has said.
fn run_and_kill(folder: &Path, seed: u64, moment: Moment, oracle: &mut Oracle) {
    let mut child = worker("worker::works_until_it_is_killed", folder, seed)
        .spawn()
        .unwrap();
    let (lines, said) = mpsc::channel();
    let output = BufReader::new(child.stdout.take().unwrap());
    let reader = thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            let _ = lines.send(line);
        }
    });
    match moment {
        Moment::Started(after) => thread::sleep(after),
        Moment::Acknowledged(count, after) => {
            wait_for(count, &said, oracle, &mut child);
            thread::sleep(after);
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap();
    said.iter().for_each(|line| {
        oracle.hear(&line);
    });
}

fn wait_for(count: u64, said: &mpsc::Receiver<String>, oracle: &mut Oracle, child: &mut Child) {
    let (start, mut heard) = (Instant::now(), 0);
    while heard < count {
        match said.recv_timeout(PATIENCE.saturating_sub(start.elapsed())) {
            Ok(line) => heard += u64::from(oracle.hear(&line)),
            Err(error) => {
                let _ = child.kill();
                panic!("the worker ended or hangs after {heard} of {count}: {error}");
            }
        }
    }
}

fn check(folder: &Path, oracle: &mut Oracle, deaths: u64) {
    let image = Image::open(folder).unwrap();
    oracle.check(&image, deaths);
    image.close().unwrap();
}

#[derive(Debug, Default)]
struct Figures {
    kills: u64,
    while_opening: u64,
    acknowledged: u64,
    unheard: u64,
    checks: u64,
    fsck: u64,
}

fn torture(seed: u64, kills: u64, figures: &mut Figures) {
    let folder = tempfile::tempdir().unwrap();
    let folder = &folder.path().join("image");
    let mut random = Random::new(seed);
    let mut oracle = Oracle::new(seed);
    let mut deaths = 0;
    for _ in 0..kills {
        let moment = moment(&mut random);
        let before = oracle.commits;
        run_and_kill(folder, seed, moment, &mut oracle);
        deaths += 1;
        figures.kills += 1;
        figures.while_opening += u64::from(oracle.commits == before);
        if random.below(12) == 0 {
            // The next opening makes it anew, and may be killed at that.
            let _ = std::fs::remove_dir_all(folder.join("store"));
        }
        // Otherwise the next worker is the one that finds what this one has left.
        if random.below(2) == 0 && folder.join("format").exists() {
            check(folder, &mut oracle, deaths);
            figures.checks += 1;
            deaths = 0;
            if random.below(8) == 0 {
                let report = fsck(folder, &mut |_, _| {}).unwrap();
                assert_eq!(report.findings, []);
                figures.fsck += 1;
            }
        }
    }
    check(folder, &mut oracle, deaths);
    let report = fsck(folder, &mut |_, _| {}).unwrap();
    assert_eq!(report.findings, []);
    figures.checks += 1;
    figures.fsck += 1;
    figures.acknowledged += oracle.commits;
    figures.unheard += oracle.unheard;
}

#[test]
fn nothing_acknowledged_is_lost_however_often_it_is_killed() {
    let kills = number("BATOS_TORTURE_KILLS", KILLS);
    let first = number("BATOS_TORTURE_SEED", u64::from(std::process::id()));
    let mut figures = Figures::default();
    let mut seed = first;
    while figures.kills < kills {
        println!("seed {seed}");
        let rest = kills - figures.kills;
        torture(seed, rest.min(KILLS_OF_AN_IMAGE), &mut figures);
        seed += 1;
    }
    let Figures {
        kills,
        while_opening,
        acknowledged,
        unheard,
        checks,
        fsck,
    } = figures;
    println!(
        "FIGURES {kills} kills ({while_opening} before anything was acknowledged), {acknowledged} commits \
         acknowledged, 0 lost, {unheard} there that were not yet acknowledged, {checks} openings checked, \
         {fsck} times everything by fsck"
    );
    assert!(acknowledged > 0);
}
