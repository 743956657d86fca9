//! What the image's upkeep has done, as JSON for scripts and as text for people.

use std::path::Path;

use serde_json::{Value, json};

use super::diff;
use super::text::{diff_json, time};
use crate::cli::output::plain;
use crate::image::Restored;
use crate::image::check::RepairReport;
use crate::kernel::upkeep::finding;
use crate::wire::upkeep::{
    AdoptedView, BackedUpView, BranchedView, CheckedView, ExportedView, FindingView, ImportedView,
    PackedView, UpkeepReply, VerifiedView,
};

pub fn json(reply: &UpkeepReply) -> Value {
    match reply {
        UpkeepReply::Checked(checked) => checked_json(checked),
        UpkeepReply::Verified(verified) => verified_json(verified),
        UpkeepReply::BackedUp(done) => json!({
            "folder": done.folder, "full": done.full, "after": done.after, "tid": done.last,
            "blobs": done.blobs, "bytes": done.bytes,
        }),
        UpkeepReply::Exported(done) => json!({
            "file": done.file, "objects": done.objects, "methods": done.methods,
            "blobs": done.blobs, "bytes": done.bytes,
        }),
        UpkeepReply::Imported(done) => json!({
            "tid": done.tid, "objects": done.objects, "reused": done.reused,
            "methods": done.methods,
        }),
        UpkeepReply::Packed(done) => packed_json(done),
        UpkeepReply::Branched(done) => json!({
            "home": done.home, "fork": done.fork, "stopped": done.stopped,
        }),
        UpkeepReply::Adopted(done) => adopted_json(done),
    }
}

pub fn text(reply: &UpkeepReply, colours: bool) -> String {
    match reply {
        UpkeepReply::Checked(checked) => checked_text(checked),
        UpkeepReply::Verified(verified) => verified_text(verified),
        UpkeepReply::BackedUp(done) => backed_up(done),
        UpkeepReply::Exported(done) => exported(done),
        UpkeepReply::Imported(done) => imported(done),
        UpkeepReply::Packed(done) => packed(done),
        UpkeepReply::Branched(done) => branched(done),
        UpkeepReply::Adopted(done) => adopted(done) + &diff::text(&done.diff, colours),
    }
}

fn checked_json(checked: &CheckedView) -> Value {
    json!({
        "clean": checked.findings.is_empty(),
        "tid": checked.tid,
        "base": checked.base,
        "hash": checked.hash,
        "transactions": checked.transactions,
        "objects": checked.objects,
        "methods": checked.methods,
        "versions": checked.versions,
        "unpacked": checked.unpacked,
        "blobs": checked.blobs,
        "stray": {"blobs": checked.stray_blobs, "bytes": checked.stray_bytes},
        "torn": checked.torn,
        "compared": checked.compared,
        "findings": checked.findings.iter().map(finding_json).collect::<Vec<_>>(),
        "more": checked.more,
    })
}

fn finding_json(finding: &FindingView) -> Value {
    json!({"part": finding.part, "place": finding.place, "why": finding.why, "cure": finding.cure})
}

fn checked_text(checked: &CheckedView) -> String {
    let mut text = format!(
        "{}, {} and {} at transaction {}; {} in the log{}, {}\n",
        counted(checked.objects, "object"),
        counted(checked.methods, "method"),
        counted(checked.blobs, "blob"),
        checked.tid,
        counted(checked.transactions, "transaction"),
        after_base(checked.base),
        counted(checked.versions, "version"),
    );
    if checked.unpacked > 0 {
        let records = counted(checked.unpacked, "record");
        text.push_str(&format!("{records} that the next pack removes\n"));
    }
    if checked.stray_blobs > 0 {
        let (blobs, bytes) = (checked.stray_blobs, size(checked.stray_bytes));
        let blobs = counted(blobs, "blob");
        text.push_str(&format!("{blobs} of {bytes} that nothing needs\n"));
    }
    if let Some(torn) = &checked.torn {
        text.push_str(&format!(
            "{}; it is cut off at the next start\n",
            plain(torn)
        ));
    }
    if !checked.compared {
        text.push_str("the store was not compared with the log\n");
    }
    if checked.findings.is_empty() {
        text.push_str("nothing is wrong\n");
    }
    findings(&mut text, &checked.findings);
    if checked.more > 0 {
        text.push_str(&format!("and {} more\n", checked.more));
    }
    text
}

