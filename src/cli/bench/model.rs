//! A persona's model in an engine of the measurement's own, asked as the kernel asks it.

use crate::cli::Context;
use crate::cli::output::{Failed, progress};
use crate::config::Profile;
use crate::engine::alone::EngineAlone;
use crate::kernel::generate::generate;
use crate::kernel::load_model;
use crate::persona::{Prompt, Role};
use crate::wire::engine::{Generated, Sampling};

pub(super) struct Alone {
    engine: EngineAlone,
    model: String,
}

impl Alone {
    /// Starts an engine and loads what the profile gives that persona; `running` is the profile of the system that it
    /// stands beside.
    pub(super) fn start(
        context: &Context,
        role: Role,
        running: Option<String>,
    ) -> Result<Self, Failed> {
        let mut settings = context.settings.clone();
        settings.profile = running.or(settings.profile);
        let profile = Profile::of(&context.home, &settings)?;
        let missing = || {
            Failed::message(
                format!("the profile gives {} no model", role.name()),
                "see `batos persona ls`",
            )
        };
        let name = profile.personas.get(role.name()).ok_or_else(missing)?;
        let name = name.model.clone();
        let model = profile.models.get(&name).ok_or_else(missing)?;
        let mut engine = EngineAlone::start()?;
        let loaded = engine.load(load_model(&context.settings, &name, model))?;
        progress(&format!("{name} is loaded after {:.1} s", loaded.seconds));
        Ok(Self {
            engine,
            model: name,
        })
    }

    /// One greedy answer.
    pub(super) fn ask(&mut self, prompt: &Prompt) -> Result<Generated, Failed> {
        self.sample(
            prompt,
            vec![Sampling {
                seed: 1,
                temperature: 0.0,
                top_p: 1.0,
            }],
        )
    }

    /// One answer a sample.
    pub(super) fn sample(
        &mut self,
        prompt: &Prompt,
        samples: Vec<Sampling>,
    ) -> Result<Generated, Failed> {
        let request = generate(prompt, self.model.clone(), samples);
        Ok(self.engine.generate(request)?)
    }
}

/// The text of the only candidate.
pub(super) fn text_of(generated: &Generated) -> &str {
    generated
        .candidates
        .first()
        .map_or("", |candidate| candidate.text.as_str())
}

/// Tokens that were written.
pub(super) fn written(generated: &Generated) -> u32 {
    generated
        .candidates
        .iter()
        .map(|candidate| candidate.tokens)
        .sum()
}
