//! Commands that ask a running kernel one thing and print what it says.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value, json};

use super::output::{Failed, Outcome, code, plain, print, print_json};
use super::{memory_text, plan_text, render};
use crate::config::Settings;
use crate::tui::clean::text;
use crate::tui::contents;
use crate::tui::document::Document;
use crate::wire::messages::{
    MissionInput, MissionReport, MissionState, Reply, Request, SendOutcome,
};
use crate::wire::panel::Panel;
use crate::wire::socket::{RequestError, SyncConnection, connect_sync};

/// Columns of a panel that is printed.
const PANEL_COLUMNS: u16 = 80;

/// A connection to the kernel, and how to print.
pub struct Asker {
    connection: SyncConnection,
    pub(super) json: bool,
}

impl Asker {
    pub fn connect(settings: &Settings, json: bool) -> Result<Self, Failed> {
        let connection = connect_sync(&settings.socket).map_err(|error| {
            let hint = error.hint();
            Failed::new(error, hint)
        })?;
        Ok(Self { connection, json })
    }

    pub fn ask(&mut self, request: Request) -> Result<Reply, Failed> {
        self.connection
            .request(request)
            .map_err(|error: RequestError| {
                let hint = error.hint();
                Failed::new(error, hint)
            })
    }

    pub fn status(&mut self) -> Outcome {
        match self.ask(Request::Status)? {
            Reply::Status(status) => self.show(&render::status_json(&status), || {
                render::status_text(&status)
            }),
            other => Err(unexpected(&other)),
        }
    }

    /// Starts a mission; with `wait` its end decides the exit code.
    pub fn mission(&mut self, input: MissionInput, wait: bool) -> Outcome {
        let id = match self.ask(Request::StartMission(input))? {
            Reply::MissionStarted { id } => id,
            other => return Err(unexpected(&other)),
        };
        if !wait {
            return self.show(&json!({"id": id}), || format!("{id}\n"));
        }
        let report = self.report(Request::WaitMission { id })?;
        self.show(&render::mission_json(&report), || {
            render::mission_text(&report)
        })?;
        Ok(match report.summary.state {
            MissionState::Failed => ExitCode::from(code::MISSION_FAILED),
            _ => ExitCode::SUCCESS,
        })
    }

    /// Prints what the translator makes of the words; nothing is done.
    pub fn understand(&mut self, words: String, selected: Option<String>) -> Outcome {
        let understood = match self.ask(Request::Understand { words, selected })? {
            Reply::Understood(understood) => understood,
            other => return Err(unexpected(&other)),
        };
        self.show(&render::understood_json(&understood), || {
            render::understood_text(&understood)
        })
    }

    pub fn show_mission(&mut self, id: u64) -> Outcome {
        let report = self.report(Request::ShowMission { id })?;
        self.show(&render::mission_json(&report), || {
            render::mission_text(&report)
        })
    }

    pub fn pause_mission(&mut self, id: u64) -> Outcome {
        let report = self.report(Request::PauseMission { id })?;
        self.show(&render::mission_json(&report), || {
            plan_text::paused(&report)
        })
    }

    pub fn resume_mission(&mut self, id: u64) -> Outcome {
        let report = self.report(Request::ResumeMission { id })?;
        self.show(&render::mission_json(&report), || {
            format!("mission {id} goes on: {}\n", report.summary.state.name())
        })
    }

    pub fn cancel_mission(&mut self, id: u64) -> Outcome {
        let report = self.report(Request::CancelMission { id })?;
        self.show(&render::mission_json(&report), || {
            render::mission_text(&report)
        })
    }

    fn report(&mut self, request: Request) -> Result<Box<MissionReport>, Failed> {
        match self.ask(request)? {
            Reply::Mission(report) => Ok(report),
            other => Err(unexpected(&other)),
        }
    }

    pub fn missions(&mut self) -> Outcome {
        match self.ask(Request::ListMissions)? {
            Reply::Missions(missions) => {
                let json: Value = missions.iter().map(render::summary_json).collect();
                self.show(&json, || render::missions_text(&missions))
            }
            other => Err(unexpected(&other)),
        }
    }

