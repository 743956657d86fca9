//! The Memory pane: who speaks through what, where each model is, what there is of memory, what came and went.
//!
//! What is not known is `n/a`: a card need not tell everything, and most machines have none.

use unicode_width::UnicodeWidthStr;

use crate::tui::document::{Document, Row, piece};
use crate::tui::state::{Link, State};
use crate::tui::theme::Role;
use crate::wire::memory::{Gpu, Gpus, MainMemory, MemoryView, ModelView, Swap, SwapKind};
use crate::wire::messages::{PersonaView, ResidentModel};

/// Columns of a bar, at most.
const MOST_BAR: usize = 24;
/// Columns before a bar.
const LABEL: usize = 6;
const SWAPS_SHOWN: usize = 12;

pub fn document(state: &State, width: u16) -> Document {
    let mut document = Document::new(width);
    let Some(view) = &state.memory.view else {
        document.blank();
        let text = match state.link {
            Link::Up => "asking the kernel",
            _ => "the kernel is away",
        };
        document.row(vec![piece(Role::Dim, text)]);
        return document;
    };
    personas(&mut document, state, &view.personas);
    models(&mut document, state, view);
    memory(&mut document, view);
    swaps(&mut document, state, &view.swaps);
    document
}

fn personas(document: &mut Document, state: &State, personas: &[PersonaView]) {
    heading(document, "Personas", "tokens a second, last answer");
    let titles = widest(personas.iter().map(|one| one.title.as_str()));
    for persona in personas {
        let mut left: Row = vec![
            piece(
                super::persona_role(&persona.name),
                format!("  {:<12}", persona.name),
            ),
            piece(Role::Dim, format!("{:<titles$}  ", persona.title)),
            piece(Role::Text, persona.model.as_str()),
        ];
        // A narrow screen has no room for all of it.
        let narrow = document.width() < 60;
        if narrow {
            left.remove(1);
        }
        let right = match &persona.spoke {
            Some(spoke) if narrow => {
                vec![piece(Role::Text, format!("{:.1}/s", spoke.write_rate))]
            }
            Some(spoke) => {
                let ago = super::since(state.now_ms, spoke.time_ms);
                vec![
                    piece(Role::Text, format!("{:.1}/s", spoke.write_rate)),
                    piece(Role::Dim, format!(" · {ago} ago")),
                ]
            }
            None if narrow => Row::new(),
            None => vec![piece(Role::Dim, "has not spoken")],
        };
        document.row_apart(left, right);
    }
}

fn models(document: &mut Document, state: &State, view: &MemoryView) {
    document.blank();
    heading(document, "Models", "of the file");
    for model in &view.models {
        let (mark, role) = match &model.resident {
            Some(_) => ("●", Role::Good),
            None => ("○", Role::Dim),
        };
        let left = vec![
            piece(role, format!("{mark} ")),
            piece(Role::Strong, model.name.as_str()),
            piece(Role::Dim, format!("  {}", model.file)),
        ];
        let right = model.file_bytes.map_or_else(Row::new, |bytes| {
            vec![piece(Role::Dim, super::bytes(bytes))]
        });
        document.row_apart(left, right);
        let told = match (&model.resident, loading(state, model)) {
            (_, Some(percent)) => piece(Role::Warning, format!("  loading, {percent}%")),
            (Some(resident), None) => piece(Role::Text, format!("  {}", placed(state, resident))),
            (None, None) if model.file_bytes.is_none() => {
                piece(Role::Bad, "  its file is missing: batos model fetch")
            }
            (None, None) => piece(Role::Dim, "  not in memory"),
        };
        document.wrapped(&[told], 2);
    }
}

fn loading(state: &State, model: &ModelView) -> Option<u32> {
    let engine = &state.status.as_ref()?.engine;
    let (name, fraction) = engine.loading.as_ref()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to 100, and saturates"
    )]
    let percent = (fraction.clamp(0.0, 1.0) * 100.0) as u32;
    (*name == model.name).then_some(percent)
}

fn placed(state: &State, model: &ResidentModel) -> String {
    let place = match (model.gpu_layers, model.layers) {
        (0, _) => "on the CPU".to_owned(),
        (on_gpu, all) if on_gpu >= all => format!("all {all} layers on the GPU"),
        (on_gpu, all) => format!("{on_gpu} of {all} layers on the GPU, the others on the CPU"),
    };
    let mut facts = vec![place, super::bytes(model.bytes)];
    if model.gpu_layers > 0 {
        facts.push(format!(
            "{} of it on the GPU",
            super::bytes(model.gpu_bytes)
        ));
    }
    facts.push(format!("context {}", model.context));
    facts.push(format!(
        "loaded in {}, {} ago",
        super::duration(model.load_seconds),
        super::since(state.now_ms, model.since_ms)
    ));
    facts.join(" · ")
}

