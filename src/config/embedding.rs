//! The embedding model that the setting `knowledge.model` names: one that is known, a file, or none.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Model, Settings};

const KNOWN: &str = include_str!("../../gguf/knowledge.toml");

/// Turns texts into vectors, on the CPU.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedding {
    pub name: String,
    /// The GGUF file; it may be missing.
    pub path: PathBuf,
    /// Where it can be had; `None` for a file of the person's own.
    pub model: Option<Model>,
}

impl Embedding {
    /// `None` where the person wants none (`knowledge.model = "none"`).
    pub fn of(settings: &Settings) -> Option<Self> {
        let name = settings.knowledge_model.as_str();
        if name == "none" {
            return None;
        }
        let known: BTreeMap<String, Model> = toml::from_str(KNOWN).unwrap_or_default();
        let model = known.get(name).cloned();
        let path = match &model {
            Some(model) => settings.models_dir.join(&model.file),
            // A path stays what it is, a file name is looked for among the models.
            None => settings.models_dir.join(name),
        };
        Some(Self {
            name: name.to_owned(),
            path,
            model,
        })
    }
}