/// Each where, what and the way out; a remedy that many share is said once, after them.
fn findings(text: &mut String, findings: &[FindingView]) {
    let mut cures: Vec<&str> = Vec::new();
    for finding in findings {
        let line = format!("{}: {}: {}", finding.part, finding.place, finding.why);
        text.push_str(&plain(&line).replace('\n', " "));
        text.push('\n');
        if !cures.contains(&finding.cure.as_str()) {
            cures.push(&finding.cure);
        }
    }
    for cure in cures {
        text.push_str(&format!("hint: {cure}\n"));
    }
}

fn verified_json(verified: &VerifiedView) -> Value {
    let base = verified.base.as_ref();
    json!({
        "hash": verified.hash,
        "tid": verified.newest,
        "first": verified.first,
        "base": base.map(|(tid, hash)| json!({"tid": tid, "hash": hash})),
        "transactions": verified.transactions,
        "groups": verified.groups,
        "by": {"kernel": verified.by_kernel, "person": verified.by_person,
               "mission": verified.by_mission},
        "first_ms": verified.first_ms,
        "newest_ms": verified.newest_ms,
        "looked_for": verified.looked_for,
        "found": verified.found,
    })
}

fn verified_text(verified: &VerifiedView) -> String {
    let mut text = format!(
        "{} without a break{}: {} by the kernel, {} by persons, {} by missions\n",
        counted(verified.transactions, "transaction"),
        after_base(verified.base.as_ref().map(|(tid, _)| *tid)),
        verified.by_kernel,
        verified.by_person,
        verified.by_mission,
    );
    if verified.transactions > 0 {
        let (from, to) = (time(verified.first_ms), time(verified.newest_ms));
        text.push_str(&format!("from {from} to {to}\n"));
    }
    text.push_str(&format!(
        "hash at transaction {}: {}\n",
        verified.newest, verified.hash
    ));
    match (&verified.looked_for, verified.found) {
        (Some(_), Some(tid)) => text.push_str(&format!(
            "the hash that you gave is that of transaction {tid}: nothing up to there was changed since\n"
        )),
        (Some(_), None) => text.push_str(
            "the hash that you gave is not on the chain\n\
             hint: the image is another one or was changed, or that part of its log was packed away\n",
        ),
        (None, _) => {}
    }
    text
}

fn backed_up(done: &BackedUpView) -> String {
    let folder = plain(&done.folder);
    if done.bytes == 0 {
        return format!(
            "nothing new since {folder}, which ends with transaction {}\n",
            done.last
        );
    }
    let extent = if done.full {
        "all".to_owned()
    } else {
        format!("what came after transaction {}", done.after)
    };
    format!(
        "{folder}: {extent} up to transaction {}, {}, {}\n",
        done.last,
        counted(done.blobs, "blob"),
        size(done.bytes)
    )
}

fn exported(done: &ExportedView) -> String {
    format!(
        "{}: {} with {}, {}\n",
        plain(&done.file),
        plain(&done.objects.join(", ")),
        counted(done.methods, "method"),
        size(done.bytes)
    )
}

fn imported(done: &ImportedView) -> String {
    let mut text = String::new();
    if !done.objects.is_empty() {
        let (objects, methods) = (done.objects.join(", "), counted(done.methods, "method"));
        let line = format!("transaction {}: {objects} with {methods}\n", done.tid);
        text.push_str(&plain(&line));
    }
    if !done.reused.is_empty() {
        let line = format!("here already: {}\n", done.reused.join(", "));
        text.push_str(&plain(&line));
    }
    text
}

fn packed_json(done: &PackedView) -> Value {
    json!({
        "dry_run": done.dry_run,
        "horizon": done.horizon,
        "horizon_before": done.horizon_before,
        "pinned": done.pinned,
        "dropped": {"transactions": done.transactions, "objects": done.objects,
                    "versions": done.versions, "blobs": done.blobs},
        "versions_left": done.versions_left,
        "record_bytes": done.record_bytes,
        "blob_bytes": done.blob_bytes,
        "bytes_before": done.bytes_before,
        "bytes_after": done.bytes_after,
        "slowest_commit_us": done.slowest_commit_us,
    })
}

fn packed(done: &PackedView) -> String {
    let what = format!(
        "{}, {}, {}, {}",
        counted(done.transactions, "transaction"),
        counted(done.versions, "version"),
        counted(done.objects, "object"),
        counted(done.blobs, "blob"),
    );
    let mut text = if done.dry_run {
        let records = size(done.record_bytes);
        let blobs = size(done.blob_bytes);
        format!("it would drop {what}: {records} of records and {blobs} of blobs\n")
    } else {
        let (before, after) = (size(done.bytes_before), size(done.bytes_after));
        format!("dropped {what}: {before} before, {after} after\n")
    };
    let begins = if done.dry_run {
        "would begin"
    } else {
        "begins"
    };
    text.push_str(&format!(
        "the history {begins} at transaction {}",
        done.horizon
    ));
    if !done.pinned.is_empty() {
        let pinned: Vec<String> = done.pinned.iter().map(u64::to_string).collect();
        text.push_str(&format!("; tags keep {}", pinned.join(", ")));
    }
    text.push('\n');
    text
}

