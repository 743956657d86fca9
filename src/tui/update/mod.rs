//! What happens: the one function that changes the state.
//!
//! It does no I/O and reads no clock. Time comes in as an event, and whatever has to be done outside
//! goes out as a list of [`Effect`]s.

mod display;
mod edit;
mod kernel;
mod memory;
mod panes;
mod prompt;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::keymap::{self, Action, Context};
use super::layout;
use super::state::{Asked, Link, Overlay, Pane, Reading, State};
use super::theme::Role;
use super::{clean, contents};
use crate::wire::messages::{FromKernel, Request, ToKernel};

/// Something that happened outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The time now, in milliseconds since 1970.
    Clock(u64),
    Key(KeyEvent),
    Paste(String),
    /// Columns and rows.
    Resize(u16, u16),
    /// A connection to the kernel stands.
    Connected,
    /// There is no connection; `tries` attempts have failed since the last one.
    Away {
        tries: u32,
        reason: String,
    },
    Kernel(Box<FromKernel>),
    /// An effect did not succeed.
    Trouble(String),
}

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    Request(ToKernel),
    /// Adds a brief to the history file.
    Remember(String),
    /// Loads the theme of that name.
    SetTheme(String),
    /// Paints the whole screen anew.
    Redraw,
    /// Gives the terminal back and stops until the shell continues the process.
    Suspend,
    /// Leaves the workbench; the kernel goes on.
    Quit,
}

/// Log entries asked for with a snapshot.
const LOG_ENTRIES: u32 = 1_000;

pub fn update(state: &mut State, event: Event) -> Vec<Effect> {
    let mut effects = Vec::new();
    match event {
        Event::Clock(now_ms) => {
            state.now_ms = now_ms;
            display::look(state, &mut effects);
            memory::look(state, &mut effects);
        }
        Event::Resize(columns, rows) => state.size = (columns, rows),
        Event::Key(key) if key.kind == KeyEventKind::Release => {}
        Event::Key(key) => press(state, key, &mut effects),
        Event::Paste(text) => paste(state, &text),
        Event::Connected => connected(state, &mut effects),
        Event::Away { tries, reason } => away(state, tries, &reason),
        Event::Kernel(message) => kernel::receive(state, *message, &mut effects),
        Event::Trouble(text) => state.notify(Role::Bad, clean::line(&text)),
    }
    effects
}

/// Sends a request and remembers what it was for.
fn ask(state: &mut State, asked: Asked, request: Request, effects: &mut Vec<Effect>) {
    let id = state.next_id;
    state.next_id += 1;
    state.asked.insert(id, asked);
    effects.push(Effect::Request(ToKernel { id, request }));
}

fn connected(state: &mut State, effects: &mut Vec<Effect>) {
    state.link = Link::Up;
    let request = Request::Subscribe {
        log_entries: LOG_ENTRIES,
    };
    ask(state, Asked::Snapshot, request, effects);
}

fn away(state: &mut State, tries: u32, reason: &str) {
    state.link = Link::Away {
        tries,
        reason: clean::line(reason),
    };
    state.stream.interrupt();
    state.composer.reading = None;
    // Whether the kernel took it is not known: the person decides, nothing is sent twice.
    let lost = std::mem::take(&mut state.asked)
        .into_values()
        .find_map(|asked| match asked {
            Asked::Start { brief } => Some(brief),
            _ => None,
        });
    if let Some(brief) = lost {
        if state.composer.line.is_empty() {
            state.composer.line.set(brief);
        }
        state.notify(
            Role::Warning,
            "the kernel went away before it answered: look in Missions before sending again",
        );
    }
}

fn paste(state: &mut State, text: &str) {
    let text = clean::text(&text.replace("\r\n", "\n").replace('\r', "\n"));
    state.notice = None;
    if let Some(Overlay::Prompt { line, .. }) = &mut state.overlay {
        let one_line = clean::line(&text);
        line.insert(
            one_line
                .get(..one_line.floor_char_boundary(4_096))
                .unwrap_or_default(),
        );
    } else if state.overlay.is_none() {
        set_focus(state, Pane::Composer);
        if !state.composer.insert(&text) {
            state.notify(
                Role::Warning,
                "the pasted text was too long and has been cut",
            );
        }
    }
}

