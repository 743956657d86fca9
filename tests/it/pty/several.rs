//! Several workbenches at one kernel, one of which stops reading.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use super::desk::{BRIEF, DONE, Desk, home, quick};
use crate::system::home::GOOD_DEPOSIT;

#[test]
fn two_workbenches_show_the_same_and_one_may_go() {
    let home = quick();
    let mut one = Desk::open(&home);
    let mut other = Desk::open(&home);
    other.attached();
    one.mission(BRIEF).shows(DONE);
    other.shows(DONE);
    one.keys("\x11").is_given_back(0);
    home.batos(&["object", "new", "Purse"]).expect(0);
    other.shows("Purse").keys("\x11").is_given_back(0);
}

/// Stopped, so that nobody reads its socket; then a terminal that nobody reads.
#[test]
fn one_that_does_not_read_holds_up_nobody_and_catches_up() {
    // Far more than fits into the buffers on the way.
    let written = format!(
        "\n        // {}{GOOD_DEPOSIT}",
        "a long thought; ".repeat(20_000)
    );
    let home = home(&written, 0);
    let mut stopped = Desk::open(&home);
    stopped.attached();
    let mut unread = Desk::open(&home);
    unread.attached();
    stopped.signal(Signal::SIGSTOP);
    let mut at_work = Desk::open(&home);
    at_work.mission(BRIEF);
    home.wait_for(1, &["COMPLETE", "FAILED"]);
    let asked = Instant::now();
    home.status();
    assert!(
        asked.elapsed() < Duration::from_secs(10),
        "{:?}",
        asked.elapsed()
    );
    home.batos(&["object", "new", "Purse"]).expect(0);
    for desk in [&mut at_work, &mut unread] {
        desk.shows("Purse");
    }
    stopped.signal(Signal::SIGCONT);
    stopped.shows("Purse").keys("\x11").is_given_back(0);
}
