//! The palette: every action by name, with arguments where that makes sense.
//!
//! Its items come from the table of keys, those of the focus first. What has no key of its own is there
//! too. An action of another pane goes there first.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{
    Effect, contexts_of_focus, find, knowledge, panes, perform, question, send, system, themes,
    visit,
};
use crate::tui::contents;
use crate::tui::keymap::{Action, Context, Row};
use crate::tui::layout;
use crate::tui::state::objects::Order;
use crate::tui::state::picker::{Item, Purpose, Target};
use crate::tui::state::{Overlay, Pane, Picker, State};
use crate::tui::theme::Role;

/// Contexts whose actions can be done from anywhere, by going there.
const REACHABLE: [Context; 9] = [
    Context::Missions,
    Context::Objects,
    Context::Stream,
    Context::Mission,
    Context::Log,
    Context::Itself,
    Context::Knowledge,
    Context::System,
    Context::Composer,
];

pub(super) fn open(state: &mut State) {
    let items = items(state, "");
    state.overlay = Some(Overlay::List(Picker::new(Purpose::Commands, items)));
}

/// The palette with the profiles to choose from.
pub(super) fn open_profiles(state: &mut State) {
    let text = format!("{} ", Action::Profile.name());
    let mut picker = Picker::new(Purpose::Commands, items(state, &text));
    picker.line.set(text);
    picker.rank();
    state.overlay = Some(Overlay::List(picker));
}

/// What the text may mean: actions, or one action with its arguments.
pub(super) fn items(state: &State, text: &str) -> Vec<Item> {
    let all = actions(state);
    let Some((name, argument)) = text.trim_start().split_once(' ') else {
        return all;
    };
    let named = |item: &&Item| item.label == name && !item.argument.is_empty();
    match all.iter().find(named) {
        Some(item) => arguments(state, item, argument.trim()),
        None => all,
    }
}

fn actions(state: &State) -> Vec<Item> {
    let here = contexts_of_focus(state);
    let others = REACHABLE.iter().filter(|one| !here.contains(one));
    let mut items: Vec<Item> = Vec::new();
    for context in here.iter().chain(others) {
        for row in state.keymap.of(*context) {
            let (action, same) = (row.binding.action, items.iter_mut());
            let same = same
                .into_iter()
                .find(|item| is_same(item, *context, action));
            match same {
                Some(item) if item.keys.is_empty() => item.keys = keys(row),
                Some(item) => {
                    item.keys.push(' ');
                    item.keys.push_str(&keys(row));
                }
                None if action == Action::Palette => {}
                None => items.push(item(row)),
            }
        }
    }
    items
}

/// True when the action does what the item does: it is the same one, and not of a pane of its own.
fn is_same(item: &Item, context: Context, action: Action) -> bool {
    let general = |context| matches!(context, Context::Panes | Context::Everywhere);
    matches!(&item.target, Target::Action { context: known, action: one, .. }
        if *one == action && (general(context) || *known == context))
}

fn keys(row: &Row) -> String {
    let labels: Vec<String> = row.keys.iter().take(2).map(ToString::to_string).collect();
    labels.join(" ")
}

fn item(row: &Row) -> Item {
    let (context, action) = (row.binding.context, row.binding.action);
    Item {
        label: action.name().to_owned(),
        argument: action.argument(),
        kind: context.title().to_owned(),
        detail: row.binding.help.to_owned(),
        keys: keys(row),
        target: Target::Action {
            context,
            action,
            argument: String::new(),
        },
    }
}

/// The action with each argument that it may have, or with what was typed.
fn arguments(state: &State, item: &Item, typed: &str) -> Vec<Item> {
    let Target::Action {
        context, action, ..
    } = item.target
    else {
        return Vec::new();
    };
    let with = |argument: String, detail: String| Item {
        label: format!("{} {argument}", item.label),
        argument: "",
        kind: String::new(),
        detail,
        keys: String::new(),
        target: Target::Action {
            context,
            action,
            argument,
        },
    };
    let missions = |fits: fn(&crate::wire::messages::MissionSummary) -> bool| {
        let list = state.missions.list().iter().filter(|one| fits(one));
        list.map(|one| with(one.id.to_string(), crate::tui::contents::subject(one)))
            .collect::<Vec<_>>()
    };
    match action {
        Action::Themes => {
            let names = state.themes.iter();
            names
                .map(|name| with(name.clone(), String::new()))
                .collect()
        }
        Action::Level => ["debug", "info", "warn", "error"]
            .map(|level| with(level.to_owned(), String::new()))
            .into(),
        Action::Profile => {
            let profiles = state.system.view.iter().flat_map(|view| &view.profiles);
            let gpus = state.gpus();
            profiles
                .map(|one| {
                    with(
                        one.name.clone(),
                        contents::system::reasons(one, gpus).join("; "),
                    )
                })
                .collect()
        }
        Action::Order => Order::ALL
            .map(|order| with(order.word().to_owned(), String::new()))
            .into(),
        Action::OnlyPersona => {
            let names = state.personas.iter().map(|one| one.name.clone());
            names.map(|name| with(name, String::new())).collect()
        }
        Action::Pane(4) | Action::OnlyMission => missions(|_| true),
        Action::CancelMission | Action::PauseMission => missions(|one| !one.state.has_ended()),
        Action::Pane(_) => {
            let objects = state.objects.all().iter();
            objects
                .map(|object| with(object.name.clone(), object.methods.join(" ")))
                .collect()
        }
        Action::Send => {
            let mut items = vec![with(
                typed.to_owned(),
                "object, selector, JSON array".to_owned(),
            )];
            for object in state.objects.all() {
                let sends = object
                    .methods
                    .iter()
                    .map(|name| format!("{} {name}", object.name));
                items.extend(sends.map(|send| with(send, String::new())));
            }
            items
        }
        _ => vec![with(typed.to_owned(), item.detail.clone())],
    }
}

