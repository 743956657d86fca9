//! The table as it holds now: each row with the keys that it has by default or that the person gave it.

use crossterm::event::KeyEvent;

use super::{Action, Binding, Context, Key, TABLE};
use crate::config::{KeySetting, nearest};

/// A row with its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub binding: &'static Binding,
    pub keys: Vec<Key>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    rows: Vec<Row>,
}

/// What is wrong in `[keys]`, where, and what to do.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeysError {
    #[error("{place}: there is no `[keys.{context}]`; there are {known}{}", meant(nearest.as_deref()))]
    UnknownContext {
        place: String,
        context: String,
        known: String,
        nearest: Option<String>,
    },
    #[error("{place}: `[keys.{context}]` has no action `{action}`; it has {known}{}", meant(nearest.as_deref()))]
    UnknownAction {
        place: String,
        context: String,
        action: String,
        known: String,
        nearest: Option<String>,
    },
    #[error(
        "{place}: `{key}` is no key; write it as in `x`, `X`, `ctrl+x`, `alt+enter`, `f5`, `pageup` or `space`"
    )]
    UnknownKey { place: String, key: String },
    #[error(
        "{place}: terminals send `{instead}` for `{key}`; write `{instead}`, or choose another"
    )]
    NeverSent {
        place: String,
        key: String,
        instead: String,
    },
    #[error(
        "{place}: `{key}` types a character in `[keys.{context}]`; choose one with ctrl or alt, or a function key"
    )]
    TypesText {
        place: String,
        key: String,
        context: String,
    },
    #[error(
        "{place}: `{key}` is both `{first}` and `{second}` in `[keys.{context}]`; give `{second}` another, or none by `{second} = []`"
    )]
    Conflict {
        place: String,
        key: String,
        context: String,
        first: String,
        second: String,
    },
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"))
}

impl Default for Keymap {
    /// The keys of the table.
    fn default() -> Self {
        let row = |binding: &'static Binding| Row {
            binding,
            keys: binding
                .keys
                .iter()
                .filter_map(|name| Key::parse(name))
                .collect(),
        };
        Self {
            rows: TABLE.iter().map(row).collect(),
        }
    }
}

impl Keymap {
    /// The table's keys with what the person changed.
    pub fn with(settings: &[KeySetting]) -> Result<Self, KeysError> {
        let mut map = Self::default();
        for setting in settings {
            map.change(setting)?;
        }
        // What was given is compared last, so that two rows may exchange their keys.
        for setting in settings {
            map.refuse_conflict(setting)?;
        }
        Ok(map)
    }

    fn change(&mut self, setting: &KeySetting) -> Result<(), KeysError> {
        let place = setting.place.to_string();
        let context = context_of(setting)?;
        let mut keys = Vec::new();
        for name in &setting.keys {
            if let Some(instead) = Key::sent_as(name) {
                return Err(KeysError::NeverSent {
                    place,
                    key: name.clone(),
                    instead: instead.to_owned(),
                });
            }
            let Some(key) = Key::parse(name) else {
                return Err(KeysError::UnknownKey {
                    place,
                    key: name.clone(),
                });
            };
            if context.takes_text() && key.types() {
                return Err(KeysError::TypesText {
                    place,
                    key: name.clone(),
                    context: context.name().to_owned(),
                });
            }
            keys.push(key);
        }
        let of_context = |row: &&mut Row| row.binding.context == context;
        let named = |row: &&mut Row| row.binding.action.name() == setting.action;
        if let Some(row) = self.rows.iter_mut().filter(of_context).find(named) {
            row.keys = keys;
            return Ok(());
        }
        let names = self.of(context).map(|row| row.binding.action.name());
        let known: Vec<&str> = names.collect();
        Err(KeysError::UnknownAction {
            place,
            context: context.name().to_owned(),
            action: setting.action.clone(),
            nearest: nearest(&setting.action, known.iter().copied()).map(str::to_owned),
            known: known.join(", "),
        })
    }

    fn refuse_conflict(&self, setting: &KeySetting) -> Result<(), KeysError> {
        let context = context_of(setting)?;
        for name in &setting.keys {
            let key = Key::parse(name);
            let other = self.of(context).find(|row| {
                row.binding.action.name() != setting.action
                    && row.keys.iter().any(|one| Some(*one) == key)
            });
            if let Some(other) = other {
                return Err(KeysError::Conflict {
                    place: setting.place.to_string(),
                    key: name.clone(),
                    context: context.name().to_owned(),
                    first: setting.action.clone(),
                    second: other.binding.action.name().to_owned(),
                });
            }
        }
        Ok(())
    }

    /// The rows of a context, in the table's order.
    pub fn of(&self, context: Context) -> impl Iterator<Item = &Row> {
        self.rows
            .iter()
            .filter(move |row| row.binding.context == context)
    }

    /// The key that hints show for an action; its name in the palette where it has none.
    pub fn label(&self, context: Context, action: Action) -> String {
        let row = self.of(context).find(|row| row.binding.action == action);
        let key = row.and_then(|row| row.keys.first());
        key.map_or_else(|| format!(":{}", action.name()), Key::to_string)
    }

    /// Every row that has the key in one of `contexts`, the one that holds first.
    pub fn all<'a>(
        &'a self,
        contexts: &'a [Context],
        event: KeyEvent,
    ) -> impl Iterator<Item = &'a Row> {
        let key = Key::from(event);
        contexts
            .iter()
            .filter_map(move |context| self.of(*context).find(|row| row.keys.contains(&key)))
    }

    /// The action of a key in the first of `contexts` that has it.
    pub fn action(&self, contexts: &[Context], event: KeyEvent) -> Option<Action> {
        self.all(contexts, event)
            .next()
            .map(|row| row.binding.action)
    }
}

fn context_of(setting: &KeySetting) -> Result<Context, KeysError> {
    let found = Context::ALL
        .into_iter()
        .find(|context| context.name() == setting.context);
    found.ok_or_else(|| {
        let known = Context::ALL.map(Context::name);
        KeysError::UnknownContext {
            place: setting.place.to_string(),
            context: setting.context.clone(),
            nearest: nearest(&setting.context, known).map(str::to_owned),
            known: known.join(", "),
        }
    })
}
