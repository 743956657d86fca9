//! Personas, models and GPUs as JSON for scripts and as text for people.
//!
//! What a card does not tell is `null` for the ones and `n/a` for the others.

use serde_json::{Value, json};

use super::output::{plain, table};
use crate::wire::memory::{Gpu, Gpus, MemoryView, ModelView};
use crate::wire::messages::{PersonaView, ResidentModel};

pub fn gpus_json(gpus: &Gpus) -> Value {
    let watts = |milliwatts: Option<u32>| milliwatts.map(|one| f64::from(one) / 1000.0);
    json!({
        "driver": gpus.driver,
        "cards": gpus.cards.iter().map(|card| json!({
            "name": card.name, "memory_total": card.memory_total, "memory_used": card.memory_used,
            "busy_percent": card.busy_percent, "celsius": card.celsius, "watts": watts(card.milliwatts),
            "most_watts": watts(card.most_milliwatts), "compute_mode": card.compute_mode,
        })).collect::<Vec<_>>(),
        "missing": gpus.missing,
    })
}

/// A line a card, or the one that says why there is none.
pub fn gpus_text(gpus: &Gpus) -> String {
    let mut text = String::new();
    for card in &gpus.cards {
        text.push_str(&format!("gpu      {}\n", card_text(card)));
    }
    if let Some(missing) = &gpus.missing {
        text.push_str(&format!("gpu      n/a ({})\n", plain(missing)));
    }
    text
}

fn card_text(card: &Gpu) -> String {
    let memory = match (card.memory_used, card.memory_total) {
        (Some(used), Some(total)) => format!("{} of {} MiB", used >> 20, total >> 20),
        (None, Some(total)) => format!("n/a of {} MiB", total >> 20),
        _ => "memory n/a".to_owned(),
    };
    let power = match (card.milliwatts, card.most_milliwatts) {
        (Some(now), Some(most)) => format!("{} of {} W", now / 1000, most / 1000),
        (Some(now), None) => format!("{} W", now / 1000),
        _ => "power n/a".to_owned(),
    };
    let or_not = |known: Option<u32>, unit: &str, what: &str| {
        known.map_or_else(|| format!("{what} n/a"), |known| format!("{known} {unit}"))
    };
    [
        plain(&card.name),
        memory,
        or_not(card.busy_percent, "% busy", "load"),
        or_not(card.celsius, "°C", "temperature"),
        power,
    ]
    .join(", ")
}

pub fn personas_json(view: &MemoryView) -> Value {
    let persona = |persona: &PersonaView| {
        let model = resident(view, &persona.model);
        json!({
            "name": persona.name, "title": persona.title, "model": persona.model, "file": persona.file,
            "resident": persona.resident,
            "gpu_layers": model.map(|model| model.gpu_layers), "layers": model.map(|model| model.layers),
            "bytes": model.map(|model| model.bytes), "gpu_bytes": model.map(|model| model.gpu_bytes),
            "spoke": persona.spoke.as_ref().map(|spoke| json!({
                "time_ms": spoke.time_ms, "read": spoke.read, "written": spoke.written,
                "read_per_second": spoke.read_rate, "written_per_second": spoke.write_rate,
            })),
        })
    };
    view.personas.iter().map(persona).collect()
}

pub fn personas_text(view: &MemoryView) -> String {
    let personas: Vec<Vec<String>> = view
        .personas
        .iter()
        .map(|persona| {
            vec![
                persona.name.clone(),
                persona.title.clone(),
                persona.model.clone(),
                match &persona.spoke {
                    Some(spoke) => format!("{:.1}", spoke.write_rate),
                    None => String::new(),
                },
            ]
        })
        .collect();
    let models: Vec<Vec<String>> = view.models.iter().map(model_row).collect();
    format!(
        "{}\n{}\n{}",
        table(&["PERSONA", "TITLE", "MODEL", "TOKENS/S"], &personas),
        table(&["MODEL", "FILE", "SIZE", "WHERE", "TAKES"], &models),
        gpus_text(&view.gpus)
    )
}

fn model_row(model: &ModelView) -> Vec<String> {
    let mib = |bytes: u64| format!("{} MiB", bytes >> 20);
    vec![
        model.name.clone(),
        model.file.clone(),
        model.file_bytes.map_or_else(|| "missing".to_owned(), mib),
        model.resident.as_ref().map(place).unwrap_or_default(),
        model
            .resident
            .as_ref()
            .map(|one| mib(one.bytes))
            .unwrap_or_default(),
    ]
}

/// `CPU`, `GPU`, or how the layers are shared out.
pub fn place(model: &ResidentModel) -> String {
    match (model.gpu_layers, model.layers) {
        (0, _) => "CPU".to_owned(),
        (on_gpu, all) if on_gpu >= all => "GPU".to_owned(),
        (on_gpu, all) => format!("{on_gpu} of {all} layers on the GPU"),
    }
}

fn resident<'a>(view: &'a MemoryView, name: &str) -> Option<&'a ResidentModel> {
    let mut models = view.models.iter();
    models.find(|model| model.name == name)?.resident.as_ref()
}
