//! DECOMPOSING and SYNTHESIZING of a mission to `teach`.

use serde_json::json;

use super::document::Input;
use super::engine_terms::EngineError;
use super::heal::Origin;
use super::journal::About;
use super::names::NamesOf;
use super::planning::may_become_plan;
use super::psm::{Next, Run, StepError, Worker};
use super::round::Round;
use super::shared::refuse_other_types;
use crate::method::{Check, Signature, StructSpec, Type};
use crate::persona::{
    Callee, Draft, MethodBrief, Wanted, completed, decompose, decompose_call, exact_examples,
    guess_checks, make_callable, may_state_examples, opening, parse_call_design, parse_design,
    parse_examples, parse_guesses, read_examples, repair, settle, synthesize, told_so_far,
    wants_change, words_about,
};
use crate::wire::engine::{Finish, Generated};
use crate::wire::messages::{LogLevel, MissionState};

/// How often BRICK may try to design a signature.
const DESIGN_TRIES: usize = 3;

/// What a mission to teach needs, resolved against the image.
#[derive(Clone)]
pub(super) struct Lesson {
    pub draft: Draft,
    pub object: String,
    pub signature: Signature,
    /// Slots of the object, own and inherited, then those that the mission brings.
    pub structure: StructSpec,
    /// The person's; without any, the examples that were read out of the brief. Of a mission of the system's own,
    /// what the failing method was proven by.
    pub checks: Vec<Check>,
    /// Calls that the method has to bear, whatever comes of them.
    pub calls: Vec<Check>,
    /// Methods that it is planned to call.
    pub callees: Vec<Callee>,
    /// Selectors and sources of what the object has and inherits beside it, and may be called within it.
    pub others: Vec<(String, String)>,
    self_checked: bool,
    /// It is to mend a method of the image's.
    mends: bool,
    /// The source that is to be changed: one that does the same is no answer.
    pub present: Option<String>,
}

impl Lesson {
    /// Whether no check of the person's decides.
    pub fn is_self_checked(&self) -> bool {
        self.self_checked
    }

    /// Whether a method that passes all checks is most likely right: the person gave several, the brief states many, or it
    /// mends one, or has to bear a call.
    pub fn checks_decide(&self) -> bool {
        /// With fewer examples, a wrong method passes too often.
        const ENOUGH: usize = 3;
        let given = self.draft.checks.len() >= 2;
        given || self.checks.len() >= ENOUGH || self.mends || !self.calls.is_empty()
    }

    /// Whether what comes of a made-up call is the method's own doing: a method that calls others may trap in those, and a
    /// panel is tried on the object as it is.
    pub fn bears_made_up_calls(&self) -> bool {
        self.callees.is_empty() && !self.is_panel()
    }

    /// A display has a request of its own, which has the one before in it.
    pub fn is_panel(&self) -> bool {
        self.signature.returns == Type::Panel
    }

    /// Whether made-up calls tell such methods apart.
    pub fn can_be_compared(&self) -> bool {
        can_be_called(&self.signature) && self.bears_made_up_calls()
    }

    /// Checks that a person gave for the method which a given source takes the place of are a person's still.
    fn with_checks_of_before(mut self) -> Self {
        if self.draft.source.is_some() && !self.checks.is_empty() {
            self.self_checked = false;
        }
        self
    }

    /// All that a candidate is tried with.
    pub fn trials(&self) -> Vec<Check> {
        self.checks.iter().chain(&self.calls).cloned().collect()
    }

    pub fn brief<'a>(&'a self, run: &'a Run) -> MethodBrief<'a> {
        MethodBrief {
            structure: &self.structure,
            signature: &self.signature,
            brief: &self.draft.brief,
            checks: &self.checks,
            calls: &self.callees,
            begins_with_call: run.document.round > 1,
            in_full: Round::is_in_full(run.document.round) && !run.is_comparing(),
            neighbours: &run.document.neighbours,
            lessons: &run.document.lessons,
            passages: &run.document.passages,
            so_far: self.present.as_deref().filter(|_| !self.is_panel()),
        }
    }
}

