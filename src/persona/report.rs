//! ROBIN's answers: what the person asked, with what the system knows of itself.

use super::{Prompt, Role};

/// A request for an answer in prose; `facts` are lines about the image and what is remembered.
pub fn answer(words: &str, facts: &[String]) -> Prompt {
    let mut text = String::from(
        "About the system: it keeps objects with slots and methods in its image. The person teaches it by \
         typing, for example `teach Account to deposit an amount`; it then writes, proves and keeps a \
         method.\n",
    );
    if facts.is_empty() {
        text.push_str("There are no objects yet.\n");
    }
    for fact in facts {
        text.push_str("- ");
        text.push_str(fact);
        text.push('\n');
    }
    text.push_str("\nThe person says: ");
    text.push_str(words.trim());
    let mut prompt = Prompt::new(Role::Robin, "answer").person(text);
    prompt.max_tokens = 200;
    prompt
}