/// Does the action, with its argument when there is one.
pub(super) fn run(
    state: &mut State,
    (context, action): (Context, Action),
    argument: &str,
    effects: &mut Vec<Effect>,
) {
    let argument = argument.trim();
    if !argument.is_empty() {
        return run_with(state, action, argument, effects);
    }
    go_to(state, context, effects);
    perform(
        state,
        Some(action),
        KeyEvent::new(KeyCode::Null, KeyModifiers::NONE),
        effects,
    );
}

/// Puts the focus where the action's context holds.
fn go_to(state: &mut State, context: Context, effects: &mut Vec<Effect>) {
    if contexts_of_focus(state).contains(&context) {
        return;
    }
    let pane = match context {
        Context::Missions => Pane::Missions,
        Context::Objects => Pane::Objects,
        Context::Mission => Pane::Mission,
        Context::Stream => Pane::Stream,
        Context::Log => Pane::Log,
        Context::Itself => Pane::Itself,
        Context::Knowledge => Pane::Knowledge,
        Context::System => Pane::System,
        Context::Composer => Pane::Composer,
        _ => layout::main_pane(state),
    };
    visit(state, pane, effects);
}

fn run_with(state: &mut State, action: Action, argument: &str, effects: &mut Vec<Effect>) {
    match action {
        Action::Themes => themes::named(state, argument, effects),
        Action::Pane(4) => {
            if let Some(id) = mission(state, argument) {
                find::go(state, Target::Mission(id), effects);
            }
        }
        Action::Pane(_) => {
            if state.objects.get(argument).is_some() {
                find::go(state, Target::Object(argument.to_owned()), effects);
            } else {
                let text = format!("there is no object `{argument}`");
                state.notify(Role::Warning, text);
            }
        }
        Action::OnlyMission => {
            if let Some(id) = mission(state, argument) {
                visit(state, Pane::Log, effects);
                panes::only_mission(state, Some(id));
            }
        }
        Action::OnlyPersona => {
            visit(state, Pane::Log, effects);
            panes::only_persona(state, Some(argument.to_owned()));
        }
        Action::CancelMission => {
            if let Some(id) = mission(state, argument) {
                panes::cancel(state, Some(id));
            }
        }
        Action::PauseMission => {
            if let Some(id) = mission(state, argument) {
                panes::pause(state, Some(id), effects);
            }
        }
        Action::Send => {
            let (object, rest) = argument.split_once(' ').unwrap_or((argument, ""));
            send::to(state, object, rest.trim(), effects);
        }
        Action::Search | Action::Filter | Action::Level => {
            visit(state, Pane::Log, effects);
            panes::set_log(state, action, argument);
        }
        Action::Order => match Order::named(argument) {
            Some(order) => panes::order(state, order),
            None => state.notify(
                Role::Warning,
                format!("`{argument}` is no order; there are prototype, name and mission"),
            ),
        },
        Action::SearchKnowledge => {
            visit(state, Pane::Knowledge, effects);
            knowledge::search(state, argument, effects);
        }
        Action::AddDocument => {
            visit(state, Pane::Knowledge, effects);
            knowledge::add(state, argument, effects);
        }
        Action::Profile => system::choose_profile(state, argument),
        Action::Pack => question::ask_pack(state, Some(argument), effects),
        Action::Undo => {
            if let Ok(tid) = argument.trim_start_matches('#').parse() {
                question::ask_undo(state, Some(tid), effects);
            } else {
                let text =
                    format!("`{argument}` is no transaction: `batos image history` lists them");
                state.notify(Role::Warning, text);
            }
        }
        _ => {}
    }
}

/// A mission that is there, by its number.
fn mission(state: &mut State, argument: &str) -> Option<u64> {
    let id = argument.trim_start_matches('#').parse().ok();
    let known = id.filter(|id| state.missions.get(*id).is_some());
    if known.is_none() {
        state.notify(Role::Warning, format!("there is no mission `{argument}`"));
    }
    known
}
