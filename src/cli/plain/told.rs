//! What the kernel tells, as lines. A line begins with what it is about, so that it can be listened to.

use std::collections::BTreeMap;

use crate::cli::output::plain;
use crate::cli::render;
use crate::tui::clean::{line, text};
use crate::wire::messages::{
    DiagnosticView, EngineStatus, Event, Failure, LogEntry, LogLevel, MissionReport, MissionState,
    MissionSummary, ObjectSummary, Reply, SendOutcome, Snapshot,
};

/// What was said already, so that nothing is said twice.
#[derive(Debug, Default)]
pub(super) struct Told {
    attached: bool,
    away: bool,
    missions: BTreeMap<u64, MissionState>,
    models: Vec<String>,
    trouble: Option<String>,
}

impl Told {
    pub(super) fn attached(&self) -> bool {
        self.attached
    }

    pub(super) fn has_ended(&self, mission: u64) -> bool {
        self.missions
            .get(&mission)
            .is_some_and(|state| state.has_ended())
    }

    /// Once for each time that the kernel goes.
    pub(super) fn away(&mut self, reason: &str) -> Vec<String> {
        self.attached = false;
        if std::mem::replace(&mut self.away, true) {
            return Vec::new();
        }
        vec![format!("kernel: away, {}; trying again", line(reason))]
    }

    pub(super) fn reply(&mut self, reply: Reply) -> Vec<String> {
        match reply {
            Reply::Snapshot(snapshot) => self.snapshot(&snapshot),
            Reply::MissionStarted { id } => vec![format!("mission {id}: accepted")],
            Reply::Mission(report) => report_lines(&report),
            Reply::Sent(sent) => vec![sent_line(&sent)],
            Reply::Status(status) if self.attached => block(&render::status_text(&status)),
            Reply::Missions(missions) => block(&render::missions_text(&missions)),
            Reply::Objects(objects) => block(&render::objects_text(&objects)),
            _ => Vec::new(),
        }
    }

    fn snapshot(&mut self, snapshot: &Snapshot) -> Vec<String> {
        self.attached = true;
        self.away = false;
        let status = &snapshot.status;
        let mut lines = vec![format!(
            "attached: kernel {}, profile {}, {} missions, {} objects",
            status.kernel_pid,
            line(&status.profile),
            snapshot.missions.len(),
            snapshot.objects.len()
        )];
        if status.safe_mode {
            lines.push("kernel: in safe mode after repeated deaths, takes no missions".to_owned());
        }
        lines.extend(self.engine(&status.engine));
        // Those that are under way, and those that ended since they were told of.
        for mission in snapshot.missions.iter().rev() {
            let known = self.missions.contains_key(&mission.id);
            if known || !mission.state.has_ended() {
                lines.extend(self.mission(mission));
            } else {
                self.missions.insert(mission.id, mission.state);
            }
        }
        lines
    }

    pub(super) fn event(&mut self, event: Event) -> Vec<String> {
        match event {
            Event::Mission(mission) => self.mission(&mission),
            Event::Verdict {
                mission,
                candidate,
                accepted,
                diagnostics,
                ..
            } => vec![verdict(mission, candidate, accepted, &diagnostics)],
            Event::GenerationStarted {
                mission,
                persona,
                purpose,
                candidates,
            } => {
                let several = match candidates {
                    0 | 1 => String::new(),
                    count => format!(", {count} candidates"),
                };
                let (persona, purpose) = (line(&persona), line(&purpose));
                vec![format!(
                    "mission {mission}: {persona} begins to {purpose}{several}"
                )]
            }
            Event::Log(entry) => log(&entry).into_iter().collect(),
            Event::ObjectChanged(object) => vec![changed(&object)],
            Event::Engine(engine) => self.engine(&engine),
            Event::Stopping => vec!["kernel: stopping".to_owned()],
            Event::PromptProgress { .. }
            | Event::Token { .. }
            | Event::GenerationEnded { .. }
            | Event::Resync => Vec::new(),
        }
    }

