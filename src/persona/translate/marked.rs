//! A person's words with what they mean in the scene instead of names, so that sentences about any objects look alike.

use crate::persona::resolve::{humps, is_akin, is_nearly};
use crate::persona::scene::Scene;

/// What a word is worth looking at: shorter parts of names are everyday words.
const LEAST: usize = 4;

/// `OBJ` for a name of an object, `MTH` and `SLT` for words of a method's or a slot's, `NUM` for digits; all others in small letters,
/// punctuation as words of its own.
pub(super) fn marked(words: &str, scene: &Scene) -> Vec<String> {
    parts(words)
        .into_iter()
        .map(|word| mark(word, scene).map_or_else(|| word.to_lowercase(), str::to_owned))
        .collect()
}

fn mark(word: &str, scene: &Scene) -> Option<&'static str> {
    let small = word.to_lowercase();
    let named = |name: &str| name.split('_').any(|part| is_part(&small, part));
    let objects = || scene.known.iter();
    if objects().any(|known| {
        is_nearly(word, &known.object)
            || small.len() >= LEAST && humps(&known.object).contains(&small)
    }) {
        return Some("OBJ");
    }
    if objects().any(|known| known.methods.iter().any(|method| named(&method.selector))) {
        return Some("MTH");
    }
    if objects().any(|known| known.slots.iter().any(|slot| named(slot))) {
        return Some("SLT");
    }
    word.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some("NUM")
}

fn is_part(word: &str, part: &str) -> bool {
    part.len() >= LEAST && is_akin(word, &part.to_lowercase())
}

/// Words, and the marks between them that tell something.
pub(super) fn parts(text: &str) -> Vec<&str> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '\'';
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if is_word(first) {
            rest.find(|letter| !is_word(letter)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (part, after) = rest.split_at(end);
        if is_word(first) || "?!.,:".contains(first) {
            parts.push(part);
        }
        rest = after;
    }
    parts
}
