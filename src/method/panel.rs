//! A `Panel`: what a method gives a person to look at, as a value.
//!
//! It is a list of parts, each a list that begins with its kind: `["text", role, text]`, `["gauge", label, value, most]`,
//! `["sparkline", label, values]`, `["table", headings, rows]`. In JSON it says of itself what it is:
//! `{"panel": [{"text": "…", "role": "title"}, {"gauge": "…", "value": 3.0, "most": 4.0}, …]}`. The prelude leaves out
//! what is beyond the limits here; bytes from elsewhere that go beyond them are no value.

use rmp::Marker;
use serde_json::{Map, Value as Json, json};

use super::json::{read_float, shortened, write_float};
use super::types::Type;
use super::unpack::Reader;
use super::value::{Value, ValueError};

const MOST_PARTS: usize = 256;
const MOST_BYTES: usize = 4096;
const MOST_VALUES: usize = 1024;
const MOST_ROWS: usize = 256;
const MOST_COLUMNS: usize = 16;

/// What a text may be; each is drawn in a style of the theme.
const ROLES: [&str; 7] = ["text", "title", "strong", "dim", "good", "warning", "bad"];

/// What follows a part's kind.
fn fields(kind: &str) -> Option<Vec<Type>> {
    let list = |item: Type| Type::Vec(Box::new(item));
    Some(match kind {
        "text" => vec![Type::String, Type::String],
        "gauge" => vec![Type::String, Type::F64, Type::F64],
        "sparkline" => vec![Type::String, list(Type::F64)],
        "table" => vec![list(Type::String), list(list(Type::String))],
        _ => return None,
    })
}

