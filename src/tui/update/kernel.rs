//! What the kernel says: replies, failures and events.

use super::{
    Effect, ask, display, edit, find, knowledge, memory, past, show_mission, show_object, system,
    tour,
};
use crate::tui::contents;
use crate::tui::document::Code;
use crate::tui::inbound;
use crate::tui::keymap::{Action, Context};
use crate::tui::layout;
use crate::tui::state::display::Shown;
use crate::tui::state::missions::{self, Judged};
use crate::tui::state::stream::Ended;
use crate::tui::state::{Asked, Deed, Pane, Reading, Scroll, State, objects};
use crate::tui::theme::Role;
use crate::wire::image::ImageReply;
use crate::wire::messages::{
    Event, Failure, FromKernel, MissionInput, MissionReport, MissionState, MissionSummary,
    ObjectView, Reply, Request, SendOutcome, Snapshot, Understood,
};
use crate::wire::plan::Pause;
use crate::wire::upkeep::{PackedView, UpkeepReply};

pub(super) fn receive(state: &mut State, mut message: FromKernel, effects: &mut Vec<Effect>) {
    inbound::clean(&mut message);
    match message {
        FromKernel::Reply { id, reply } => {
            let asked = state.asked.remove(&id);
            answer(state, (id, asked), reply, effects);
        }
        FromKernel::Failure { id, failure } => {
            let asked = state.asked.remove(&id);
            refused(state, (id, asked), &failure, effects);
        }
        FromKernel::Event(event) => happened(state, event, effects),
    }
}

/// What a reply belongs to: the request's number, and what it was for.
type Question = (u64, Option<Asked>);

fn answer(state: &mut State, (id, asked): Question, reply: Reply, effects: &mut Vec<Effect>) {
    match reply {
        Reply::Understood(understood) => understood_as(state, id, understood, effects),
        Reply::Status(status) => {
            state.memory.hear(&status.engine, state.now_ms);
            state.system.told_ms = state.now_ms;
            state.status = Some(status);
        }
        Reply::Snapshot(snapshot) => take_snapshot(state, *snapshot, effects),
        Reply::MissionStarted { id } => {
            state.missions.own.push(id);
            state.missions.select(id);
            state.notify(Role::Good, format!("mission {id} is under way"));
        }
        Reply::Mission(report) => take_report(state, *report, asked.as_ref()),
        Reply::Missions(missions) => state.missions.replace(missions),
        Reply::Objects(objects) => state.objects.replace(objects),
        Reply::Object(view) => take_object(state, *view),
        Reply::Memory(view) => state.memory.view = Some(*view),
        Reply::System(view) => system::take(state, *view, asked.as_ref()),
        Reply::Sent(outcome) => match asked {
            Some(Asked::Send { text }) => sent(state, &text, outcome, effects),
            Some(Asked::Display) => state.display.take(outcome),
            _ => {}
        },
        Reply::Image(reply) => image(state, *reply, asked.as_ref(), effects),
        Reply::Knowledge(reply) => match asked {
            Some(Asked::Knowledge | Asked::Look | Asked::Adding) => {
                knowledge::take(state, reply, effects);
            }
            _ => find::knowledge(state, reply),
        },
        Reply::Stopping | Reply::Alive { .. } | Reply::Schema(_) => {}
    }
}

/// Shows what the words mean, unless they were changed or sent meanwhile.
/// What changes nothing needs no second Enter.
fn understood_as(state: &mut State, id: u64, understood: Understood, effects: &mut Vec<Effect>) {
    if state.composer.reading != Some(Reading::Asked(id)) {
        return;
    }
    if understood.changes {
        state.composer.reading = Some(Reading::Understood {
            summary: understood.summary,
            document_json: understood.document_json,
        });
    } else {
        edit::start(state, MissionInput::Json(understood.document_json), effects);
    }
}

