//! The settings: flags go before `BATOS_*` variables, those before `batos.toml`, that before the defaults.
//!
//! What the person wrote (raw, in `keys`) and what the program needs (resolved, here) are different
//! things: every path here is absolute, every number within its bounds.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::keys::{self, Given, Value};
use super::known::{PERSONA_FIELDS, SETTINGS};
use super::{ConfigError, Environment, Home, PERSONAS, Place, nearest};

/// What a branch has its own of: it never shares them with what it is a branch of.
const OWN: [&str; 5] = [
    "image.path",
    "link.socket",
    "link.missions",
    "personas.lora_staging",
    "metacognition.file",
];

/// Settings given as flags: dotted key and text.
pub type Overrides = Vec<(String, String)>;

#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The models' profile by name; `None` for what this machine can hold, see [`super::Profile::of`].
    pub profile: Option<String>,
    /// Where the GGUF files are, shared by all homes of this user.
    pub models_dir: PathBuf,
    pub theme: String,
    pub image: PathBuf,
    pub socket: PathBuf,
    pub missions_pipe: PathBuf,
    pub lora_staging: PathBuf,
    pub knowledge_model: String,
    pub metacognition_file: PathBuf,
    /// Another build of the program for the kernel; `None` for this one.
    pub kernel_command: Option<PathBuf>,
    pub engine: EngineSettings,
    pub missions: MissionSettings,
    pub sandbox: SandboxSettings,
    pub terminal: TerminalSettings,
    /// What is to differ from the profile, by persona.
    pub personas: BTreeMap<String, PersonaOverride>,
    /// Keys of the workbench that the person chose. Their names are the workbench's to judge.
    pub keys: Vec<KeySetting>,
}

/// `[keys.CONTEXT]` `ACTION = [KEY, …]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySetting {
    pub place: Place,
    pub context: String,
    pub action: String,
    /// May be none.
    pub keys: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineSettings {
    /// Another build of the program for the engine; `None` for this one.
    pub command: Option<PathBuf>,
    /// 0 for one a physical core.
    pub threads: u32,
    /// For every model, instead of what the profile says; -1 for as many as fit.
    pub gpu_layers: Option<i32>,
    /// Tokens, for every model, instead of what the profile says.
    pub context: Option<u32>,
    /// Map model files instead of reading them whole.
    pub mmap: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissionSettings {
    /// Rounds of candidates before a mission fails.
    pub attempts: u32,
    /// Candidates sampled in one round.
    pub candidates: u32,
    /// Generated tokens after which no other round of a mission begins.
    pub tokens: u32,
    /// Seconds after which a mission fails.
    pub seconds: u32,
    /// Whether the system sets itself missions for faults of sends, and puts methods back.
    pub repair: bool,
    /// Seconds before the second mission for one cause begins; ten times that before the third.
    pub repair_pause_s: u32,
    /// Whether the system has itself a display written on an empty image.
    pub genesis: bool,
}

/// How the workbench treats the terminal. The words are checked, what they mean is the workbench's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalSettings {
    /// `auto`, `unicode` or `ascii`.
    pub glyphs: String,
    /// `auto`, `none`, `16`, `256` or `true`.
    pub colours: String,
    /// `auto`, `on` or `off`.
    pub synchronized: String,
    pub mouse: bool,
    /// `on`, `bell` or `off`.
    pub notify: String,
    pub title: bool,
    /// A command line; `None` for what the environment says.
    pub editor: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SandboxSettings {
    /// wasmtime's units: about one an instruction.
    pub fuel: u64,
    pub memory_bytes: usize,
    pub deadline: Duration,
}

/// What the person wants different from the profile for one persona.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PersonaOverride {
    /// The profile's name for a model.
    pub model: Option<String>,
    pub temperature: Option<f32>,
    pub top_p: Option<f32>,
    pub max_tokens: Option<u32>,
}

impl Settings {
    /// Reads `batos.toml` (it may be missing) and this process's variables.
    pub fn load(home: &Home, overrides: &Overrides) -> Result<Self, ConfigError> {
        Self::load_in(home, overrides, &Environment::of_process())
    }