    /// A line for each state that it enters.
    fn mission(&mut self, mission: &MissionSummary) -> Vec<String> {
        let (id, state) = (mission.id, mission.state);
        if self.missions.insert(id, state) == Some(state) {
            return Vec::new();
        }
        let mut said = format!("mission {id}: {}", state.name());
        let target = match (&mission.object, &mission.selector) {
            (Some(object), Some(selector)) => Some(format!("{object}.{selector}")),
            (Some(object), None) => Some(object.clone()),
            _ => None,
        };
        let what = [Some(mission.intent.clone()), target, mission.part.clone()];
        let what: Vec<_> = what
            .into_iter()
            .flatten()
            .filter(|word| !word.is_empty())
            .collect();
        if state == MissionState::Idle && what.is_empty() {
            said.push_str(&format!(", {}", line(&mission.brief)));
        } else if !what.is_empty() {
            said.push_str(&format!(", {}", line(&what.join(" "))));
        }
        if state.has_ended() && !mission.outcome.is_empty() {
            let who = if matches!(mission.intent.as_str(), "ask" | "chat") {
                ". ROBIN says: "
            } else {
                ": "
            };
            said.push_str(&format!("{who}{}", line(&mission.outcome)));
        }
        vec![said]
    }

    /// Models that came, and trouble that is new.
    fn engine(&mut self, engine: &EngineStatus) -> Vec<String> {
        let mut lines = Vec::new();
        let names: Vec<_> = engine
            .resident
            .iter()
            .map(|model| line(&model.name))
            .collect();
        for name in &names {
            if !self.models.contains(name) {
                lines.push(format!("engine: model {name} is loaded"));
            }
        }
        for name in &self.models {
            if !names.contains(name) {
                lines.push(format!("engine: model {name} is gone"));
            }
        }
        self.models = names;
        if engine.trouble != self.trouble {
            self.trouble.clone_from(&engine.trouble);
            lines.extend(
                engine
                    .trouble
                    .as_ref()
                    .map(|why| format!("engine: {}", line(why))),
            );
        }
        lines
    }
}

pub(super) fn failure(failure: &Failure) -> Vec<String> {
    let hint = failure.hint.as_ref().map(|hint| format!("; {hint}"));
    let text = format!("refused: {}{}", failure.message, hint.unwrap_or_default());
    vec![line(&text)]
}

fn verdict(mission: u64, candidate: u32, accepted: bool, found: &[DiagnosticView]) -> String {
    let number = candidate + 1;
    if accepted {
        return format!("mission {mission}: candidate {number} is accepted");
    }
    let why = found.first().map(|first| {
        let place = match first.line {
            0 => String::new(),
            row => format!(", line {row}"),
        };
        let (stage, message) = (line(&first.stage), line(&first.message));
        format!(" by {stage}: {message}{place}")
    });
    format!(
        "mission {mission}: candidate {number} is refused{}",
        why.unwrap_or_default()
    )
}

/// What a mission meets is told by its states and verdicts; what the rest of the system warns of is told here.
fn log(entry: &LogEntry) -> Option<String> {
    let worth =
        entry.level == LogLevel::Error || entry.level == LogLevel::Warn && entry.mission.is_none();
    let level = if entry.level == LogLevel::Error {
        "error"
    } else {
        "warning"
    };
    worth.then(|| format!("{level}: {}", line(&entry.text)))
}

fn changed(object: &ObjectSummary) -> String {
    let methods = match object.methods.as_slice() {
        [] => "no methods".to_owned(),
        names => format!("methods {}", names.join(", ")),
    };
    let slots = match object.slots {
        1 => "1 slot".to_owned(),
        count => format!("{count} slots"),
    };
    format!("object {}: {slots}, {}", line(&object.name), line(&methods))
}

fn sent_line(sent: &SendOutcome) -> String {
    let mission = sent
        .mission
        .map(|id| format!(", see mission {id}"))
        .unwrap_or_default();
    match (&sent.error, &sent.returns_json) {
        (Some(error), _) => format!("send: refused, {}{mission}", line(error)),
        (None, Some(value)) => format!("send: returns {}", line(value)),
        (None, None) => "send: done".to_owned(),
    }
}

fn report_lines(report: &MissionReport) -> Vec<String> {
    block(&render::mission_text(report))
}

/// A text of several lines, as it is printed elsewhere.
fn block(printed: &str) -> Vec<String> {
    text(&plain(printed)).lines().map(str::to_owned).collect()
}