fn refused(state: &mut State, (id, asked): Question, failure: &Failure, effects: &mut Vec<Effect>) {
    if let Some(Asked::Difference { from, to }) = &asked {
        let trouble = Err(failure.message.clone());
        return past::take_difference(state, (from, to), trouble, effects);
    }
    if asked == Some(Asked::Display) {
        state.display.shown = Some(Shown::Trouble(failure.message.clone()));
        return;
    }
    if state.composer.reading == Some(Reading::Asked(id)) {
        state.composer.reading = None;
    }
    let asked_adding = asked == Some(Asked::Adding);
    let mut text = failure.message.clone();
    if let Some(hint) = &failure.hint {
        text = format!("{text} (hint: {hint})");
    }
    if let Some(Asked::Start { brief }) = asked
        && state.composer.line.is_empty()
    {
        state.composer.line.set(brief);
    }
    state.notify(Role::Bad, text);
    if asked_adding {
        knowledge::go_on(state, effects);
    }
}

fn take_snapshot(state: &mut State, snapshot: Snapshot, effects: &mut Vec<Effect>) {
    let same_kernel = state
        .status
        .as_ref()
        .is_some_and(|known| known.kernel_pid == snapshot.status.kernel_pid);
    let seen = state
        .log
        .newest()
        .filter(|_| same_kernel)
        .map(|entry| entry.number);
    for entry in snapshot.log {
        if seen.is_none_or(|number| entry.number > number) {
            state.log.push(entry);
        }
    }
    if state.home.as_ref() == Some(&snapshot.status.home) {
        state.log.open_files();
    }
    state.memory.hear(&snapshot.status.engine, state.now_ms);
    state.system.told_ms = state.now_ms;
    state.status = Some(snapshot.status);
    state.personas = snapshot.personas;
    state.missions.replace(snapshot.missions);
    state.objects.replace(snapshot.objects);
    match state.content {
        Pane::Mission => show_mission(state, effects),
        Pane::Object => show_object(state, effects),
        Pane::Knowledge => knowledge::refresh(state, effects),
        Pane::Itself => display::look(state, effects),
        Pane::Memory => memory::look(state, effects),
        Pane::System => system::look(state, effects),
        _ => {}
    }
    state.log.arrive();
    tour::begin(state, effects);
}

fn take_report(state: &mut State, report: MissionReport, asked: Option<&Asked>) {
    if let Some(Asked::Deed(Deed::CancelMission(mission))) = asked {
        state.notify(Role::Warning, format!("mission {mission} was cancelled"));
    }
    let id = report.summary.id;
    let again = state.keymap.label(Context::Missions, Action::PauseMission);
    match (asked, report.summary.pause) {
        (Some(Asked::Pause { .. }), Pause::Asked) => {
            let text = format!("mission {id} pauses at its next transition; {again} has it go on");
            state.notify(Role::Warning, text);
        }
        (Some(Asked::Pause { .. }), _) => {
            let text = format!("mission {id} is paused; {again} has it go on");
            state.notify(Role::Warning, text);
        }
        (Some(Asked::Resume { .. }), _) => {
            state.notify(Role::Dim, format!("mission {id} goes on"));
        }
        _ => {}
    }
    state.missions.put(report.summary.clone());
    take_verdicts(state, &report);
    let code = report.source.as_deref().map(Code::rust);
    state.missions.detail = Some(missions::Detail { report, code });
}

/// The verdicts that were told before this workbench attached, or while it did not listen.
fn take_verdicts(state: &mut State, report: &MissionReport) {
    let id = report.summary.id;
    if report.judged.len() <= state.missions.judged(id).len() {
        return;
    }
    let judged = report.judged.iter().map(|one| Judged {
        candidate: one.candidate,
        accepted: one.accepted,
        code: Code::rust(&one.source),
        diagnostics: one.diagnostics.clone(),
    });
    state.missions.set_judged(id, judged.collect());
}

