//! How many colours the terminal shows, and what becomes of a style that has more.

use ratatui::style::{Color, Modifier, Style};

use crate::config::Environment;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// The terminal's own two, told apart by weight, underline and reverse.
    None,
    Sixteen,
    /// The palette of 256.
    Indexed,
    True,
}

/// The sixteen as most terminals show them, in the order of their numbers.
const SIXTEEN: [(Color, (u8, u8, u8)); 16] = [
    (Color::Black, (0, 0, 0)),
    (Color::Red, (205, 0, 0)),
    (Color::Green, (0, 205, 0)),
    (Color::Yellow, (205, 205, 0)),
    (Color::Blue, (0, 0, 238)),
    (Color::Magenta, (205, 0, 205)),
    (Color::Cyan, (0, 205, 205)),
    (Color::Gray, (229, 229, 229)),
    (Color::DarkGray, (127, 127, 127)),
    (Color::LightRed, (255, 0, 0)),
    (Color::LightGreen, (0, 255, 0)),
    (Color::LightYellow, (255, 255, 0)),
    (Color::LightBlue, (92, 92, 255)),
    (Color::LightMagenta, (255, 0, 255)),
    (Color::LightCyan, (0, 255, 255)),
    (Color::White, (255, 255, 255)),
];

/// Steps of the palette's cube.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

impl Depth {
    /// What the setting says; `auto` asks the environment, never the terminal.
    pub fn of(setting: &str, environment: &Environment) -> Self {
        let has = |name: &str, words: &[&str]| {
            let value = environment.get(name).map(|value| value.to_string_lossy());
            value.is_some_and(|value| words.iter().any(|word| value.contains(word)))
        };
        match setting {
            "none" => Self::None,
            "16" => Self::Sixteen,
            "256" => Self::Indexed,
            "true" => Self::True,
            _ if environment.get("NO_COLOR").is_some() => Self::None,
            _ if has("COLORTERM", &["truecolor", "24bit"]) => Self::True,
            _ if has("TERM", &["256color", "direct", "kitty", "alacritty"]) => Self::Indexed,
            _ => Self::Sixteen,
        }
    }

    /// The style in colours that there are.
    pub fn fit(self, style: Style) -> Style {
        if self == Self::None {
            return without_colour(style);
        }
        Style {
            fg: style.fg.map(|colour| self.nearest(colour)),
            bg: style.bg.map(|colour| self.nearest(colour)),
            ..style
        }
    }

    fn nearest(self, colour: Color) -> Color {
        match (self, colour) {
            (Self::Indexed, Color::Rgb(red, green, blue)) => {
                Color::Indexed(index_of((red, green, blue)))
            }
            (Self::Sixteen, Color::Rgb(red, green, blue)) => sixteen((red, green, blue)),
            (Self::Sixteen, Color::Indexed(index)) => sixteen(rgb_of(index)),
            _ => colour,
        }
    }
}

/// What had a background is told apart by reverse.
fn without_colour(style: Style) -> Style {
    let filled = style.bg.is_some_and(|colour| colour != Color::Reset);
    let plain = Style {
        fg: style.fg.map(|_| Color::Reset),
        bg: style.bg.map(|_| Color::Reset),
        ..style
    };
    if filled {
        plain.add_modifier(Modifier::REVERSED)
    } else {
        plain
    }
}

fn distance(a: (u8, u8, u8), b: (u8, u8, u8)) -> u32 {
    let apart = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
    apart(a.0, b.0) + apart(a.1, b.1) + apart(a.2, b.2)
}

fn sixteen(wanted: (u8, u8, u8)) -> Color {
    let nearest = SIXTEEN.iter().min_by_key(|(_, rgb)| distance(*rgb, wanted));
    nearest.map_or(Color::Reset, |(colour, _)| *colour)
}

fn rgb_of(index: u8) -> (u8, u8, u8) {
    let step = |number: u8| STEPS.get(usize::from(number % 6)).copied().unwrap_or(0);
    match index {
        0..=15 => SIXTEEN
            .get(usize::from(index))
            .map_or((0, 0, 0), |(_, rgb)| *rgb),
        16..=231 => {
            let place = index - 16;
            (step(place / 36), step(place / 6), step(place))
        }
        232..=255 => {
            let gray = 8 + 10 * (index - 232);
            (gray, gray, gray)
        }
    }
}

/// The nearest of the cube and the grays; the first sixteen are each terminal's own.
fn index_of(wanted: (u8, u8, u8)) -> u8 {
    (16..=255)
        .min_by_key(|index| distance(rgb_of(*index), wanted))
        .unwrap_or(16)
}
