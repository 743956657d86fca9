//! Keys while a pane has the focus.

use super::{
    Effect, ask, extent, knowledge, past, prompt, question, set_focus, show_mission, show_object,
    system,
};
use crate::tui::contents;
use crate::tui::keymap::{Action, Context};
use crate::tui::layout;
use crate::tui::state::objects::Order;
use crate::tui::state::picker::Target;
use crate::tui::state::{Asked, Deed, Line, Link, Overlay, Pane, Purpose, Scroll, State};
use crate::tui::theme::Role;
use crate::wire::messages::{LogLevel, Request};
use crate::wire::plan::Pause;

pub(super) fn press(state: &mut State, action: Option<Action>, effects: &mut Vec<Effect>) {
    let Some(action) = action else { return };
    if state.focus == Pane::Object && past::press(state, action, effects) {
        return;
    }
    match (state.focus, action) {
        (Pane::Log, Action::Leave) if state.log.stop_scan() => {
            state.notify(Role::Dim, "the search is stopped; what it found is here");
        }
        (Pane::Knowledge, Action::Leave) if state.knowledge.drop_search() => {
            knowledge::refresh(state, effects);
        }
        (Pane::Log, Action::Leave) if state.log.clear_filters() => {
            state.notify(Role::Dim, "search and filter dropped");
        }
        (_, Action::Leave) => set_focus(state, Pane::Composer),
        (Pane::Missions | Pane::Mission | Pane::Stream, Action::CancelMission) => {
            cancel(state, here(state));
        }
        (Pane::Missions | Pane::Mission | Pane::Stream, Action::PauseMission) => {
            pause(state, here(state), effects);
        }
        (Pane::Missions | Pane::Mission, Action::EditBrief) => edit_brief(state),
        (Pane::Itself, Action::EditBrief) => improve_display(state),
        (Pane::Objects | Pane::Object, Action::Send) => prompt_send(state),
        (Pane::Objects | Pane::Object, Action::History) => past::toggle(state, effects),
        (Pane::Objects | Pane::Object, Action::Order) => {
            let next = state.objects.order().next();
            order(state, next);
        }
        (Pane::Objects | Pane::Object, Action::PreviousMethod) => step_method(state, -1),
        (Pane::Objects | Pane::Object, Action::NextMethod) => step_method(state, 1),
        (Pane::Objects | Pane::Object, Action::WrittenBy) => written_by(state, effects),
        (Pane::Missions, _) => missions(state, action, effects),
        (Pane::Objects, _) => objects(state, action, effects),
        (Pane::Log, _) => log(state, action),
        (Pane::Knowledge, _) => knowledge::press(state, action, effects),
        (Pane::System, Action::StopSystem) => system::stop(state),
        (Pane::Mission, Action::PreviousCandidate) => state.missions.show_other(-1),
        (Pane::Mission, Action::NextCandidate) => state.missions.show_other(1),
        (Pane::Stream, Action::PreviousCandidate) => state.stream.show_other(-1),
        (Pane::Stream, Action::NextCandidate) => state.stream.show_other(1),
        (Pane::Stream, Action::Follow) => state.stream.scroll = Scroll::FOLLOW,
        (pane, _) => scroll(state, pane, action),
    }
}

/// Page keys in the composer move the pane above it.
pub(super) fn scroll_behind(state: &mut State, action: Option<Action>) {
    let Some(action) = action else { return };
    match layout::main_pane(state) {
        Pane::Log => log(state, action),
        pane if pane.is_content() => scroll(state, pane, action),
        _ => {}
    }
}

pub(super) fn page(state: &State, pane: Pane) -> isize {
    let rows = layout::reading(state, pane).height;
    isize::try_from(rows.saturating_sub(1).max(1)).unwrap_or(1)
}

/// How many rows an action moves, when it moves.
fn rows(state: &State, pane: Pane, action: Action) -> Option<isize> {
    const FAR: isize = isize::MAX / 2;
    match action {
        Action::Up => Some(-1),
        Action::Down => Some(1),
        Action::PageUp => Some(-page(state, pane)),
        Action::PageDown => Some(page(state, pane)),
        Action::Top => Some(-FAR),
        Action::Bottom => Some(FAR),
        _ => None,
    }
}

fn scroll(state: &mut State, pane: Pane, action: Action) {
    let Some(by) = rows(state, pane, action) else {
        return;
    };
    let (total, height) = extent(state, pane);
    let follows = pane == Pane::Stream && state.tour.is_none();
    if let Some(scroll) = state.scroll_of_mut(pane) {
        scroll.move_by(by, total, height, follows);
    }
}

