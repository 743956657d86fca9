//! One setting as it was given (in a file, a variable or a flag), and what may be read from it.
//!
//! Text from variables and flags has no type of its own, so it may stand for any; what a file holds
//! must already be of the right type.

use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::{ConfigError, Home, Place};

/// A value with its dotted key and where it was given.
#[derive(Debug, Clone)]
pub struct Given {
    pub place: Place,
    pub key: String,
    pub value: Value,
}

#[derive(Debug, Clone)]
pub enum Value {
    /// From a variable or a flag: may be read as any type.
    Untyped(String),
    Text(String),
    Integer(i64),
    Float(f64),
    Bool(bool),
    /// Of texts only.
    List(Vec<String>),
    /// A type that no setting has; its name.
    Other(&'static str),
}

impl Given {
    pub fn text(&self) -> Result<String, ConfigError> {
        match &self.value {
            Value::Untyped(text) | Value::Text(text) if !text.trim().is_empty() => Ok(text.clone()),
            _ => Err(self.wrong("a text")),
        }
    }

    /// An absolute path. A relative one starts from the home in a file, and from where the person
    /// stands in a variable or a flag.
    pub fn path_in(&self, home: &Home) -> Result<PathBuf, ConfigError> {
        match &self.value {
            Value::Text(text) if !text.is_empty() => Ok(home.root.join(text)),
            Value::Untyped(text) if !text.is_empty() => {
                std::path::absolute(text).map_err(|source| ConfigError::Read {
                    path: PathBuf::from(text),
                    source,
                })
            }
            _ => Err(self.wrong("a path as text")),
        }
    }

    /// A whole number within the bounds, both included.
    pub fn whole<T>(&self, least: i64, most: i64) -> Result<T, ConfigError>
    where
        T: TryFrom<i64>,
    {
        let number = match &self.value {
            Value::Untyped(text) => text.trim().parse().ok(),
            Value::Integer(number) => Some(*number),
            _ => None,
        };
        number
            .filter(|number| (least..=most).contains(number))
            .and_then(|number| T::try_from(number).ok())
            .ok_or_else(|| self.wrong(&format!("a whole number from {least} to {most}")))
    }

    /// A number within the bounds, both included; a whole one counts.
    pub fn number(&self, least: f32, most: f32) -> Result<f32, ConfigError> {
        let number = match &self.value {
            Value::Untyped(text) => text.trim().parse::<f32>().ok(),
            Value::Integer(number) => i16::try_from(*number).ok().map(f32::from),
            Value::Float(number) => number.to_string().parse().ok(),
            _ => None,
        };
        number
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| self.wrong(&format!("a number from {least} to {most}")))
    }

    pub fn truth(&self) -> Result<bool, ConfigError> {
        match &self.value {
            Value::Bool(truth) => Ok(*truth),
            Value::Untyped(text) => match text.trim() {
                "true" | "1" | "yes" | "on" => Ok(true),
                "false" | "0" | "no" | "off" => Ok(false),
                _ => Err(self.wrong("true or false")),
            },
            _ => Err(self.wrong("true or false")),
        }
    }

    /// A list of texts; a single text is a list of one. In variables and flags they stand apart by spaces.
    pub fn texts(&self) -> Result<Vec<String>, ConfigError> {
        match &self.value {
            Value::List(texts) => Ok(texts.clone()),
            Value::Text(text) => Ok(vec![text.clone()]),
            Value::Untyped(text) => Ok(text.split_whitespace().map(str::to_owned).collect()),
            _ => Err(self.wrong("a text or a list of texts")),
        }
    }

    /// One of a few words.
    pub fn one_of(&self, words: &[&str]) -> Result<String, ConfigError> {
        // A number may be a word here too.
        let text = match &self.value {
            Value::Integer(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            _ => self.text().ok(),
        };
        let known = text.filter(|text| words.contains(&text.as_str()));
        known.ok_or_else(|| self.wrong(&format!("one of {}", words.join(", "))))
    }

    fn wrong(&self, expected: &str) -> ConfigError {
        let got = match &self.value {
            Value::Untyped(text) | Value::Text(text) => format!("the text {text:?}"),
            Value::Integer(number) => format!("the number {number}"),
            Value::Float(number) => format!("the number {number}"),
            Value::Bool(truth) => truth.to_string(),
            Value::List(_) => "a list".to_owned(),
            Value::Other(name) => (*name).to_owned(),
        };
        ConfigError::Value {
            place: self.place.clone(),
            key: self.key.clone(),
            expected: expected.to_owned(),
            got,
        }
    }
}

/// Every value in a settings file with its dotted key, in no particular order.
pub fn read_file(path: &Path, text: &str) -> Result<Vec<Given>, ConfigError> {
    let place = |offset: usize| Place::File {
        path: path.to_path_buf(),
        line: line_at(text, offset),
    };
    let table = DeTable::parse(text).map_err(|error| ConfigError::Toml {
        place: place(error.span().map_or(0, |span| span.start)),
        message: one_line(error.message()),
    })?;
    let mut found = Vec::new();
    flatten("", table.get_ref(), &place, &mut found);
    Ok(found)
}

fn flatten(
    prefix: &str,
    table: &DeTable<'_>,
    place: &impl Fn(usize) -> Place,
    found: &mut Vec<Given>,
) {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name.get_ref().to_string()
        } else {
            format!("{prefix}.{}", name.get_ref())
        };
        match value.get_ref() {
            // One without anything in it, as in a file in which all is commented out, says nothing.
            DeValue::Table(inner) => flatten(&key, inner, place, found),
            other => found.push(Given {
                place: place(name.span().start),
                key,
                value: scalar(other),
            }),
        }
    }
}

fn scalar(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(truth) => Value::Bool(*truth),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Other("a number out of range"), Value::Integer),
        DeValue::Float(number) => number
            .as_str()
            .parse()
            .map_or(Value::Other("no number"), Value::Float),
        DeValue::Datetime(_) => Value::Other("a date"),
        DeValue::Array(values) => {
            let text = |value: &toml::Spanned<DeValue<'_>>| match value.get_ref() {
                DeValue::String(text) => Some(text.to_string()),
                _ => None,
            };
            let texts: Option<Vec<String>> = values.iter().map(text).collect();
            texts.map_or(Value::Other("a list of other things"), Value::List)
        }
        DeValue::Table(_) => Value::Other("a table"),
    }
}

/// The line, from 1, in which the byte at `offset` stands.
pub fn line_at(text: &str, offset: usize) -> usize {
    text.bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1
}

/// An error message of the TOML library without its line breaks.
pub fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