/// Whether the parts are within the limits; the error says which.
fn check(parts: &[Value]) -> Result<(), ValueError> {
    let most = |what: &str, most: usize, found: usize| {
        if found <= most {
            return Ok(());
        }
        Err(ValueError::mismatch(
            format!("at most {most} {what}"),
            found,
        ))
    };
    most("parts of a panel", MOST_PARTS, parts.len())?;
    for part in parts {
        texts(part, &mut |text| {
            most("bytes of a text in a panel", MOST_BYTES, text.len())
        })?;
        let [Value::Text(kind), fields @ ..] = items(part) else {
            continue;
        };
        match (kind.as_str(), fields) {
            ("text", [Value::Text(role), _]) if !ROLES.contains(&role.as_str()) => {
                return Err(ValueError::mismatch(ROLES.join(", "), format!("{role:?}")));
            }
            ("sparkline", [_, values]) => {
                most("values of a sparkline", MOST_VALUES, items(values).len())?;
            }
            ("table", [headings, rows]) => {
                most("rows of a table", MOST_ROWS, items(rows).len())?;
                for row in items(rows).iter().chain([headings]) {
                    most("columns of a table", MOST_COLUMNS, items(row).len())?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn items(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        _ => &[],
    }
}

fn texts(
    value: &Value,
    each: &mut dyn FnMut(&str) -> Result<(), ValueError>,
) -> Result<(), ValueError> {
    match value {
        Value::Text(text) => each(text),
        other => items(other).iter().try_for_each(|item| texts(item, each)),
    }
}

impl Reader<'_> {
    /// A packed panel.
    pub(super) fn panel(&mut self, marker: Marker) -> Result<Value, ValueError> {
        let count = self.array_length(&Type::Panel, marker)?;
        if count > MOST_PARTS {
            return Err(self.malformed(&format!("more than {MOST_PARTS} parts of a panel")));
        }
        let parts: Vec<Value> = (0..count)
            .map(|index| {
                self.part()
                    .map_err(|error| error.inside(&format!("[{index}]")))
            })
            .collect::<Result<_, _>>()?;
        check(&parts)?;
        Ok(Value::List(parts))
    }

    fn part(&mut self) -> Result<Value, ValueError> {
        let marker = self.peek()?;
        let length = self.array_length(&Type::Panel, marker)?;
        let marker = self.peek()?;
        let kind = self.text(&Type::String, marker)?;
        let fields = fields(&kind).filter(|fields| fields.len() + 1 == length);
        let fields = fields
            .ok_or_else(|| ValueError::mismatch("a part of a panel", shortened(&json!(kind))))?;
        let mut part = vec![Value::Text(kind)];
        for ty in &fields {
            part.push(self.value(ty)?);
        }
        Ok(Value::List(part))
    }
}

pub(super) fn from_json(json: &Json) -> Result<Value, ValueError> {
    let mismatch = || ValueError::mismatch(Type::Panel, shortened(json));
    let map = json.as_object().filter(|map| map.len() == 1);
    let parts = map.and_then(|map| map.get("panel")?.as_array());
    let parts = parts.ok_or_else(mismatch)?.iter().enumerate();
    let parts: Vec<Value> = parts
        .map(|(index, part)| {
            part_from_json(part).ok_or_else(|| {
                ValueError::mismatch("a part of a panel", shortened(part))
                    .inside(&format!("[{index}]"))
            })
        })
        .collect::<Result<_, _>>()?;
    check(&parts)?;
    Ok(Value::List(parts))
}

fn part_from_json(json: &Json) -> Option<Value> {
    let map = json.as_object()?;
    let text = |name: &str| Some(Value::Text(map.get(name)?.as_str()?.to_owned()));
    let number = |name: &str| Some(Value::F64(read_float(map.get(name)?)?));
    let (kind, fields) = if map.contains_key("gauge") {
        (
            "gauge",
            vec![text("gauge")?, number("value")?, number("most")?],
        )
    } else if map.contains_key("sparkline") {
        let values = map.get("values")?.as_array()?.iter();
        let values: Option<Vec<Value>> = values
            .map(|value| Some(Value::F64(read_float(value)?)))
            .collect();
        ("sparkline", vec![text("sparkline")?, Value::List(values?)])
    } else if map.contains_key("table") {
        let rows: Option<Vec<Value>> = map.get("rows")?.as_array()?.iter().map(cells).collect();
        ("table", vec![cells(map.get("table")?)?, Value::List(rows?)])
    } else {
        let role = text("role").or_else(|| Some(Value::Text("text".into())));
        ("text", vec![role?, text("text")?])
    };
    // No field that means nothing.
    let plain = kind == "text" && !map.contains_key("role");
    (map.len() + usize::from(plain) == fields.len()).then(|| {
        let kind = std::iter::once(Value::Text(kind.into()));
        Value::List(kind.chain(fields).collect())
    })
}

fn cells(json: &Json) -> Option<Value> {
    let cells = json.as_array()?.iter();
    let cells: Option<Vec<Value>> = cells
        .map(|cell| Some(Value::Text(cell.as_str()?.to_owned())))
        .collect();
    cells.map(Value::List)
}

pub(super) fn to_json(parts: &[Value]) -> Json {
    json!({"panel": parts.iter().map(part_to_json).collect::<Vec<_>>()})
}

fn part_to_json(part: &Value) -> Json {
    let names: &[&str] = match items(part).first() {
        Some(Value::Text(kind)) => match kind.as_str() {
            "gauge" => &["gauge", "value", "most"],
            "sparkline" => &["sparkline", "values"],
            "table" => &["table", "rows"],
            _ => &["role", "text"],
        },
        _ => &[],
    };
    let fields = items(part).iter().skip(1).map(plain);
    let pairs = names.iter().map(|name| (*name).to_owned()).zip(fields);
    Json::Object(pairs.collect::<Map<_, _>>())
}

fn plain(value: &Value) -> Json {
    match value {
        Value::Text(text) => Json::String(text.clone()),
        Value::F64(number) => write_float(*number),
        other => items(other).iter().map(plain).collect(),
    }
}
