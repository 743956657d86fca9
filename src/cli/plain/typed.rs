//! What a line means that somebody has typed.

use crate::wire::messages::{MissionInput, Request};

pub(super) const HELP: &str = "\
any line: a mission in plain words
:send OBJECT SELECTOR [ARGS]: call a method, such as :send Account deposit [2.5]
:show ID: a mission in full
:cancel ID, :pause ID, :resume ID: missions
:missions, :objects: what there is
:status: what runs
:quit: end here; the system goes on working
";

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Typed {
    Nothing,
    Quit,
    Help,
    Ask(Request),
    /// With the reason.
    Wrong(String),
}

impl Typed {
    pub(super) fn read(line: &str) -> Self {
        let line = line.trim();
        let Some(command) = line.strip_prefix(':') else {
            return if line.is_empty() {
                Self::Nothing
            } else {
                Self::Ask(Request::StartMission(MissionInput::Words(line.to_owned())))
            };
        };
        let (name, rest) = command
            .split_once(char::is_whitespace)
            .unwrap_or((command, ""));
        let rest = rest.trim();
        let of_mission = |request: fn(u64) -> Request| match rest.trim_start_matches('#').parse() {
            Ok(id) => Self::Ask(request(id)),
            Err(_) => Self::Wrong(format!(":{name} takes a mission's number")),
        };
        match name {
            "quit" | "q" => Self::Quit,
            "help" | "h" | "?" => Self::Help,
            "status" => Self::Ask(Request::Status),
            "missions" => Self::Ask(Request::ListMissions),
            "objects" => Self::Ask(Request::ListObjects),
            "show" => of_mission(|id| Request::ShowMission { id }),
            "cancel" => of_mission(|id| Request::CancelMission { id }),
            "pause" => of_mission(|id| Request::PauseMission { id }),
            "resume" => of_mission(|id| Request::ResumeMission { id }),
            "send" => Self::send(rest),
            _ => Self::Wrong(format!("there is no :{name}")),
        }
    }

    fn send(words: &str) -> Self {
        let mut words = words.splitn(3, char::is_whitespace);
        let (Some(object), Some(selector)) = (words.next(), words.next()) else {
            return Self::Wrong(":send takes an object, a selector and arguments".to_owned());
        };
        let arguments = words.next().map(str::trim).filter(|text| !text.is_empty());
        Self::Ask(Request::Send {
            object: object.to_owned(),
            selector: selector.to_owned(),
            args_json: arguments.unwrap_or("[]").to_owned(),
        })
    }
}
