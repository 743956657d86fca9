//! Cleans every text in a message from the kernel before `update` sees it.
//!
//! Tokens are the exception: a sequence may be cut between two of them, so the stream panel cleans
//! them with a cleaner that remembers.

use super::clean::{line, text};
use crate::wire::image::{DiffView, ImageReply};
use crate::wire::knowledge::KnowledgeReply;
use crate::wire::memory::{Gpus, MemoryView, SwapKind};
use crate::wire::messages::{
    DiagnosticView, EngineStatus, Event, Failure, FromKernel, LogEntry, MethodView, MissionReport,
    MissionSummary, ObjectSummary, ObjectView, PersonaView, Reply, ResidentModel, SendOutcome,
    Snapshot, Status,
};
use crate::wire::system::SystemView;

pub fn clean(message: &mut FromKernel) {
    match message {
        FromKernel::Reply { reply, .. } => clean_reply(reply),
        FromKernel::Failure { failure, .. } => clean_failure(failure),
        FromKernel::Event(event) => clean_event(event),
    }
}

fn clean_reply(reply: &mut Reply) {
    match reply {
        Reply::Status(status) => clean_status(status),
        Reply::Snapshot(snapshot) => clean_snapshot(snapshot),
        Reply::Understood(understood) => {
            one(&mut understood.summary);
            one(&mut understood.document_json);
        }
        Reply::Mission(report) => clean_report(report),
        Reply::Missions(missions) => missions.iter_mut().for_each(clean_mission),
        Reply::Sent(outcome) => clean_outcome(outcome),
        Reply::Object(object) => clean_object(object),
        Reply::Objects(objects) => objects.iter_mut().for_each(clean_object_summary),
        Reply::Memory(view) => clean_memory(view),
        Reply::System(view) => clean_system(view),
        Reply::Image(reply) => clean_image(reply),
        Reply::Knowledge(reply) => clean_knowledge(reply),
        // The workbench does not ask for the last one.
        Reply::MissionStarted { .. } | Reply::Stopping | Reply::Alive { .. } | Reply::Schema(_) => {
        }
    }
}

fn clean_image(reply: &mut ImageReply) {
    match reply {
        ImageReply::Undone(undone) => {
            undone.changed.iter_mut().for_each(one);
            clean_diff(&mut undone.diff);
        }
        ImageReply::Diff(diff) => clean_diff(diff),
        ImageReply::History(transactions) => {
            for transaction in transactions {
                one(&mut transaction.author);
                transaction.changed.iter_mut().for_each(one);
                transaction.lines.iter_mut().for_each(one);
                transaction.tags.iter_mut().for_each(one);
            }
        }
        // Only its numbers are shown, or it is not asked for.
        ImageReply::Upkeep(_)
        | ImageReply::Object(_)
        | ImageReply::Objects(_)
        | ImageReply::Tags(_) => {}
    }
}

fn clean_diff(diff: &mut DiffView) {
    for object in &mut diff.objects {
        one(&mut object.name);
        one(&mut object.change);
        maybe(&mut object.renamed_from);
        if let Some((before, after)) = &mut object.parent {
            maybe(before);
            maybe(after);
        }
        for slot in &mut object.slots {
            one(&mut slot.name);
            for value in [&mut slot.before, &mut slot.after].into_iter().flatten() {
                one(&mut value.rust_type);
                one(&mut value.value_json);
            }
        }
        for method in &mut object.methods {
            one(&mut method.selector);
            many(&mut method.before);
            many(&mut method.after);
        }
    }
    for fact in &mut diff.facts {
        one(&mut fact.key);
        many(&mut fact.before);
        many(&mut fact.after);
    }
}

fn clean_knowledge(reply: &mut KnowledgeReply) {
    match reply {
        KnowledgeReply::Documents(documents) => {
            for document in documents {
                one(&mut document.kind);
                one(&mut document.name);
                one(&mut document.start);
            }
        }
        KnowledgeReply::Text { name, text: whole } => {
            one(name);
            *whole = text(whole);
        }
        KnowledgeReply::Added { document, .. } => one(&mut document.name),
        KnowledgeReply::Removed { name, .. } => one(name),
        KnowledgeReply::Found(found) => {
            maybe(&mut found.note);
            maybe(&mut found.model);
            for hit in &mut found.hits {
                one(&mut hit.kind);
                one(&mut hit.name);
                one(&mut hit.heading);
                hit.text = text(&hit.text);
            }
        }
        KnowledgeReply::Looked(looked) => {
            one(&mut looked.name);
            for chunk in &mut looked.chunks {
                one(&mut chunk.heading);
                chunk.text = text(&chunk.text);
            }
            for used in &mut looked.uses {
                used.brief = text(&used.brief);
                used.headings.iter_mut().for_each(one);
            }
        }
    }
}

fn clean_event(event: &mut Event) {
    match event {
        Event::Mission(mission) => clean_mission(mission),
        Event::Verdict {
            source,
            diagnostics,
            ..
        } => {
            *source = text(source);
            diagnostics.iter_mut().for_each(clean_diagnostic);
        }
        Event::GenerationStarted {
            persona, purpose, ..
        } => {
            one(persona);
            one(purpose);
        }
        Event::Log(entry) => clean_entry(entry),
        Event::ObjectChanged(object) => clean_object_summary(object),
        Event::Engine(engine) => clean_engine(engine),
        Event::PromptProgress { .. }
        | Event::Token { .. }
        | Event::GenerationEnded { .. }
        | Event::Resync
        | Event::Stopping => {}
    }
}

/// For text that is shown in one row.
fn one(value: &mut String) {
    *value = line(value);
}