fn missions(state: &mut State, action: Action, effects: &mut Vec<Effect>) {
    if action == Action::Open {
        set_focus(state, Pane::Mission);
        show_mission(state, effects);
    } else if let Some(by) = rows(state, Pane::Missions, action)
        && state.missions.move_by(by)
    {
        state.content = Pane::Mission;
        show_mission(state, effects);
    }
}

fn objects(state: &mut State, action: Action, effects: &mut Vec<Effect>) {
    if action == Action::Open {
        set_focus(state, Pane::Object);
        show_object(state, effects);
    } else if let Some(by) = rows(state, Pane::Objects, action)
        && state.objects.move_by(by)
    {
        state.content = Pane::Object;
        show_object(state, effects);
    }
}

/// Orders the list of objects, and says how.
pub(super) fn order(state: &mut State, order: Order) {
    state.objects.set_order(order);
    state.notify(Role::Dim, format!("objects by {}", order.word()));
}

/// Scrolls the object to its next method, or the one before.
fn step_method(state: &mut State, by: isize) {
    let area = layout::reading(state, Pane::Object);
    let places = contents::object::places(state, area.width);
    let (total, height) = extent(state, Pane::Object);
    let top = state.objects.scroll.top(total, height);
    let row = if by < 0 {
        places.iter().rev().find(|(_, row)| *row < top)
    } else {
        places.iter().find(|(_, row)| *row > top)
    };
    match row {
        Some((_, row)) => state.objects.scroll = Scroll::at(*row),
        None if by < 0 => state.objects.scroll = Scroll::START,
        None => state.notify(Role::Dim, "no method further on"),
    }
}

/// Goes to the mission that wrote the first method in view.
fn written_by(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(detail) = state.objects.selected_detail() else {
        return;
    };
    let area = layout::reading(state, Pane::Object);
    let places = contents::object::places(state, area.width);
    let (total, height) = extent(state, Pane::Object);
    let top = state.objects.scroll.top(total, height);
    let above = places.iter().rposition(|(_, row)| *row <= top).unwrap_or(0);
    let named = places.get(above).map(|(selector, _)| selector);
    let method = detail
        .view
        .methods
        .iter()
        .find(|one| Some(&one.selector) == named);
    match method.and_then(|one| one.mission) {
        Some(id) if state.missions.get(id).is_some() => {
            super::find::go(state, Target::Mission(id), effects);
        }
        Some(id) => state.notify(Role::Dim, format!("mission {id} is no longer in the list")),
        None => state.notify(Role::Dim, "no mission wrote it"),
    }
}

fn log(state: &mut State, action: Action) {
    match action {
        Action::Follow if state.log.follows() => state.log.pause(),
        Action::Follow | Action::Bottom => state.log.follow(),
        Action::Open => state.log.details = !state.log.details,
        Action::Search => {
            let line = Line::new(state.log.search());
            open_prompt(state, Purpose::Search, line);
        }
        Action::Filter => {
            let line = Line::new(state.log.filter().text.as_str());
            open_prompt(state, Purpose::Filter, line);
        }
        Action::NextMatch | Action::PreviousMatch => find(state, action == Action::NextMatch),
        Action::Level => next_level(state),
        Action::OnlyMission => {
            let mission = match state.log.filter().mission {
                Some(_) => None,
                None => state
                    .log
                    .here()
                    .0
                    .or_else(|| state.missions.selected().map(|mission| mission.id)),
            };
            only_mission(state, mission);
        }
        Action::OnlyPersona => {
            let persona = match state.log.filter().persona {
                Some(_) => None,
                None => state.log.here().1,
            };
            only_persona(state, persona);
        }
        Action::NextError | Action::PreviousError => {
            if !state.log.next_error(action == Action::NextError) {
                state.notify(Role::Dim, "no error further on");
            }
        }
        Action::NextOfMission | Action::PreviousOfMission => {
            if !state.log.next_of_mission(action == Action::NextOfMission) {
                state.notify(Role::Dim, "no entry of that mission further on");
            }
        }
        Action::Histogram => state.log.histogram = !state.log.histogram,
        _ => {
            if let Some(by) = rows(state, Pane::Log, action) {
                state.log.move_by(by);
            }
        }
    }
}

fn find(state: &mut State, forward: bool) {
    if state.log.search().is_empty() {
        let key = state.keymap.label(Context::Log, Action::Search);
        state.notify(Role::Dim, format!("nothing to search for yet: {key} asks"));
    } else if !state.log.search_from(forward) && state.log.scanned().is_none() {
        let text = format!("no entry with \"{}\"", state.log.search());
        state.notify(Role::Warning, text);
    }
}

