//! Every call of a scripted run fails in turn: the error is clear, nothing acknowledged is lost, nothing
//! refused is there, and work goes on.
//!
//! `BATOS_FAULTS_EVERY=1` makes each call fail, not one in many (`scripts/torture.sh`).

use std::path::{Path, PathBuf};
use std::process::Command;

use batos::image::Image;
use batos::image::check::fsck;
use nix::errno::Errno;
use tempfile::TempDir;

use super::super::oracle::Oracle;
use super::super::work::{Place, THREADS, advance, set_up};
use super::super::worker::{GIVES_UP, STEPS, worker};
use super::calls::{Call, What};
use super::trace::{Ended, Supervisor, Verdict, is_forbidden, supervise};
use crate::image::model::number;

const SCRIPT_STEPS: u64 = 24;
/// With this one every kind of step comes soon.
const SEED: u64 = 7;
/// Calls that fail in the short form: so many while opening, so many later.
const SHORT: u64 = 8;
/// As on a full disk, the worker is refused what it wants so often before there is room again.
const REFUSALS: u32 = 3;

/// In which way calls fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// One of all, with an I/O error.
    Broken,
    /// One of those that change something, which does its work and reports an I/O error.
    Lying,
    /// From one on that needs room, for lack of it. The first does half of its work if it is a write.
    Full,
}

/// Lets a worker's calls fail from the `nth` on, and listens to it.
struct Fault {
    way: Way,
    nth: u64,
    /// Calls that could have failed so far, and how many of them before the first transaction.
    count: u64,
    opening: Option<u64>,
    refusals: u32,
    /// Which of them rename something.
    renames: Vec<u64>,
    failed: Option<String>,
    said: Vec<String>,
}

impl Fault {
    fn new(way: Way, nth: u64) -> Self {
        Self {
            way,
            nth,
            count: 0,
            opening: None,
            refusals: 0,
            renames: Vec::new(),
            failed: None,
            said: Vec::new(),
        }
    }

    fn hear(&mut self, text: &str) {
        for line in text.lines() {
            if line.contains("ok ") {
                self.opening.get_or_insert(self.count);
            }
            self.refusals += u32::from(line.contains("refused "));
            self.said.push(line.to_owned());
        }
    }

    fn fails(&self) -> bool {
        match self.way {
            Way::Broken | Way::Lying => self.count == self.nth,
            Way::Full => self.count >= self.nth && self.refusals < REFUSALS,
        }
    }
}

impl Supervisor for Fault {
    fn before(&mut self, call: &Call) -> Verdict {
        if let What::Say(text) = &call.what {
            self.hear(text);
            return Verdict::GoOn;
        }
        let counts = match self.way {
            Way::Broken => true,
            Way::Lying => call.what.changes(),
            Way::Full => call.what.needs_room(),
        };
        if !counts {
            return Verdict::GoOn;
        }
        self.count += 1;
        if matches!(call.what, What::Rename(_)) {
            self.renames.push(self.count);
        }
        if !self.fails() {
            return Verdict::GoOn;
        }
        let first = self.failed.is_none();
        if first {
            self.failed = Some(format!("{} {}", call.name, call.path.display()));
        }
        match (self.way, &call.what) {
            (Way::Broken, _) => Verdict::Fail(Errno::EIO),
            (Way::Lying, _) => Verdict::Lie(Errno::EIO),
            (Way::Full, What::Write { bytes, .. }) if first && bytes.len() > 1 => Verdict::Half,
            (Way::Full, _) => Verdict::Fail(Errno::ENOSPC),
        }
    }

    fn after(&mut self, _call: &Call, _result: Result<u64, Errno>) {}
}

/// Kills a worker when it is about to sync the log for the `nth` time: the last group is written, and
/// nobody was told of it.
struct KillBeforeSync {
    nth: u32,
    said: Vec<String>,
}

impl Supervisor for KillBeforeSync {
    fn before(&mut self, call: &Call) -> Verdict {
        match &call.what {
            What::Say(text) => self.said.extend(text.lines().map(str::to_owned)),
            What::Sync if call.path.extension().is_some_and(|is| is == "log") => self.nth -= 1,
            _ => {}
        }
        if self.nth == 0 {
            Verdict::Kill
        } else {
            Verdict::GoOn
        }
    }

    fn after(&mut self, _call: &Call, _result: Result<u64, Errno>) {}
}

/// What a script begins with: nothing, or an image that a kill has left.
struct Beginning {
    folder: Option<TempDir>,
    said: Vec<String>,
}

fn image_in(folder: &TempDir) -> (PathBuf, PathBuf) {
    let root = folder.path().canonicalize().unwrap();
    let image = root.join("image");
    (root, image)
}

fn script(image: &Path) -> Command {
    let mut command = worker("worker::works_through_a_script", image, SEED);
    command.env(STEPS, SCRIPT_STEPS.to_string());
    command
}