impl Worker {
    pub(super) fn decompose(&mut self, run: &mut Run) -> Result<Next, StepError> {
        if run.document.is_to_replan() {
            return self.plan_again(run);
        }
        let mut draft = draft_of(run)?;
        if draft.source.is_some() {
            return self.take_given(run, draft);
        }
        let own_display = self.is_own_display(&draft)?;
        // A display is one method, however much is to be seen on it.
        if !own_display
            && may_become_plan(&run.document, &draft)
            && let Some(next) = self.plan(run, &mut draft)?
        {
            return Ok(next);
        }
        let (object, selector) = subject(&draft)?;
        if draft.signature.is_none() && own_display {
            self.fix_display(&mut draft)?;
        } else if draft.signature.is_none() {
            let existing = self.existing_slots(&object)?;
            let known: Vec<(String, String)> =
                existing.into_iter().chain(given_slots(&draft)).collect();
            self.design(run, &mut draft, &object, &selector, &known)?;
        }
        draft.object = Some(object);
        draft.selector = Some(selector);
        draft.validate().map_err(hopeless)?;
        refuse_other_types(&self.shared.image.view(), &draft).map_err(hopeless)?;
        let mut note = draft.signature.clone().unwrap_or_default();
        if let Some(part) = run.document.part() {
            part.draft = draft.clone();
        }
        run.document.draft = Some(draft);
        if run.document.plan.is_some() {
            // What is there already needs no examples.
            return Ok(Next::new(MissionState::Delegating, note));
        }
        self.read_examples(run)?;
        match run.document.examples.len() {
            0 => {}
            1 => note.push_str("; the brief states 1 example"),
            count => note.push_str(&format!("; the brief states {count} examples")),
        }
        Ok(Next::new(MissionState::Delegating, note))
    }

    fn design(
        &mut self,
        run: &mut Run,
        draft: &mut Draft,
        object: &str,
        selector: &str,
        known: &[(String, String)],
    ) -> Result<(), StepError> {
        let call = run.document.origin.as_ref().map(Origin::calls);
        let args = call.and_then(|calls| Some(calls.into_iter().next()?.args));
        let so_far = match args {
            Some(_) => None,
            None => self.method_so_far(object, selector)?,
        };
        let so_far = so_far.and_then(|method| Signature::parse(&method.signature).ok());
        let brief = draft.brief.clone();
        let others = self.other_methods(object, selector)?;
        let wanted = Wanted {
            object,
            selector,
            brief: &brief,
            slots: known,
            others: &others,
            so_far: so_far.as_ref(),
        };
        let prompt = match &args {
            Some(args) => {
                let view = self.shared.image.view();
                decompose_call(&wanted, args, &NamesOf(&view))
            }
            None => decompose(&wanted),
        };
        let mut last = String::new();
        for attempt in 0..DESIGN_TRIES {
            // The seed is the round's, so that another temperature makes another answer.
            let temperature = [0.0, 0.6, 0.9].get(attempt).copied().unwrap_or(1.0);
            let generated = self.ask(run, &prompt, &[temperature])?;
            let text = first_text(&generated);
            let design = match &args {
                Some(args) => parse_call_design(text, selector, known, args),
                None => parse_design(text, selector, known),
            };
            match design {
                Ok(mut design) => {
                    if args.is_none() {
                        settle(&mut design.signature, &wanted);
                    }
                    if let Some(part) = run.document.part() {
                        make_callable(&mut design.signature, object, &mut part.calls);
                    }
                    draft.signature = Some(design.signature.to_string());
                    for (name, slot) in design.slots {
                        draft.slots.entry(name).or_insert(slot);
                    }
                    return Ok(());
                }
                Err(error) => last = error.to_string(),
            }
        }
        Err(StepError::Hopeless(format!(
            "no signature could be designed for `{object}.{selector}` ({last}); give one with `batos mission --file`"
        )))
    }

