//! Filter expressions over the log, such as `mission=3 persona=BRICK level>=warn event~mission "no room"`.
//!
//! Terms are separated by spaces and all must hold. A term without an operator is looked for in event and
//! text. Names and texts are compared without regard to case.

use std::str::FromStr;

use super::entry::{level_name, level_named};
use super::tail::Line;
use crate::wire::messages::LogLevel;

/// A parsed expression; the empty one lets everything through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    terms: Vec<Term>,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FilterError {
    #[error("the filter has no key `{key}`: use mission, persona, level, event, text or family")]
    UnknownKey { key: String },
    #[error("`{value}` is not a mission number")]
    NotANumber { value: String },
    #[error("`{value}` is not a level: use debug, info, warn or error")]
    NotALevel { value: String },
    #[error("`{key}` cannot be compared by `{operator}`")]
    WrongOperator { key: String, operator: &'static str },
    #[error("a quotation mark in the filter is not closed")]
    OpenQuote,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Term {
    Mission(Comparison, u64),
    Level(Comparison, LogLevel),
    Name(Name, Comparison, String),
    Anywhere(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Persona,
    Event,
    Text,
    Family,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    NotEqual,
    AtLeast,
    AtMost,
    Above,
    Below,
    Contains,
    Equal,
}

impl Comparison {
    /// Those of two characters first.
    const ALL: [(&'static str, Self); 7] = [
        ("!=", Self::NotEqual),
        (">=", Self::AtLeast),
        ("<=", Self::AtMost),
        (">", Self::Above),
        ("<", Self::Below),
        ("~", Self::Contains),
        ("=", Self::Equal),
    ];

    fn symbol(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, comparison)| *comparison == self)
            .map_or("", |(symbol, _)| *symbol)
    }

    fn holds<T: PartialOrd>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal | Self::Contains => left == right,
            Self::NotEqual => left != right,
            Self::AtLeast => left >= right,
            Self::AtMost => left <= right,
            Self::Above => left > right,
            Self::Below => left < right,
        }
    }
}

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(expression: &str) -> Result<Self, FilterError> {
        let terms = words(expression)?
            .iter()
            .map(Term::parse)
            .collect::<Result<_, _>>()?;
        Ok(Self { terms })
    }
}

impl Filter {
    pub fn accepts(&self, line: &Line) -> bool {
        self.terms.iter().all(|term| term.accepts(line))
    }
}

impl Term {
    fn parse(word: &Word) -> Result<Self, FilterError> {
        let Some((key, comparison, value)) = word.split() else {
            return Ok(Self::Anywhere(word.text.to_lowercase()));
        };
        let wrong = || FilterError::WrongOperator {
            key: key.to_owned(),
            operator: comparison.symbol(),
        };
        let value = value.to_owned();
        match key.to_lowercase().as_str() {
            "mission" | "level" if comparison == Comparison::Contains => Err(wrong()),
            "mission" => match value.parse() {
                Ok(number) => Ok(Self::Mission(comparison, number)),
                Err(_) => Err(FilterError::NotANumber { value }),
            },
            "level" => match level_named(&value) {
                Some(level) => Ok(Self::Level(comparison, level)),
                None => Err(FilterError::NotALevel { value }),
            },
            name => {
                let name = match name {
                    "persona" => Name::Persona,
                    "event" => Name::Event,
                    "text" => Name::Text,
                    "family" => Name::Family,
                    _ => {
                        return Err(FilterError::UnknownKey {
                            key: key.to_owned(),
                        });
                    }
                };
                match comparison {
                    Comparison::Equal | Comparison::NotEqual | Comparison::Contains => {
                        Ok(Self::Name(name, comparison, value.to_lowercase()))
                    }
                    _ => Err(wrong()),
                }
            }
        }
    }

    fn accepts(&self, line: &Line) -> bool {
        match self {
            Self::Mission(comparison, number) => line
                .mission
                .map_or(*comparison == Comparison::NotEqual, |mission| {
                    comparison.holds(&mission, number)
                }),
            Self::Level(comparison, level) => comparison.holds(&line.level, level),
            Self::Name(name, comparison, value) => {
                let actual = match name {
                    Name::Persona => line.persona.as_deref().unwrap_or_default(),
                    Name::Event => &line.event,
                    Name::Text => &line.text,
                    Name::Family => &line.family,
                }
                .to_lowercase();
                match comparison {
                    Comparison::Contains => actual.contains(value),
                    comparison => comparison.holds(&actual, value),
                }
            }
            Self::Anywhere(text) => {
                line.event.to_lowercase().contains(text) || line.text.to_lowercase().contains(text)
            }
        }
    }
}

/// One word of an expression, and how much of it stood before the first quotation mark.
struct Word {
    text: String,
    unquoted: usize,
}

impl Word {
    /// Key, operator and value, when an operator stands outside quotation marks behind a key.
    fn split(&self) -> Option<(&str, Comparison, &str)> {
        let head = self.text.get(..self.unquoted)?;
        let at = head.find(['=', '!', '<', '>', '~']).filter(|at| *at > 0)?;
        let (key, rest) = self.text.split_at_checked(at)?;
        let (symbol, comparison) = Comparison::ALL
            .into_iter()
            .find(|(symbol, _)| rest.starts_with(symbol))?;
        Some((key, comparison, rest.strip_prefix(symbol)?))
    }
}

fn words(expression: &str) -> Result<Vec<Word>, FilterError> {
    let mut words = Vec::new();
    let mut word: Option<Word> = None;
    let mut quoted = false;
    let mut seen_quote = false;
    for character in expression.chars() {
        if character == '"' {
            quoted = !quoted;
            seen_quote = true;
            word.get_or_insert(Word {
                text: String::new(),
                unquoted: 0,
            });
        } else if character.is_whitespace() && !quoted {
            words.extend(word.take());
            seen_quote = false;
        } else {
            let word = word.get_or_insert(Word {
                text: String::new(),
                unquoted: 0,
            });
            word.text.push(character);
            if !seen_quote {
                word.unquoted = word.text.len();
            }
        }
    }
    if quoted {
        return Err(FilterError::OpenQuote);
    }
    words.extend(word);
    Ok(words)
}

impl std::fmt::Display for Line {
    /// The line for people: time, level, who, event, text.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {:5} ", self.time, level_name(self.level))?;
        if let Some(mission) = self.mission {
            write!(formatter, "#{mission} ")?;
        }
        if let Some(persona) = &self.persona {
            write!(formatter, "{persona} ")?;
        }
        write!(formatter, "{}: {}", self.event, self.text)
    }
}