/// What an undo or a pack would do becomes a question; what it did is told.
fn image(state: &mut State, reply: ImageReply, asked: Option<&Asked>, effects: &mut Vec<Effect>) {
    match (reply, asked) {
        (ImageReply::History(versions), Some(Asked::History { object, method })) => {
            past::take_versions(state, (object, method.as_deref()), versions, effects);
        }
        (ImageReply::Diff(diff), Some(Asked::Difference { from, to })) => {
            past::take_difference(state, (from, to), Ok(diff), effects);
        }
        (ImageReply::Undone(undone), Some(Asked::UndoLook)) if state.overlay.is_none() => {
            let deed = Deed::Undo {
                tid: undone.undone,
                changed: undone.changed,
                diff: Box::new(undone.diff),
            };
            super::question::open(state, deed);
        }
        (ImageReply::Undone(undone), Some(Asked::Deed(_))) => {
            let changed = undone.changed.join(", ");
            let text = format!("transaction {} is undone: {changed}", undone.undone);
            state.notify(Role::Good, text);
            if state.content == Pane::Knowledge {
                knowledge::refresh(state, effects);
            }
        }
        (ImageReply::Upkeep(UpkeepReply::Packed(packed)), Some(Asked::PackLook(before)))
            if state.overlay.is_none() =>
        {
            let dropped = dropped(&packed);
            if packed.transactions + packed.versions + packed.objects + packed.blobs == 0 {
                return state.notify(Role::Dim, "there is nothing that a pack would drop");
            }
            let before = before.clone();
            super::question::open(state, Deed::Pack { before, dropped });
        }
        (ImageReply::Upkeep(UpkeepReply::Packed(packed)), Some(Asked::Deed(_))) => {
            state.notify(Role::Good, format!("dropped {}", dropped(&packed)));
        }
        _ => {}
    }
}

fn dropped(packed: &PackedView) -> String {
    format!(
        "{}, {}, {} and {}; the history begins at transaction {}",
        contents::count(packed.transactions, "transaction"),
        contents::count(packed.versions, "version"),
        contents::count(packed.objects, "object"),
        contents::count(packed.blobs, "blob"),
        packed.horizon
    )
}

fn take_object(state: &mut State, view: ObjectView) {
    let code = view
        .methods
        .iter()
        .map(|method| Code::rust(&method.source))
        .collect();
    state.objects.detail = Some(objects::Detail { view, code });
    let width = layout::text(layout::areas(state).body(Pane::Object, state)).width;
    if state.objects.selected_detail().is_some()
        && let Some(selector) = state.objects.goal.take()
        && let Some(row) = contents::object::row_of(state, &selector, width)
    {
        state.objects.scroll = Scroll::at(row);
    }
}

fn sent(state: &mut State, text: &str, outcome: SendOutcome, effects: &mut Vec<Effect>) {
    if let Some(error) = outcome.error {
        let mission = outcome
            .mission
            .map(|id| format!("; mission {id} was opened for it"));
        state.notify(
            Role::Bad,
            format!("{text}: {error}{}", mission.unwrap_or_default()),
        );
    } else {
        let role = if outcome.is_err {
            Role::Warning
        } else {
            Role::Good
        };
        let value = outcome.returns_json.unwrap_or_else(|| "null".to_owned());
        state.notify(role, format!("{text} → {value}"));
        show_object(state, effects);
    }
}

