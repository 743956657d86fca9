//! What happens: the one function that changes the state.
//!
//! It does no I/O and reads no clock. Time comes in as an event, and whatever has to be done outside
//! goes out as a list of [`Effect`]s.

mod by_hand;
mod commands;
mod copy;
mod display;
mod edit;
mod find;
mod help;
mod inspect;
mod kernel;
mod knowledge;
mod list;
mod memory;
mod mouse;
mod panes;
mod past;
mod prompt;
mod question;
mod reader;
mod send;
mod system;
mod themes;
mod tour;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseEvent};

use super::archive::{Ask, Told};
use super::keymap::{Action, Context, Keymap};
use super::layout;
use super::state::log::Outcome;
use super::state::{
    Asked, Editing, HelpView, Inspector, Line, Link, Overlay, Pane, Reading, State,
};
use super::theme::Role;
use super::{clean, contents};
use crate::wire::knowledge::KnowledgeRequest;
use crate::wire::messages::{FromKernel, Request, ToKernel};
pub use help::help_size;
pub use reader::reader_size;

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
    /// The editor has ended.
    Edited {
        what: Editing,
        before: String,
        result: Result<String, String>,
    },
    /// The terminal got the focus, or lost it.
    Focus(bool),
    Mouse(MouseEvent),
    /// The settings file was changed, and is right.
    Settings {
        theme: String,
        themes: Vec<String>,
        keymap: Box<Keymap>,
    },
    /// What the log's files have.
    Log(Told),
    /// A document was read, to be kept; or why it was not.
    Document(Result<KnowledgeRequest, String>),
    /// Something was done outside, in words.
    Done(String),
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
    /// Has a text edited in the person's own editor.
    Edit {
        what: Editing,
        text: String,
    },
    /// Sends text to the terminal's clipboard.
    Copy(String),
    /// Tells of something while the terminal has not the focus.
    Ring(String),
    /// Reads a document, or those of a folder.
    ReadDocuments(String),
    /// Writes the profile to the settings file.
    ChooseProfile(String),
    /// Asks the thread that reads the log's files.
    Log(Ask),
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
            system::look(state, &mut effects);
        }
        Event::Resize(columns, rows) => state.size = (columns, rows),
        Event::Key(key) if key.kind == KeyEventKind::Release => {}
        Event::Key(key) => press(state, key, &mut effects),
        Event::Paste(text) => paste(state, &text),
        Event::Connected => connected(state, &mut effects),
        Event::Away { tries, reason } => away(state, tries, &reason),
        Event::Kernel(message) => kernel::receive(state, *message, &mut effects),
        Event::Edited {
            what,
            before,
            result,
        } => by_hand::edited(state, what, &before, result, &mut effects),
        Event::Focus(focused) => state.focused = focused,
        Event::Mouse(event) => mouse::happened(state, event, &mut effects),
        Event::Settings {
            theme,
            themes,
            keymap,
        } => {
            state.keymap = *keymap;
            state.themes = themes;
            state.theme.clone_from(&theme);
            effects.push(Effect::SetTheme(theme));
            state.notify(Role::Dim, "the settings were read anew");
        }
        Event::Log(told) => log_told(state, told),
        Event::Document(read) => knowledge::read(state, read, &mut effects),
        Event::Done(text) => state.notify(Role::Good, clean::line(&text)),
        Event::Trouble(text) => state.notify(Role::Bad, clean::line(&text)),
    }
    let rows = layout::areas(state).body(Pane::Log, state).height;
    state.log.want(usize::from(rows));
    effects.extend(state.log.take_asks().into_iter().map(Effect::Log));
    effects
}

fn log_told(state: &mut State, told: Told) {
    match state.log.told(told) {
        Some(Outcome::NoMatch) => {
            let text = format!("no entry with \"{}\"", state.log.search());
            state.notify(Role::Warning, text);
        }
        Some(Outcome::Trouble(text)) => state.notify(Role::Bad, text),
        None => {}
    }
}

/// Sends a request and remembers what it was for.
fn ask(state: &mut State, asked: Asked, request: Request, effects: &mut Vec<Effect>) {
    if state.read_only && request.changes() {
        return only_looks_on(state);
    }
    let id = state.next_id;
    state.next_id += 1;
    state.asked.insert(id, asked);
    effects.push(Effect::Request(ToKernel { id, request }));
}