    /// An `Err`, a trap, a refusal and an unknown selector all end with the code for a refused send.
    /// With `wait` the answer is that of the send as the mission makes it that was opened for it.
    pub fn send(
        &mut self,
        object: String,
        selector: String,
        args_json: String,
        wait: bool,
    ) -> Outcome {
        let request = Request::Send {
            object,
            selector,
            args_json,
        };
        let mut sent = self.sent(request)?;
        if let (true, Some(mission), Some(place)) = (wait, sent.mission, sent.place) {
            sent = self.sent(Request::WaitSend { mission, place })?;
        }
        self.show(&send_json(&sent), || send_text(&sent))?;
        let refused = sent.is_err || sent.error.is_some();
        Ok(if refused {
            ExitCode::from(code::SEND_REFUSED)
        } else {
            ExitCode::SUCCESS
        })
    }

    fn sent(&mut self, request: Request) -> Result<SendOutcome, Failed> {
        match self.ask(request)? {
            Reply::Sent(sent) => Ok(sent),
            other => Err(unexpected(&other)),
        }
    }

    pub fn objects(&mut self) -> Outcome {
        match self.ask(Request::ListObjects)? {
            Reply::Objects(objects) => self.show(&render::objects_json(&objects), || {
                render::objects_text(&objects)
            }),
            other => Err(unexpected(&other)),
        }
    }

    pub fn object(&mut self, request: Request) -> Outcome {
        match self.ask(request)? {
            Reply::Object(object) => self.show(&render::object_json(&object), || {
                render::object_text(&object)
            }),
            other => Err(unexpected(&other)),
        }
    }

    pub fn personas(&mut self) -> Outcome {
        match self.ask(Request::Memory)? {
            Reply::Memory(view) => self.show(&memory_text::personas_json(&view), || {
                memory_text::personas_text(&view)
            }),
            other => Err(unexpected(&other)),
        }
    }

    fn show(&self, json: &Value, text: impl FnOnce() -> String) -> Outcome {
        if self.json {
            print_json(json)?;
        } else {
            print(&text())?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A mission from the words on the command line, or from a file (`-` is stdin).
pub fn mission_input(
    words: &[String],
    file: Option<&PathBuf>,
    about: Option<String>,
) -> Result<MissionInput, Failed> {
    let Some(file) = file else {
        let words = words.join(" ");
        return Ok(match about {
            Some(selected) => MissionInput::WordsAbout { words, selected },
            None => MissionInput::Words(words),
        });
    };
    let text = if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(file)
    };
    text.map(MissionInput::Json).map_err(|error| {
        Failed::new(
            anyhow::Error::new(error)
                .context(format!("cannot read the mission file {}", file.display())),
            Some("give a file with a mission document, or `-` for stdin".to_owned()),
        )
    })
}

fn send_json(sent: &SendOutcome) -> Value {
    let mut map = serde_json::Map::new();
    if let Some(returns) = &sent.returns_json {
        map.insert("returns".to_owned(), render::parsed(returns));
    }
    if let Some(error) = &sent.error {
        map.insert("error".to_owned(), json!(error));
    }
    if let Some(mission) = sent.mission {
        map.insert("mission".to_owned(), json!(mission));
    }
    Value::Object(map)
}

fn send_text(sent: &SendOutcome) -> String {
    let mut text = match (&sent.returns_json, &sent.error) {
        (Some(returns), _) => shown(returns).unwrap_or_else(|| plain(returns)),
        (None, Some(error)) => format!("refused: {}", plain(error)),
        (None, None) => String::new(),
    };
    if let (Some(mission), Some(_)) = (sent.mission, &sent.error) {
        text.push_str(&format!("\nsee `batos mission show {mission}`"));
    }
    text + "\n"
}

/// A panel as it would be on a screen without colours; `None` for every other value.
fn shown(returns: &str) -> Option<String> {
    let panel = Panel::of_json(&render::parsed(returns))?.with_texts(&text);
    let mut document = Document::new(PANEL_COLUMNS);
    contents::panel::write(&mut document, &panel);
    let rows = document.rows().iter().map(|row| {
        let row: String = row.iter().map(|piece| piece.text.as_str()).collect();
        row.trim_end().to_owned()
    });
    Some(rows.collect::<Vec<_>>().join("\n"))
}

pub(super) fn unexpected(reply: &Reply) -> Failed {
    let name = format!("{reply:?}");
    let name: String = name.chars().take(60).collect();
    Failed::message(
        format!("the kernel answered something else than was asked: {name}"),
        "run `batos down` and `batos up`, so that both are of one version",
    )
}