/// The contexts in which a key is looked up, the innermost first.
pub fn contexts(state: &State) -> &'static [Context] {
    match (&state.overlay, state.focus) {
        (Some(Overlay::Help { .. }), _) => &[Context::Help, Context::Everywhere],
        (Some(Overlay::Prompt { .. }), _) => &[Context::Prompt],
        (Some(Overlay::ConfirmCancel { .. }), _) => &[Context::Confirm],
        (None, Pane::Composer)
            if matches!(state.composer.reading, Some(Reading::Understood { .. })) =>
        {
            &[Context::Understood, Context::Composer, Context::Everywhere]
        }
        (None, Pane::Composer) => &[Context::Composer, Context::Everywhere],
        (None, Pane::Missions) => &[Context::Missions, Context::Panes, Context::Everywhere],
        (None, Pane::Objects | Pane::Object) => {
            &[Context::Objects, Context::Panes, Context::Everywhere]
        }
        (None, Pane::Mission) => &[Context::Mission, Context::Panes, Context::Everywhere],
        (None, Pane::Stream) => &[Context::Stream, Context::Panes, Context::Everywhere],
        (None, Pane::Itself) => &[Context::Itself, Context::Panes, Context::Everywhere],
        (None, Pane::Memory) => &[Context::Panes, Context::Everywhere],
        (None, Pane::Log) => &[Context::Log, Context::Panes, Context::Everywhere],
    }
}

fn press(state: &mut State, key: KeyEvent, effects: &mut Vec<Effect>) {
    let contexts = contexts(state);
    let action = keymap::action(contexts, key);
    state.notice = None;
    let armed = std::mem::take(&mut state.quit_armed);
    if action == Some(Action::Interrupt) || is_interrupt(key) {
        return interrupt(state, armed, effects);
    }
    if let Some(action) = action
        && everywhere(state, action, effects)
    {
        return;
    }
    match &state.overlay {
        Some(Overlay::Help { top }) => {
            let top = *top;
            help(state, top, action);
        }
        Some(Overlay::Prompt { .. }) => prompt::press(state, key, action, effects),
        Some(Overlay::ConfirmCancel { mission }) => {
            let mission = *mission;
            confirm(state, mission, action, effects);
        }
        None if state.focus == Pane::Composer => edit::press(state, key, action, effects),
        None => panes::press(state, action, effects),
    }
}

/// Ctrl+C works in every context, also in those that do not look further.
fn is_interrupt(key: KeyEvent) -> bool {
    key.code == KeyCode::Char('c') && key.modifiers == KeyModifiers::CONTROL
}

fn interrupt(state: &mut State, armed: bool, effects: &mut Vec<Effect>) {
    if state.overlay.take().is_some() {
        return;
    }
    if !state.composer.line.is_empty() {
        state.composer.clear();
        state.notify(Role::Dim, "cleared; Ctrl+C again, twice, quits");
    } else if armed {
        effects.push(Effect::Quit);
    } else {
        state.quit_armed = true;
        state.notify(
            Role::Warning,
            "Ctrl+C once more quits; the kernel goes on working",
        );
    }
}

/// What works in every context in which its key is bound; false when the action is not one of these.
fn everywhere(state: &mut State, action: Action, effects: &mut Vec<Effect>) -> bool {
    match action {
        Action::Quit => effects.push(Effect::Quit),
        Action::Suspend => effects.push(Effect::Suspend),
        Action::Redraw => effects.push(Effect::Redraw),
        Action::Help => state.overlay = Some(Overlay::Help { top: 0 }),
        Action::Theme => next_theme(state, effects),
        Action::NextPane => step_focus(state, 1, effects),
        Action::PreviousPane => step_focus(state, -1, effects),
        Action::Compose => set_focus(state, Pane::Composer),
        Action::Pane(number) => {
            let pane = Pane::NUMBERED.get(usize::from(number).wrapping_sub(1));
            visit(state, pane.copied().unwrap_or(Pane::Composer), effects);
        }
        Action::Zoom => state.zoom = !state.zoom,
        _ => return false,
    }
    true
}

