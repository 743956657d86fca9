//! What each kind of text looks like: a table from [`Role`] to a terminal style.
//!
//! Themes are TOML files: those in `themes/` are built in, one of the same name in the home's
//! `themes/` folder takes its place. Panels name roles, never colours, so a theme can change all.

use std::path::{Path, PathBuf};

use ratatui::style::{Color, Modifier, Style};

use super::manners::Manners;

/// Declares the roles once: the enum, and each one's key in a theme file.
macro_rules! roles {
    ($($variant:ident = $key:literal,)*) => {
        /// What a piece of text is, and so how it looks.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Role { $($variant,)* }

        impl Role {
            pub const ALL: &'static [Role] = &[$(Role::$variant,)*];

            /// The key in a theme file.
            pub const fn key(self) -> &'static str {
                match self { $(Role::$variant => $key,)* }
            }
        }
    };
}

roles! {
    Text = "text",
    Strong = "strong",
    Dim = "dim",
    Ghost = "ghost",
    Brand = "brand",
    Accent = "accent",
    Title = "title",
    TitleFocused = "title_focused",
    Rule = "rule",
    RuleFocused = "rule_focused",
    Selected = "selected",
    SelectedIdle = "selected_idle",
    Key = "key",
    Badge = "badge",
    Match = "match",
    Good = "good",
    Warning = "warning",
    Bad = "bad",
    StateNow = "state_now",
    StatePast = "state_past",
    StateAhead = "state_ahead",
    Alfred = "alfred",
    Brick = "brick",
    Robin = "robin",
    Babs = "babs",
    Translator = "translator",
    CodeText = "code_text",
    CodeKeyword = "code_keyword",
    CodeType = "code_type",
    CodeFunction = "code_function",
    CodeString = "code_string",
    CodeNumber = "code_number",
    CodeComment = "code_comment",
    CodeAttribute = "code_attribute",
    CodePunctuation = "code_punctuation",
    CodeMacro = "code_macro",
    CodeLifetime = "code_lifetime",
    CodeGutter = "code_gutter",
    CodeMarked = "code_marked",
}

/// The built-in themes, in the order in which the theme key goes through them.
const BUILT_IN: [(&str, &str); 4] = [
    ("ansi16", include_str!("../../themes/ansi16.toml")),
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
];

const COLOURS: [(&str, Color); 17] = [
    ("default", Color::Reset),
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("gray", Color::Gray),
    ("dark-gray", Color::DarkGray),
    ("bright-red", Color::LightRed),
    ("bright-green", Color::LightGreen),
    ("bright-yellow", Color::LightYellow),
    ("bright-blue", Color::LightBlue),
    ("bright-magenta", Color::LightMagenta),
    ("bright-cyan", Color::LightCyan),
    ("white", Color::White),
];

const MODIFIERS: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
];

/// Why a theme cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    #[error("could not read theme file {}", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("theme file {file} is not valid TOML")]
    Toml {
        file: String,
        #[source]
        source: Box<toml::de::Error>,
    },
    #[error("theme file {file}: unknown key `{key}`; allowed are {allowed}")]
    UnknownKey {
        file: String,
        key: String,
        allowed: String,
    },
    #[error("theme file {file}: `{key}` has the word `{word}`; allowed are {allowed}")]
    UnknownWord {
        file: String,
        key: String,
        word: String,
        allowed: String,
    },
    #[error("theme file {file}: `{key}` must be a text such as \"cyan on black bold\"")]
    NotText { file: String, key: String },
    #[error("there is no theme `{name}`; there are {available}")]
    NoSuchTheme { name: String, available: String },
}

/// A style for each role.
#[derive(Debug, Clone)]
pub struct Theme {
    pub name: String,
    /// Only characters of ASCII are drawn.
    pub ascii: bool,
    styles: Vec<Style>,
}

impl Theme {
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    /// The same in what the terminal can show.
    #[must_use]
    pub fn for_terminal(mut self, manners: &Manners) -> Self {
        for style in &mut self.styles {
            *style = manners.depth.fit(*style);
        }
        self.ascii = manners.ascii;
        self
    }