fn only_looks_on(state: &mut State) {
    let text = "read-only: nothing is changed from here; attach without --read-only for that";
    state.notify(Role::Warning, text);
}

fn connected(state: &mut State, effects: &mut Vec<Effect>) {
    state.link = Link::Up;
    if state.read_only {
        // The first thing that is asked, so that the kernel refuses what follows.
        ask(state, Asked::Status, Request::ReadOnly, effects);
    }
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
    let one_line = clean::line(&text);
    let one_line = one_line
        .get(..one_line.floor_char_boundary(4_096))
        .unwrap_or_default();
    if let Some(line) = overlay_line(state) {
        line.insert(one_line);
        if matches!(state.overlay, Some(Overlay::List(_))) {
            list::typed_anew(state);
        }
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

/// The line that the overlay takes text into.
fn overlay_line(state: &mut State) -> Option<&mut Line> {
    match &mut state.overlay {
        Some(Overlay::Prompt { line, .. }) => Some(line),
        Some(Overlay::List(picker)) => Some(&mut picker.line),
        Some(Overlay::Help(view)) if view.typing => Some(&mut view.search),
        Some(Overlay::Question(question)) if question.deed.word().is_some() => {
            Some(&mut question.line)
        }
        _ => None,
    }
}

/// The contexts in which a key is looked up, the innermost first.
pub fn contexts(state: &State) -> &'static [Context] {
    match &state.overlay {
        Some(Overlay::Help(view)) if view.typing => &[Context::Prompt],
        Some(Overlay::Help(_)) => &[Context::Help, Context::Everywhere],
        Some(Overlay::Prompt { .. }) => &[Context::Prompt],
        Some(Overlay::List(_)) => &[Context::List],
        Some(Overlay::Question(question)) if question.deed.word().is_some() => &[Context::Prompt],
        Some(Overlay::Question(_)) => &[Context::Confirm],
        // It takes every key itself.
        Some(Overlay::Keys(_)) => &[],
        Some(Overlay::Reader(_)) => &[Context::Reader],
        None => contexts_of_focus(state),
    }
}

/// Those that hold when nothing lies over the panes.
pub fn contexts_of_focus(state: &State) -> &'static [Context] {
    match state.focus {
        Pane::Composer if matches!(state.composer.reading, Some(Reading::Understood { .. })) => {
            &[Context::Understood, Context::Composer, Context::Everywhere]
        }
        Pane::Composer => &[Context::Composer, Context::Everywhere],
        Pane::Missions => &[Context::Missions, Context::Panes, Context::Everywhere],
        Pane::Object if state.objects.past.is_some() => {
            &[Context::History, Context::Panes, Context::Everywhere]
        }
        Pane::Objects | Pane::Object => &[Context::Objects, Context::Panes, Context::Everywhere],
        Pane::Mission => &[Context::Mission, Context::Panes, Context::Everywhere],
        Pane::Stream => &[Context::Stream, Context::Panes, Context::Everywhere],
        Pane::Itself => &[Context::Itself, Context::Panes, Context::Everywhere],
        Pane::Knowledge => &[Context::Knowledge, Context::Panes, Context::Everywhere],
        Pane::System => &[Context::System, Context::Panes, Context::Everywhere],
        Pane::Memory => &[Context::Panes, Context::Everywhere],
        Pane::Log => &[Context::Log, Context::Panes, Context::Everywhere],
    }
}

fn press(state: &mut State, key: KeyEvent, effects: &mut Vec<Effect>) {
    let action = state.keymap.action(contexts(state), key);
    state.notice = None;
    let armed = std::mem::take(&mut state.quit_armed);
    if action == Some(Action::Interrupt) || is_interrupt(key) {
        return interrupt(state, armed, effects);
    }
    if matches!(state.overlay, Some(Overlay::Keys(_))) {
        return inspect::press(state, key);
    }
    // In an empty composer the palette's key would only begin a brief that nobody means.
    if action.is_none()
        && state.overlay.is_none()
        && state.composer.line.is_empty()
        && state.keymap.action(&[Context::Panes], key) == Some(Action::Palette)
    {
        return commands::open(state);
    }
    if tour::takes(state, action) {
        return;
    }
    perform(state, action, key, effects);
}