fn next_level(state: &mut State) {
    let mut filter = state.log.filter().clone();
    filter.level = match filter.level {
        LogLevel::Debug => LogLevel::Info,
        LogLevel::Info => LogLevel::Warn,
        LogLevel::Warn => LogLevel::Error,
        LogLevel::Error => LogLevel::Debug,
    };
    state.log.set_filter(filter);
}

/// Only that mission's entries, or those of all.
pub(super) fn only_mission(state: &mut State, mission: Option<u64>) {
    let mut filter = state.log.filter().clone();
    filter.mission = mission;
    state.log.set_filter(filter);
}

pub(super) fn only_persona(state: &mut State, persona: Option<String>) {
    let mut filter = state.log.filter().clone();
    filter.persona = persona;
    state.log.set_filter(filter);
}

/// Searches, filters or chooses the least level by what was typed in the palette.
pub(super) fn set_log(state: &mut State, action: Action, argument: &str) {
    match action {
        Action::Search => prompt::search(state, argument),
        Action::Filter => prompt::filter(state, argument),
        _ => match LogLevel::named(argument) {
            Some(level) => {
                let mut filter = state.log.filter().clone();
                filter.level = level;
                state.log.set_filter(filter);
            }
            None => state.notify(
                Role::Warning,
                format!("`{argument}` is no level; there are debug, info, warn and error"),
            ),
        },
    }
}

fn open_prompt(state: &mut State, purpose: Purpose, line: Line) {
    state.overlay = Some(Overlay::Prompt { purpose, line });
}

/// The mission that the focus is on.
fn here(state: &State) -> Option<u64> {
    let mission = match state.focus {
        Pane::Stream => state.mission_under_way(),
        _ => state.missions.selected(),
    };
    mission.map(|mission| mission.id)
}

/// Asks whether to cancel the mission.
pub(super) fn cancel(state: &mut State, mission: Option<u64>) {
    let mission = mission.and_then(|id| state.missions.get(id));
    match mission.map(|mission| (mission.id, mission.state)) {
        None => state.notify(Role::Dim, "there is no mission to cancel"),
        Some((id, ended)) if ended.has_ended() => {
            state.notify(
                Role::Dim,
                format!("mission {id} has ended already: {}", ended.name()),
            );
        }
        Some((id, _)) => question::open(state, Deed::CancelMission(id)),
    }
}

/// Pauses the mission, or has it go on when it is paused.
pub(super) fn pause(state: &mut State, mission: Option<u64>, effects: &mut Vec<Effect>) {
    let mission = mission.and_then(|id| state.missions.get(id));
    let Some((id, ended, pause)) = mission.map(|one| (one.id, one.state, one.pause)) else {
        return state.notify(Role::Dim, "there is no mission to pause");
    };
    if ended.has_ended() {
        let name = ended.name();
        return state.notify(Role::Dim, format!("mission {id} has ended already: {name}"));
    }
    if state.link != Link::Up {
        return state.notify(Role::Warning, "the kernel is away: nothing was paused");
    }
    let (asked, request) = match pause {
        Pause::No => (Asked::Pause { mission: id }, Request::PauseMission { id }),
        Pause::Asked | Pause::Yes => (Asked::Resume { mission: id }, Request::ResumeMission { id }),
    };
    ask(state, asked, request, effects);
}

fn edit_brief(state: &mut State) {
    let Some(brief) = state
        .missions
        .selected()
        .map(|mission| mission.brief.clone())
    else {
        return;
    };
    if state.composer.line.is_empty() {
        state.composer.line.set(brief);
        set_focus(state, Pane::Composer);
    } else {
        state.notify(
            Role::Warning,
            "the composer holds another text: send it or clear it first",
        );
    }
}

/// Begins the words for a display that shows more; those for the first one, where there is none.
fn improve_display(state: &mut State) {
    if !state.composer.line.is_empty() {
        state.notify(
            Role::Warning,
            "the composer holds another text: send it or clear it first",
        );
        return;
    }
    let words = if state.display_is_there() {
        "improve your display so that it shows "
    } else {
        contents::itself::TEACH
    };
    state.composer.line.set(words);
    set_focus(state, Pane::Composer);
}

fn prompt_send(state: &mut State) {
    let Some(object) = state.objects.selected().map(str::to_owned) else {
        return;
    };
    let selected = state.objects.get(&object);
    let first = selected.and_then(|one| one.methods.first()).cloned();
    let text = first
        .map(|selector| format!("{selector} []"))
        .unwrap_or_default();
    let mut line = Line::new(text);
    if !line.is_empty() {
        // Between the brackets, where the arguments go.
        line.left();
    }
    open_prompt(state, Purpose::Send { object }, line);
}
