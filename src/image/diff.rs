//! What differs between two states of the image: objects with their parts, and facts.

use std::collections::BTreeMap;

use super::object::{Method, Object, Oid, Slot};
use super::revise::contents;
use super::{ImageError, Read};

/// Everything that differs; missions and call counts are not compared.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Diff {
    /// By the newer name.
    pub objects: Vec<ObjectDiff>,
    /// By key.
    pub facts: Vec<FactDiff>,
}

/// What differs in an object that is in one or both of the states.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectDiff {
    pub oid: Oid,
    /// The newer name; its number where it has none.
    pub name: String,
    pub change: Change,
    /// The older name, when it was another.
    pub renamed_from: Option<String>,
    /// Older and newer parent's name, when they differ.
    pub parent: Option<(Option<String>, Option<String>)>,
    /// By name: older and newer.
    pub slots: Vec<(Option<Slot>, Option<Slot>)>,
    /// By selector: older and newer.
    pub methods: Vec<(Option<Method>, Option<Method>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Added,
    Changed,
    Removed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactDiff {
    pub key: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Compares all that the two states hold.
pub fn diff(before: &impl Read, after: &impl Read) -> Result<Diff, ImageError> {
    let old = objects_by_oid(before)?;
    let new = objects_by_oid(after)?;
    let mut oids: Vec<Oid> = old.keys().chain(new.keys()).copied().collect();
    oids.sort_unstable();
    oids.dedup();
    let mut objects: Vec<ObjectDiff> = oids
        .iter()
        .filter_map(|oid| object(*oid, &old, &new))
        .collect();
    objects.sort_by(|a, b| (&a.name, a.oid).cmp(&(&b.name, b.oid)));
    let facts = facts(before, after)?;
    Ok(Diff { objects, facts })
}

impl Diff {
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty() && self.facts.is_empty()
    }
}

type Objects = BTreeMap<Oid, Object>;

fn objects_by_oid(read: &impl Read) -> Result<Objects, ImageError> {
    let objects = read.objects()?.into_iter();
    Ok(objects
        .map(|object| (object.oid, contents(&object)))
        .collect())
}

fn object(oid: Oid, old: &Objects, new: &Objects) -> Option<ObjectDiff> {
    let (before, after) = (old.get(&oid), new.get(&oid));
    if before == after {
        return None;
    }
    let name = after.or(before)?.head().known_as();
    let change = match (before, after) {
        (None, _) => Change::Added,
        (_, None) => Change::Removed,
        _ => Change::Changed,
    };
    let name_of = |objects: &Objects, object: Option<&Object>| {
        let parent = objects.get(&object?.parent?)?;
        Some(parent.head().known_as())
    };
    let parents = (name_of(old, before), name_of(new, after));
    let changed = change == Change::Changed;
    Some(ObjectDiff {
        oid,
        change,
        renamed_from: before
            .filter(|before| changed && after.is_some_and(|after| after.name != before.name))
            .map(|before| before.head().known_as()),
        parent: (before.map(|o| o.parent) != after.map(|o| o.parent) && parents != (None, None))
            .then_some(parents),
        slots: pairs(before, after, |object| &object.slots, |slot| &slot.name),
        methods: pairs(
            before,
            after,
            |object| &object.methods,
            |method| &method.selector,
        ),
        name,
    })
}

/// The parts that differ, each with its older and its newer form.
fn pairs<T: Clone + PartialEq>(
    before: Option<&Object>,
    after: Option<&Object>,
    parts: impl Fn(&Object) -> &Vec<T>,
    name: impl Fn(&T) -> &String,
) -> Vec<(Option<T>, Option<T>)> {
    let mut found: BTreeMap<String, (Option<T>, Option<T>)> = BTreeMap::new();
    for part in before.into_iter().flat_map(&parts) {
        found.entry(name(part).clone()).or_default().0 = Some(part.clone());
    }
    for part in after.into_iter().flat_map(&parts) {
        found.entry(name(part).clone()).or_default().1 = Some(part.clone());
    }
    found
        .into_values()
        .filter(|(before, after)| before != after)
        .collect()
}

fn facts(before: &impl Read, after: &impl Read) -> Result<Vec<FactDiff>, ImageError> {
    let mut found: BTreeMap<String, FactDiff> = BTreeMap::new();
    let mut take = |facts: Vec<(String, String)>, newer: bool| {
        for (key, value) in facts {
            let fact = found.entry(key.clone()).or_insert(FactDiff {
                key,
                before: None,
                after: None,
            });
            let side = if newer {
                &mut fact.after
            } else {
                &mut fact.before
            };
            *side = Some(value);
        }
    };
    take(before.facts("")?, false);
    take(after.facts("")?, true);
    let facts = found.into_values();
    Ok(facts.filter(|fact| fact.before != fact.after).collect())
}
