//! `batos image fsck|verify|backup|restore|export|import`.
//!
//! A kernel that runs does the work, since it alone may have the image open. Without one it is done in
//! this process, so that an image that does not open can be looked at, repaired and replaced.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::{SignedDuration, Timestamp};

use super::arguments::{FsckArguments, UpkeepCommand};
use super::upkeep_text;
use crate::cli::Context;
use crate::cli::ask::unexpected;
use crate::cli::output::{Failed, Outcome, code, print, print_json, progress};
use crate::cli::waiting::Waiting;
use crate::image::check::{self, ChainMark, CheckError, RepairError, RepairOptions};
use crate::image::{BackupError, Image, restore};
use crate::kernel::upkeep::{self, Progress, UpkeepError};
use crate::wire::image::{ImageReply, ImageRequest};
use crate::wire::messages::{Reply, Request};
use crate::wire::socket::{SocketError, connect_sync};
use crate::wire::upkeep::{Before, Since, UpkeepReply, UpkeepRequest};

pub fn run(context: &Context, command: UpkeepCommand) -> Outcome {
    match command {
        UpkeepCommand::Fsck(arguments) if arguments.repair => repair(context, &arguments),
        UpkeepCommand::Fsck(arguments) => {
            let folder = arguments.folder;
            let reply = work(context, folder, UpkeepRequest::Fsck, |folder, progress| {
                let mut tell = |step, done| progress.step(step, done);
                let report = check::fsck(folder, &mut tell)?;
                Ok(UpkeepReply::Checked(upkeep::checked(report)))
            })?;
            show(context, &reply)
        }
        UpkeepCommand::Verify { hash, folder } => verify(context, hash, folder),
        UpkeepCommand::Pack {
            before,
            keep_unreachable,
            dry_run,
        } => pack(context, &before, keep_unreachable, dry_run),
        UpkeepCommand::Backup { folder, since } => backup(context, &folder, since.as_deref()),
        UpkeepCommand::Restore { backups, to, into } => restore_from(context, &backups, to, into),
        UpkeepCommand::Export { name, file, force } => {
            let file = absolute(&file)?;
            let request = UpkeepRequest::Export {
                object: name.clone(),
                file: text_of(&file)?,
                replace: force,
            };
            let reply = work(context, None, request, |folder, _| {
                let image = open(folder)?;
                let done = upkeep::export(&image, &name, &file, force)?;
                image.close()?;
                Ok(UpkeepReply::Exported(done))
            })?;
            show(context, &reply)
        }
        UpkeepCommand::Import {
            file,
            prefix,
            reuse,
        } => {
            // It compiles and runs checks: that is the kernel's.
            let request = UpkeepRequest::Import {
                file: text_of(&absolute(&file)?)?,
                prefix,
                reuse,
            };
            show(context, &of_kernel(context, request)?)
        }
    }
}