    /// As [`Settings::load`], with these environment variables.
    pub fn load_in(
        home: &Home,
        overrides: &Overrides,
        environment: &Environment,
    ) -> Result<Self, ConfigError> {
        let mut settings = Self::defaults(home, environment);
        let trunk = home.trunk();
        let shared = |given: &Given| trunk.is_none() || !OWN.contains(&given.key.as_str());
        if let Some(trunk) = &trunk {
            for one in from_file(trunk)?.iter().filter(|given| shared(given)) {
                settings.apply(one, trunk)?;
            }
        }
        for one in from_file(home)? {
            settings.apply(&one, home)?;
        }
        for one in from_environment(environment)
            .iter()
            .filter(|given| shared(given))
        {
            settings.apply(one, home)?;
        }
        for (key, text) in overrides {
            let one = from_flag(key, text);
            if !shared(&one) {
                return Err(ConfigError::OwnOfBranch { key: one.key });
            }
            settings.apply(&one, home)?;
        }
        Ok(settings)
    }

    /// What holds where nothing is set.
    pub fn defaults(home: &Home, environment: &Environment) -> Self {
        let cache = environment.absolute_path("XDG_CACHE_HOME").or_else(|| {
            environment
                .absolute_path("HOME")
                .map(|home| home.join(".cache"))
        });
        Self {
            profile: None,
            models_dir: cache.map_or_else(|| home.root.join("models"), |c| c.join("batos/models")),
            theme: "ansi16".to_owned(),
            image: home.image(),
            socket: home.socket(),
            missions_pipe: home.missions_pipe(),
            lora_staging: home.lora(),
            knowledge_model: "all-MiniLM-L6-v2".to_owned(),
            metacognition_file: home.metacognition_file(),
            kernel_command: None,
            engine: EngineSettings {
                command: None,
                threads: 0,
                gpu_layers: None,
                context: None,
                mmap: true,
            },
            missions: MissionSettings {
                attempts: 7,
                candidates: 3,
                tokens: 6000,
                seconds: 600,
                repair: true,
                repair_pause_s: 60,
                genesis: true,
            },
            sandbox: SandboxSettings {
                fuel: 1_000_000_000,
                memory_bytes: 64 << 20,
                deadline: Duration::from_secs(2),
            },
            terminal: TerminalSettings {
                glyphs: "auto".to_owned(),
                colours: "auto".to_owned(),
                synchronized: "auto".to_owned(),
                mouse: false,
                notify: "on".to_owned(),
                title: true,
                editor: None,
            },
            personas: BTreeMap::new(),
            keys: Vec::new(),
        }
    }

    fn apply(&mut self, given: &Given, home: &Home) -> Result<(), ConfigError> {
        let path = || given.path_in(home);
        match given.key.as_str() {
            "profile" => self.profile = Some(given.text()?),
            "theme" => self.theme = given.text()?,
            "models.path" => self.models_dir = path()?,
            "image.path" => self.image = path()?,
            "link.socket" => self.socket = path()?,
            "link.missions" => self.missions_pipe = path()?,
            "personas.lora_staging" => self.lora_staging = path()?,
            "knowledge.model" => self.knowledge_model = given.text()?,
            "metacognition.file" => self.metacognition_file = path()?,
            "kernel.command" => self.kernel_command = Some(path()?),
            "engine.command" => self.engine.command = Some(path()?),
            "engine.threads" => self.engine.threads = given.whole(0, 1024)?,
            "engine.gpu_layers" => self.engine.gpu_layers = Some(given.whole(-1, 1000)?),
            "engine.context" => self.engine.context = Some(given.whole(512, 1 << 20)?),
            "engine.mmap" => self.engine.mmap = given.truth()?,
            "missions.attempts" => self.missions.attempts = given.whole(1, 100)?,
            "missions.candidates" => self.missions.candidates = given.whole(1, 64)?,
            "missions.tokens" => self.missions.tokens = given.whole(1, 1_000_000)?,
            "missions.seconds" => self.missions.seconds = given.whole(1, 86_400)?,
            "missions.repair" => self.missions.repair = given.truth()?,
            "missions.repair_pause_s" => {
                self.missions.repair_pause_s = given.whole(0, 86_400)?;
            }
            "missions.genesis" => self.missions.genesis = given.truth()?,
            "sandbox.fuel" => self.sandbox.fuel = given.whole(1, i64::MAX)?,
            "sandbox.memory_mb" => {
                self.sandbox.memory_bytes = given.whole::<usize>(1, 4095)? << 20;
            }
            "sandbox.deadline_ms" => {
                self.sandbox.deadline = Duration::from_millis(given.whole(1, 600_000)?);
            }
            key if key.starts_with("terminal.") => self.apply_terminal(given)?,
            key if key.starts_with("keys.") => self.apply_keys(given)?,
            _ => self.apply_persona(given)?,
        }
        Ok(())
    }

