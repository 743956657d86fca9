//! A model that writes what terminals act on.

use super::desk::{BRIEF, Desk, home};

/// The clipboard, the title, a screen's own modes, and sequences that are never closed.
const HOSTILE: &str = "\n        // \u{1b}]52;c;aGFja2Vk\u{7}\u{1b}]0;pwned\u{1b}\\\u{1b}[?1049l\u{1b}[2J\u{1b}[?1003h\u{9b}31m \
    marker one\n        // \u{1b}P+q544e\n        marker two \u{1b}]8;;http://evil\n        marker three \u{1b}[999";

#[test]
fn what_a_model_writes_does_nothing_to_the_terminal() {
    let home = home(HOSTILE, 5);
    let mut desk = Desk::open(&home);
    desk.mission(BRIEF);
    home.wait_for(1, &["FAILED", "COMPLETE"]);
    desk.shows("✗ 1 Account.deposit");
    // Where the source is, and where its log is.
    desk.keys("\x1b")
        .shows("i compose")
        .keys("1\r")
        .shows("Stages");
    desk.keys("4G").shows("marker");
    let raw = desk.raw();
    for sequence in [
        "\x1b]52;",
        "pwned",
        "\x1b[?1049l",
        "\x1b[?1003h",
        "\u{9b}31m",
        "\x1bP+q",
        "\x1b]8;;",
        "\x1b[999",
    ] {
        assert!(!raw.contains(sequence), "{sequence:?} reached the terminal");
    }
    assert!(desk.screen().alternate_screen());
    desk.keys("q").is_given_back(0);
}