    /// Where the person gave no checks, the examples in the brief are some; of a plan's part those that are about it.
    pub(super) fn read_examples(&mut self, run: &mut Run) -> Result<(), StepError> {
        let lesson = self.lesson(run)?;
        let about = match &run.document.plan {
            Some(plan) => {
                let parts = plan.parts.iter();
                let mut all: Vec<&str> = parts
                    .filter_map(|part| part.draft.selector.as_deref())
                    .collect();
                // One that failed and was planned again is there twice.
                all.sort_unstable();
                all.dedup();
                words_about(&run.document.brief, &lesson.signature.name, &all)
            }
            None => lesson.draft.brief.clone(),
        };
        let brief = &about;
        // The system's own brief states none, and how something looks is no example.
        if run.document.origin.is_some() || lesson.signature.returns == Type::Panel {
            return Ok(());
        }
        if !lesson.is_self_checked() {
            return Ok(());
        }
        let (signature, structure) = (&lesson.signature, &lesson.structure);
        let exact = exact_examples(brief, signature, structure);
        if !exact.is_empty() {
            run.document.examples = exact;
            run.document.exact = true;
            return Ok(());
        }
        if may_state_examples(brief) {
            let prompt = read_examples(brief, signature, structure);
            let generated = self.ask(run, &prompt, &[0.0])?;
            match parse_examples(first_text(&generated), brief, signature, structure) {
                Ok(examples) => run.document.examples = examples,
                // Without them the candidates are compared with each other.
                Err(error) => self.remark(
                    run,
                    "examples.unread",
                    &format!("the examples of the brief could not be read: {error}"),
                ),
            }
        }
        if run.document.examples.is_empty() && can_be_called(signature) {
            let told = told_so_far(brief, lesson.present.as_deref());
            let prompt = guess_checks(&told, signature, structure);
            let generated = self.ask(run, &prompt, &[0.0])?;
            run.document.guesses = parse_guesses(first_text(&generated), signature, structure);
        }
        Ok(())
    }

    /// A round: a repair of the best refused attempt, or fresh answers.
    pub(super) fn synthesize(&mut self, run: &mut Run) -> Result<Next, StepError> {
        let lesson = self.lesson(run)?;
        run.document.round += 1;
        if let Some(source) = &lesson.draft.source {
            run.document.candidates = vec![source.clone()];
            run.document.votes.clear();
            return Ok(Next::new(MissionState::Validating, "the given source"));
        }
        let start = opening(&lesson.brief(run));
        let count = self.shared.settings.missions.candidates.max(1) as usize;
        let base = run.document.base.as_ref().filter(|_| !run.is_comparing());
        let best = base.map(|_| run.document.base_rank);
        let round = Round::new(run.document.round, best, lesson.checks_decide(), count);
        let prompt = match base.filter(|_| round.is_repair) {
            Some(base) => repair(&lesson.brief(run), base),
            None => synthesize(&lesson.brief(run)),
        };
        let temperatures = round.temperatures;
        let generated = match self.ask(run, &prompt, &temperatures) {
            Err(StepError::Engine(error))
                if run.is_comparing()
                    && !matches!(error, EngineError::Stopping | EngineError::Cancelled) =>
            {
                return Ok(self.compare_no_further(run, &error));
            }
            generated => generated?,
        };
        let (candidates, votes) = collect(&start, &generated).into_iter().unzip();
        run.document.candidates = candidates;
        run.document.votes = votes;
        let note = format!(
            "round {}: {} candidates",
            run.document.round,
            run.document.candidates.len()
        );
        Ok(Next::new(MissionState::Validating, note))
    }

