//! A mission from its words to its end, cancelled, and left alone for a while.

use super::desk::{BRIEF, DONE, Desk, home, quick};
use crate::system::home::GOOD_DEPOSIT;

#[test]
fn words_become_a_method_and_quitting_leaves_the_kernel_at_work() {
    let home = quick();
    let mut desk = Desk::open(&home);
    desk.mission(BRIEF).shows(DONE);
    assert_eq!(home.mission(1)["state"], "COMPLETE");
    desk.keys("\x11").is_given_back(0);
    let sent = home
        .batos(&["send", "Account", "deposit", "[2.5]"])
        .expect(0);
    assert_eq!(sent.stdout.trim(), "{\"Ok\":2.5}");
}

#[test]
fn a_mission_under_way_is_cancelled_after_a_question() {
    let home = home(&GOOD_DEPOSIT.repeat(40), 20);
    let mut desk = Desk::open(&home);
    desk.mission(BRIEF).shows("amount must be positive");
    desk.keys("\x1b")
        .shows("i compose")
        .keys("1x")
        .shows("cancel");
    desk.keys("y").shows("was cancelled");
    assert_eq!(home.mission(1)["state"], "FAILED");
    desk.keys("q").is_given_back(0);
}

#[test]
fn who_comes_back_finds_the_mission_where_it_is() {
    let home = home(GOOD_DEPOSIT, 50);
    let mut desk = Desk::open(&home);
    desk.mission(BRIEF).shows("mission 1 is under way");
    desk.keys("\x11").is_given_back(0);
    let mut again = Desk::open(&home);
    again.shows("1 Account.deposit").shows(DONE);
    // The line drops: the kernel goes on.
    again.hang_up();
    assert_eq!(home.mission(1)["state"], "COMPLETE");
    Desk::open(&home).shows(DONE);
}
