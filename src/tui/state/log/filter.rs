//! What of the log is shown: terms that must all hold, each of which may be turned round by `!`.

use crate::tui::archive::Word;
use crate::wire::messages::{LogEntry, LogLevel};

/// What of the log is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// As typed: words, `!word`, `"several words"`, `level:`, `mission:`, `persona:`.
    pub text: String,
    pub level: LogLevel,
    pub mission: Option<u64>,
    pub persona: Option<String>,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            text: String::new(),
            level: LogLevel::Debug,
            mission: None,
            persona: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    Level(LogLevel),
    Mission(Option<u64>),
    Persona(String),
    Text(String),
}

/// Level, mission and persona of an entry.
pub type Facts<'a> = (LogLevel, Option<u64>, Option<&'a str>);

/// One thing that must hold, or must not.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    wanted: Wanted,
    unwanted: bool,
}

/// The filter, taken apart once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms(Vec<Term>);

impl Filter {
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    pub fn terms(&self) -> Terms {
        let mut terms: Vec<Term> = words(&self.text)
            .iter()
            .filter_map(|word| term(word))
            .collect();
        let fixed = [
            (self.level > LogLevel::Debug).then_some(Wanted::Level(self.level)),
            self.mission.map(|id| Wanted::Mission(Some(id))),
            self.persona
                .as_ref()
                .map(|name| Wanted::Persona(name.to_lowercase())),
        ];
        terms.extend(fixed.into_iter().flatten().map(|wanted| Term {
            wanted,
            unwanted: false,
        }));
        Terms(terms)
    }
}

impl Terms {
    /// Whether the entry passes.
    pub fn pass(&self, entry: &LogEntry) -> bool {
        self.pass_facts((entry.level, entry.mission, entry.persona.as_deref()))
            && self.0.iter().all(|term| match &term.wanted {
                Wanted::Text(word) => mentions(entry, word) != term.unwanted,
                _ => true,
            })
    }

    /// Whether it passes as far as can be told without its text.
    pub fn pass_facts(&self, (level, mission, persona): Facts<'_>) -> bool {
        self.0.iter().all(|term| {
            let holds = match &term.wanted {
                Wanted::Level(least) => level >= *least,
                Wanted::Mission(id) => mission.is_some() && mission == *id,
                Wanted::Persona(name) => {
                    persona.is_some_and(|persona| persona.to_lowercase().contains(name))
                }
                Wanted::Text(_) => return true,
            };
            holds != term.unwanted
        })
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What has to be looked for in the texts.
    pub fn in_text(&self) -> Vec<Word> {
        let word = |term: &Term| match &term.wanted {
            Wanted::Text(text) => Some(Word {
                text: text.clone(),
                unwanted: term.unwanted,
            }),
            _ => None,
        };
        self.0.iter().filter_map(word).collect()
    }
}

fn term(word: &str) -> Option<Term> {
    let turned = word.strip_prefix('!').filter(|rest| !rest.is_empty());
    let rest = turned.unwrap_or(word);
    let wanted = match rest.split_once(':') {
        Some((_, "")) => return None,
        Some(("level", level)) => Wanted::Level(LogLevel::named(level).unwrap_or(LogLevel::Debug)),
        Some(("mission", number)) => Wanted::Mission(number.trim_start_matches('#').parse().ok()),
        Some(("persona", name)) => Wanted::Persona(name.to_lowercase()),
        _ => Wanted::Text(rest.to_lowercase()),
    };
    Some(Term {
        wanted,
        unwanted: turned.is_some(),
    })
}

/// Words apart by spaces; quotation marks keep several together.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    for character in text.chars() {
        match character {
            '"' => quoted = !quoted,
            character if character.is_whitespace() && !quoted => {
                words.push(std::mem::take(&mut word));
            }
            character => word.push(character),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// Whether event, text or persona has the word, which is in lower case.
pub fn mentions(entry: &LogEntry, word: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(word);
    has(&entry.text) || has(&entry.event) || entry.persona.as_deref().is_some_and(has)
}
