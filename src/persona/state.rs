//! What the words around an example say of the slots: `with a level of 8`, `With ["Mia"] in the book:`, `and
//! words is then {"ha": 2}`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::literal::literal;
use super::mention::says_empty;
use crate::method::{StructSpec, Type, value_from_json};

/// Words that a number's name and the number have between them.
const LINKS: [&str; 6] = ["of", "is", "=", "was", "at", "are"];
/// Other words that may stand between them too, as in "the best jump so far is 480".
const MOST_BETWEEN: usize = 4;

/// The slots that a clause gives a value: numbers by their names, and of a single collection or text what stands there.
pub fn stated_slots(clause: &str, structure: &StructSpec) -> BTreeMap<String, Value> {
    let mut slots = BTreeMap::new();
    for (name, ty) in &structure.slots {
        let number = numbers_of(clause, name).pop();
        let value = number.and_then(|number| serde_json::from_str::<Value>(number).ok());
        if let Some(value) = value.filter(|value| value_from_json(ty, value).is_ok()) {
            slots.insert(name.clone(), value);
        }
    }
    let mut collections = structure.slots.iter().filter(|(_, ty)| is_collection(ty));
    if let (Some((name, ty)), None) = (collections.next(), collections.next())
        && let Some(value) = written(clause, ty).or_else(|| emptied(clause, ty))
    {
        slots.insert(name.clone(), value);
    }
    slots
}

/// The slots that a clause says to be something afterwards.
pub fn stated_after(clause: &str, structure: &StructSpec) -> BTreeMap<String, Value> {
    const SAYS: [&str; 5] = ["is then", "is now", "becomes", "then is", "is afterwards"];
    let mut slots = BTreeMap::new();
    for (name, ty) in &structure.slots {
        let value = clause.match_indices(name.as_str()).find_map(|(at, _)| {
            let rest = clause.get(at + name.len()..)?;
            let rest = rest.trim_start_matches('`').trim_start();
            let rest = SAYS.iter().find_map(|says| rest.strip_prefix(says))?;
            Some(literal(rest, ty)?.0)
        });
        if let Some(value) = value {
            slots.insert(name.clone(), value);
        }
    }
    slots
}

fn is_collection(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Vec(_)
            | Type::VecDeque(_)
            | Type::HashMap(..)
            | Type::BTreeMap(..)
            | Type::HashSet(_)
            | Type::BTreeSet(_)
            | Type::SharedSet(_)
            | Type::SharedList(_)
    )
}

/// A collection that is written in the clause.
fn written(clause: &str, ty: &Type) -> Option<Value> {
    clause
        .match_indices(['[', '{'])
        .find_map(|(at, _)| Some(literal(clause.get(at..)?, ty)?.0))
}

fn emptied(clause: &str, ty: &Type) -> Option<Value> {
    let none = match ty {
        Type::HashMap(..) | Type::BTreeMap(..) => json!({}),
        _ => json!([]),
    };
    says_empty(clause).then_some(none)
}

/// The numbers that a clause gives a name: `balance of 2.0`, `balance is 2`, `balance = 2`, `balance 2`, `balance so far
/// is 2`.
pub fn numbers_of<'a>(clause: &'a str, name: &str) -> Vec<&'a str> {
    let words: Vec<&str> = clause
        .split(|letter: char| letter.is_whitespace() || [',', ';'].contains(&letter))
        .map(|word| word.trim_matches(['`', ':', '(', ')']))
        .filter(|word| !word.is_empty())
        .collect();
    let is_link = |word: &str| LINKS.contains(&word);
    let named = words.iter().enumerate();
    let named = named.filter(|(_, word)| word.eq_ignore_ascii_case(name));
    let numbers = named.filter_map(|(at, _)| {
        let behind = words.get(at + 1..)?;
        let is_number = |word: &str| word.trim_end_matches('.').parse::<f64>().is_ok();
        let between = behind
            .iter()
            .take(MOST_BETWEEN + 1)
            .position(|word| is_number(word))?;
        let skipped = behind.get(..between)?;
        let goes_on = |word: &&str| ["and", "or", "but", "then"].contains(word);
        if skipped
            .iter()
            .any(|word| goes_on(word) || word.eq_ignore_ascii_case(name))
        {
            return None;
        }
        let linked = skipped.last().is_none_or(|word| is_link(word));
        let number = behind.get(between)?.trim_end_matches('.');
        linked.then_some(number)
    });
    numbers.collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn spec(slots: &[(&str, &str)]) -> StructSpec {
        let slots = slots
            .iter()
            .map(|(name, ty)| ((*name).to_owned(), Type::parse(ty).unwrap()));
        StructSpec::new("Tool", slots.collect()).unwrap()
    }

    fn stated(clause: &str, slots: &[(&str, &str)]) -> String {
        serde_json::to_string(&stated_slots(clause, &spec(slots))).unwrap()
    }

    #[test]
    fn numbers_are_given_to_names() {
        let tank = [("level", "f64"), ("capacity", "f64")];
        assert_eq!(
            stated("In both the level is 80 and the capacity 100 before", &tank),
            r#"{"capacity":100,"level":80}"#
        );
        assert_eq!(
            stated("with a level of 8 drain(3)", &tank),
            r#"{"level":8}"#
        );
        let best = [("best", "Option<i64>")];
        assert_eq!(
            stated("the best jump so far is 480:", &best),
            r#"{"best":480}"#
        );
        assert_eq!(stated("the level rises by 3", &tank), "{}");
        assert_eq!(
            stated("the level and the capacity is 9", &tank),
            r#"{"capacity":9}"#
        );
        assert_eq!(
            numbers_of("the level and the Level is 7, then level 5.", "level"),
            ["7", "5"]
        );
    }

    #[test]
    fn a_single_collection_is_what_stands_there() {
        let book = [("guests", "Vec<String>")];
        assert_eq!(
            stated("With [\"Mia\"] in the book: ", &book),
            r#"{"guests":["Mia"]}"#
        );
        assert_eq!(stated("With an empty book: ", &book), r#"{"guests":[]}"#);
        assert_eq!(stated("With a book: ", &book), "{}");
        let words = [("words", "BTreeMap<String, usize>")];
        assert_eq!(
            stated("With {\"ha\": 2} so far: ", &words),
            r#"{"words":{"ha":2}}"#
        );
        assert_eq!(stated("With no words so far: ", &words), r#"{"words":{}}"#);
    }

    #[test]
    fn what_a_slot_becomes_is_said_too() {
        let after = stated_after(
            ", and `words` is then {\"ha\": 3}",
            &spec(&[("words", "BTreeMap<String, usize>"), ("n", "u8")]),
        );
        assert_eq!(
            serde_json::to_string(&after).unwrap(),
            r#"{"words":{"ha":3}}"#
        );
    }
}