fn maybe(value: &mut Option<String>) {
    if let Some(value) = value {
        one(value);
    }
}

/// For text that may have several rows.
fn many(value: &mut Option<String>) {
    if let Some(value) = value {
        *value = text(value);
    }
}

fn clean_failure(failure: &mut Failure) {
    one(&mut failure.message);
    maybe(&mut failure.hint);
}

fn clean_snapshot(snapshot: &mut Snapshot) {
    clean_status(&mut snapshot.status);
    snapshot.missions.iter_mut().for_each(clean_mission);
    snapshot.objects.iter_mut().for_each(clean_object_summary);
    snapshot.log.iter_mut().for_each(clean_entry);
    snapshot.personas.iter_mut().for_each(clean_persona);
}

fn clean_status(status: &mut Status) {
    one(&mut status.profile);
    one(&mut status.version);
    one(&mut status.home);
    clean_engine(&mut status.engine);
    clean_gpus(&mut status.gpus);
    if let Some(mission) = &mut status.mission {
        clean_mission(mission);
    }
}

fn clean_engine(engine: &mut EngineStatus) {
    one(&mut engine.backend);
    maybe(&mut engine.trouble);
    if let Some((name, _)) = &mut engine.loading {
        one(name);
    }
    engine.resident.iter_mut().for_each(clean_resident);
}

fn clean_memory(memory: &mut MemoryView) {
    memory.personas.iter_mut().for_each(clean_persona);
    for model in &mut memory.models {
        one(&mut model.name);
        one(&mut model.file);
        model.resident.iter_mut().for_each(clean_resident);
    }
    clean_gpus(&mut memory.gpus);
    for swap in &mut memory.swaps {
        one(&mut swap.model);
        if let SwapKind::Left(cause) = &mut swap.what {
            one(cause);
        }
    }
}

fn clean_system(system: &mut SystemView) {
    one(&mut system.image.folder);
    for found in [&mut system.compiler, &mut system.confinement] {
        one(&mut found.text);
        maybe(&mut found.remedy);
    }
    for watched in &mut system.watched {
        one(&mut watched.text);
    }
    for profile in &mut system.profiles {
        one(&mut profile.name);
        one(&mut profile.description);
        profile.missing.iter_mut().for_each(one);
    }
}

fn clean_gpus(gpus: &mut Gpus) {
    maybe(&mut gpus.driver);
    maybe(&mut gpus.missing);
    for card in &mut gpus.cards {
        one(&mut card.name);
        maybe(&mut card.compute_mode);
    }
}

fn clean_resident(model: &mut ResidentModel) {
    one(&mut model.name);
    one(&mut model.file);
}

fn clean_mission(mission: &mut MissionSummary) {
    one(&mut mission.intent);
    mission.brief = text(&mission.brief);
    maybe(&mut mission.object);
    maybe(&mut mission.selector);
    mission.outcome = text(&mission.outcome);
    maybe(&mut mission.part);
}

fn clean_report(report: &mut MissionReport) {
    clean_mission(&mut report.summary);
    maybe(&mut report.signature);
    for stage in &mut report.stages {
        one(&mut stage.persona);
        one(&mut stage.note);
    }
    report.diagnostics.iter_mut().for_each(clean_diagnostic);
    many(&mut report.source);
    many(&mut report.answer);
    for part in &mut report.plan {
        one(&mut part.object);
        one(&mut part.selector);
        one(&mut part.signature);
        part.brief = text(&part.brief);
        part.calls.iter_mut().for_each(one);
        part.diagnosis = text(&part.diagnosis);
        many(&mut part.source);
    }
    for entry in &mut report.story {
        one(&mut entry.persona);
        one(&mut entry.what);
        one(&mut entry.text);
        one(&mut entry.reference);
    }
    for judged in &mut report.judged {
        judged.source = text(&judged.source);
        judged.diagnostics.iter_mut().for_each(clean_diagnostic);
    }
    for used in &mut report.used {
        one(&mut used.kind);
        one(&mut used.name);
        one(&mut used.heading);
        used.text = text(&used.text);
    }
}

fn clean_diagnostic(diagnostic: &mut DiagnosticView) {
    one(&mut diagnostic.stage);
    diagnostic.message = text(&diagnostic.message);
    many(&mut diagnostic.hint);
}

fn clean_outcome(outcome: &mut SendOutcome) {
    maybe(&mut outcome.returns_json);
    maybe(&mut outcome.error);
}

fn clean_object_summary(object: &mut ObjectSummary) {
    one(&mut object.name);
    maybe(&mut object.parent);
    object.methods.iter_mut().for_each(one);
}

fn clean_object(object: &mut ObjectView) {
    one(&mut object.name);
    maybe(&mut object.parent);
    for slot in &mut object.slots {
        one(&mut slot.name);
        one(&mut slot.rust_type);
        one(&mut slot.value_json);
        maybe(&mut slot.inherited_from);
    }
    object.methods.iter_mut().for_each(clean_method);
}

fn clean_method(method: &mut MethodView) {
    one(&mut method.selector);
    one(&mut method.signature);
    method.source = text(&method.source);
    maybe(&mut method.inherited_from);
    one(&mut method.author);
    one(&mut method.checks_json);
}

fn clean_persona(persona: &mut PersonaView) {
    one(&mut persona.name);
    one(&mut persona.title);
    one(&mut persona.model);
    one(&mut persona.file);
}

fn clean_entry(entry: &mut LogEntry) {
    maybe(&mut entry.persona);
    one(&mut entry.event);
    one(&mut entry.text);
    one(&mut entry.fields_json);
}