    /// The mission against the image as it is now.
    pub(super) fn lesson(&self, run: &Run) -> Result<Lesson, StepError> {
        let draft = draft_of(run)?;
        let (object, _) = subject(&draft)?;
        let signature = draft
            .parsed_signature()
            .map_err(hopeless)?
            .ok_or_else(|| StepError::Hopeless("the mission has no signature".to_owned()))?;
        let mut slots = Vec::new();
        for (name, rust_type) in self.existing_slots(&object)? {
            let ty = Type::parse(&rust_type).map_err(hopeless)?;
            slots.push((name, ty));
        }
        for (name, ty, _) in draft.typed_slots().map_err(hopeless)? {
            if slots.iter().all(|(known, _)| *known != name) {
                slots.push((name, ty));
            }
        }
        let origin = run.document.origin.as_ref();
        Ok(Lesson {
            structure: StructSpec {
                name: object.clone(),
                slots,
            },
            checks: match origin {
                Some(origin) => origin.checks.clone(),
                None if draft.source.is_some() && draft.checks.is_empty() => {
                    self.checks_before(&object, &signature)?
                }
                None if draft.checks.is_empty() => run.document.examples.clone(),
                None => draft.checks.clone(),
            },
            calls: match origin.map(Origin::calls).unwrap_or_default() {
                calls if !calls.is_empty() => calls,
                _ if self.is_own_display(&draft)? => Self::display_calls(),
                _ => Vec::new(),
            },
            present: self.present(run, &draft)?,
            callees: self.callees_of(&run.document),
            others: self.sources_beside(&object, &signature.name)?,
            mends: origin.is_some(),
            self_checked: match origin {
                Some(origin) => origin.self_checked,
                None => draft.checks.is_empty() && !run.document.exact,
            },
            draft,
            object,
            signature,
        }
        .with_checks_of_before())
    }

    /// The source of the method that the words change; what a document says stands for itself.
    fn present(&self, run: &Run, draft: &Draft) -> Result<Option<String>, StepError> {
        if self.is_own_display(draft)? {
            return self.present_display(draft);
        }
        let document = &run.document;
        let (object, selector) = subject(draft)?;
        // A plan's part may be there because its mission has just been installing it.
        let is_told = matches!(document.input, Input::Words(_))
            && (document.plan.is_none() || wants_change(&document.brief, &selector));
        if !is_told || document.origin.is_some() || draft.source.is_some() {
            return Ok(None);
        }
        let method = self.method_so_far(&object, &selector)?;
        Ok(method.map(|method| method.source))
    }

    /// Notes an oddity of the mission for whoever reads the log.
    pub(super) fn remark(&self, run: &Run, event: &str, text: &str) {
        self.shared.journal.record(
            LogLevel::Info,
            About {
                mission: Some(run.id),
                persona: Some("BRICK"),
            },
            event,
            text,
            json!({}),
        );
    }
}

/// Whether a check of it can be made up: an object of the image cannot.
fn can_be_called(signature: &Signature) -> bool {
    !signature.params.iter().any(|param| param.ty.refers())
}

fn given_slots(draft: &Draft) -> Vec<(String, String)> {
    draft
        .slots
        .iter()
        .filter_map(|(name, slot)| {
            let rust_type = slot.get("type")?.as_str()?;
            Some((name.clone(), rust_type.to_owned()))
        })
        .collect()
}

pub(super) fn draft_of(run: &Run) -> Result<Draft, StepError> {
    run.document
        .draft
        .clone()
        .ok_or_else(|| StepError::Hopeless("the mission was never understood".to_owned()))
}

pub(super) fn subject(draft: &Draft) -> Result<(String, String), StepError> {
    let object = draft.object.clone().ok_or_else(|| {
        StepError::Hopeless("a mission to teach needs an object; say which one learns it, for example `teach Account to …`".to_owned())
    })?;
    let selector = draft
        .selector
        .clone()
        .or_else(|| {
            draft
                .parsed_signature()
                .ok()
                .flatten()
                .map(|signature| signature.name)
        })
        .ok_or_else(|| {
            StepError::Hopeless("a mission to teach needs a name for the method".to_owned())
        })?;
    Ok((object, selector))
}

pub(super) fn hopeless(error: impl std::fmt::Display) -> StepError {
    StepError::Hopeless(error.to_string())
}

pub(super) fn first_text(generated: &Generated) -> &str {
    generated
        .candidates
        .first()
        .map_or("", |candidate| candidate.text.as_str())
}

/// Whole sources of the answers that reached the method's end, each only once, with how many answers it was.
fn collect(start: &str, generated: &Generated) -> Vec<(String, u32)> {
    let mut sources: Vec<(String, u32)> = Vec::new();
    let whole = generated.candidates.iter();
    for candidate in whole.filter(|one| one.finish != Finish::Length) {
        let source = completed(start, &candidate.text);
        match sources.iter_mut().find(|(known, _)| *known == source) {
            Some((_, votes)) => *votes += 1,
            None => sources.push((source, 1)),
        }
    }
    sources
}
