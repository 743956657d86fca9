//! Requests about the image's past: history, differences, views of the past, undo and tags.

use std::collections::HashSet;

use super::genesis::is_genesis_mission;
use super::heal::pending::PENDING;
use super::names::{NamesOf, oid_of};
use super::requests::{commit_failure, image, internal, unknown_object};
use super::shared::Shared;
use super::{upkeep, views};
use crate::image::{
    AuditEntry, Author, Change, CommitError, Diff, ImageError, Method, MissionId, ObjectDiff, Oid,
    PastView, Read, Slot, Tid, UndoError, Undone, View, diff,
};
use crate::knowledge::FACTS;
use crate::method::{Names, Type, value_to_json_with};
use crate::wire::image::{
    DiffView, FactDiffView, ImageReply, ImageRequest, MethodDiffView, ObjectDiffView, SlotDiffView,
    TagView, TransactionView, TypedValue, UndoneView,
};
use crate::wire::messages::{Event, Failure, FailureKind};

/// How far back the newest change is looked for.
const CHANGES_LOOKED_AT: usize = 10_000;

pub fn answer(shared: &Shared, request: ImageRequest) -> Result<ImageReply, Failure> {
    let view = shared.image.view();
    match request {
        ImageRequest::History {
            object,
            method,
            limit,
        } => {
            let of = object.as_deref().map(|name| (name, method.as_deref()));
            history(&view, of, limit as usize).map(ImageReply::History)
        }
        ImageRequest::Diff { from, to, object } => {
            let (from, to) = (moment(&view, &from)?, moment(&view, &to)?);
            let mut found = diff(&from, &to).map_err(image)?;
            if let Some(name) = object {
                keep_object(&mut found, &name);
            }
            let names: [&dyn Names; 2] = [&NamesOf(&from), &NamesOf(&to)];
            let view = diff_view(found, names, from.tid(), Some(to.tid()));
            Ok(ImageReply::Diff(view))
        }
        ImageRequest::At {
            moment: text,
            object,
        } => at(&moment(&view, &text)?, object.as_deref()),
        ImageRequest::Undo { tid, dry_run } => {
            let tid = match tid {
                Some(tid) => tid,
                None => newest_change(&view)?,
            };
            undo(shared, tid, dry_run).map(ImageReply::Undone)
        }
        ImageRequest::Tags => tags(&view).map(ImageReply::Tags),
        ImageRequest::SetTag { name, moment: text } => {
            let pinned = moment(&view, &text)?.tid();
            let set = shared.image.transact(Author::Person, |transaction| {
                transaction.set_tag(&name, pinned)?;
                transaction.audit(&format!("tag {name} names transaction {pinned}"));
                Ok::<_, Refusal>(())
            });
            set.map_err(Refusal::into_failure)?;
            let mut all = tags(&shared.image.view())?;
            all.retain(|tag| tag.name == name);
            Ok(ImageReply::Tags(all))
        }
        ImageRequest::RemoveTag { name } => {
            let (was_there, _) = shared
                .image
                .transact(Author::Person, |transaction| {
                    let was_there = transaction.remove_tag(&name)?;
                    if was_there {
                        transaction.audit(&format!("tag {name} removed"));
                    }
                    Ok::<_, Refusal>(was_there)
                })
                .map_err(Refusal::into_failure)?;
            if !was_there {
                return Err(not_found(
                    format!("there is no tag `{name}`"),
                    "list them with `batos image tag ls`",
                ));
            }
            Ok(ImageReply::Tags(Vec::new()))
        }
        ImageRequest::Upkeep(request) => upkeep::answer(shared, request).map(ImageReply::Upkeep),
    }
}