    /// Reads `name` from `folder` if there is such a file, else from the built-in themes.
    pub fn load(name: &str, folder: &Path) -> Result<Self, ThemeError> {
        let path = folder.join(format!("{name}.toml"));
        match std::fs::read_to_string(&path) {
            Ok(text) => return Self::parse(name, &path.display().to_string(), &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(ThemeError::Read { path, source }),
        }
        let (_, text) = BUILT_IN
            .iter()
            .find(|(built_in, _)| *built_in == name)
            .ok_or_else(|| ThemeError::NoSuchTheme {
                name: name.to_owned(),
                available: Self::names(folder).join(", "),
            })?;
        Self::parse(name, &format!("themes/{name}.toml"), text)
    }

    /// The built-in names, then those that only `folder` has, by name.
    pub fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = BUILT_IN
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect();
        let mut own: Vec<String> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| {
                entry
                    .ok()?
                    .file_name()
                    .to_str()?
                    .strip_suffix(".toml")
                    .map(str::to_owned)
            })
            .filter(|name| !names.contains(name))
            .collect();
        own.sort();
        names.append(&mut own);
        names
    }

    /// A theme from TOML: one key for each role. A role that is left out looks like `text`.
    pub fn parse(name: &str, file: &str, text: &str) -> Result<Self, ThemeError> {
        let table: toml::Table = text.parse().map_err(|source| ThemeError::Toml {
            file: file.to_owned(),
            source: Box::new(source),
        })?;
        if let Some(key) = table
            .keys()
            .find(|key| !Role::ALL.iter().any(|role| role.key() == key.as_str()))
        {
            return Err(ThemeError::UnknownKey {
                file: file.to_owned(),
                key: key.clone(),
                allowed: Role::ALL
                    .iter()
                    .map(|role| role.key())
                    .collect::<Vec<_>>()
                    .join(", "),
            });
        }
        let read = |role: Role| match table.get(role.key()) {
            None => Ok(None),
            Some(toml::Value::String(words)) => style(file, role.key(), words).map(Some),
            Some(_) => Err(ThemeError::NotText {
                file: file.to_owned(),
                key: role.key().to_owned(),
            }),
        };
        let base = read(Role::Text)?.unwrap_or_default();
        let mut styles = Vec::with_capacity(Role::ALL.len());
        for role in Role::ALL {
            styles.push(base.patch(read(*role)?.unwrap_or_default()));
        }
        Ok(Self {
            name: name.to_owned(),
            ascii: false,
            styles,
        })
    }
}

/// `cyan on black bold`: a foreground, `on` and a background, and modifiers, each optional.
fn style(file: &str, key: &str, words: &str) -> Result<Style, ThemeError> {
    let mut style = Style::new();
    let mut background = false;
    for word in words.split_whitespace() {
        if word == "on" {
            background = true;
        } else if let Some((_, modifier)) = MODIFIERS.iter().find(|(name, _)| *name == word) {
            style = style.add_modifier(*modifier);
        } else if let Some(colour) = colour(word) {
            style = if background {
                style.bg(colour)
            } else {
                style.fg(colour)
            };
            background = false;
        } else {
            let names = COLOURS.iter().map(|(name, _)| *name);
            let modifiers = MODIFIERS.iter().map(|(name, _)| *name);
            return Err(ThemeError::UnknownWord {
                file: file.to_owned(),
                key: key.to_owned(),
                word: word.to_owned(),
                allowed: format!(
                    "{}, a number from 0 to 255, #rrggbb, and `on` before a background",
                    names.chain(modifiers).collect::<Vec<_>>().join(", ")
                ),
            });
        }
    }
    Ok(style)
}

fn colour(word: &str) -> Option<Color> {
    if let Some((_, colour)) = COLOURS.iter().find(|(name, _)| *name == word) {
        return Some(*colour);
    }
    if let Some(hex) = word.strip_prefix('#') {
        let value = u32::from_str_radix(hex, 16)
            .ok()
            .filter(|_| hex.len() == 6)?;
        return Some(Color::from_u32(value));
    }
    word.parse::<u8>().ok().map(Color::Indexed)
}
