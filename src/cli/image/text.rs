//! Replies about the image as JSON for scripts and as text for people.

use serde_json::{Map, Value, json};

use super::upkeep_text;
use crate::cli::output::{plain, table};
use crate::cli::render::{object_json, objects_json, parsed};
use crate::wire::image::{
    DiffView, ImageReply, ObjectDiffView, TagView, TransactionView, TypedValue,
};

pub fn json(reply: &ImageReply) -> Value {
    match reply {
        ImageReply::History(transactions) => transactions.iter().map(transaction_json).collect(),
        ImageReply::Diff(found) => diff_json(found),
        ImageReply::Object(object) => object_json(object),
        ImageReply::Objects(objects) => objects_json(objects),
        ImageReply::Undone(undone) => json!({
            "undone": undone.undone,
            "tid": undone.tid,
            "changed": undone.changed,
            "diff": diff_json(&undone.diff),
        }),
        ImageReply::Tags(tags) => tags.iter().map(tag_json).collect(),
        ImageReply::Upkeep(reply) => upkeep_text::json(reply),
    }
}

fn transaction_json(transaction: &TransactionView) -> Value {
    json!({
        "tid": transaction.tid,
        "time_ms": transaction.time_ms,
        "author": transaction.author,
        "changed": transaction.changed,
        "lines": transaction.lines,
        "tags": transaction.tags,
    })
}

fn tag_json(tag: &TagView) -> Value {
    json!({"name": tag.name, "tid": tag.tid, "time_ms": tag.time_ms})
}

pub fn diff_json(found: &DiffView) -> Value {
    let facts = found
        .facts
        .iter()
        .map(|fact| json!({"key": fact.key, "before": fact.before, "after": fact.after}));
    json!({
        "from": found.from,
        "to": found.to,
        "objects": found.objects.iter().map(object_diff_json).collect::<Vec<_>>(),
        "facts": facts.collect::<Vec<_>>(),
    })
}

fn object_diff_json(object: &ObjectDiffView) -> Value {
    let mut map = Map::new();
    map.insert("name".to_owned(), json!(object.name));
    map.insert("change".to_owned(), json!(object.change));
    if let Some(from) = &object.renamed_from {
        map.insert("renamed_from".to_owned(), json!(from));
    }
    if let Some((before, after)) = &object.parent {
        let parent = json!({"before": before, "after": after});
        map.insert("parent".to_owned(), parent);
    }
    let slots = object.slots.iter().map(|slot| {
        json!({"name": slot.name, "before": slot.before.as_ref().map(typed_json),
               "after": slot.after.as_ref().map(typed_json)})
    });
    map.insert("slots".to_owned(), slots.collect());
    let methods = object.methods.iter().map(|method| {
        json!({"selector": method.selector, "before": method.before, "after": method.after})
    });
    map.insert("methods".to_owned(), methods.collect());
    Value::Object(map)
}

fn typed_json(value: &TypedValue) -> Value {
    json!({"type": value.rust_type, "value": parsed(&value.value_json)})
}

pub fn history(transactions: &[TransactionView]) -> String {
    let rows: Vec<Vec<String>> = transactions
        .iter()
        .map(|transaction| {
            let mut changed = transaction.changed.join(", ");
            if !transaction.tags.is_empty() {
                changed = format!("[{}] {changed}", transaction.tags.join(", "));
            }
            vec![
                transaction.tid.to_string(),
                time(transaction.time_ms),
                transaction.author.clone(),
                plain(&changed).replace('\n', " "),
                plain(&transaction.lines.join("; ")).replace('\n', " "),
            ]
        })
        .collect();
    table(&["TID", "TIME", "BY", "CHANGED", "WHAT"], &rows)
}

pub fn tags(tags: &[TagView]) -> String {
    let rows: Vec<Vec<String>> = tags
        .iter()
        .map(|tag| {
            let time = tag.time_ms.map(time).unwrap_or_default();
            vec![plain(&tag.name), tag.tid.to_string(), time]
        })
        .collect();
    table(&["TAG", "TID", "TIME"], &rows)
}

/// In the zone of this machine.
pub fn time(ms: u64) -> String {
    let time = i64::try_from(ms)
        .ok()
        .and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    time.map_or_else(String::new, |time| {
        time.to_zoned(jiff::tz::TimeZone::system())
            .strftime("%Y-%m-%d %H:%M:%S")
            .to_string()
    })
}