/// Why a transaction that a person asked for did not come about.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error(transparent)]
    Undo(#[from] UndoError),
    #[error(transparent)]
    Image(#[from] ImageError),
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl Refusal {
    fn into_failure(self) -> Failure {
        match self {
            Self::Commit(error) => commit_failure(&error),
            Self::Image(error) | Self::Undo(UndoError::Image(error)) => past_failure(&error),
            Self::Undo(error @ UndoError::Depends { .. }) => Failure {
                kind: FailureKind::Conflict,
                message: error.to_string(),
                hint: Some(
                    "undo what depends on it first; `batos image history` shows the order"
                        .to_owned(),
                ),
            },
            Self::Undo(error @ UndoError::Nothing { .. }) => Failure {
                kind: FailureKind::Invalid,
                message: error.to_string(),
                hint: Some("`batos image history` shows what each transaction changed".to_owned()),
            },
        }
    }
}

/// Undoes in a transaction of its own.
pub fn undo(shared: &Shared, tid: Tid, dry_run: bool) -> Result<UndoneView, Failure> {
    if dry_run {
        let mut transaction = shared.image.begin(Author::Person);
        let undone = transaction
            .undo(tid)
            .map_err(|error| Refusal::from(error).into_failure())?;
        let before = transaction.snapshot();
        let found = diff(before, &transaction).map_err(image)?;
        return Ok(UndoneView {
            undone: tid,
            tid: None,
            changed: undone.changed,
            diff: diff_view(found, [&NamesOf(before); 2], before.tid(), None),
        });
    }
    let before = shared.image.view();
    let undone = shared
        .image
        .transact(Author::Person, |transaction| {
            let undone: Undone = transaction.undo(tid)?;
            let found = diff(transaction.snapshot(), transaction)?;
            Ok::<_, Refusal>((undone, found, transaction.snapshot().tid()))
        })
        .map_err(Refusal::into_failure)?;
    let ((undone, found, from), new) = undone;
    tell(shared, &found);
    let after = shared.image.view();
    let names: [&dyn Names; 2] = [&NamesOf(&before), &NamesOf(&after)];
    Ok(UndoneView {
        undone: tid,
        tid: Some(new),
        changed: undone.changed,
        diff: diff_view(found, names, from, Some(new)),
    })
}

/// Front-ends see what changed; when something is gone or has another name they ask for everything.
pub fn tell(shared: &Shared, found: &Diff) {
    let gone =
        |object: &ObjectDiff| object.change == Change::Removed || object.renamed_from.is_some();
    if found.objects.iter().any(gone) {
        shared.journal.tell(Event::Resync);
    } else {
        let names: Vec<String> = found.objects.iter().map(|o| o.name.clone()).collect();
        shared.tell_changed(&names);
    }
}

/// The newest transaction that a person or a mission changed something with, that was not undone and
/// is no undo itself: saying `undo` again goes further back.
pub fn newest_change(view: &View) -> Result<Tid, Failure> {
    let mut done: HashSet<Tid> = HashSet::new();
    for entry in view
        .audit_before(Tid::MAX, CHANGES_LOOKED_AT)
        .map_err(image)?
    {
        if let Some(undone) = undone_by(&entry) {
            done.insert(undone);
        } else if (entry.objects.iter().any(|name| !is_nobodys(name))
            || remembers(view, &entry).map_err(image)?)
            && entry.author != Author::Kernel
            && !done.contains(&entry.tid)
            && !is_of_genesis(view, &entry).map_err(image)?
        {
            return Ok(entry.tid);
        }
    }
    Err(Failure {
        kind: FailureKind::Invalid,
        message: "there is no change to undo".to_owned(),
        hint: Some("`batos image history` shows what there was".to_owned()),
    })
}

/// What waits for a mission is nobody's change.
fn is_nobodys(changed: &str) -> bool {
    let fact = changed.strip_prefix("fact ");
    fact.is_some_and(|key| key.starts_with(PENDING))
}

/// Whether the system did it of itself when the image was new: nobody means that by "undo".
fn is_of_genesis(view: &View, entry: &AuditEntry) -> Result<bool, ImageError> {
    match entry.author {
        Author::Mission(id) => is_genesis_mission(view, id),
        _ => Ok(false),
    }
}

/// Whether it is the end of a mission that kept a fact: no object tells of that.
fn remembers(view: &View, entry: &AuditEntry) -> Result<bool, ImageError> {
    let Author::Mission(id) = entry.author else {
        return Ok(false);
    };
    let ended_here = view
        .mission(id)?
        .is_some_and(|mission| mission.tid == entry.tid);
    Ok(ended_here && view.fact(&remembered_as(id))?.is_some())
}

/// The key of what that mission was told to remember.
pub fn remembered_as(mission: MissionId) -> String {
    format!("{FACTS}{mission:08}")
}

fn undone_by(entry: &AuditEntry) -> Option<Tid> {
    let mut lines = entry.lines.iter();
    lines.find_map(|line| line.strip_prefix(Undone::AUDIT)?.parse().ok())
}

fn history(
    view: &View,
    of: Option<(&str, Option<&str>)>,
    limit: usize,
) -> Result<Vec<TransactionView>, Failure> {
    let entries = match of {
        None => view.audit_before(Tid::MAX, limit).map_err(image)?,
        Some((name, method)) => {
            let oid = oid_of(view, name).map_err(image)?;
            let oid = oid.ok_or_else(|| unknown_object(name))?;
            let mut versions = view.versions(oid).map_err(image)?;
            if let Some(selector) = method {
                versions = of_method(view, (oid, selector), versions).map_err(image)?;
            }
            let mut entries = Vec::new();
            for tid in versions.into_iter().take(limit) {
                entries.extend(view.audit(tid).map_err(image)?);
            }
            entries
        }
    };
    let tags = view.tags().map_err(image)?;
    Ok(entries
        .into_iter()
        .map(|entry| TransactionView {
            tid: entry.tid,
            time_ms: entry.time_ms,
            author: author(entry.author),
            tags: tags
                .iter()
                .filter(|tag| tag.pinned == entry.tid)
                .map(|tag| tag.name.clone())
                .collect(),
            changed: entry.objects,
            lines: entry.lines,
        })
        .collect())
}

/// Of an object's versions, newest first, those in which that method became another one.
fn of_method(
    view: &View,
    (oid, selector): (Oid, &str),
    versions: Vec<Tid>,
) -> Result<Vec<Tid>, ImageError> {
    let mut changed = Vec::new();
    let mut newer: Option<(Tid, Option<String>)> = None;
    for tid in versions {
        let source = match view.at(tid) {
            Ok(past) => past.method(oid, selector)?.map(|method| method.source),
            Err(ImageError::PackedAway { .. }) => break,
            Err(error) => return Err(error),
        };
        if let Some((after, later)) = newer
            && later != source
        {
            changed.push(after);
        }
        newer = Some((tid, source));
    }
    // The oldest there is has nothing before it.
    changed.extend(
        newer
            .filter(|(_, source)| source.is_some())
            .map(|(tid, _)| tid),
    );
    Ok(changed)
}

fn author(author: Author) -> String {
    match author {
        Author::Kernel => "kernel".to_owned(),
        Author::Person => "person".to_owned(),
        Author::Mission(id) => format!("mission {id}"),
    }
}

fn tags(view: &View) -> Result<Vec<TagView>, Failure> {
    let tags = view.tags().map_err(image)?;
    tags.into_iter()
        .map(|tag| {
            let entry = view.audit(tag.pinned).map_err(image)?;
            Ok(TagView {
                name: tag.name,
                tid: tag.pinned,
                time_ms: entry.map(|entry| entry.time_ms),
            })
        })
        .collect()
}

/// The state that a text names: a number, a tag, or `newest`.
pub fn moment(view: &View, text: &str) -> Result<PastView, Failure> {
    let tid = if text == "newest" {
        view.tid()
    } else if let Ok(tid) = text.parse() {
        tid
    } else if let Some(tag) = view.tag(text).map_err(image)? {
        tag.pinned
    } else {
        return Err(not_found(
            format!("`{text}` is neither a transaction's number nor a tag"),
            "`batos image history` shows the numbers, `batos image tag ls` the tags",
        ));
    };
    view.at(tid).map_err(|error| past_failure(&error))
}

fn at(past: &PastView, object: Option<&str>) -> Result<ImageReply, Failure> {
    match object {
        None => Ok(ImageReply::Objects(views::summaries(past).map_err(image)?)),
        Some(name) => {
            let found = views::object_view(past, name).map_err(image)?;
            let found = found.ok_or_else(|| {
                not_found(
                    format!("there is no object `{name}` at transaction {}", past.tid()),
                    "list those of that moment with `batos image at TID ls`",
                )
            })?;
            Ok(ImageReply::Object(Box::new(found)))
        }
    }
}

fn keep_object(found: &mut Diff, name: &str) {
    found.facts.clear();
    found
        .objects
        .retain(|object| object.name == name || object.renamed_from.as_deref() == Some(name));
}

/// `names` are those before and after.
pub fn diff_view(found: Diff, names: [&dyn Names; 2], from: Tid, to: Option<Tid>) -> DiffView {
    let facts = found.facts.into_iter().map(|fact| FactDiffView {
        key: fact.key,
        before: fact.before,
        after: fact.after,
    });
    DiffView {
        from,
        to,
        objects: found
            .objects
            .into_iter()
            .map(|object| object_diff(object, names))
            .collect(),
        facts: facts.collect(),
    }
}

fn object_diff(object: ObjectDiff, names: [&dyn Names; 2]) -> ObjectDiffView {
    let [old, new] = names;
    let slots = object
        .slots
        .into_iter()
        .map(|(before, after)| SlotDiffView {
            name: one_of(before.as_ref(), after.as_ref(), |slot| slot.name.clone()),
            before: before.as_ref().map(|slot| typed_value(slot, old)),
            after: after.as_ref().map(|slot| typed_value(slot, new)),
        });
    let source = |method: &Option<Method>| method.as_ref().map(|method| method.source.clone());
    let methods = object
        .methods
        .into_iter()
        .map(|(before, after)| MethodDiffView {
            selector: one_of(before.as_ref(), after.as_ref(), |method| {
                method.selector.clone()
            }),
            before: source(&before),
            after: source(&after),
        });
    ObjectDiffView {
        name: object.name,
        change: match object.change {
            Change::Added => "added",
            Change::Changed => "changed",
            Change::Removed => "removed",
        }
        .to_owned(),
        renamed_from: object.renamed_from,
        parent: object.parent,
        slots: slots.collect(),
        methods: methods.collect(),
    }
}

fn one_of<T>(before: Option<&T>, after: Option<&T>, name: impl Fn(&T) -> String) -> String {
    after.or(before).map(name).unwrap_or_default()
}

fn typed_value(slot: &Slot, names: &dyn Names) -> TypedValue {
    let value = Type::parse(&slot.rust_type)
        .ok()
        .and_then(|ty| value_to_json_with(&ty, &slot.value, names).ok());
    TypedValue {
        rust_type: slot.rust_type.clone(),
        value_json: value.map_or_else(|| "null".to_owned(), |value| value.to_string()),
    }
}

fn not_found(message: String, hint: &str) -> Failure {
    Failure {
        kind: FailureKind::NotFound,
        message,
        hint: Some(hint.to_owned()),
    }
}

fn past_failure(error: &ImageError) -> Failure {
    let hint = match error {
        ImageError::UnknownTransaction { .. } => "`batos image history` shows the numbers",
        ImageError::PackedAway { .. } => {
            "only what a tag pins stays readable when older history is packed away"
        }
        ImageError::BadName { .. } => "choose another name",
        _ => return internal(error.to_string()),
    };
    Failure {
        kind: FailureKind::Invalid,
        message: error.to_string(),
        hint: Some(hint.to_owned()),
    }
}
