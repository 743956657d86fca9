//! The tour of the first run: what the machine has and which profile that means, the models as they load, genesis,
//! and a first mission. It tells what is so at the moment, and what is missing with its remedy.

use crate::tui::document::{Document, Piece, piece};
use crate::tui::keymap::{Action, Context};
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::wire::messages::{MissionState, Status};
use crate::wire::system::{Found, ProfileView, SystemView};

/// Columns of a bar.
const BAR: usize = 20;
/// Columns that text below a title is moved in.
const INDENT: usize = 4;

/// How far a step is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Ahead,
    Now,
    Done,
    Missing,
}

pub fn write(document: &mut Document, state: &State) {
    let leave = state.keymap.label(Context::Composer, Action::Leave);
    document.row_apart(
        vec![piece(Role::Strong, "Welcome to BAT OS")],
        vec![piece(
            Role::Dim,
            format!("{leave} leaves this, :tour shows it again"),
        )],
    );
    machine(document, state);
    models(document, state);
    genesis(document, state);
    first_mission(document, state);
}

fn title(document: &mut Document, step: Step, name: &str, text: Vec<Piece>) {
    document.blank();
    let (mark, role) = match step {
        Step::Ahead => ("·", Role::Dim),
        Step::Now => ("▸", Role::Warning),
        Step::Done => ("✓", Role::Good),
        Step::Missing => ("✗", Role::Bad),
    };
    let mut row = vec![
        piece(role, format!("{mark} ")),
        piece(Role::Title, format!("{name}  ")),
    ];
    row.extend(text);
    document.wrapped(&row, INDENT);
}

fn below(document: &mut Document, mut row: Vec<Piece>) {
    row.insert(0, piece(Role::Text, " ".repeat(INDENT)));
    document.wrapped(&row, INDENT);
}

fn machine(document: &mut Document, state: &State) {
    let (Some(status), Some(view)) = (&state.status, &state.system.view) else {
        let asking = vec![piece(Role::Dim, "asking the kernel")];
        return title(document, Step::Now, "The machine", asking);
    };
    let tools = [&view.compiler, &view.confinement];
    let step = if tools.iter().any(|found| found.remedy.is_some()) {
        Step::Missing
    } else {
        Step::Done
    };
    title(document, step, "The machine", has(state, status, view));
    profile(document, status, view);
    for found in tools {
        missing(document, found);
    }
}

/// Processors, memory, cards.
fn has(state: &State, status: &Status, view: &SystemView) -> Vec<Piece> {
    let mut facts = vec![super::count(view.processors.into(), "processor")];
    if let Some(main) = state.memory.view.as_ref().and_then(|memory| memory.main) {
        facts.push(format!("{} of memory", super::bytes(main.total)));
    }
    match status.gpus.cards.as_slice() {
        [] => facts.push("no GPU, models run on the CPU".to_owned()),
        cards => facts.extend(cards.iter().map(|card| card.name.clone())),
    }
    vec![piece(Role::Text, facts.join(" · "))]
}

fn profile(document: &mut Document, status: &Status, view: &SystemView) {
    let chosen = |one: &&ProfileView| one.name == status.profile;
    let Some(now) = view.profiles.iter().find(chosen) else {
        return;
    };
    let cards = &status.gpus.cards;
    let why = if view.profile_by_machine {
        "chosen by what the machine has"
    } else {
        "as it was set"
    };
    below(
        document,
        vec![
            piece(Role::Text, "profile "),
            piece(Role::Strong, now.name.as_str()),
            piece(Role::Text, format!(", {why}: ")),
            piece(Role::Dim, super::system::reasons(now, cards).join("; ")),
        ],
    );
    let others = view.profiles.iter().filter(|one| !chosen(one));
    let others: Vec<String> = others
        .map(|one| super::system::in_short(one, cards))
        .collect();
    if !others.is_empty() {
        below(
            document,
            vec![
                piece(Role::Key, ":profile"),
                piece(Role::Text, " chooses another: "),
                piece(Role::Dim, others.join(", ")),
            ],
        );
    }
}

fn missing(document: &mut Document, found: &Found) {
    if let Some(remedy) = &found.remedy {
        below(
            document,
            vec![
                piece(Role::Bad, found.text.as_str()),
                piece(Role::Text, ". To do: "),
                piece(Role::Key, remedy.as_str()),
            ],
        );
    }
}

