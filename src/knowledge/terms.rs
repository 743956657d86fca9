//! Words of a text as they are looked for: lower case, without endings, names also by their parts.
//!
//! The same for what is kept and for what is asked, so that `deposits` finds `deposit` and `balance` finds
//! `current_balance` and `currentBalance`.

use unicode_segmentation::UnicodeSegmentation as _;

/// English words that say nothing about what a text is about.
const STOP_WORDS: [&str; 74] = [
    "a", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did",
    "do", "does", "for", "from", "had", "has", "have", "he", "her", "his", "how", "i", "if", "in",
    "into", "is", "it", "its", "me", "my", "no", "not", "of", "on", "or", "our", "she", "should",
    "so", "that", "the", "their", "them", "then", "there", "they", "this", "to", "too", "us",
    "was", "we", "were", "what", "when", "where", "which", "who", "why", "will", "with", "would",
    "you", "your", "please", "tell", "also", "than", "these", "those",
];

/// Longer ones are data, not words.
const LONGEST_WORD: usize = 64;

/// In the order of the text; a word that comes twice is there twice.
pub fn terms(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in text.unicode_words() {
        if word.len() > LONGEST_WORD {
            continue;
        }
        add(&mut found, word);
        let parts = parts(word);
        if parts.len() > 1 {
            for part in parts {
                add(&mut found, part);
            }
        }
    }
    found
}

fn add(found: &mut Vec<String>, word: &str) {
    let word = word.to_lowercase();
    if !STOP_WORDS.contains(&word.as_str()) {
        found.push(stem(word));
    }
}

/// The parts of a name such as `read_all`, `readAll` or `HTTPServer`.
fn parts(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let letters: Vec<(usize, char)> = word.char_indices().collect();
    for (index, (at, letter)) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| letters.get(index));
        let next = letters.get(index + 1);
        let begins = match before {
            Some((_, before)) => {
                letter.is_uppercase()
                    && (before.is_lowercase()
                        || before.is_uppercase()
                            && next.is_some_and(|(_, next)| next.is_lowercase()))
            }
            None => false,
        };
        let parted = matches!(letter, '_' | '\'' | '’' | '.' | ':');
        if begins || parted {
            parts.extend(word.get(start..*at));
            start = if parted { at + letter.len_utf8() } else { *at };
        }
    }
    parts.extend(word.get(start..));
    parts.retain(|part| !part.is_empty());
    parts
}

/// Takes English endings off. Crude: it need only do the same to both sides.
fn stem(word: String) -> String {
    if !word.is_ascii() || word.len() < 4 || word.bytes().any(|byte| byte.is_ascii_digit()) {
        return word;
    }
    let mut word = word;
    if word.ends_with("ies") && word.len() > 4 {
        word.truncate(word.len() - 3);
        word.push('y');
    } else if word.ends_with("sses") {
        word.truncate(word.len() - 2);
    } else if word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end)) {
        word.truncate(word.len() - 1);
    }
    for ending in ["ing", "ed"] {
        let Some(rest) = word.strip_suffix(ending) else {
            continue;
        };
        if rest.len() >= 3 && rest.contains(['a', 'e', 'i', 'o', 'u', 'y']) {
            let doubled = rest
                .bytes()
                .rev()
                .take(2)
                .collect::<Vec<_>>()
                .windows(2)
                .any(|pair| pair.first() == pair.last());
            let keep = if doubled && !rest.ends_with(['l', 's', 'z']) {
                rest.len() - 1
            } else {
                rest.len()
            };
            word.truncate(keep);
            break;
        }
    }
    if word.ends_with('e') && word.len() > 4 {
        word.truncate(word.len() - 1);
    }
    word
}
