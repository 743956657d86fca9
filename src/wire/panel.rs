//! A panel as front-ends get it: a method's result that is to be looked at, read out of its JSON.
//!
//! The kernel has checked the value against its type; still nothing here trusts a text, a number or a length.

use serde_json::Value;

/// Parts from the top.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    Text {
        /// `text`, `title`, `strong`, `dim`, `good`, `warning` or `bad`.
        role: String,
        text: String,
    },
    /// How much `value` is of `most`; either may be no finite number.
    Gauge {
        label: String,
        value: f64,
        most: f64,
    },
    Sparkline {
        label: String,
        values: Vec<f64>,
    },
    Table {
        headings: Vec<String>,
        rows: Vec<Vec<String>>,
    },
}

impl Panel {
    /// The panel that a send returned, also as an `Ok`; `None` when it returned something else.
    pub fn of_json(value: &Value) -> Option<Self> {
        let map = value.as_object().filter(|map| map.len() == 1)?;
        if let Some(inner) = map.get("Ok") {
            return Self::of_json(inner);
        }
        let parts = map.get("panel")?.as_array()?.iter().map(part);
        Some(Self {
            parts: parts.collect::<Option<_>>()?,
        })
    }

    /// The same with every text changed.
    #[must_use]
    pub fn with_texts(mut self, change: &dyn Fn(&str) -> String) -> Self {
        for part in &mut self.parts {
            match part {
                Part::Text { text, .. } => *text = change(text),
                Part::Gauge { label, .. } | Part::Sparkline { label, .. } => *label = change(label),
                Part::Table { headings, rows } => {
                    let cells = headings.iter_mut().chain(rows.iter_mut().flatten());
                    cells.for_each(|cell| *cell = change(cell));
                }
            }
        }
        self
    }
}

fn part(value: &Value) -> Option<Part> {
    let text = |name: &str| value.get(name)?.as_str().map(str::to_owned);
    if let Some(label) = text("gauge") {
        return Some(Part::Gauge {
            label,
            value: number(value.get("value")?)?,
            most: number(value.get("most")?)?,
        });
    }
    if let Some(label) = text("sparkline") {
        let values = value.get("values")?.as_array()?.iter().map(number);
        let values = values.collect::<Option<_>>()?;
        return Some(Part::Sparkline { label, values });
    }
    if let Some(headings) = value.get("table") {
        let rows = value.get("rows")?.as_array()?.iter().map(cells);
        return Some(Part::Table {
            headings: cells(headings)?,
            rows: rows.collect::<Option<_>>()?,
        });
    }
    Some(Part::Text {
        role: text("role").unwrap_or_else(|| "text".to_owned()),
        text: text("text")?,
    })
}

fn cells(value: &Value) -> Option<Vec<String>> {
    let cells = value.as_array()?.iter();
    cells.map(|cell| cell.as_str().map(str::to_owned)).collect()
}

/// Also those that JSON has only as text.
fn number(value: &Value) -> Option<f64> {
    match value.as_str() {
        Some("NaN") => Some(f64::NAN),
        Some("inf") => Some(f64::INFINITY),
        Some("-inf") => Some(f64::NEG_INFINITY),
        Some(_) => None,
        None => value.as_f64(),
    }
}