impl Beginning {
    fn killed() -> Self {
        let folder = super::folder();
        let (root, image) = image_in(&folder);
        let mut supervisor = KillBeforeSync {
            nth: 20,
            said: Vec::new(),
        };
        let ended = supervise(script(&image), &root, &mut supervisor);
        assert!(matches!(ended, Ended::Killed(_)), "{ended:?}");
        Self {
            folder: Some(folder),
            said: supervisor.said,
        }
    }

    fn copied(&self) -> TempDir {
        let folder = super::folder();
        if let Some(from) = &self.folder {
            // The store's journals are holes for the most part.
            let copied = Command::new("cp")
                .args(["-r", "--sparse=always"])
                .arg(from.path().join("image"))
                .arg(folder.path())
                .status();
            assert!(copied.unwrap().success());
        }
        folder
    }

    /// Runs the script with that fault, and checks what must hold after it.
    fn run(&self, way: Way, nth: u64) -> Fault {
        let folder = self.copied();
        let (root, image) = image_in(&folder);
        let mut fault = Fault::new(way, nth);
        let mut script = script(&image);
        if way == Way::Lying {
            // Or the next try would cover up what this one has left.
            script.env(GIVES_UP, "1");
        }
        let ended = supervise(script, &root, &mut fault);
        let what = format!("{way:?} {nth}: {:?}", fault.failed);
        assert_eq!(ended, Ended::Exited(0), "{what}: {:#?}", fault.said);
        let mut oracle = Oracle::new(SEED);
        for line in self.said.iter().chain(&fault.said) {
            oracle.hear(line);
        }
        println!("{what}");
        go_on(&image, &mut oracle);
        fault
    }

    /// Every call fails in turn, or some of them in the short form.
    fn run_all(&self, way: Way) {
        let whole = self.run(way, u64::MAX);
        assert_eq!(whole.failed, None);
        let opening = whole.opening.unwrap();
        let every = number("BATOS_FAULTS_EVERY", 0);
        let mut calls: Vec<u64> = match every {
            0 => {
                let of =
                    |from: u64, to: u64| (0..SHORT).map(move |n| from + (to - from) * n / SHORT);
                of(1, opening).chain(of(opening, whole.count)).collect()
            }
            every => (1..=whole.count)
                .step_by(usize::try_from(every).unwrap())
                .collect(),
        };
        if way == Way::Lying {
            // Few, and what they leave is seen by name.
            calls.extend(&whole.renames);
            calls.sort_unstable();
            calls.dedup();
        }
        let (mut failed, mut refused, mut stopped, mut unopened) = (0, 0, 0, 0);
        for nth in calls {
            let fault = self.run(way, nth);
            failed += u64::from(fault.failed.is_some());
            let any = |word: &str| u64::from(fault.said.iter().any(|line| line.contains(word)));
            refused += any("refused ");
            stopped += any("stopped: ");
            unopened += any("not opened: ");
        }
        println!(
            "FIGURES {failed} of {} calls failed ({way:?}, {}): {refused} times something was refused and \
             work went on, {stopped} times it stopped, {unopened} times the image was not opened",
            whole.count,
            if self.folder.is_some() {
                "after a kill"
            } else {
                "from nothing"
            }
        );
        assert!(failed > 0 && unopened > 0);
    }
}

/// What must hold after any fault, without one now.
fn go_on(folder: &Path, oracle: &mut Oracle) {
    let image = Image::open(folder).unwrap();
    oracle.check(&image, 1);
    set_up(&image).unwrap();
    for thread in 0..THREADS {
        let mut place = Place::found(&image, SEED, thread);
        for _ in 0..3 {
            let tid = advance(&image, &mut place, SEED, thread).unwrap();
            oracle.hear(&format!("ok {tid} mark {thread} {}", place.n));
        }
    }
    oracle.check(&image, 0);
    image.close().unwrap();
    assert_eq!(fsck(folder, &mut |_, _| {}).unwrap().findings, []);
}

fn nothing() -> Beginning {
    Beginning {
        folder: None,
        said: Vec::new(),
    }
}

#[test]
fn whichever_call_fails_nothing_acknowledged_is_lost() {
    if !is_forbidden() {
        nothing().run_all(Way::Broken);
    }
}

#[test]
fn whichever_call_fails_after_a_kill_nothing_acknowledged_is_lost() {
    if !is_forbidden() {
        Beginning::killed().run_all(Way::Broken);
    }
}

#[test]
fn whichever_call_only_seems_to_fail_nothing_refused_is_there() {
    if !is_forbidden() {
        nothing().run_all(Way::Lying);
    }
}

#[test]
fn whenever_the_disk_is_full_work_goes_on_once_there_is_room() {
    if !is_forbidden() {
        nothing().run_all(Way::Full);
    }
}

#[test]
fn whenever_the_disk_is_full_after_a_kill_work_goes_on_once_there_is_room() {
    if !is_forbidden() {
        Beginning::killed().run_all(Way::Full);
    }
}
