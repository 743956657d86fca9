//! Branches: a home of its own, with an image that goes on from a transaction of this one.
//!
//! A branch is tried in a system of its own (`batos --branch NAME up`), so whatever is done there cannot
//! harm what it is a branch of; adopting it takes over what it changed, in one transaction.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use super::document::{Document, state_of};
use super::names::NamesOf;
use super::shared::Shared;
use super::upkeep::{Progress, UpkeepError};
use super::{history, requests};
use crate::config::Home;
use crate::image::{
    AdoptError, Adopted, Author, CommitError, Image, ImageError, Mission, Read, Tid, View, diff,
};
use crate::method::Names;
use crate::wire::image::DiffView;
use crate::wire::messages::{Event, Failure, FailureKind, MissionState};
use crate::wire::upkeep::{AdoptedView, BranchedView};

const STOPPED: &str = "was under way when this branch began; it goes on in the image that this is a \
                       branch of";

/// Makes a branch's home, with its image.
pub fn fork(
    image: &Image,
    home: &Path,
    at: Tid,
    progress: &mut Progress<'_>,
) -> Result<BranchedView, UpkeepError> {
    let root = home.to_owned();
    let home = Home { root };
    let was_there = home.branch_mark().exists();
    let failed = |action| {
        let path = home.root.clone();
        move |source| UpkeepError::Io {
            action,
            path,
            source,
        }
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&home.root)
        .map_err(failed("create"))?;
    fs::write(home.branch_mark(), "The home of a branch.\n").map_err(failed("write to"))?;
    let mut stopped = 0;
    let forked = image.fork(
        at,
        &home.image(),
        &mut |mission| {
            let settled = settle(mission)?;
            stopped += 1;
            Some(settled)
        },
        &mut |bytes| progress.bytes(bytes),
    );
    if let Err(error) = forked {
        if !was_there {
            // Only what was made here: a home that holds more stays.
            let _ = fs::remove_file(home.branch_mark());
            let _ = fs::remove_dir(&home.root);
        }
        return Err(error.into());
    }
    Ok(BranchedView {
        home: home.root.display().to_string(),
        fork: at,
        stopped,
    })
}

/// The moment's transaction.
pub fn moment(view: &View, text: &str) -> Result<Tid, Failure> {
    Ok(history::moment(view, text)?.tid())
}

/// A mission that was under way goes on in one image only.
fn settle(mission: &Mission) -> Option<Mission> {
    if state_of(mission).has_ended() {
        return None;
    }
    let document = serde_json::from_str::<Document>(&mission.document);
    let document = document.map_or_else(
        |_| mission.document.clone(),
        |mut document| {
            STOPPED.clone_into(&mut document.outcome);
            document.to_text()
        },
    );
    Some(Mission {
        state: MissionState::Failed.name().to_owned(),
        document,
        ..mission.clone()
    })
}