fn branched(done: &BranchedView) -> String {
    let mut text = format!(
        "a branch after transaction {} in {}\n",
        done.fork, done.home
    );
    if done.stopped > 0 {
        let missions = counted(done.stopped, "mission");
        text.push_str(&format!("{missions} under way then: not in the branch\n"));
    }
    text
}

fn adopted_json(done: &AdoptedView) -> Value {
    let missions = done.missions.iter();
    json!({
        "fork": done.fork, "newest": done.newest, "tid": done.tid, "changed": done.changed,
        "missions": missions.map(|(there, here)| json!({"there": there, "here": here}))
            .collect::<Vec<_>>(),
        "diff": diff_json(&done.diff),
    })
}

fn adopted(done: &AdoptedView) -> String {
    let (first, last) = (done.fork + 1, done.newest);
    let mut text = match done.tid {
        Some(tid) => {
            format!("transactions {first} to {last} of the branch were adopted by {tid}\n")
        }
        None => format!("adopting transactions {first} to {last} of the branch would change\n"),
    };
    let missions = done.missions.iter();
    let missions: Vec<String> = missions
        .map(|(there, here)| format!("{there} as {here}"))
        .collect();
    if !missions.is_empty() {
        text.push_str(&format!("missions {}\n", missions.join(", ")));
    }
    text
}

pub fn restored_json(image: &Path, done: &Restored) -> Value {
    let from = done.from.iter().map(|path| path.display().to_string());
    json!({
        "image": image.display().to_string(),
        "tid": done.tid,
        "from": from.collect::<Vec<_>>(),
        "blobs": done.blobs,
        "bytes": done.bytes,
    })
}

pub fn restored(image: &Path, done: &Restored) -> String {
    format!(
        "{}: the image as it was after transaction {}, of {}, {}\n",
        image.display(),
        done.tid,
        counted(done.from.len() as u64, "backup"),
        size(done.bytes)
    )
}

pub fn repaired_json(done: &RepairReport, dry_run: bool) -> Value {
    let lost = done.lost.as_ref();
    json!({
        "dry_run": dry_run,
        "steps": done.steps,
        "lost": lost.map(|lost| json!({"first": lost.start(), "last": lost.end()})),
        "new_chain": done.is_new_chain,
        "aside": done.aside.as_ref().map(|folder| folder.display().to_string()),
        "remaining": done.remaining.iter().map(finding).map(|f| finding_json(&f)).collect::<Vec<_>>(),
    })
}

pub fn repaired(done: &RepairReport, dry_run: bool) -> String {
    if done.steps.is_empty() && done.remaining.is_empty() {
        return "nothing is wrong\n".to_owned();
    }
    let mut text = String::new();
    if dry_run {
        text.push_str("a repair would\n");
    }
    for step in &done.steps {
        text.push_str(&format!("- {}\n", plain(step)));
    }
    if let Some(lost) = &done.lost {
        let (first, last) = (lost.start(), lost.end());
        text.push_str(&format!("lost: transactions {first} to {last}\n"));
    }
    if done.is_new_chain {
        text.push_str("a new chain begins: hashes written down before are not on it\n");
    }
    if let Some(folder) = &done.aside {
        let folder = folder.display();
        text.push_str(&format!("what was replaced is kept in {folder}\n"));
    }
    let remaining: Vec<FindingView> = done.remaining.iter().map(finding).collect();
    if remaining.is_empty() {
        text.push_str("nothing is wrong any more\n");
    }
    findings(&mut text, &remaining);
    text
}

fn after_base(base: Option<u64>) -> String {
    base.map_or_else(String::new, |tid| {
        format!(" after the base of transaction {tid}")
    })
}

fn counted(number: u64, what: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {what}{s}")
}

fn size(bytes: u64) -> String {
    const KIB: u64 = 1 << 10;
    const MIB: u64 = 1 << 20;
    match bytes {
        0..KIB => counted(bytes, "byte"),
        KIB..MIB => format!("{} KiB", bytes.div_ceil(KIB)),
        _ => format!("{} MiB", bytes.div_ceil(MIB)),
    }
}