    fn apply_terminal(&mut self, given: &Given) -> Result<(), ConfigError> {
        let terminal = &mut self.terminal;
        match given.key.as_str() {
            "terminal.glyphs" => terminal.glyphs = given.one_of(&["auto", "unicode", "ascii"])?,
            "terminal.colours" => {
                terminal.colours = given.one_of(&["auto", "none", "16", "256", "true"])?;
            }
            "terminal.synchronized" => {
                terminal.synchronized = given.one_of(&["auto", "on", "off"])?;
            }
            "terminal.mouse" => terminal.mouse = given.truth()?,
            "terminal.notify" => terminal.notify = given.one_of(&["on", "bell", "off"])?,
            "terminal.title" => terminal.title = given.truth()?,
            "terminal.editor" => terminal.editor = Some(given.text()?),
            _ => return Err(unknown(given)),
        }
        Ok(())
    }

    /// A later one of the same action takes the place of an earlier one.
    fn apply_keys(&mut self, given: &Given) -> Result<(), ConfigError> {
        let named = given.key.strip_prefix("keys.");
        let Some((context, action)) = named.and_then(|rest| rest.split_once('.')) else {
            return Err(ConfigError::Value {
                place: given.place.clone(),
                key: given.key.clone(),
                expected: "a table, as in `[keys.panes]`".to_owned(),
                got: "something else".to_owned(),
            });
        };
        let setting = KeySetting {
            place: given.place.clone(),
            context: context.to_owned(),
            action: action.to_owned(),
            keys: given.texts()?,
        };
        self.keys
            .retain(|known| (known.context.as_str(), known.action.as_str()) != (context, action));
        self.keys.push(setting);
        Ok(())
    }

    fn apply_persona(&mut self, given: &Given) -> Result<(), ConfigError> {
        let known = given
            .key
            .strip_prefix("personas.")
            .and_then(|rest| rest.split_once('.'))
            .filter(|(name, field)| {
                let fields = PERSONA_FIELDS.iter();
                PERSONAS.contains(name) && fields.map(|one| one.key).any(|one| one == *field)
            });
        let Some((name, field)) = known else {
            return Err(unknown(given));
        };
        let persona = self.personas.entry(name.to_owned()).or_default();
        match field {
            "model" => persona.model = Some(given.text()?),
            "temperature" => persona.temperature = Some(given.number(0.0, 2.0)?),
            "top_p" => persona.top_p = Some(given.number(0.0, 1.0)?),
            _ => persona.max_tokens = Some(given.whole(1, 1 << 20)?),
        }
        Ok(())
    }
}

fn unknown(given: &Given) -> ConfigError {
    let known = all_keys();
    let nearest = nearest(&given.key, known.iter().map(String::as_str)).map(str::to_owned);
    ConfigError::UnknownKey {
        place: given.place.clone(),
        key: given.key.clone(),
        nearest,
    }
}

/// Every key there is, those of the single personas too.
fn all_keys() -> Vec<String> {
    let single = PERSONAS.iter().flat_map(|name| {
        PERSONA_FIELDS
            .iter()
            .map(move |field| format!("personas.{name}.{}", field.key))
    });
    SETTINGS
        .iter()
        .map(|setting| setting.key.to_owned())
        .chain(single)
        .collect()
}

fn from_file(home: &Home) -> Result<Vec<Given>, ConfigError> {
    let path = home.settings_file();
    match std::fs::read_to_string(&path) {
        Ok(text) => keys::read_file(&path, &text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(ConfigError::Read { path, source }),
    }
}

/// `missions.attempts` is `BATOS_MISSIONS_ATTEMPTS`; only `models.path` has the shorter `BATOS_MODELS`.
/// Variables that name no setting are left alone: other programs may use the prefix.
fn from_environment(environment: &Environment) -> Vec<Given> {
    all_keys()
        .into_iter()
        .filter_map(|key| {
            let name = match key.as_str() {
                "models.path" => "BATOS_MODELS".to_owned(),
                other => format!("BATOS_{}", other.replace('.', "_").to_uppercase()),
            };
            let value = Value::Untyped(environment.get(&name)?.to_string_lossy().into_owned());
            Some(Given {
                place: Place::Variable(name),
                key,
                value,
            })
        })
        .collect()
}

fn from_flag(key: &str, text: &str) -> Given {
    Given {
        place: Place::Flag(key.to_owned()),
        key: key.to_owned(),
        value: Value::Untyped(text.to_owned()),
    }
}