fn models(document: &mut Document, state: &State) {
    const NAME: &str = "The models";
    let Some(status) = &state.status else {
        return title(document, Step::Ahead, NAME, Vec::new());
    };
    let engine = &status.engine;
    if let Some(trouble) = &engine.trouble {
        let text = vec![piece(Role::Bad, trouble.as_str())];
        return title(document, Step::Missing, NAME, text);
    }
    if let Some((name, fraction)) = &engine.loading {
        return title(document, Step::Now, NAME, loading(state, name, *fraction));
    }
    let Some(model) = engine.resident.first() else {
        let text = "none is in memory; the first is loaded when it is needed";
        return title(document, Step::Ahead, NAME, vec![piece(Role::Dim, text)]);
    };
    let text = format!(
        "{} is in memory: {}, loaded in {}",
        model.name,
        super::bytes(model.bytes),
        super::duration(model.load_seconds)
    );
    title(document, Step::Done, NAME, vec![piece(Role::Text, text)]);
}

/// A bar with rate and time left, as far as the file's size and some progress tell them.
fn loading(state: &State, name: &str, fraction: f32) -> Vec<Piece> {
    let fraction = f64::from(fraction).clamp(0.0, 1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "from 0 to the bar's columns"
    )]
    let filled = ((fraction * BAR as f64) as usize).min(BAR);
    let mut row = vec![
        piece(Role::Text, format!("loading {name} ")),
        piece(Role::Accent, "━".repeat(filled)),
        piece(Role::Rule, "─".repeat(BAR - filled)),
        piece(Role::Warning, format!(" {:.0}%", fraction * 100.0)),
    ];
    if let Some(rate) = state.memory.loading_rate(state.now_ms, fraction) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "bytes a second"
        )]
        let bytes = rate.bytes_a_second as u64;
        let left = super::duration(rate.seconds_left);
        let text = format!(" · {}/s · {left} left", super::bytes(bytes));
        row.push(piece(Role::Dim, text));
    }
    row
}

fn genesis(document: &mut Document, state: &State) {
    const NAME: &str = "Genesis";
    if state.display_is_there() {
        let text = "the system has written a method that displays it: pane 7, Self";
        return title(document, Step::Done, NAME, vec![piece(Role::Text, text)]);
    }
    let Some(mission) = state.display_mission() else {
        let text = "the system writes a display of itself when it begins";
        return title(document, Step::Ahead, NAME, vec![piece(Role::Dim, text)]);
    };
    let id = piece(Role::Accent, format!("mission {} ", mission.id));
    match mission.state {
        MissionState::Failed => {
            let text = "did not make a display; the system tries again by itself";
            title(
                document,
                Step::Missing,
                NAME,
                vec![id, piece(Role::Text, text)],
            );
        }
        MissionState::Idle => {
            let text = "is to write the system's own display; yours go first";
            title(
                document,
                Step::Ahead,
                NAME,
                vec![id, piece(Role::Text, text)],
            );
        }
        now => {
            let time = super::since(state.now_ms, mission.state_since_ms);
            let mut text = vec![
                id,
                piece(Role::Text, "writes the system's own display: "),
                piece(super::state_role(now), now.name()),
                piece(Role::Dim, format!(" {time}")),
            ];
            let newest = state.stream.newest();
            let newest = newest.filter(|one| one.mission == mission.id && one.ended.is_none());
            if let Some(generation) = newest {
                let tokens = super::count(generation.tokens(), "token");
                let rate = generation.rate();
                let rate = rate.map_or_else(String::new, |rate| format!(", {rate:.1} a second"));
                text.push(piece(Role::Dim, format!(" · {tokens}{rate}")));
            }
            title(document, Step::Now, NAME, text);
        }
    }
}

fn first_mission(document: &mut Document, state: &State) {
    let label = |context, action| state.keymap.label(context, action);
    title(
        document,
        Step::Now,
        "A first mission",
        vec![
            piece(Role::Key, "Tab"),
            piece(Role::Text, " or "),
            piece(Role::Key, label(Context::Composer, Action::Right)),
            piece(Role::Text, " takes the words below, "),
            piece(Role::Key, label(Context::Composer, Action::Submit)),
            piece(
                Role::Text,
                " has them understood, again runs them. Yours will do as well. ",
            ),
            piece(Role::Key, label(Context::Everywhere, Action::Help)),
            piece(Role::Text, " lists every key."),
        ],
    );
}
