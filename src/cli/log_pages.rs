//! The thread that reads the log's files for the workbench.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc::Sender;

use crate::metacognition::pages::{Needle, Pages};
use crate::tui::archive::{Archive, Ask, Head, Told};

/// Answers that may wait for the workbench.
const ANSWERS: usize = 8;
/// Growth of at most so many lines comes with the lines.
const FEW: usize = 256;
/// A line is told of before it is written: it is looked for again after these.
const AGAIN: [Duration; 2] = [Duration::from_millis(40), Duration::from_millis(250)];

/// Starts the thread; it ends when the workbench does.
pub(super) fn open(folder: PathBuf) -> Archive {
    let (asks, asked) = channel();
    let (answers, told) = tokio::sync::mpsc::channel(ANSWERS);
    let wanted = Arc::new(AtomicU64::new(0));
    let reader = Reader {
        pages: Pages::open(folder),
        answers,
        wanted: wanted.clone(),
        first: 0,
    };
    let trouble = reader.answers.clone();
    let started = thread::Builder::new()
        .name("log pages".to_owned())
        .spawn(move || reader.serve(&asked));
    if let Err(error) = started {
        let text = format!("could not start reading the log's files: {error}");
        let _ = trouble.try_send(Told::Trouble(text));
    }
    Archive { asks, told, wanted }
}

struct Reader {
    pages: Pages,
    answers: Sender<Told>,
    wanted: Arc<AtomicU64>,
    /// What was told last of the oldest line.
    first: u64,
}

/// The workbench has gone.
struct Gone;

impl Reader {
    fn serve(mut self, asked: &Receiver<Ask>) {
        let mut again = AGAIN.iter();
        loop {
            let next = match again.next() {
                Some(pause) => asked.recv_timeout(*pause),
                None => asked.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            let next = match next {
                Ok(ask) => {
                    again = AGAIN.iter();
                    ask
                }
                Err(RecvTimeoutError::Timeout) => Ask::Look,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            // Each line that the kernel tells of asks to look: once is enough for all of them.
            let mut looked = false;
            for ask in std::iter::once(next).chain(asked.try_iter()) {
                if ask == Ask::Look && std::mem::replace(&mut looked, true) {
                    continue;
                }
                if self.answer_or_say(ask).is_err() {
                    return;
                }
            }
        }
    }

    /// What went wrong with the files is told.
    fn answer_or_say(&mut self, ask: Ask) -> Result<(), Gone> {
        match self.answer(ask)? {
            Ok(()) => Ok(()),
            Err(error) => self.tell(Told::Trouble(format!(
                "could not read the log's files: {error}"
            ))),
        }
    }

    fn answer(&mut self, ask: Ask) -> Result<io::Result<()>, Gone> {
        match ask {
            Ask::Look => self.look(),
            Ask::Rows(numbers) => {
                let mut entries = Vec::new();
                for number in numbers {
                    match self.pages.entry(number) {
                        Ok(entry) => entries.extend(entry),
                        Err(error) => return Ok(Err(error)),
                    }
                }
                self.tell(Told::Rows(entries)).map(Ok)
            }
            Ask::Search { id, words } => {
                let needles: Vec<Needle> = words
                    .into_iter()
                    .map(|word| Needle {
                        word: word.text,
                        unwanted: word.unwanted,
                    })
                    .collect();
                let result = self.pages.search(&needles, |numbers, left| {
                    let wanted = self.wanted.load(Ordering::Relaxed) == id;
                    wanted
                        && numbers.is_none_or(|numbers| {
                            self.tell(Told::Found { id, numbers, left }).is_ok()
                        })
                });
                let end = Told::Found {
                    id,
                    numbers: Vec::new(),
                    left: 0,
                };
                self.tell(end).map(|()| result)
            }
            Ask::Cancel => Ok(Ok(())),
        }
    }

    fn look(&mut self) -> Result<io::Result<()>, Gone> {
        loop {
            let first = self.pages.next();
            let found = match self.pages.look() {
                Ok(found) => found,
                Err(error) => return Ok(Err(error)),
            };
            if self.pages.first() != self.first {
                self.first = self.pages.first();
                self.tell(Told::Gone(self.first))?;
            }
            let more = found.more;
            let mut entries = Vec::new();
            if found.heads.len() <= FEW {
                for number in (first..).take(found.heads.len()) {
                    match self.pages.entry(number) {
                        Ok(entry) => entries.extend(entry),
                        Err(error) => return Ok(Err(error)),
                    }
                }
            }
            let heads: Vec<Head> = found
                .heads
                .into_iter()
                .map(|head| Head {
                    time_ms: head.time_ms,
                    level: head.level,
                    mission: head.mission,
                    persona: head.persona,
                })
                .collect();
            if !heads.is_empty() || more || first == 0 {
                self.tell(Told::Grew {
                    first,
                    heads,
                    entries,
                    more,
                })?;
            }
            if !more {
                return Ok(Ok(()));
            }
        }
    }

    fn tell(&self, told: Told) -> Result<(), Gone> {
        self.answers.blocking_send(told).map_err(|_| Gone)
    }
}