fn memory(document: &mut Document, view: &MemoryView) {
    document.blank();
    heading(document, "Memory", "in use");
    let resident = || view.models.iter().filter_map(|one| one.resident.as_ref());
    let on_gpus: u64 = resident().map(|one| one.gpu_bytes).sum();
    let all: u64 = resident().map(|one| one.bytes).sum();
    match view.main {
        Some(MainMemory { total, available }) => {
            let used = total.saturating_sub(available);
            bar(document, "main", Some(used), Some(total));
            let text = format!("models {}", super::bytes(all.saturating_sub(on_gpus)));
            beside(document, &text);
        }
        None => bar(document, "main", None, None),
    }
    gpus(document, &view.gpus, on_gpus);
}

fn gpus(document: &mut Document, gpus: &Gpus, on_gpus: u64) {
    if let Some(missing) = &gpus.missing {
        let text = [
            piece(Role::Dim, format!("  {:<LABEL$}", "GPU")),
            piece(Role::Text, "n/a "),
            piece(Role::Dim, format!("({missing})")),
        ];
        document.wrapped(&text, LABEL + 2);
    }
    for (number, card) in gpus.cards.iter().enumerate() {
        let label = format!("GPU {number}");
        bar(document, &label, card.memory_used, card.memory_total);
        beside(document, &card_facts(card));
    }
    if !gpus.cards.is_empty() {
        let driver = gpus.driver.as_deref().unwrap_or("n/a");
        let text = format!("models {} · driver {driver}", super::bytes(on_gpus));
        beside(document, &text);
    }
}

fn card_facts(card: &Gpu) -> String {
    let number = |number: Option<u32>, unit: &str| {
        number.map_or_else(|| "n/a".to_owned(), |number| format!("{number}{unit}"))
    };
    let watts = |milliwatts: Option<u32>| number(milliwatts.map(|one| one / 1000), "");
    let power = match card.most_milliwatts {
        Some(most) => format!("{} of {} W", watts(card.milliwatts), most / 1000),
        None => format!("{} W", watts(card.milliwatts)),
    };
    let mut facts = vec![
        card.name.clone(),
        format!("busy {}", number(card.busy_percent, "%")),
        number(card.celsius, " °C"),
        power,
    ];
    // Only one that is not usual is worth the room.
    facts.extend(
        card.compute_mode
            .as_ref()
            .filter(|mode| *mode != "default")
            .map(|mode| format!("compute mode {mode}")),
    );
    facts.join(" · ")
}

fn beside(document: &mut Document, text: &str) {
    let indent = " ".repeat(LABEL + 2);
    document.wrapped(
        &[piece(Role::Text, indent), piece(Role::Dim, text)],
        LABEL + 2,
    );
}

/// How much of something is in use, with the figures where there is room for both.
fn bar(document: &mut Document, label: &str, used: Option<u64>, total: Option<u64>) {
    let or_not = |bytes: Option<u64>| bytes.map_or_else(|| "n/a".to_owned(), super::bytes);
    let told = format!(" {} of {}", or_not(used), or_not(total));
    let room = document.width().saturating_sub(LABEL + 2);
    let columns = room.saturating_sub(told.width()).min(MOST_BAR);
    let filled = match (used, total) {
        (Some(used), Some(total)) if total > 0 => {
            let columns = columns as u128;
            let share = (u128::from(used.min(total)) * columns).div_ceil(u128::from(total));
            usize::try_from(share).unwrap_or(0)
        }
        _ => 0,
    };
    document.row(vec![
        piece(Role::Dim, format!("  {label:<LABEL$}")),
        piece(Role::Accent, "━".repeat(filled)),
        piece(Role::Rule, "─".repeat(columns.saturating_sub(filled))),
        piece(Role::Text, told),
    ]);
}

fn swaps(document: &mut Document, state: &State, swaps: &[Swap]) {
    document.blank();
    heading(document, "Loads", "newest first");
    if swaps.is_empty() {
        document.row(vec![piece(Role::Dim, "  none since the kernel started")]);
    }
    for swap in swaps.iter().take(SWAPS_SHOWN) {
        let time = super::clock(swap.time_ms, state.utc_offset_s);
        let what = match &swap.what {
            SwapKind::Loaded { seconds } => piece(
                Role::Text,
                format!("loaded in {}", super::duration(*seconds)),
            ),
            SwapKind::Left(cause) => piece(Role::Warning, format!("left: {cause}")),
        };
        let row = [
            piece(Role::Dim, format!("  {time}  ")),
            piece(Role::Strong, format!("{} ", swap.model)),
            what,
        ];
        document.wrapped(&row, 12);
    }
}

/// What the section is, and what its right column has.
fn heading(document: &mut Document, title: &str, right: &str) {
    document.row_apart(
        vec![piece(Role::Strong, title)],
        vec![piece(Role::Dim, right)],
    );
}

fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(UnicodeWidthStr::width).max().unwrap_or(0)
}