/// Does an action where the focus is, as its key would.
fn perform(state: &mut State, action: Option<Action>, key: KeyEvent, effects: &mut Vec<Effect>) {
    if let Some(action) = action
        && everywhere(state, action, effects)
    {
        return;
    }
    match &state.overlay {
        Some(Overlay::Help(_)) => help::press(state, key, action),
        Some(Overlay::Prompt { .. }) => prompt::press(state, key, action, effects),
        Some(Overlay::List(_)) => list::press(state, key, action, effects),
        Some(Overlay::Question(_)) => question::press(state, key, action, effects),
        Some(Overlay::Keys(_)) => {}
        Some(Overlay::Reader(_)) => reader::press(state, action),
        None if state.focus == Pane::Composer => edit::press(state, key, action, effects),
        None => panes::press(state, action, effects),
    }
}

/// Ctrl+C works in every context, also in those that do not look further.
fn is_interrupt(key: KeyEvent) -> bool {
    key.code == KeyCode::Char('c') && key.modifiers == KeyModifiers::CONTROL
}

fn interrupt(state: &mut State, armed: bool, effects: &mut Vec<Effect>) {
    if state.overlay.is_some() {
        return leave_overlay(state, effects);
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

/// Closes what lies over the panes; what it had tried is put back.
fn leave_overlay(state: &mut State, effects: &mut Vec<Effect>) {
    if let Some(Overlay::List(picker)) = state.overlay.take() {
        themes::put_back(state, &picker, effects);
    }
}

/// What works in every context in which its key is bound; false when the action is not one of these.
fn everywhere(state: &mut State, action: Action, effects: &mut Vec<Effect>) -> bool {
    match action {
        Action::Quit => effects.push(Effect::Quit),
        Action::Suspend => effects.push(Effect::Suspend),
        Action::Redraw => effects.push(Effect::Redraw),
        Action::Help => state.overlay = Some(Overlay::Help(HelpView::default())),
        Action::Palette => commands::open(state),
        Action::CopyMode => copy::bare(state),
        Action::Copy => copy::copy(state, effects),
        Action::Editor => by_hand::brief(state, effects),
        Action::EditMethod => by_hand::method(state, effects),
        Action::Find => find::open(state, effects),
        Action::Back => find::back(state, effects),
        Action::Forward => find::forward(state, effects),
        Action::InspectKeys => state.overlay = Some(Overlay::Keys(Inspector::default())),
        Action::Undo => {
            let meant = past::chosen(state).or_else(|| knowledge::forgotten(state));
            question::ask_undo(state, meant, effects);
        }
        Action::Profile => system::profiles(state, effects),
        Action::Tour => tour::toggle(state, effects),
        Action::Pack => question::ask_pack(state, None, effects),
        Action::Theme => themes::next(state, effects),
        Action::Themes => themes::choose(state),
        Action::NextPane => step_focus(state, 1, effects),
        Action::PreviousPane => step_focus(state, -1, effects),
        Action::Compose => set_focus(state, Pane::Composer),
        Action::Pane(number) => {
            let pane = Pane::numbered(number);
            visit(state, pane.unwrap_or(Pane::Composer), effects);
        }
        Action::Zoom => state.zoom = !state.zoom,
        _ => return false,
    }
    true
}

fn step_focus(state: &mut State, by: isize, effects: &mut Vec<Effect>) {
    if matches!(state.overlay, Some(Overlay::Help(_))) {
        state.overlay = None;
    }
    let at = Pane::ALL
        .iter()
        .position(|pane| *pane == state.focus)
        .unwrap_or(0);
    let next = (at + Pane::ALL.len()).saturating_add_signed(by) % Pane::ALL.len();
    visit(
        state,
        Pane::ALL.get(next).copied().unwrap_or(Pane::Composer),
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
        Pane::Knowledge => knowledge::refresh(state, effects),
        Pane::System => system::look(state, effects),
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
    past::follow(state, effects);
}

/// Rows and total of a pane's document, for scrolling.
fn extent(state: &State, pane: Pane) -> (usize, usize) {
    let area = layout::reading(state, pane);
    let total = contents::of(pane, state, area.width).len();
    (total, usize::from(area.height))
}
