//! The worker: this test binary again, as a process of its own, with one ignored test as its whole work. It
//! prints a line for every transaction that was acknowledged, and is killed, refused or cut off.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use batos::image::{CommitError, Image, PackError};

use super::work::{Failure, Place, THREADS, advance, pack, set_up};

pub const FOLDER: &str = "BATOS_TEST_IMAGE";
pub const SEED: &str = "BATOS_TEST_SEED";
/// How many steps the script has.
pub const STEPS: &str = "BATOS_TEST_STEPS";
/// Set: the first refusal is the end.
pub const GIVES_UP: &str = "BATOS_TEST_GIVES_UP";
/// How often a step that was refused is tried in all.
const TRIES: u32 = 4;
/// Long enough for some transactions in between.
const PACK_EVERY: Duration = Duration::from_millis(15);

/// A process that runs one of the ignored tests under `image::faults`.
pub fn worker(test: &str, folder: &Path, seed: u64) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "--ignored", "--nocapture", "--test-threads=1"])
        .arg(format!("image::faults::{test}"))
        .env(FOLDER, folder)
        .env(SEED, seed.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

/// What the worker's process was told; `None` when somebody runs the ignored tests by hand.
pub fn told() -> Option<(PathBuf, u64)> {
    let folder = std::env::var_os(FOLDER)?.into();
    let seed = std::env::var(SEED).ok()?.parse().ok()?;
    Some((folder, seed))
}

#[test]
#[ignore = "runs as a process that its caller kills"]
fn works_until_it_is_killed() {
    let Some((folder, seed)) = told() else {
        return;
    };
    let image = Image::open(&folder).unwrap();
    set_up(&image).unwrap();
    let places: Vec<_> = (0..THREADS)
        .map(|thread| Place::found(&image, seed, thread))
        .collect();
    let newest: Vec<_> = places
        .iter()
        .map(|place| AtomicU64::new(place.tid))
        .collect();
    std::thread::scope(|scope| {
        let (image, newest) = (&image, &newest);
        for (thread, mut place) in (0..).zip(places) {
            let newest_of_it = &newest[usize::try_from(thread).unwrap()];
            scope.spawn(move || {
                loop {
                    let tid = advance(image, &mut place, seed, thread).unwrap();
                    println!("ok {tid} mark {thread} {}", place.n);
                    newest_of_it.store(tid, Ordering::Release);
                }
            });
        }
        scope.spawn(move || {
            loop {
                std::thread::sleep(PACK_EVERY);
                let newest = newest.iter().map(|tid| tid.load(Ordering::Acquire));
                match pack(image, newest) {
                    Ok(_) | Err(PackError::Earlier { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        });
    });
}

#[test]
#[ignore = "runs as a process that its caller supervises"]
fn is_only_supervised() {
    super::be_supervised();
}

/// One thread's work as a script: open, do so many steps, write and sync now and then, close. Says what came
/// of each:
///
/// - `ok TID mark THREAD STEP`: acknowledged;
/// - `refused mark THREAD STEP: why`: nothing of it may be there;
/// - `stopped: why`, `not opened: why`: the end.
#[test]
#[ignore = "runs as a process whose calls fail"]
fn works_through_a_script() {
    let Some((folder, seed)) = told() else {
        return;
    };
    let steps: u64 = std::env::var(STEPS).unwrap().parse().unwrap();
    super::be_supervised();
    let image = match Image::open(&folder) {
        Ok(image) => image,
        Err(error) => {
            assert!(!error.hint().is_empty());
            println!("not opened: {}", in_a_line(&error));
            return;
        }
    };
    match script(&image, seed, steps) {
        Ok(()) => match image.close() {
            Ok(()) => println!("closed"),
            Err(error) => println!("stopped: {}", in_a_line(&error)),
        },
        Err(why) => println!("stopped: {why}"),
    }
}

fn script(image: &Image, seed: u64, steps: u64) -> Result<(), String> {
    retried("set up", || set_up(image).map(|()| 1))?;
    let mut places: Vec<_> = (0..THREADS)
        .map(|thread| Place::found(image, seed, thread))
        .collect();
    for step in 0..steps {
        let thread = step % THREADS;
        let place = &mut places[usize::try_from(thread).unwrap()];
        let marked = format!("mark {thread} {}", place.n + 1);
        retried(&marked, || advance(image, place, seed, thread))?;
        if step % 8 == 7
            && let Err(error) = image.probe()
        {
            println!("not probed: {}", in_a_line(&error));
        }
        if step % 8 == 5 {
            match pack(image, places.iter().map(|place| place.tid)) {
                Ok(horizon) => println!("packed until {horizon}"),
                Err(error) => {
                    assert!(!error.hint().is_empty());
                    println!("not packed: {}", in_a_line(&error));
                }
            }
        }
    }
    Ok(())
}

/// Does something, again when it was refused; an error when nothing more can be done.
fn retried(what: &str, mut work: impl FnMut() -> Result<u64, Failure>) -> Result<(), String> {
    for _ in 0..TRIES {
        let refusal = match work() {
            Ok(tid) => {
                println!("ok {tid} {what}");
                return Ok(());
            }
            Err(Failure::Commit(error)) => match &error {
                CommitError::DiskFull { .. } | CommitError::Refused { .. } => {
                    assert!(error.hint().is_some());
                    in_a_line(&error)
                }
                CommitError::Unreadable(_) => in_a_line(&error),
                CommitError::Failed { .. } | CommitError::Poisoned { .. } => {
                    assert!(error.hint().is_some());
                    return Err(in_a_line(&error));
                }
                CommitError::Conflict { .. } | CommitError::Closed => panic!("{error}"),
            },
            Err(Failure::Image(error)) => in_a_line(&error),
            Err(Failure::Undo(error)) => in_a_line(&error),
        };
        println!("refused {what}: {refusal}");
        if std::env::var_os(GIVES_UP).is_some() {
            return Err(refusal);
        }
    }
    Ok(())
}

fn in_a_line(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    let causes: String = causes.map(|cause| format!(": {cause}")).collect();
    format!("{error}{causes}").replace('\n', " ")
}