/// Why a branch was not adopted.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error(transparent)]
    Adopt(#[from] AdoptError),
    #[error(transparent)]
    Image(#[from] ImageError),
    #[error(transparent)]
    Commit(#[from] CommitError),
}

pub(super) fn adopt(shared: &Shared, home: &Path, dry_run: bool) -> Result<AdoptedView, Failure> {
    let root = home.to_owned();
    let name = home.file_name().unwrap_or_default().to_string_lossy();
    let branch = open(&Home { root }, &name)?;
    check_missions(&branch, &name)?;
    let refused = |error| failure(error, &name);
    if dry_run {
        let mut transaction = shared.image.begin(Author::Person);
        let adopted = transaction.adopt(&branch);
        let adopted = adopted.map_err(|error| refused(error.into()))?;
        let before = transaction.snapshot();
        let found = diff(before, &transaction).map_err(requests::image)?;
        let names: [&dyn Names; 2] = [&NamesOf(before), &NamesOf(&transaction)];
        let found = history::diff_view(found, names, before.tid(), None);
        return Ok(view(adopted, None, found));
    }
    let adopted = shared.image.transact(Author::Person, |transaction| {
        let adopted = transaction.adopt(&branch)?;
        let (fork, newest) = (adopted.fork, adopted.newest);
        transaction.audit(&format!(
            "adopted branch {name}: transactions {} to {newest}",
            fork + 1
        ));
        let found = diff(transaction.snapshot(), transaction)?;
        Ok::<_, Refusal>((adopted, found, transaction.snapshot().tid()))
    });
    let ((adopted, found, from), tid) = adopted.map_err(refused)?;
    if adopted.missions.is_empty() {
        history::tell(shared, &found);
    } else {
        shared.journal.tell(Event::Resync);
    }
    // Only so that it can be dropped without a question; what counts is here.
    let noted = branch.transact(Author::Kernel, |transaction| {
        transaction.set_tag(ADOPTED_TAG, adopted.newest)?;
        Ok::<_, Refusal>(())
    });
    if let Err(error) = noted {
        let text = format!("branch {name} was adopted, but does not know it: {error}");
        let fields = serde_json::json!({});
        shared.journal.info("image.branch", &text, fields);
    }
    let before = shared.image.view().at(from).map_err(requests::image)?;
    let after = shared.image.view();
    let names: [&dyn Names; 2] = [&NamesOf(&before), &NamesOf(&after)];
    let found = history::diff_view(found, names, from, Some(tid));
    Ok(view(adopted, Some(tid), found))
}

/// In a branch: up to there it was adopted.
pub const ADOPTED_TAG: &str = "adopted";

fn open(home: &Home, name: &str) -> Result<Image, Failure> {
    let image = home.image();
    if !image.join("format").exists() {
        return Err(Failure {
            kind: FailureKind::NotFound,
            message: format!("there is no branch `{name}`"),
            hint: Some("list them with `batos image branch ls`".to_owned()),
        });
    }
    Image::open(&image).map_err(|error| {
        let mut failure = UpkeepError::Open(error).into_failure();
        failure.kind = FailureKind::Conflict;
        failure.hint = Some(format!("stop it with `batos --branch {name} down`"));
        failure
    })
}

/// One that is under way would be cut in two.
fn check_missions(branch: &Image, name: &str) -> Result<(), Failure> {
    let missions = branch.view().missions().map_err(requests::image)?;
    let open = missions
        .iter()
        .filter(|mission| !state_of(mission).has_ended());
    let open: Vec<String> = open.map(|mission| mission.id.to_string()).collect();
    if open.is_empty() {
        return Ok(());
    }
    Err(Failure {
        kind: FailureKind::Conflict,
        message: format!(
            "cannot adopt branch {name}: mission {} is under way in it",
            open.join(", ")
        ),
        hint: Some(format!(
            "let it end or cancel it: `batos --branch {name} up`, then \
             `batos --branch {name} mission cancel ID`"
        )),
    })
}

fn failure(refusal: Refusal, name: &str) -> Failure {
    let error = match refusal {
        Refusal::Commit(error) => return requests::commit_failure(&error),
        Refusal::Image(error) => return requests::image(error),
        Refusal::Adopt(error) => error,
    };
    Failure {
        kind: match &error {
            AdoptError::Depends { .. } | AdoptError::Already => FailureKind::Conflict,
            AdoptError::Image(_) | AdoptError::Log(_) => FailureKind::Internal,
            _ => FailureKind::Invalid,
        },
        message: format!("cannot adopt branch {name}: {error}"),
        hint: Some(error.hint().to_owned()),
    }
}

fn view(adopted: Adopted, tid: Option<Tid>, diff: DiffView) -> AdoptedView {
    AdoptedView {
        fork: adopted.fork,
        newest: adopted.newest,
        tid,
        changed: adopted.changed,
        missions: adopted.missions,
        diff,
    }
}
