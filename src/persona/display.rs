//! The system's own display: what its object has to show, and how a model is told of panels.
//!
//! In the first cycle of genesis the model writes, as ALFRED, what the display is to be; in the second BRICK is given
//! exactly that. Both are asked about the same fields, so that nothing is wanted that is not there.

use std::fmt::Write as _;

use super::{Prompt, Role};

/// The system's object, and its method that a person looks at.
pub const SYSTEM: &str = "System";
pub const DISPLAY: &str = "display";
pub const DISPLAY_SIGNATURE: &str = "fn display(&self) -> Panel";
/// What the first cycle is asked for.
pub const DESCRIBE: &str = "describe_how_to_display_yourself";

/// A description shorter than this says nothing, and a longer one is cut.
const LEAST_LETTERS: usize = 40;
const MOST_LETTERS: usize = 900;
const MOST_LINES: usize = 8;

/// A slot of the system's object, which the kernel fills whenever it is read.
#[derive(Debug, Clone, Copy)]
pub struct Vital {
    pub name: &'static str,
    pub rust_type: &'static str,
    pub meaning: &'static str,
}

const fn vital(name: &'static str, rust_type: &'static str, meaning: &'static str) -> Vital {
    Vital {
        name,
        rust_type,
        meaning,
    }
}

pub const VITALS: [Vital; 8] = [
    vital("objects", "i64", "how many objects there are"),
    vital("methods", "i64", "how many methods they have"),
    vital("missions", "i64", "how many missions there were"),
    vital(
        "missions_complete",
        "i64",
        "how many of the missions are complete",
    ),
    vital("missions_failed", "i64", "how many of the missions failed"),
    vital(
        "mission_seconds",
        "Vec<f64>",
        "how long each of the last missions took, the newest last",
    ),
    vital(
        "recent_missions",
        "Vec<(String, String)>",
        "the last missions: what each was about, and its state",
    ),
    vital("transactions", "i64", "how many transactions were made"),
];

/// Another object's fields and what is said of them: a small model follows an example better than rules.
const EXAMPLE_FIELDS: &str = "\
- `books: i64`: how many books there are
- `readers: i64`: how many people may read them
- `loans: i64`: how many loans there were
- `loans_returned: i64`: how many of the loans were brought back
- `loans_late: i64`: how many of the loans are late
- `days_lent: Vec<f64>`: for how many days each of the last loans was, the newest last
- `last_loans: Vec<(String, String)>`: the last loans: the book, and who has it";
const EXAMPLE_DESCRIPTION: &str = " \"Library\"
Text: `books` and `readers`, as in \"120 books for 40 readers\"
Gauge \"Brought back\": `loans_returned` of `loans`
Good text \"nothing is late\" when `loans_late` is 0, else bad text with how many are late
Sparkline \"Days lent\": `days_lent`
Table with the headings \"Book\" and \"Reader\": `last_loans`";

/// The request of the first cycle: ALFRED says what the display is to be.
pub fn describe_display() -> Prompt {
    let mut fields = String::new();
    for vital in VITALS {
        let _ = writeln!(
            fields,
            "- `{}: {}`: {}",
            vital.name, vital.rust_type, vital.meaning
        );
    }
    let mut prompt = Prompt::new(Role::Alfred, "describe")
        .person(asked("Library", EXAMPLE_FIELDS))
        .persona(format!("Title{EXAMPLE_DESCRIPTION}"))
        .person(asked(SYSTEM, fields.trim_end()));
    "Title".clone_into(&mut prompt.prefix);
    prompt.max_tokens = 260;
    prompt
}

fn asked(object: &str, fields: &str) -> String {
    format!(
        "{DESCRIBE}: you are the object `{object}`. Your fields say how you are now:\n{fields}\n\
         A person looks at you through a panel of six parts, from the top: a title, a text, a gauge (how much one number \
         is of another), a good or bad text, a sparkline (numbers over time) and a table. Say in one line for each \
         part what it shows, for the programmer who writes your method `{DISPLAY}`."
    )
}

/// ALFRED's answer as a brief; `None` when it says nothing that could be displayed.
pub fn read_description(answer: &str) -> Option<String> {
    let answer = format!("Title{answer}");
    let lines = answer.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("```"));
    let text: Vec<&str> = lines.take(MOST_LINES).collect();
    let text: String = text
        .join("\n")
        .chars()
        .filter(|letter| *letter == '\n' || !letter.is_control())
        .take(MOST_LETTERS)
        .collect();
    let names_a_field = VITALS.iter().any(|vital| text.contains(vital.name));
    (text.chars().count() >= LEAST_LETTERS && names_a_field).then_some(text)
}

/// What a display is to be that was described before, and that a person wants otherwise: a line more.
pub fn changed_description(before: &str, words: &str) -> String {
    let wish = match words.split_once("so that it ") {
        Some((_, wish)) => format!("Also it {}", wish.trim()),
        None => words.trim().to_owned(),
    };
    let before: Vec<&str> = before.lines().map(str::trim).collect();
    let skipped = before.len().saturating_sub(MOST_LINES);
    let kept = before.into_iter().skip(skipped);
    let mut lines: Vec<&str> = kept.filter(|line| !line.is_empty()).collect();
    lines.push(&wish);
    lines.join("\n")
}

/// What a model cannot know of panels.
pub(super) const ABOUT_PANELS: &str = "\
A `Panel` is what a person looks at. These are all of its methods; each adds a part below the others:
- `let mut panel = Panel::new();`, and `panel` at the end
- `panel.title(\"…\");`
- `panel.text(format!(\"…\"));`, and in other styles `panel.strong(format!(\"…\"));`, `panel.dim(…)`, `panel.good(…)`, \
`panel.warning(…)`, `panel.bad(…)`
- `panel.gauge(\"label\", number, of_number);`
- `panel.sparkline(\"label\", &list_of_numbers);`
- `panel.table([\"heading\", \"heading\"], &list_of_tuples);`
Numbers need no conversion. Labels and headings are words for people, not names of fields.";

/// Whether the words ask the system to display itself, or to do so otherwise.
pub(super) fn is_about_own_display(words: &str) -> bool {
    const SAID: [&str; 6] = [
        "your display",
        "your own display",
        "display yourself",
        "show yourself",
        "your self pane",
        "your self view",
    ];
    let words = words.to_lowercase();
    SAID.iter().any(|said| words.contains(said))
}

#[cfg(test)]
mod tests {
    use super::{changed_description, is_about_own_display, read_description};

    #[test]
    fn a_description_names_a_field_and_is_cut() {
        assert_eq!(read_description(" \"Me\"\nI am here."), None);
        let good = " \"Me\"\n\n  Gauge \"Done\": `missions_complete` of `missions`\u{1b}[2J\n```";
        let read = read_description(good).unwrap_or_default();
        assert_eq!(
            read,
            "Title \"Me\"\nGauge \"Done\": `missions_complete` of `missions`[2J"
        );
        let long = format!(" `objects`\n{}", "Text: more\n".repeat(100));
        let lines = read_description(&long).map(|text| text.lines().count());
        assert_eq!(lines, Some(8));
    }

    #[test]
    fn a_wish_is_a_line_more() {
        let words = "improve your display so that it shows the time";
        assert!(is_about_own_display(words) && !is_about_own_display("display the account"));
        assert_eq!(
            changed_description(" Title\n\nText", words),
            "Title\nText\nAlso it shows the time"
        );
        assert_eq!(changed_description("", "show yourself"), "show yourself");
    }
}
