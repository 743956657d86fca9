//! Every setting there is, with its default and what it does: what `batos config init` writes down.

use std::fmt::Write as _;

use super::PERSONAS;

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Dotted.
    pub key: &'static str,
    /// As TOML writes it; empty where there is none.
    pub default: &'static str,
    pub help: &'static str,
}

const fn known(key: &'static str, default: &'static str, help: &'static str) -> Known {
    Known { key, default, help }
}

/// Those of a single persona are in [`PERSONA_FIELDS`].
#[rustfmt::skip]
pub const SETTINGS: [Known; 32] = [
    known("profile", "", "the models' profile; without it the one that this machine's memory holds: small, gpu24, seed, tiny, or a file of your own in gguf/"),
    known("theme", "\"ansi16\"", "colours of the workbench: ansi16, dark, light, mono, or a file of your own in themes/"),
    known("models.path", "", "where the GGUF files are; without it the XDG cache folder's batos/models"),
    known("image.path", "\"live_image\"", "the Living Image"),
    known("link.socket", "\"run/kernel.sock\"", "the kernel's socket"),
    known("link.missions", "\"run/missions\"", "the named pipe that takes missions"),
    known("personas.lora_staging", "\"lora_adapters\"", "where LoRA adapters are put to be taken in"),
    known("knowledge.model", "\"all-MiniLM-L6-v2\"", "the embedding model: its name, a GGUF file, or none"),
    known("metacognition.file", "\"metacognition.jsonl\"", "the link to the newest log file"),
    known("engine.command", "", "another build of the program for the engine"),
    known("engine.threads", "0", "0 for one a physical core"),
    known("engine.gpu_layers", "", "for every model, instead of what the profile says; -1 for as many as fit"),
    known("engine.context", "", "tokens, for every model, instead of what the profile says"),
    known("engine.mmap", "true", "map model files instead of reading them whole"),
    known("kernel.command", "", "another build of the program for the kernel"),
    known("missions.attempts", "7", "rounds of candidates before a mission fails"),
    known("missions.candidates", "3", "candidates sampled in one round"),
    known("missions.tokens", "6000", "generated tokens after which no other round of a mission begins"),
    known("missions.seconds", "600", "seconds after which a mission fails"),
    known("missions.repair", "true", "whether the system sets itself missions for faults of sends"),
    known("missions.repair_pause_s", "60", "seconds before the second mission for one cause begins"),
    known("missions.genesis", "true", "whether the system has itself a display written on an empty image"),
    known("sandbox.fuel", "1000000000", "wasmtime's units for one send: about one an instruction"),
    known("sandbox.memory_mb", "64", "memory of one send"),
    known("sandbox.deadline_ms", "2000", "time of one send"),
    known("terminal.glyphs", "\"auto\"", "auto, unicode or ascii; auto looks whether LC_ALL, LC_CTYPE or LANG says UTF-8"),
    known("terminal.colours", "\"auto\"", "auto, none, 16, 256 or true: what the terminal can show; auto looks at NO_COLOR, COLORTERM and TERM"),
    known("terminal.synchronized", "\"auto\"", "auto, on or off: each frame in brackets that keep it from being shown in parts"),
    known("terminal.mouse", "false", "the wheel scrolls and a click chooses; the terminal's own marking then needs Shift"),
    known("terminal.notify", "\"on\"", "on, bell or off: tells of a mission's end while the terminal has not the focus"),
    known("terminal.title", "true", "the window's title says which mission is under way"),
    known("terminal.editor", "", "for briefs and methods; without it VISUAL, then EDITOR"),
];

/// What may be said of one persona, as `personas.NAME.FIELD`.
#[rustfmt::skip]
pub const PERSONA_FIELDS: [Known; 4] = [
    known("model", "", "one of the profile's models"),
    known("temperature", "", "of sampled answers; 0 is greedy"),
    known("top_p", "", "of sampled answers"),
    known("max_tokens", "", "of one answer"),
];

/// A settings file in which everything stands and nothing is set.
pub fn document() -> String {
    let mut text = String::from(
        "# Settings of BAT OS. Flags go before variables (BATOS_MISSIONS_ATTEMPTS), those before this file.\n\
         # Each line below is commented out and says the default; where none is said, it depends on the machine.\n\
         # The workbench takes changes of theme, keys and terminal at once; the rest holds from the next start.\n",
    );
    let mut table = "";
    for setting in SETTINGS {
        let (of, name) = setting.key.rsplit_once('.').unwrap_or(("", setting.key));
        if of != table {
            // Writing into a String cannot fail.
            let _ = write!(text, "\n[{of}]\n");
            table = of;
        }
        line(&mut text, name, setting);
    }
    text.push_str("\n# What one persona has otherwise than the profile says, such as:\n");
    for field in PERSONA_FIELDS {
        let _ = writeln!(text, "#   {}: {}", field.key, field.help);
    }
    for name in PERSONAS {
        let _ = writeln!(text, "# [personas.{name}]\n# temperature = 0.6");
    }
    text.push_str(
        "\n# Keys of the workbench, by context and action; `?` in the workbench shows all of them with their names,\n\
         # `:keys` which key arrives. A list may be empty.\n\
         # [keys.missions]\n# cancel = [\"x\"]\n# [keys.everywhere]\n# find = [\"ctrl+o\", \"f3\"]\n",
    );
    text
}

fn line(text: &mut String, name: &str, setting: Known) {
    let value = if setting.default.is_empty() {
        "…"
    } else {
        setting.default
    };
    let _ = writeln!(text, "# {}\n# {name} = {value}", setting.help);
}
