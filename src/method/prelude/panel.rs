//! What a method gives a person to look at: texts, gauges, sparklines and tables, one below the other.
//!
//! Every part takes whatever is at hand: any number, anything that prints, any rows. More than fits is left out here,
//! so that a list that grows never ends a display in a trap; the kernel's `method::panel` refuses it.

use super::pack::{array, Pack};
use super::unpack::{Reader, Unpack};
use std::fmt::Display;

const MOST_PARTS: usize = 256;
const MOST_BYTES: usize = 4096;
const MOST_VALUES: usize = 1024;
const MOST_ROWS: usize = 256;
const MOST_COLUMNS: usize = 16;

/// A column of parts, drawn from the top.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Text(String, String),
    Gauge(String, f64, f64),
    Sparkline(String, Vec<f64>),
    Table(Vec<String>, Vec<Vec<String>>),
}

impl Panel {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn text(&mut self, text: impl Display) -> &mut Self {
        self.said("text", text)
    }

    pub fn title(&mut self, text: impl Display) -> &mut Self {
        self.said("title", text)
    }

    pub fn strong(&mut self, text: impl Display) -> &mut Self {
        self.said("strong", text)
    }

    pub fn dim(&mut self, text: impl Display) -> &mut Self {
        self.said("dim", text)
    }

    pub fn good(&mut self, text: impl Display) -> &mut Self {
        self.said("good", text)
    }

    pub fn warning(&mut self, text: impl Display) -> &mut Self {
        self.said("warning", text)
    }

    pub fn bad(&mut self, text: impl Display) -> &mut Self {
        self.said("bad", text)
    }

    /// How much `value` is of `most`.
    pub fn gauge(
        &mut self,
        label: impl Display,
        value: impl Number,
        most: impl Number,
    ) -> &mut Self {
        self.part(Part::Gauge(short(label), value.number(), most.number()))
    }

    /// The newest values, the last at the right.
    pub fn sparkline(
        &mut self,
        label: impl Display,
        values: impl IntoIterator<Item = impl Number>,
    ) -> &mut Self {
        let mut values: Vec<f64> = values.into_iter().map(|value| value.number()).collect();
        let skipped = values.len().saturating_sub(MOST_VALUES);
        values.drain(..skipped);
        self.part(Part::Sparkline(short(label), values))
    }

    /// A heading for each column, and the rows: tuples, arrays or lists of what prints.
    pub fn table(
        &mut self,
        headings: impl IntoIterator<Item = impl Display>,
        rows: impl IntoIterator<Item = impl Cells>,
    ) -> &mut Self {
        let headings = headings.into_iter().map(short).take(MOST_COLUMNS);
        let rows = rows.into_iter().take(MOST_ROWS).map(|row| {
            let mut cells = row.cells();
            cells.truncate(MOST_COLUMNS);
            cells
        });
        self.part(Part::Table(headings.collect(), rows.collect()))
    }

    fn said(&mut self, role: &str, text: impl Display) -> &mut Self {
        self.part(Part::Text(role.into(), short(text)))
    }

    fn part(&mut self, part: Part) -> &mut Self {
        if self.parts.len() < MOST_PARTS {
            self.parts.push(part);
        }
        self
    }
}

fn short(text: impl Display) -> String {
    let mut text = text.to_string();
    if text.len() > MOST_BYTES {
        let mut end = MOST_BYTES;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
    text
}

/// Any number.
pub trait Number {
    fn number(&self) -> f64;
}

macro_rules! numbers {
    ($($t:ty)*) => { $(
        impl Number for $t {
            fn number(&self) -> f64 {
                *self as f64
            }
        }
    )* };
}
numbers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64);

impl<T: Number + ?Sized> Number for &T {
    fn number(&self) -> f64 {
        (**self).number()
    }
}

/// A row of a table.
pub trait Cells {
    fn cells(&self) -> Vec<String>;
}

impl<T: Cells + ?Sized> Cells for &T {
    fn cells(&self) -> Vec<String> {
        (**self).cells()
    }
}

impl<T: Display> Cells for [T] {
    fn cells(&self) -> Vec<String> {
        self.iter().take(MOST_COLUMNS).map(short).collect()
    }
}

impl<T: Display, const N: usize> Cells for [T; N] {
    fn cells(&self) -> Vec<String> {
        self.as_slice().cells()
    }
}

impl<T: Display> Cells for Vec<T> {
    fn cells(&self) -> Vec<String> {
        self.as_slice().cells()
    }
}

impl Cells for str {
    fn cells(&self) -> Vec<String> {
        vec![short(self)]
    }
}

impl Cells for String {
    fn cells(&self) -> Vec<String> {
        self.as_str().cells()
    }
}

macro_rules! tuples {
    ($($($t:ident)+;)*) => { $(
        impl<$($t: Display),+> Cells for ($($t,)+) {
            #[allow(non_snake_case)]
            fn cells(&self) -> Vec<String> {
                let ($($t,)+) = self;
                vec![$(short($t)),+]
            }
        }
    )* };
}
tuples! { A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H; }

impl Pack for Panel {
    fn pack(&self, out: &mut Vec<u8>) {
        array(out, self.parts.len());
        for part in &self.parts {
            match part {
                Part::Text(role, text) => ("text", role, text).pack(out),
                Part::Gauge(label, value, most) => ("gauge", label, value, most).pack(out),
                Part::Sparkline(label, values) => ("sparkline", label, values).pack(out),
                Part::Table(headings, rows) => ("table", headings, rows).pack(out),
            }
        }
    }
}

impl Unpack for Panel {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        let count = from.array()?;
        let parts = (0..count).map(|_| {
            from.array()?;
            Ok(match String::unpack(from)?.as_str() {
                "text" => Part::Text(Unpack::unpack(from)?, Unpack::unpack(from)?),
                "gauge" => Part::Gauge(
                    Unpack::unpack(from)?,
                    Unpack::unpack(from)?,
                    Unpack::unpack(from)?,
                ),
                "sparkline" => Part::Sparkline(Unpack::unpack(from)?, Unpack::unpack(from)?),
                "table" => Part::Table(Unpack::unpack(from)?, Unpack::unpack(from)?),
                _ => return Err("expected a part of a panel".into()),
            })
        });
        let parts = parts.collect::<Result<_, String>>()?;
        Ok(Panel { parts })
    }
}