fn happened(state: &mut State, event: Event, effects: &mut Vec<Effect>) {
    match event {
        Event::Mission(mission) => mission_moved(state, mission, effects),
        Event::Verdict {
            mission,
            candidate,
            accepted,
            source,
            diagnostics,
        } => {
            state.stream.judge(mission, candidate, accepted);
            let code = Code::rust(&source);
            let judged = Judged {
                candidate,
                accepted,
                code,
                diagnostics,
            };
            state.missions.judge(mission, judged);
        }
        Event::GenerationStarted {
            mission,
            persona,
            purpose,
            candidates,
        } => state.stream.start(mission, persona, purpose, candidates),
        Event::PromptProgress {
            mission,
            done,
            total,
        } => state.stream.prompt_progress(mission, done, total),
        Event::Token {
            mission,
            candidate,
            text,
        } => state.stream.token(mission, candidate, &text, state.now_ms),
        Event::GenerationEnded {
            mission,
            prompt_tokens,
            generated_tokens,
            seconds,
            tokens_per_second,
        } => {
            let ended = Ended {
                prompt_tokens,
                generated_tokens,
                seconds,
                tokens_per_second,
            };
            state.stream.end(mission, ended);
        }
        Event::Log(entry) => state.log.push(entry),
        Event::ObjectChanged(object) => {
            let shown = state.objects.selected() == Some(object.name.as_str());
            if let Some(status) = &mut state.status {
                status.tid = status.tid.max(object.tid);
            }
            state.objects.put(object);
            if shown && state.content == Pane::Object {
                show_object(state, effects);
            }
        }
        Event::Engine(engine) => {
            state.memory.hear(&engine, state.now_ms);
            if let Some(status) = &mut state.status {
                status.engine = engine;
            }
        }
        Event::Resync => {
            let request = Request::Subscribe {
                log_entries: super::LOG_ENTRIES,
            };
            ask(state, Asked::Snapshot, request, effects);
        }
        Event::Stopping => state.notify(Role::Warning, "the kernel is stopping"),
    }
}

fn mission_moved(state: &mut State, mission: MissionSummary, effects: &mut Vec<Effect>) {
    let (id, now) = (mission.id, mission.state);
    if let Some(status) = &mut state.status {
        if !now.has_ended() && now != MissionState::Idle {
            status.mission = Some(mission.clone());
        } else if status.mission.as_ref().is_some_and(|known| known.id == id) {
            status.mission = (!now.has_ended()).then(|| mission.clone());
        }
    }
    let object = mission.object.clone();
    let changed = state.missions.put(mission);
    if !changed {
        return;
    }
    if now.has_ended() {
        ask(state, Asked::Status, Request::Status, effects);
        // It may have been told something to remember, or have used what is shown.
        if state.content == Pane::Knowledge {
            knowledge::refresh(state, effects);
        }
    }
    if now.has_ended() && !state.focused {
        let subject = state.missions.get(id).map(contents::subject);
        let subject = subject.unwrap_or_default();
        effects.push(Effect::Ring(format!(
            "mission {id} {}: {subject}",
            now.name()
        )));
    }
    let own = state.missions.own.iter().position(|own| *own == id);
    if let (true, Some(at)) = (now.has_ended(), own) {
        state.missions.own.remove(at);
        own_ended(state, id, now, object.as_deref());
    }
    let selected = state
        .missions
        .selected()
        .is_some_and(|selected| selected.id == id);
    if selected && (state.content == Pane::Mission || now.has_ended()) {
        show_mission(state, effects);
    }
}

/// A mission that was sent from here is over: its outcome is put in view, unless one reads elsewhere.
fn own_ended(state: &mut State, id: u64, now: MissionState, object: Option<&str>) {
    let role = if now == MissionState::Complete {
        Role::Good
    } else {
        Role::Bad
    };
    let outcome = state
        .missions
        .get(id)
        .map(|mission| mission.outcome.clone())
        .unwrap_or_default();
    let outcome = outcome.lines().next().unwrap_or_default();
    state.notify(role, format!("mission {id} {}: {outcome}", now.name()));
    if let Some(object) =
        object.filter(|_| now == MissionState::Complete && state.focus == Pane::Composer)
    {
        state.objects.select(object);
    }
    if state.focus == Pane::Composer && state.content == Pane::Stream {
        state.missions.select(id);
        state.content = Pane::Mission;
        state.last_pane = Pane::Mission;
    }
}