fn next_theme(state: &mut State, effects: &mut Vec<Effect>) {
    let at = state.themes.iter().position(|name| *name == state.theme);
    let next = at.map_or(0, |at| (at + 1) % state.themes.len().max(1));
    if let Some(name) = state.themes.get(next).cloned() {
        state.notify(Role::Dim, format!("theme {name}"));
        state.theme.clone_from(&name);
        effects.push(Effect::SetTheme(name));
    }
}

fn step_focus(state: &mut State, by: isize, effects: &mut Vec<Effect>) {
    const ORDER: [Pane; 9] = [
        Pane::Composer,
        Pane::Missions,
        Pane::Objects,
        Pane::Stream,
        Pane::Mission,
        Pane::Object,
        Pane::Log,
        Pane::Itself,
        Pane::Memory,
    ];
    if matches!(state.overlay, Some(Overlay::Help { .. })) {
        state.overlay = None;
    }
    let at = ORDER
        .iter()
        .position(|pane| *pane == state.focus)
        .unwrap_or(0);
    let next = (at + ORDER.len()).saturating_add_signed(by) % ORDER.len();
    visit(
        state,
        ORDER.get(next).copied().unwrap_or(Pane::Composer),
        effects,
    );
}

pub(super) fn set_focus(state: &mut State, pane: Pane) {
    state.focus = pane;
    if pane != Pane::Composer {
        state.last_pane = pane;
    }
    if pane.is_content() {
        state.content = pane;
    }
}

/// Goes to a pane and asks for what it shows.
fn visit(state: &mut State, pane: Pane, effects: &mut Vec<Effect>) {
    set_focus(state, pane);
    match pane {
        Pane::Mission => show_mission(state, effects),
        Pane::Object => show_object(state, effects),
        Pane::Itself => display::look(state, effects),
        Pane::Memory => memory::look(state, effects),
        _ => {}
    }
}

/// Asks for the chosen mission in full.
fn show_mission(state: &mut State, effects: &mut Vec<Effect>) {
    if let (Link::Up, Some(mission)) = (
        &state.link,
        state.missions.selected().map(|mission| mission.id),
    ) {
        ask(
            state,
            Asked::Mission { mission },
            Request::ShowMission { id: mission },
            effects,
        );
    }
}

/// Asks for the chosen object in full.
fn show_object(state: &mut State, effects: &mut Vec<Effect>) {
    if let (Link::Up, Some(name)) = (&state.link, state.objects.selected().map(str::to_owned)) {
        ask(state, Asked::Object, Request::ShowObject { name }, effects);
    }
}

fn confirm(state: &mut State, mission: u64, action: Option<Action>, effects: &mut Vec<Effect>) {
    match action {
        Some(Action::Yes) => {
            state.overlay = None;
            if state.link == Link::Up {
                ask(
                    state,
                    Asked::Cancel { mission },
                    Request::CancelMission { id: mission },
                    effects,
                );
                state.notify(Role::Dim, format!("cancelling mission {mission}"));
            } else {
                state.notify(Role::Warning, "the kernel is away: nothing was cancelled");
            }
        }
        Some(Action::No) => {
            state.overlay = None;
            state.notify(Role::Dim, format!("mission {mission} goes on"));
        }
        _ => {}
    }
}

fn help(state: &mut State, top: usize, action: Option<Action>) {
    let (width, height) = help_size(state);
    let last = contents::help::document(width)
        .len()
        .saturating_sub(usize::from(height));
    let page = usize::from(height).saturating_sub(1).max(1);
    let top = match action {
        Some(Action::Up) => top.saturating_sub(1),
        Some(Action::Down) => top + 1,
        Some(Action::PageUp) => top.saturating_sub(page),
        Some(Action::PageDown) => top + page,
        Some(Action::Top) => 0,
        Some(Action::Bottom) => last,
        Some(Action::Leave) => {
            state.overlay = None;
            return;
        }
        _ => top,
    };
    state.overlay = Some(Overlay::Help { top: top.min(last) });
}

/// Columns and rows of the help's text.
pub fn help_size(state: &State) -> (u16, u16) {
    let (width, height) = state.size;
    (width.saturating_sub(4).min(92), height.saturating_sub(3))
}

/// Rows and total of a pane's document, for scrolling.
fn extent(state: &State, pane: Pane) -> (usize, usize) {
    let area = layout::areas(state).body(pane, state);
    let total = contents::of(pane, state, layout::text(area).width).len();
    (total, usize::from(area.height))
}
