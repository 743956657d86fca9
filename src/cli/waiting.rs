//! What a person sees on stderr while something takes its time: one line, drawn again, and gone at the end.
//! Only on a terminal; elsewhere nothing is written.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::tui::clean::line;
use crate::wire::messages::{Event, FromKernel, Request, ToKernel};
use crate::wire::socket::connect_sync;

/// Nothing is shown of what is done sooner.
const SHORT: Duration = Duration::from_millis(700);
const REDRAW: Duration = Duration::from_millis(200);
/// Cells of a bar.
const BAR: usize = 20;
/// More than a terminal of ordinary width has would break the line in two, which cannot be drawn again.
const WIDEST: usize = 78;

/// The line goes when this does.
pub(super) struct Waiting {
    shown: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Waiting {
    /// For a kernel that was asked: also what its log says meanwhile of events that begin with `event`.
    pub(super) fn for_kernel(socket: &Path, what: &str, event: &'static str) -> Self {
        let told = Arc::new(Mutex::new(String::new()));
        let (socket, telling) = (socket.to_owned(), told.clone());
        if stderr().is_terminal() {
            // It ends with the kernel or with this process; nobody waits for it.
            let listening = thread::Builder::new().name("progress".to_owned());
            let _ = listening.spawn(move || listen(&socket, event, &telling));
        }
        Self::begin(what, told)
    }

    fn begin(what: &str, told: Arc<Mutex<String>>) -> Self {
        if !stderr().is_terminal() {
            return Self { shown: None };
        }
        let (end, ended) = channel::<()>();
        let what = line(what);
        let begun = Instant::now();
        let draw = move || {
            let mut wait = SHORT;
            while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                wait = REDRAW;
                let told = told.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let seconds = begun.elapsed().as_secs();
                draw(&format!("{what}  {seconds} s  {told}"));
            }
            clear();
        };
        let thread = thread::Builder::new().name("waiting".to_owned());
        Self {
            // Without the thread there is only less to see.
            shown: thread.spawn(draw).ok().map(|thread| (end, thread)),
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some((end, thread)) = self.shown.take() {
            drop(end);
            let _ = thread.join();
        }
    }
}

/// Draws how far something is, from 0 to 1.
pub(super) fn bar(what: &str, fraction: f32) {
    if !stderr().is_terminal() {
        return;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to 100"
    )]
    let percent = (fraction.clamp(0.0, 1.0) * 100.0) as usize;
    let filled = percent * BAR / 100;
    let bar = "#".repeat(filled) + &" ".repeat(BAR - filled);
    draw(&format!("{}  [{bar}] {percent} %", line(what)));
}

/// Takes the line away.
pub(super) fn clear() {
    if stderr().is_terminal() {
        let _ = stderr().write_all(b"\r\x1b[K");
    }
}

fn draw(text: &str) {
    let text: String = text.chars().take(WIDEST).collect();
    let _ = stderr().write_all(format!("\r{text}\x1b[K").as_bytes());
}

/// Keeps the newest text of such events.
fn listen(socket: &Path, event: &str, told: &Mutex<String>) {
    let Ok(mut connection) = connect_sync(socket) else {
        return;
    };
    let request = Request::Subscribe { log_entries: 0 };
    if connection.send(&ToKernel { id: 1, request }).is_err() {
        return;
    }
    while let Ok(Some(message)) = connection.receive() {
        if let FromKernel::Event(Event::Log(entry)) = message
            && entry.event.starts_with(event)
        {
            *told.lock().unwrap_or_else(PoisonError::into_inner) = line(&entry.text);
        }
    }
}
