//! `batos --plain`: the system as lines of text, one an event, for screen readers, pipes and dumb terminals.
//!
//! Lines are only ever added: no cursor is moved, no colour set, nothing written twice. What is typed are
//! missions. When the input has ended, as in a pipe, it goes on until the missions that came from it have ended too.

mod told;
mod typed;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, IsTerminal as _};
use std::process::ExitCode;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::output::{Failed, Outcome, code, print};
use super::{Context, system};
use crate::tui::client::{Client, at_socket};
use crate::tui::update::Event as Happened;
use crate::wire::messages::{Event, FromKernel, MissionState, Reply, Request, ToKernel};

use told::Told;
use typed::{HELP, Typed};

/// A kernel that has told nothing for so long has told all.
const LINGER: Duration = Duration::from_millis(300);
/// Lines that were typed and are not taken yet.
const LINES: usize = 16;

/// The system is forked off before there is a thread.
pub(super) fn attach(context: &Context, read_only: bool) -> Outcome {
    if !read_only {
        system::start(context)?;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let client = Client::new(at_socket(context.settings.socket.clone()));
    let outcome = runtime.block_on(Plain::new(client, read_only).serve());
    // The thread that reads stdin may wait for a line for ever.
    runtime.shutdown_background();
    outcome
}

struct Plain {
    client: Client,
    told: Told,
    read_only: bool,
    last_id: u64,
    /// What was asked by a line that was typed, and is not answered; whether it is a mission.
    asked: BTreeMap<u64, bool>,
    /// Those that were typed here and have not ended.
    own: BTreeSet<u64>,
    /// One of these failed.
    failed: bool,
    /// Nothing more is typed.
    input_ended: bool,
}

impl Plain {
    fn new(client: Client, read_only: bool) -> Self {
        Self {
            client,
            told: Told::default(),
            read_only,
            last_id: 0,
            asked: BTreeMap::new(),
            own: BTreeSet::new(),
            failed: false,
            input_ended: false,
        }
    }

    async fn serve(mut self) -> Outcome {
        let mut lines = (!self.read_only).then(read_lines).transpose()?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        loop {
            // Nobody could take what is typed before there is a kernel to take it.
            let ready = self.told.attached() && !self.input_ended;
            tokio::select! {
                biased;
                _ = terminate.recv() => return Ok(ExitCode::SUCCESS),
                _ = interrupt.recv() => return Ok(ExitCode::SUCCESS),
                happened = self.client.next() => self.take(happened)?,
                line = next_line(lines.as_mut()), if ready => match line {
                    Some(line) => {
                        if !self.typed(&line)? {
                            return Ok(self.exit_code());
                        }
                    }
                    // At a terminal it is a person who goes.
                    None if std::io::stdin().is_terminal() => return Ok(self.exit_code()),
                    None => self.input_ended = true,
                },
            }
            if self.input_ended && self.asked.is_empty() && self.own.is_empty() {
                self.linger().await?;
                return Ok(self.exit_code());
            }
        }
    }

    /// What a mission has changed is told right after its end.
    async fn linger(&mut self) -> Result<(), Failed> {
        while let Ok(happened) = timeout(LINGER, self.client.next()).await {
            if matches!(happened, Happened::Away { .. }) {
                break;
            }
            self.take(happened)?;
        }
        Ok(())
    }

    fn exit_code(&self) -> ExitCode {
        if self.failed {
            ExitCode::from(code::MISSION_FAILED)
        } else {
            ExitCode::SUCCESS
        }
    }

    /// False when there is to be an end.
    fn typed(&mut self, line: &str) -> Result<bool, Failed> {
        match Typed::read(line) {
            Typed::Nothing => {}
            Typed::Quit => return Ok(false),
            Typed::Help => print(HELP)?,
            Typed::Wrong(why) => print(&format!(
                "not understood: {why}; :help lists what can be typed\n"
            ))?,
            Typed::Ask(request) => {
                let starts = matches!(request, Request::StartMission(_));
                if let Some(id) = self.ask(request) {
                    self.asked.insert(id, starts);
                } else {
                    print("not sent: there is no kernel at the moment\n")?;
                }
            }
        }
        Ok(true)
    }

    fn ask(&mut self, request: Request) -> Option<u64> {
        self.last_id += 1;
        let id = self.last_id;
        self.client.send(ToKernel { id, request }).then_some(id)
    }

    fn take(&mut self, happened: Happened) -> Result<(), Failed> {
        match happened {
            Happened::Connected => {
                if self.read_only {
                    self.ask(Request::ReadOnly);
                }
                self.ask(Request::Subscribe { log_entries: 0 });
                Ok(())
            }
            Happened::Away { reason, .. } => {
                // Nobody answers any more what was asked there.
                self.asked.clear();
                say(self.told.away(&reason))
            }
            Happened::Kernel(message) => self.hear(*message),
            _ => Ok(()),
        }
    }

    fn hear(&mut self, message: FromKernel) -> Result<(), Failed> {
        match message {
            FromKernel::Event(Event::Resync) => {
                self.ask(Request::Subscribe { log_entries: 0 });
                Ok(())
            }
            FromKernel::Event(event) => {
                if let Event::Mission(mission) = &event
                    && mission.state.has_ended()
                {
                    let own = self.own.remove(&mission.id);
                    self.failed |= own && mission.state == MissionState::Failed;
                }
                say(self.told.event(event))
            }
            FromKernel::Failure { id, failure } => {
                self.failed |= self.asked.remove(&id).unwrap_or_default();
                say(told::failure(&failure))
            }
            FromKernel::Reply { id, reply } => {
                self.asked.remove(&id);
                match &reply {
                    Reply::MissionStarted { id } if !self.told.has_ended(*id) => {
                        self.own.insert(*id);
                    }
                    // What ended while the kernel was away is told by the snapshot.
                    Reply::Snapshot(snapshot) => {
                        for mission in &snapshot.missions {
                            if mission.state.has_ended() {
                                self.own.remove(&mission.id);
                            }
                        }
                    }
                    _ => {}
                }
                say(self.told.reply(reply))
            }
        }
    }
}

fn say(lines: Vec<String>) -> Result<(), Failed> {
    for line in lines {
        print(&(line + "\n"))?;
    }
    Ok(())
}

/// A thread that reads stdin; a terminal's line is only read once it is whole.
fn read_lines() -> std::io::Result<mpsc::Receiver<String>> {
    let (sender, lines) = mpsc::channel(LINES);
    std::thread::Builder::new()
        .name("lines".to_owned())
        .spawn(move || {
            for line in std::io::stdin().lock().lines() {
                let Ok(line) = line else { break };
                if sender.blocking_send(line).is_err() {
                    break;
                }
            }
        })?;
    Ok(lines)
}

async fn next_line(lines: Option<&mut mpsc::Receiver<String>>) -> Option<String> {
    match lines {
        Some(lines) => lines.recv().await,
        None => std::future::pending().await,
    }
}
