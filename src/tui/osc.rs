//! What is said to the terminal beside the picture: its title, its clipboard, a message, the bell.
//!
//! Nothing is asked, and no answer is waited for: whether a terminal does it, nobody knows. So what was
//! copied is only ever said to be sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::clean;
use super::manners::{Between, Notify};

/// Of text for the clipboard: more than that many terminals drop or cut.
pub const MAX_CLIPBOARD_BYTES: usize = 56 * 1024;

/// Puts the window's title on the terminal's pile, to be taken back at the end.
pub const KEEP_TITLE: &str = "\x1b[22;2t";
/// Takes back what [`KEEP_TITLE`] put there.
pub const GIVE_TITLE_BACK: &str = "\x1b[23;2t";

/// The window's title.
pub fn title(text: &str) -> String {
    format!("\x1b]2;{}\x1b\\", clean::line(text))
}

/// Text for the terminal's clipboard (OSC 52). Tmux takes it itself or passes it on, whichever it is set to:
/// it gets it in both forms.
pub fn clipboard(text: &str, between: Between) -> String {
    let plain = format!("\x1b]52;c;{}\x07", STANDARD.encode(text));
    match between {
        Between::Nothing => plain,
        Between::Tmux => format!("{plain}{}", through_tmux(&plain)),
        Between::Screen => through_screen(&plain),
    }
}

/// A message of the terminal's own (OSC 9) with the bell, or the bell alone.
pub fn notice(text: &str, notify: Notify, between: Between) -> String {
    let message = format!("\x1b]9;{}\x07", clean::line(text));
    match (notify, between) {
        (Notify::Off, _) => String::new(),
        (Notify::Bell, _) => "\x07".to_owned(),
        (Notify::Message, Between::Nothing) => format!("{message}\x07"),
        (Notify::Message, Between::Tmux) => format!("{}\x07", through_tmux(&message)),
        (Notify::Message, Between::Screen) => format!("{}\x07", through_screen(&message)),
    }
}

/// Past tmux to the terminal around it.
fn through_tmux(sequence: &str) -> String {
    format!("\x1bPtmux;{}\x1b\\", sequence.replace('\x1b', "\x1b\x1b"))
}

/// Past screen, which takes at most 768 bytes at once.
fn through_screen(sequence: &str) -> String {
    const AT_ONCE: usize = 700;
    let mut out = String::new();
    let mut rest = sequence;
    while !rest.is_empty() {
        let (part, after) = rest.split_at(rest.floor_char_boundary(AT_ONCE));
        out.push_str("\x1bP");
        out.push_str(part);
        out.push_str("\x1b\\");
        rest = after;
    }
    out
}
