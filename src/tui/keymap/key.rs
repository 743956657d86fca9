//! A key as it is compared, read from a name, and shown to people.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with its modifiers, in the one form that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        let kept = KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT;
        let (mut code, mut modifiers) = (event.code, event.modifiers & kept);
        if let KeyCode::Char(character) = code {
            // The character itself tells whether Shift was held.
            if modifiers.contains(KeyModifiers::CONTROL) {
                code = KeyCode::Char(character.to_ascii_lowercase());
            }
            modifiers.remove(KeyModifiers::SHIFT);
        }
        if code == KeyCode::BackTab {
            (code, modifiers) = (KeyCode::Tab, KeyModifiers::SHIFT);
        }
        Self { code, modifiers }
    }
}

/// Keys that have a name of their own in the settings.
const NAMED: [(&str, KeyCode); 15] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("space", KeyCode::Char(' ')),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
];

const MODIFIERS: [(&str, KeyModifiers); 3] = [
    ("ctrl", KeyModifiers::CONTROL),
    ("alt", KeyModifiers::ALT),
    ("shift", KeyModifiers::SHIFT),
];

/// Keys that a terminal sends as another one.
const SENT_AS: [(&str, &str); 4] = [
    ("ctrl+i", "tab"),
    ("ctrl+m", "enter"),
    ("ctrl+[", "esc"),
    ("ctrl+/", "ctrl+7"),
];

/// A character or a function key.
fn single(text: &str, modifiers: KeyModifiers) -> Option<KeyCode> {
    let mut characters = text.chars();
    match (characters.next()?, characters.as_str()) {
        (character, "") if modifiers.contains(KeyModifiers::CONTROL) => {
            Some(KeyCode::Char(character.to_ascii_lowercase()))
        }
        (character, "") => Some(KeyCode::Char(character)),
        ('f' | 'F', number) => {
            let number = number.parse().ok();
            number
                .filter(|number| (1..=24).contains(number))
                .map(KeyCode::F)
        }
        _ => None,
    }
}

impl Key {
    /// Reads `ctrl+j`, `alt+enter`, `f1`, `?`. Only a letter that stands alone has a case.
    pub fn parse(name: &str) -> Option<Self> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = name;
        while let Some((word, after)) = rest.split_once('+').filter(|(_, after)| !after.is_empty())
        {
            let known = |(name, _): &&(&str, _)| word.eq_ignore_ascii_case(name);
            modifiers |= MODIFIERS.iter().find(known)?.1;
            rest = after;
        }
        let named = NAMED
            .iter()
            .find(|(name, _)| rest.eq_ignore_ascii_case(name));
        let code = match named {
            Some((_, code)) => *code,
            None => single(rest, modifiers)?,
        };
        if let KeyCode::Char(character) = code {
            // Terminals send the letter that Shift makes, not Shift.
            if modifiers == KeyModifiers::SHIFT && character.is_ascii_lowercase() {
                return Some(Self {
                    code: KeyCode::Char(character.to_ascii_uppercase()),
                    modifiers: KeyModifiers::NONE,
                });
            }
            modifiers.remove(KeyModifiers::SHIFT);
        }
        Some(Self { code, modifiers })
    }

    /// As the settings write it: what [`Key::parse`] reads. `None` for one that has no name there.
    pub fn name(self) -> Option<String> {
        let mut name = String::new();
        for (word, modifier) in MODIFIERS {
            if self.modifiers.contains(modifier) {
                name.push_str(word);
                name.push('+');
            }
        }
        match (NAMED.iter().find(|(_, code)| *code == self.code), self.code) {
            (Some((word, _)), _) => name.push_str(word),
            (None, KeyCode::Char(character)) => name.push(character),
            (None, KeyCode::F(number)) => name.push_str(&format!("f{number}")),
            (None, _) => return None,
        }
        Some(name)
    }

    /// The key that terminals send instead of the one of that name.
    pub fn sent_as(name: &str) -> Option<&'static str> {
        let name = name.to_ascii_lowercase();
        let instead = SENT_AS.iter().find(|(never, _)| *never == name);
        instead.map(|(_, instead)| *instead)
    }

    /// True when it types a character.
    pub fn types(self) -> bool {
        matches!(self.code, KeyCode::Char(_))
            && !self
                .modifiers
                .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
    }
}

/// As people read it: `^J`, `Enter`, `PgUp`, `?`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.modifiers.contains(KeyModifiers::ALT) {
            f.write_str("Alt+")?;
        }
        if self.modifiers.contains(KeyModifiers::SHIFT) {
            f.write_str("Shift+")?;
        }
        let control = self.modifiers.contains(KeyModifiers::CONTROL);
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(c) if control => write!(f, "^{}", c.to_ascii_uppercase()),
            KeyCode::Char(c) => write!(f, "{c}"),
            code => {
                if control {
                    f.write_str("^")?;
                }
                match code {
                    KeyCode::Up => f.write_str("↑"),
                    KeyCode::Down => f.write_str("↓"),
                    KeyCode::Left => f.write_str("←"),
                    KeyCode::Right => f.write_str("→"),
                    KeyCode::PageUp => f.write_str("PgUp"),
                    KeyCode::PageDown => f.write_str("PgDn"),
                    KeyCode::Delete => f.write_str("Del"),
                    KeyCode::Backspace => f.write_str("Bksp"),
                    code => write!(f, "{code}"),
                }
            }
        }
    }
}
