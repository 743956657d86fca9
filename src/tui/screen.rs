//! Turns the state into the bytes of one frame, and nothing into no bytes.
//!
//! A frame is one buffer, as a rule inside synchronized-output brackets. Styles are written as the shortest SGR
//! here: the sixteen colours as themselves, and never a reset after an attribute that it would undo.

use std::fmt::Write as _;
use std::io;

use ratatui::Terminal;
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};

use super::state::State;
use super::theme::Theme;
use super::view::view;

const BEGIN: &str = "\x1b[?2026h";
const END: &str = "\x1b[?2026l";

/// The terminal as it is believed to look.
pub struct Screen {
    terminal: Terminal<Bytes>,
    /// Each frame stands in brackets that keep it from being shown in parts.
    pub synchronized: bool,
}

impl Screen {
    pub fn new(columns: u16, rows: u16) -> io::Result<Self> {
        let backend = Bytes {
            out: String::new(),
            size: Size::new(columns, rows),
            cursor: None,
            visible: None,
        };
        Ok(Self {
            terminal: Terminal::new(backend)?,
            synchronized: true,
        })
    }

    /// Paints the state; `None` when the terminal already shows it.
    pub fn draw(&mut self, state: &State, theme: &Theme) -> io::Result<Option<Vec<u8>>> {
        self.terminal.backend_mut().size = Size::new(state.size.0, state.size.1);
        self.terminal.draw(|frame| view(state, theme, frame))?;
        let out = std::mem::take(&mut self.terminal.backend_mut().out);
        let (begin, end) = if self.synchronized {
            (BEGIN, END)
        } else {
            ("", "")
        };
        Ok((!out.is_empty()).then(|| [begin, &out, end].concat().into_bytes()))
    }

    /// Forgets what the terminal shows: the next frame paints everything.
    pub fn forget(&mut self) -> io::Result<()> {
        let backend = self.terminal.backend_mut();
        backend.cursor = None;
        backend.visible = None;
        self.terminal.clear()
    }
}

/// A ratatui backend that collects bytes.
struct Bytes {
    out: String,
    size: Size,
    /// Where the cursor is, while that is known.
    cursor: Option<Position>,
    visible: Option<bool>,
}

/// What the terminal was last told about looks.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    foreground: Color,
    background: Color,
    modifier: Modifier,
}

const PLAIN: Look = Look {
    foreground: Color::Reset,
    background: Color::Reset,
    modifier: Modifier::empty(),
};

const ATTRIBUTES: [(Modifier, u8); 8] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

impl Bytes {
    fn push(&mut self, text: std::fmt::Arguments) {
        // Writing into a String cannot fail.
        let _ = self.out.write_fmt(text);
    }

    fn look(&mut self, mut from: Look, to: Look) {
        let mut codes = Vec::new();
        if !to.modifier.contains(from.modifier) {
            codes.push("0".to_owned());
            from = PLAIN;
        }
        for (modifier, code) in ATTRIBUTES {
            if to.modifier.contains(modifier) && !from.modifier.contains(modifier) {
                codes.push(code.to_string());
            }
        }
        if to.foreground != from.foreground {
            codes.push(colour(to.foreground, 30));
        }
        if to.background != from.background {
            codes.push(colour(to.background, 40));
        }
        if !codes.is_empty() {
            self.push(format_args!("\x1b[{}m", codes.join(";")));
        }
    }
}

/// The SGR code of a colour; `base` is 30 for the foreground, 40 for the background.
fn colour(colour: Color, base: u8) -> String {
    let plain = |number: u8| (base + number).to_string();
    let bright = |number: u8| (base + 60 + number).to_string();
    match colour {
        Color::Reset => plain(9),
        Color::Black => plain(0),
        Color::Red => plain(1),
        Color::Green => plain(2),
        Color::Yellow => plain(3),
        Color::Blue => plain(4),
        Color::Magenta => plain(5),
        Color::Cyan => plain(6),
        Color::Gray => plain(7),
        Color::DarkGray => bright(0),
        Color::LightRed => bright(1),
        Color::LightGreen => bright(2),
        Color::LightYellow => bright(3),
        Color::LightBlue => bright(4),
        Color::LightMagenta => bright(5),
        Color::LightCyan => bright(6),
        Color::White => bright(7),
        Color::Indexed(index) => format!("{};5;{index}", base + 8),
        Color::Rgb(red, green, blue) => format!("{};2;{red};{green};{blue}", base + 8),
    }
}

/// What follows when the cells begin with plain blanks up to the right edge that are worth erasing in one go.
fn blank_to_edge<'a, 'b>(
    cells: &'b [(u16, u16, &'a Cell)],
    width: u16,
) -> Option<&'b [(u16, u16, &'a Cell)]> {
    const WORTH: usize = 4;
    let (first, row, _) = cells.first()?;
    let blank = |(expected, (x, y, cell)): (u16, &(u16, u16, &Cell))| {
        let plain = cell.bg == Color::Reset && cell.modifier.is_empty();
        *x == expected && y == row && plain && cell.symbol() == " "
    };
    let count = (*first..width)
        .zip(cells)
        .take_while(|pair| blank((pair.0, pair.1)))
        .count();
    let reaches = usize::from(*first) + count == usize::from(width);
    (reaches && count >= WORTH)
        .then(|| cells.get(count..))
        .flatten()
}

impl Backend for Bytes {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let cells: Vec<_> = content.collect();
        let mut rest = cells.as_slice();
        let mut look = PLAIN;
        let mut next = None;
        while let Some(((x, y, cell), after)) = rest.split_first() {
            if next != Some((*x, *y)) {
                self.push(format_args!("\x1b[{};{}H", y + 1, x + 1));
            }
            self.cursor = None;
            if let Some(after) = blank_to_edge(rest, self.size.width) {
                self.look(look, PLAIN);
                look = PLAIN;
                self.out.push_str("\x1b[K");
                rest = after;
                next = None;
                continue;
            }
            let wanted = Look {
                foreground: cell.fg,
                background: cell.bg,
                modifier: cell.modifier,
            };
            self.look(look, wanted);
            look = wanted;
            self.out.push_str(cell.symbol());
            // After anything but a plain narrow character the terminal's idea of the column is not trusted.
            next = (cell.symbol().len() == 1).then_some((x + 1, *y));
            rest = after;
        }
        if look != PLAIN {
            self.out.push_str("\x1b[0m");
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.visible != Some(false) {
            self.out.push_str("\x1b[?25l");
            self.visible = Some(false);
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.visible != Some(true) {
            self.out.push_str("\x1b[?25h");
            self.visible = Some(true);
        }
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor != Some(position) {
            self.push(format_args!("\x1b[{};{}H", position.y + 1, position.x + 1));
            self.cursor = Some(position);
        }
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.out.push_str(match clear_type {
            ClearType::All => "\x1b[0m\x1b[2J",
            ClearType::AfterCursor => "\x1b[J",
            ClearType::BeforeCursor => "\x1b[1J",
            ClearType::CurrentLine => "\x1b[2K",
            ClearType::UntilNewLine => "\x1b[K",
        });
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.size,
            pixels: Size::ZERO,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