/// Asks a running kernel, or works on an image that no kernel has open. A folder that the person
/// names is always worked on here.
pub(super) fn work(
    context: &Context,
    folder: Option<PathBuf>,
    request: UpkeepRequest,
    closed: impl FnOnce(&Path, &mut Progress<'_>) -> Result<UpkeepReply, UpkeepError>,
) -> Result<UpkeepReply, Failed> {
    let folder = match folder {
        Some(folder) => folder,
        None => match connect_sync(&context.settings.socket) {
            Ok(_) => {
                return of_kernel(context, request);
            }
            Err(SocketError::NotRunning { .. }) => context.settings.image.clone(),
            Err(error) => {
                let hint = error.hint();
                return Err(Failed::new(error, hint));
            }
        },
    };
    closed(&folder, &mut Progress::new(&mut progress)).map_err(failed)
}

/// How far it is can be seen meanwhile.
fn of_kernel(context: &Context, request: UpkeepRequest) -> Result<UpkeepReply, Failed> {
    let what = match &request {
        UpkeepRequest::Import { .. } => "importing",
        UpkeepRequest::Export { .. } => "exporting",
        UpkeepRequest::Backup { .. } => "backing up",
        UpkeepRequest::Pack { .. } => "packing",
        _ => "checking",
    };
    let mut asker = context.asker()?;
    let _waiting = Waiting::for_kernel(&context.settings.socket, what, "image.");
    let reply = asker.ask(Request::Image(ImageRequest::Upkeep(request)))?;
    upkeep_reply(reply)
}

pub(super) fn upkeep_reply(reply: Reply) -> Result<UpkeepReply, Failed> {
    match reply {
        Reply::Image(reply) => match *reply {
            ImageReply::Upkeep(reply) => Ok(reply),
            other => Err(unexpected(&Reply::Image(Box::new(other)))),
        },
        other => Err(unexpected(&other)),
    }
}

fn verify(context: &Context, hash: Option<String>, folder: Option<PathBuf>) -> Outcome {
    let mark = hash.as_deref().map(str::parse::<ChainMark>).transpose();
    let mark = mark.map_err(|error| failed(error.into()))?;
    let request = UpkeepRequest::Verify { hash };
    let reply = work(context, folder, request, |folder, progress| {
        let mut tell = |step, done| progress.step(step, done);
        let found = check::verify(folder, mark, &mut tell)?;
        Ok(UpkeepReply::Verified(upkeep::verified(&found, mark)))
    })?;
    show(context, &reply)
}

fn backup(context: &Context, folder: &Path, since: Option<&str>) -> Outcome {
    let since = match since {
        None => Since::Beginning,
        Some("newest") => Since::Newest,
        Some(tid) => Since::Transaction(tid.parse().map_err(|_| {
            Failed::message(
                format!("{tid:?} is no transaction"),
                "`--since` takes a transaction with which a backup in the folder ends, or `newest`",
            )
        })?),
    };
    let into = absolute(folder)?;
    let request = UpkeepRequest::Backup {
        folder: text_of(&into)?,
        since,
    };
    let reply = work(context, None, request, |folder, progress| {
        let image = open(folder)?;
        let done = upkeep::backup(&image, &into, since, progress)?;
        image.close()?;
        Ok(UpkeepReply::BackedUp(done))
    })?;
    show(context, &reply)
}

fn pack(context: &Context, before: &str, keep_unreachable: bool, dry_run: bool) -> Outcome {
    let before = before_of(before, &Timestamp::now())?;
    let request = UpkeepRequest::Pack {
        before: before.clone(),
        keep_unreachable,
        dry_run,
    };
    let reply = work(context, None, request, |folder, progress| {
        let image = open(folder)?;
        let done = upkeep::pack(&image, &before, keep_unreachable, dry_run, progress)?;
        image.close()?;
        Ok(UpkeepReply::Packed(done))
    })?;
    show(context, &reply)
}

/// An age and a date become a time; all else is for the image to know.
fn before_of(text: &str, now: &Timestamp) -> Result<Before, Failed> {
    let time = |time: Timestamp| {
        let ms = time.as_millisecond();
        Before::Time(u64::try_from(ms).unwrap_or_default())
    };
    if let Ok(date) = text.parse::<jiff::civil::Date>() {
        let start = date.to_zoned(jiff::tz::TimeZone::system())?;
        return Ok(time(start.timestamp()));
    }
    let number = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = text.strip_prefix(number).unwrap_or_default();
    let hours: i64 = match unit {
        "h" => 1,
        "d" => 24,
        "w" => 7 * 24,
        _ => return Ok(Before::Moment(text.to_owned())),
    };
    let Ok(number) = number.parse::<i64>() else {
        return Ok(Before::Moment(text.to_owned()));
    };
    let age = SignedDuration::from_hours(number.saturating_mul(hours).clamp(0, 1_000_000));
    Ok(time(now.checked_sub(age).unwrap_or(Timestamp::UNIX_EPOCH)))
}

fn restore_from(
    context: &Context,
    backups: &Path,
    to: Option<u64>,
    into: Option<PathBuf>,
) -> Outcome {
    let into = into.unwrap_or_else(|| context.settings.image.clone());
    let mut tell = progress;
    let mut say = Progress::new(&mut tell);
    let restored = restore(backups, &into, to, &mut |bytes| say.bytes(bytes));
    let restored = restored.map_err(|error: BackupError| {
        let hint = match &error {
            // Only here it is known that the place is this system's image.
            BackupError::Occupied { image: true, path } => format!(
                "stop it with `batos down`, keep what is there with `mv {path} {path}.before`, and \
                 restore again; or name another folder with `--into`",
                path = path.display()
            ),
            error => error.hint(),
        };
        Failed::new(error, Some(hint))
    })?;
    if context.json {
        print_json(&upkeep_text::restored_json(&into, &restored))?;
    } else {
        print(&upkeep_text::restored(&into, &restored))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn repair(context: &Context, arguments: &FsckArguments) -> Outcome {
    let folder = if let Some(folder) = &arguments.folder {
        folder.clone()
    } else if connect_sync(&context.settings.socket).is_ok() {
        return Err(Failed::message(
            "the image is in use by the kernel",
            "stop it with `batos down`, repair, and start it again with `batos up`",
        ));
    } else {
        context.settings.image.clone()
    };
    let options = RepairOptions {
        dry_run: arguments.dry_run,
        accept_loss: arguments.accept_loss,
    };
    let mut tell = progress;
    let mut say = Progress::new(&mut tell);
    let done = check::repair(&folder, options, &mut |step, done| say.step(step, done));
    let done = done.map_err(|error| {
        let hint = match &error {
            RepairError::Loses { steps, .. } => format!(
                "nothing was changed. It would: {}. A newer backup is better; to go on without these \
                 transactions give `--accept-loss`",
                steps.join("; ")
            ),
            error => error.hint(),
        };
        Failed {
            code: code::DAMAGED,
            ..Failed::new(error, Some(hint))
        }
    })?;
    if context.json {
        print_json(&upkeep_text::repaired_json(&done, options.dry_run))?;
    } else {
        print(&upkeep_text::repaired(&done, options.dry_run))?;
    }
    Ok(exit_code(!done.remaining.is_empty()))
}

pub(super) fn show(context: &Context, reply: &UpkeepReply) -> Outcome {
    if context.json {
        print_json(&upkeep_text::json(reply))?;
    } else {
        print(&upkeep_text::text(reply, super::colours()))?;
    }
    Ok(exit_code(match reply {
        UpkeepReply::Checked(checked) => !checked.findings.is_empty(),
        UpkeepReply::Verified(verified) => {
            verified.looked_for.is_some() && verified.found.is_none()
        }
        _ => false,
    }))
}

fn exit_code(damaged: bool) -> ExitCode {
    if damaged {
        ExitCode::from(code::DAMAGED)
    } else {
        ExitCode::SUCCESS
    }
}

/// An image that is there; opening one that is not would make it.
pub(super) fn open(folder: &Path) -> Result<Image, UpkeepError> {
    if !folder.join("format").exists() {
        let folder = folder.to_owned();
        return Err(CheckError::NoImage { folder }.into());
    }
    Ok(Image::open(folder)?)
}

/// The kernel's working folder is another one.
fn absolute(path: &Path) -> Result<PathBuf, Failed> {
    std::path::absolute(path).map_err(|error| {
        let text = format!("cannot find {}", path.display());
        Failed::new(anyhow::Error::new(error).context(text), None)
    })
}

pub(super) fn text_of(path: &Path) -> Result<String, Failed> {
    path.to_str().map(str::to_owned).ok_or_else(|| {
        Failed::message(
            format!("{} is not UTF-8", path.display()),
            "name a folder whose path is",
        )
    })
}

fn failed(error: UpkeepError) -> Failed {
    let hint = error.hint();
    Failed::new(error, Some(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_and_dates_are_times_and_all_else_is_a_moment() {
        let hours = |hours: i64| SignedDuration::from_hours(hours);
        let now = Timestamp::UNIX_EPOCH.saturating_add(hours(1000));
        let now = now.unwrap_or(Timestamp::UNIX_EPOCH);
        let before = |text: &str| before_of(text, &now).ok();
        let time = |hours: u64| Some(Before::Time(hours * 3_600_000));
        assert_eq!(before("12h"), time(988));
        assert_eq!(before("2d"), time(952));
        assert_eq!(before("1w"), time(832));
        assert_eq!(before("9999999d"), time(0));
        assert!(matches!(before("2026-11-01"), Some(Before::Time(_))));
        for moment in ["newest", "17", "release-2", "d", "x3d", ""] {
            assert_eq!(before(moment), Some(Before::Moment(moment.to_owned())));
        }
    }
}
